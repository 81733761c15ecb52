"""Loss on completion tokens only, and the learning rate of each step."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from peft import PeftModel
from torch.nn.functional import cross_entropy

from trainer.batch import Batch, collate
from trainer.config import TrainSettings
from trainer.render import Encoded


def summed_loss(model: PeftModel, batch: Batch, device: torch.device, dtype: torch.dtype) -> torch.Tensor:
    """Cross-entropy summed over completion tokens.

    The vocabulary projection, the largest product of a small model, runs only at positions that carry loss.
    """
    causal = model.get_base_model()
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=dtype == torch.bfloat16):
        hidden = causal.get_decoder()(**batch.inputs(device, dtype), use_cache=False).last_hidden_state
        chosen = hidden.flatten(0, 1)[batch.positions.to(device)]
        logits = causal.get_output_embeddings()(chosen)
    return cross_entropy(logits.float(), batch.targets.to(device), reduction="sum")


@torch.no_grad()
def validation_loss(
    model: PeftModel, rows: Sequence[Encoded], size: int, pad: int, device: torch.device, dtype: torch.dtype
) -> float:
    """Mean loss per completion token over rows that training does not see, `size` rows at a time."""
    model.eval()
    total, count = 0.0, 0
    ordered = sorted(rows, key=lambda row: row.length)
    for start in range(0, len(ordered), size):
        batch = collate(ordered[start : start + size], pad)
        total += summed_loss(model, batch, device, dtype).item()
        count += len(batch.targets)
    model.train()
    return total / count


def learning_rate_at(step: int, total: int, settings: TrainSettings) -> float:
    """The rate of step 1…total: a linear warm-up, then the schedule; no state, so resuming cannot shift it."""
    warmup = math.ceil(settings.warmup_ratio * total)
    if step <= warmup:
        return settings.learning_rate * step / warmup
    if settings.lr_scheduler == "constant":
        return settings.learning_rate
    left = (total - step + 1) / (total - warmup)
    factor = left if settings.lr_scheduler == "linear" else 0.5 * (1 - math.cos(math.pi * left))
    return settings.learning_rate * factor
