"""The LoRA layer of lora_linear.py on a 4-bit base. Needs bitsandbytes, so it is imported for QLoRA only."""

from __future__ import annotations

from typing import Any

import bitsandbytes as bnb
import torch
from peft.tuners.lora.bnb import Linear4bit
from torch.autograd.function import once_differentiable

from trainer.lora_linear import adapter_gradients, in_one_format, plain_adapter


class AddedProduct4bit(torch.autograd.Function):
    """As AddedProduct, with `W` in 4 bits: it is unpacked for each product and kept packed between them."""

    @staticmethod
    def forward(
        ctx: Any,
        x: torch.Tensor,
        packed: torch.Tensor,
        state: Any,
        bias: torch.Tensor | None,
        down: torch.Tensor,
        up: torch.Tensor,
        scaling: float,
    ) -> torch.Tensor:
        """The output (n, out); `state` is how `packed` was quantized."""
        inner = x @ down.to(x.dtype).T
        ctx.save_for_backward(x, packed, down, up, inner)
        ctx.state, ctx.scaling = state, scaling
        output = bnb.matmul_4bit(x, packed, bias=bias, quant_state=state)
        return output.addmm_(inner, up.to(x.dtype).T, alpha=scaling)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """Gradients of `x`, `A` and `B`."""
        x, packed, down, up, inner = ctx.saved_tensors
        inner_grad, down_grad, up_grad = adapter_gradients(grad, x, inner, down, up, ctx.scaling)
        x_grad = None
        if ctx.needs_input_grad[0]:
            frozen = bnb.functional.dequantize_4bit(packed.view(-1, 1), ctx.state).to(grad.dtype)
            x_grad = (grad @ frozen).addmm_(inner_grad, down.to(grad.dtype))
        return x_grad, None, None, None, down_grad, up_grad, None


class LeanLinear4bit(Linear4bit):
    """PEFT's layer with the same weights and names; what it does not cover goes PEFT's own way."""

    def forward(self, x: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
        """The frozen layer's output plus the adapter's."""
        name, base = plain_adapter(self, args, kwargs), self.base_layer
        state = getattr(base.weight, "quant_state", None)
        if name is None or not self.training or state is None or base.compute_dtype is None:
            return super().forward(x, *args, **kwargs)
        down, up = self.lora_A[name].weight, self.lora_B[name].weight
        if not in_one_format(base.compute_dtype, x, down, up):
            return super().forward(x, *args, **kwargs)
        bias = None if base.bias is None else base.bias.to(base.compute_dtype)
        rows = x.flatten(0, -2).to(base.compute_dtype)
        added = AddedProduct4bit.apply(rows, base.weight, state, bias, down, up, self.scaling[name])
        return added.view(*x.shape[:-1], -1)
