"""LoRA layers that add their product into the frozen layer's output instead of making tensors of their own.

PEFT computes `W x + scaling · B(A x)` as four tensors of the output's size, forward and backward, and in 16 bits
copies its input to fp32 and back besides. On a CPU half of a small model's time is memory traffic; on a GPU each of
these is a kernel to start and a tensor to keep. Here both sums happen inside the matrix products, and the input is
kept once for all layers that read it.
"""

from __future__ import annotations

from typing import Any

import torch
from peft.tuners import lora
from torch.autograd.function import once_differentiable
from torch.nn.functional import linear


class AddedProduct(torch.autograd.Function):
    """`x Wᵀ + bias + scaling · (x Aᵀ) Bᵀ` for rows `x` (n, in), frozen `W` (out, in), `A` (r, in) and `B` (out, r).

    Computed in the number format of `x` and `W`; gradients of `A` and `B` have their own, as autocast has it.
    """

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
        inner = x @ down.to(x.dtype).T
        ctx.save_for_backward(x, frozen, down, up, inner)
        ctx.scaling = scaling
        return linear(x, frozen, bias).addmm_(inner, up.to(x.dtype).T, alpha=scaling)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """Gradients of `x`, `A` and `B`; the first layer's input is frozen embeddings and needs none."""
        x, frozen, down, up, inner = ctx.saved_tensors
        inner_grad, down_grad, up_grad = adapter_gradients(grad, x, inner, down, up, ctx.scaling)
        x_grad = (grad @ frozen).addmm_(inner_grad, down.to(grad.dtype)) if ctx.needs_input_grad[0] else None
        return x_grad, None, None, down_grad, up_grad, None


def adapter_gradients(
    grad: torch.Tensor, x: torch.Tensor, inner: torch.Tensor, down: torch.Tensor, up: torch.Tensor, scaling: float
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Gradients of `inner` = `x Aᵀ` (n, r), of `A` and of `B`, from the output's gradient (n, out)."""
    inner_grad = (grad @ up.to(grad.dtype)).mul_(scaling)
    return inner_grad, (inner_grad.T @ x).to(down.dtype), (grad.T @ inner).mul_(scaling).to(up.dtype)


class LeanLinear(lora.Linear):
    """PEFT's layer with the same weights and names; what it does not cover goes PEFT's own way."""

    def forward(self, x: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
        """The frozen layer's output plus the adapter's."""
        name = plain_adapter(self, args, kwargs)
        if name is None or type(self.base_layer) is not torch.nn.Linear:
            return super().forward(x, *args, **kwargs)
        base, down, up = self.base_layer, self.lora_A[name].weight, self.lora_B[name].weight
        if any(value.requires_grad for value in base.parameters()) or not in_one_format(
            base.weight.dtype, x, down, up
        ):
            return super().forward(x, *args, **kwargs)
        rows = x.flatten(0, -2).to(base.weight.dtype)
        added = AddedProduct.apply(rows, base.weight, base.bias, down, up, self.scaling[name])
        return added.view(*x.shape[:-1], -1)


def plain_adapter(layer: lora.LoraLayer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str | None:
    """The name of the layer's one active adapter when that is LoRA without dropout, DoRA or biases; else None."""
    names = [name for name in layer.active_adapters if name in layer.lora_A]
    if layer.disable_adapters or layer.merged or len(names) != 1 or args or kwargs:
        return None
    (name,) = names
    plain = (
        name not in layer.lora_variant
        and isinstance(layer.lora_dropout[name], torch.nn.Identity)
        and layer.lora_B[name].bias is None
    )
    return name if plain else None


def in_one_format(dtype: torch.dtype, x: torch.Tensor, down: torch.Tensor, up: torch.Tensor) -> bool:
    """True when everything is computed in `dtype`: because all tensors have it, or because autocast makes it so."""
    if torch.is_autocast_enabled(x.device.type):
        return torch.get_autocast_dtype(x.device.type) == dtype
    return x.dtype == dtype == down.dtype == up.dtype
