"""Direct preference optimisation: learns to prefer each row's answer over its rejected one (Rafailov et al. 2023)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from peft import PeftModel
from torch.nn.functional import cross_entropy, logsigmoid

from trainer.batch import collate
from trainer.loss import logits_at_targets
from trainer.pairs import Pair, encode_pairs
from trainer.render import Encoded

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

    from trainer.config import TrainSettings


class DpoObjective:
    """Equation 7 of the paper, summed over pairs; the reference is the base, which is the model without its adapter.

    The reference never changes, so its margin is computed once a row and kept. Split over processes
    (`fsdp`) it is computed each time, because there all processes must run the model equally often.
    """

    def __init__(
        self,
        tokenizer: PreTrainedTokenizerBase,
        settings: TrainSettings,
        stops: set[int],
        pad: int,
        device: torch.device,
        dtype: torch.dtype,
    ) -> None:
        self._tokenizer, self._settings, self._stops = tokenizer, settings, stops
        self._pad, self._device, self._dtype = pad, device, dtype
        self.notices: list[str] = []
        self._keep = settings.distributed != "fsdp"

    def encode(self, path: str) -> list[Pair]:
        """Reads rows {"id", "messages", "rejected"}; raises data_error naming the rows that cannot be used."""
        return encode_pairs(path, self._tokenizer, self._settings.sequence_len, self._stops)

    def weight(self, rows: Sequence[Pair]) -> float:
        """Every pair counts the same, however long its answers are."""
        return float(len(rows))

    def loss(self, model: PeftModel, rows: Sequence[Pair]) -> tuple[torch.Tensor, int]:
        """-log σ(β · (margin of the policy - margin of the base)) summed over pairs, and the tokens processed."""
        reference = self._reference_margins(model, rows)
        margins = self._margins(model, rows)
        loss = -logsigmoid(self._settings.dpo_beta * (margins - reference)).sum()
        return loss, sum(row.length for row in rows)

    def _reference_margins(self, model: PeftModel, rows: Sequence[Pair]) -> torch.Tensor:
        missing = [row for row in rows if not self._keep or row.reference is None]
        if missing:
            training = model.training
            model.eval()
            with torch.no_grad(), model.disable_adapter():
                found = self._margins(model, missing).tolist()
            model.train(training)
            for row, margin in zip(missing, found, strict=True):
                row.reference = margin
        return torch.tensor([row.reference for row in rows], device=self._device)

    def _margins(self, model: PeftModel, rows: Sequence[Pair]) -> torch.Tensor:
        """log π(chosen) - log π(rejected) for each pair, shape (pairs,)."""
        answers = [answer for row in rows for answer in (row.chosen, row.rejected)]
        found = answer_log_probabilities(model, answers, self._pad, self._device, self._dtype, self._settings.packing)
        return found[0::2] - found[1::2]


def answer_log_probabilities(
    model: PeftModel,
    answers: Sequence[Encoded],
    pad: int,
    device: torch.device,
    dtype: torch.dtype,
    packing: bool = True,
) -> torch.Tensor:
    """log π(completion | prompt) of each answer, shape (answers,); logits only where a completion is predicted."""
    batch = collate(answers, pad, packing)
    logits = logits_at_targets(model, batch, device, dtype)
    each = -cross_entropy(logits, batch.targets.to(device), reduction="none")
    lengths = torch.tensor([len(answer.completion) for answer in answers], device=device)
    owner = torch.repeat_interleave(torch.arange(len(answers), device=device), lengths)
    return torch.zeros(len(answers), device=device).index_add(0, owner, each)
