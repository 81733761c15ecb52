"""Loss: only completions count, and packing, padding and batch splits change nothing."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn.functional import cross_entropy

from trainer import layout
from trainer.backends import add_adapter
from trainer.base_model import load_model, load_tokenizer, model_stops
from trainer.batch import collate
from trainer.config import TrainSettings
from trainer.loss import learning_rate_at, summed_loss
from trainer.render import Encoded, encode
from trainer.rows import epoch_order
from trainer.tests.conftest import SETTINGS, make_rows

CPU, FP32 = torch.device("cpu"), torch.float32


@pytest.fixture(scope="module")
def setting(base: Path) -> tuple[Any, list[Encoded]]:
    """An adapted tiny model whose adapter does something, and six encoded rows."""
    tokenizer = load_tokenizer(base)
    model = load_model(base, CPU, FP32)
    stops = model_stops(model, tokenizer)
    rows = [encode(tokenizer, row["id"], row["messages"], stops) for row in make_rows(6)]
    adapted = add_adapter(model, TrainSettings(**{**SETTINGS, "lora_dropout": 0.0}))
    torch.manual_seed(1)
    for name, parameter in adapted.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.1)
    return adapted, rows


def masked_reference(model: Any, rows: list[Encoded]) -> torch.Tensor:
    """The textbook way: full logits of each row on its own, prompt labels masked out."""
    total = torch.zeros(())
    for row in rows:
        ids = torch.tensor([row.prompt + row.completion])
        labels = torch.tensor([[-100] * len(row.prompt) + row.completion])
        logits = model(input_ids=ids).logits
        total = total + cross_entropy(logits[0, :-1], labels[0, 1:], ignore_index=-100, reduction="sum")
    return total


def gradients(model: Any, loss: torch.Tensor) -> torch.Tensor:
    """All adapter gradients in one vector."""
    model.zero_grad()
    loss.backward()
    return torch.cat([value.grad.flatten() for value in model.parameters() if value.grad is not None])


@pytest.mark.parametrize("limit", [2048, 0], ids=["packed", "padded"])
def test_loss_and_gradients_equal_full_logits_with_masked_prompts(
    setting: tuple[Any, list[Encoded]], limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, rows = setting
    monkeypatch.setattr(layout, "PACKED_LIMIT", limit)
    batch = collate(rows, pad=0)
    assert (batch.segments is None) == (limit == 0)
    loss = summed_loss(model, batch, CPU, FP32)
    reference = masked_reference(model, rows)
    assert loss.item() == pytest.approx(reference.item(), rel=1e-5)
    torch.testing.assert_close(gradients(model, loss), gradients(model, reference), rtol=1e-3, atol=1e-4)


def test_prompt_plus_completion_is_what_the_template_writes(base: Path) -> None:
    tokenizer = load_tokenizer(base)
    messages = make_rows(1)[0]["messages"]
    row = encode(tokenizer, "a", messages)
    whole = tokenizer.apply_chat_template(messages, tokenize=False)
    assert tokenizer.decode(row.prompt + row.completion) + "\n" == whole
    assert row.completion[-1] == tokenizer.eos_token_id


def test_a_step_split_into_micro_batches_gives_the_same_gradient(setting: tuple[Any, list[Encoded]]) -> None:
    model, rows = setting
    at_once = gradients(model, summed_loss(model, collate(rows, 0), CPU, FP32))
    parts = sum(summed_loss(model, collate(rows[at : at + 2], 0), CPU, FP32) for at in (0, 2, 4))
    torch.testing.assert_close(gradients(model, parts), at_once, rtol=1e-3, atol=1e-4)


def test_row_order_depends_only_on_rows_and_seed(setting: tuple[Any, list[Encoded]]) -> None:
    rows = setting[1] * 5
    random.seed(99)
    first = epoch_order(rows, 4, seed=7, epoch=0)
    assert first == epoch_order(rows, 4, seed=7, epoch=0)
    assert first != epoch_order(rows, 4, seed=7, epoch=1)
    assert first != epoch_order(rows, 4, seed=8, epoch=0)
    assert sorted(index for step in first for index in step) == list(range(30))


def test_the_learning_rate_warms_up_and_falls() -> None:
    settings = TrainSettings(**SETTINGS)
    rates = [learning_rate_at(step, 20, settings) for step in range(1, 21)]
    assert rates[0] == pytest.approx(0.005)
    assert max(rates) == pytest.approx(0.01)
    assert rates[1:] == sorted(rates[1:], reverse=True)
    assert 0 < rates[-1] < 0.001
