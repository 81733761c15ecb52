"""A LoRA layer that adds its product into the frozen layer's output instead of making tensors of its own.

PEFT computes `W x + scaling · B(A x)` as four tensors of the output's size, forward and backward. On a CPU, where half
of a small model's time is memory traffic, that shows. Here both sums happen inside the matrix products.
"""

from __future__ import annotations

from typing import Any

import torch
from peft.tuners import lora
from torch.autograd.function import once_differentiable
from torch.nn.functional import linear


class AddedProduct(torch.autograd.Function):
    """`x Wᵀ + bias + scaling · (x Aᵀ) Bᵀ` for rows `x` (n, in), frozen `W` (out, in), `A` (r, in) and `B` (out, r)."""

    @staticmethod
    def forward(
        ctx: Any,
        x: torch.Tensor,
        frozen: torch.Tensor,
        bias: torch.Tensor | None,
        down: torch.Tensor,
        up: torch.Tensor,
        scaling: float,
    ) -> torch.Tensor:
        """The output (n, out)."""
        inner = x @ down.T
        ctx.save_for_backward(x, frozen, down, up, inner)
        ctx.scaling = scaling
        return linear(x, frozen, bias).addmm_(inner, up.T, alpha=scaling)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """Gradients of `x`, `A` and `B`; the first layer's input is frozen embeddings and needs none."""
        x, frozen, down, up, inner = ctx.saved_tensors
        inner_grad = (grad @ up).mul_(ctx.scaling)
        up_grad = (grad.T @ inner).mul_(ctx.scaling)
        x_grad = (grad @ frozen).addmm_(inner_grad, down) if ctx.needs_input_grad[0] else None
        return x_grad, None, None, inner_grad.T @ x, up_grad, None


class LeanLinear(lora.Linear):
    """PEFT's layer with the same weights and names; what it does not cover goes PEFT's own way."""

    def forward(self, x: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
        """The frozen layer's output plus the adapter's."""
        names = [name for name in self.active_adapters if name in self.lora_A]
        if self.disable_adapters or self.merged or len(names) != 1 or args or kwargs or not self.is_plain(names[0], x):
            return super().forward(x, *args, **kwargs)
        (name,) = names
        base, down, up = self.base_layer, self.lora_A[name].weight, self.lora_B[name].weight
        rows = x.flatten(0, -2)
        added = AddedProduct.apply(rows, base.weight, base.bias, down, up, self.scaling[name])
        return added.view(*x.shape[:-1], -1)

    def is_plain(self, name: str, x: torch.Tensor) -> bool:
        """True for LoRA without dropout, DoRA or biases, with everything in one number format."""
        down, up = self.lora_A[name], self.lora_B[name]
        return (
            name not in self.lora_variant
            and isinstance(self.lora_dropout[name], torch.nn.Identity)
            and type(self.base_layer) is torch.nn.Linear
            and not any(value.requires_grad for value in self.base_layer.parameters())
            and up.bias is None
            and x.dtype == self.base_layer.weight.dtype == down.weight.dtype == up.weight.dtype
            and not torch.is_autocast_enabled(x.device.type)
        )
