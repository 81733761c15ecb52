"""The layer that adds in place is PEFT's layer: same outputs, same gradients, and PEFT's own way where it must be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from peft.tuners import lora
from peft.tuners.lora.bnb import Linear4bit

from trainer.backends import load_for_training
from trainer.config import TrainSettings
from trainer.lora_linear import AddedProduct, LeanLinear
from trainer.lora_linear_4bit import AddedProduct4bit, LeanLinear4bit
from trainer.tests.conftest import SETTINGS

CPU, FP32, BF16 = torch.device("cpu"), torch.float32, torch.bfloat16
Passed = tuple[torch.Tensor, dict[str, torch.Tensor]]


def adapted(base: Path, dtype: torch.dtype = FP32, **changed: Any) -> PeftModel:
    """The tiny base with an adapter whose matrices are all drawn at random; a fresh one adds nothing."""
    settings = TrainSettings(**{**SETTINGS, "lora_dropout": 0.0, **changed})
    model = load_for_training(base, settings, CPU, dtype, seed=7)[0]
    draw(model, 8)
    return model


def draw(model: PeftModel, seed: int) -> None:
    """Draws what is trained anew."""
    torch.manual_seed(seed)
    for parameter in model.parameters():
        if parameter.requires_grad:
            torch.nn.init.normal_(parameter, std=0.1)


def pass_through(model: PeftModel) -> Passed:
    """Logits of fixed tokens and the gradients of all that is trained."""
    torch.manual_seed(9)
    logits = model(input_ids=torch.randint(3, 200, (3, 17))).logits
    model.zero_grad()
    (logits * torch.linspace(-1, 1, logits.numel()).view_as(logits)).sum().backward()
    return logits.detach(), {n: p.grad.clone() for n, p in model.named_parameters() if p.grad is not None}


def count_added(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A list that grows with each layer that adds in place."""
    calls: list[int] = []

    def counted(apply: Any) -> Any:
        return lambda *args: (calls.append(1), apply(*args))[1]

    for function in (AddedProduct, AddedProduct4bit):
        monkeypatch.setattr(function, "apply", counted(function.apply))
    return calls


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"use_rslora": True},
        {"gradient_checkpointing": True},
        {"lora_target_modules": ["up_proj"]},
        {"adapter": "qlora"},
    ],
)
def test_outputs_and_gradients_are_those_of_peft(
    base: Path, monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any]
) -> None:
    model = adapted(base, **changed)
    calls = count_added(monkeypatch)
    logits, gradients = pass_through(model)
    lean = (LeanLinear, LeanLinear4bit)
    assert len(calls) >= sum(isinstance(module, lean) for module in model.modules()) > 0

    go_the_way_of_peft(monkeypatch)
    expected, expected_gradients = pass_through(model)
    torch.testing.assert_close(logits, expected, rtol=1e-4, atol=1e-5)
    assert gradients.keys() == expected_gradients.keys()
    for name, gradient in gradients.items():
        torch.testing.assert_close(gradient, expected_gradients[name], rtol=1e-3, atol=1e-4, msg=name)


@pytest.mark.parametrize("adapter", ["lora", "qlora"])
def test_16_bit_products_are_as_near_to_exact_ones_as_peft(
    base: Path, monkeypatch: pytest.MonkeyPatch, adapter: str
) -> None:
    exact_model, model = adapted(base, FP32, adapter=adapter), adapted(base, BF16, adapter=adapter)
    calls = count_added(monkeypatch)
    ours, theirs = 0.0, 0.0
    for seed in range(6):
        for each in (exact_model, model):
            draw(each, seed)
        exact = pass_through(exact_model)
        with torch.autocast("cpu", dtype=BF16):
            lean = pass_through(model)
            with monkeypatch.context() as patched:
                go_the_way_of_peft(patched)
                plain = pass_through(model)
        assert all(gradient.dtype == FP32 for gradient in lean[1].values())
        ours, theirs = ours + distance(lean, exact), theirs + distance(plain, exact)
    assert len(calls) > 0
    assert ours < 1.1 * theirs


def go_the_way_of_peft(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes the lean layers' own way from them."""
    monkeypatch.setattr(LeanLinear, "forward", lora.Linear.forward)
    monkeypatch.setattr(LeanLinear4bit, "forward", Linear4bit.forward)


def distance(found: Passed, exact: Passed) -> float:
    """Of logits and gradients to the exact ones, each by the norm of what is exact."""
    pairs = [(found[0], exact[0]), *((found[1][name], exact[1][name]) for name in exact[1])]
    return sum(float((one.float() - other).norm() / other.norm()) for one, other in pairs)


@pytest.mark.parametrize(
    "changed", [{"lora_dropout": 0.5}, {"use_dora": True}, {"adapter": "qlora", "use_dora": True}]
)
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


def test_16_bit_products_on_a_base_of_32_bits_go_the_way_of_peft(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = adapted(base)
    calls = count_added(monkeypatch)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        pass_through(model)
    assert calls == []
