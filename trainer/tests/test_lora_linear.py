"""The layer that adds in place is PEFT's layer: same outputs, same gradients, and PEFT's own way where it must be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from peft.tuners import lora

from trainer.backends import load_for_training
from trainer.config import TrainSettings
from trainer.lora_linear import AddedProduct, LeanLinear
from trainer.tests.conftest import SETTINGS

CPU, FP32 = torch.device("cpu"), torch.float32


def adapted(base: Path, **changed: Any) -> PeftModel:
    """The tiny base with an adapter whose matrices are all drawn at random; a fresh one adds nothing."""
    settings = TrainSettings(**{**SETTINGS, "lora_dropout": 0.0, **changed})
    model = load_for_training(base, settings, CPU, FP32, seed=7)[0]
    torch.manual_seed(8)
    for parameter in model.parameters():
        if parameter.requires_grad:
            torch.nn.init.normal_(parameter, std=0.1)
    return model


def pass_through(model: PeftModel) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """Logits of fixed tokens and the gradients of all that is trained."""
    torch.manual_seed(9)
    logits = model(input_ids=torch.randint(3, 200, (3, 17))).logits
    model.zero_grad()
    (logits * torch.linspace(-1, 1, logits.numel()).view_as(logits)).sum().backward()
    return logits.detach(), {n: p.grad.clone() for n, p in model.named_parameters() if p.grad is not None}


def count_added(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A list that grows with each layer that adds in place."""
    calls: list[int] = []
    apply = AddedProduct.apply
    monkeypatch.setattr(AddedProduct, "apply", lambda *args: (calls.append(1), apply(*args))[1])
    return calls


@pytest.mark.parametrize(
    "changed", [{}, {"use_rslora": True}, {"gradient_checkpointing": True}, {"lora_target_modules": ["up_proj"]}]
)
def test_outputs_and_gradients_are_those_of_peft(
    base: Path, monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any]
) -> None:
    model = adapted(base, **changed)
    calls = count_added(monkeypatch)
    logits, gradients = pass_through(model)
    assert len(calls) >= sum(isinstance(module, LeanLinear) for module in model.modules()) > 0

    monkeypatch.setattr(LeanLinear, "forward", lora.Linear.forward)
    expected, expected_gradients = pass_through(model)
    torch.testing.assert_close(logits, expected, rtol=1e-4, atol=1e-5)
    assert gradients.keys() == expected_gradients.keys()
    for name, gradient in gradients.items():
        torch.testing.assert_close(gradient, expected_gradients[name], rtol=1e-3, atol=1e-4, msg=name)


@pytest.mark.parametrize("changed", [{"lora_dropout": 0.5}, {"use_dora": True}, {"adapter": "qlora"}])
def test_what_it_does_not_cover_goes_the_way_of_peft(
    base: Path, monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any]
) -> None:
    model = adapted(base, **changed)
    calls = count_added(monkeypatch)
    pass_through(model)
    assert calls == []


def test_an_adapter_switched_off_adds_nothing(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = adapted(base)
    calls = count_added(monkeypatch)
    tokens = torch.arange(3, 20)[None]
    with torch.no_grad(), model.disable_adapter():
        off = model(input_ids=tokens).logits
    assert calls == []
    with torch.no_grad():
        assert not torch.allclose(off, model(input_ids=tokens).logits)


def test_16_bit_products_go_the_way_of_peft(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = adapted(base)
    calls = count_added(monkeypatch)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        pass_through(model)
    assert calls == []
