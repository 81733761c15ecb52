"""Lays rows out for the model: packed behind their common prefix when they are short, else padded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from trainer import layout
from trainer.render import Encoded


@dataclass(frozen=True)
class Batch:
    """Tokens of some rows. `input_ids` is (lines, width); `positions`, `targets`, `weights` are (learnt tokens,).

    `positions` index the flattened input: the token at a position predicts the target beside it, whose loss counts
    `weights` times; rows follow each other in order. `segments` is
    (width,) for a packed batch, 0 in the common prefix and 1, 2, … in each row's rest; `place` is each token's
    position inside its row. `tokens` counts the rows' own lengths, so a shared prefix counts once for each row.
    """

    input_ids: torch.Tensor
    positions: torch.Tensor
    targets: torch.Tensor
    weights: torch.Tensor
    tokens: int
    segments: torch.Tensor | None = None
    place: torch.Tensor | None = None

    def inputs(self, device: torch.device, dtype: torch.dtype) -> dict[str, Any]:
        """Arguments for the decoder."""
        inputs: dict[str, Any] = {"input_ids": self.input_ids.to(device)}
        if self.segments is not None and self.place is not None:
            inputs["attention_mask"] = packed_mask(self.segments, dtype).to(device)
            inputs["position_ids"] = self.place[None].to(device)
        return inputs


def packed_mask(segments: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """Additive mask (1, 1, width, width): a token sees the prefix and its own row up to itself, nothing else."""
    seen = (segments[None, :] == 0) | (segments[None, :] == segments[:, None])
    blocked = ~torch.tril(seen)
    return torch.zeros(blocked.shape, dtype=dtype).masked_fill_(blocked, torch.finfo(dtype).min)[None, None]


def collate(rows: Sequence[Encoded], pad: int, packing: bool = True) -> Batch:
    """Packs rows when that is wanted and their distinct tokens fit PACKED_LIMIT, else pads them."""
    shared = layout.shared_prefix(rows)
    if packing and layout.line_length(rows, shared) <= layout.PACKED_LIMIT:
        return pack(rows, shared)
    return pad_right(rows, pad)


def pack(rows: Sequence[Encoded], shared: int) -> Batch:
    """One line: the common prefix once, then what is left of each row. Instructions are computed once a batch."""
    line = list(rows[0].prompt[:shared])
    segments, place = [0] * shared, list(range(shared))
    aims = Aims()
    for number, row in enumerate(rows, start=1):
        aims.add(row, len(line) - shared)
        line.extend((row.prompt + row.completion)[shared:])
        segments.extend([number] * (row.length - shared))
        place.extend(range(shared, row.length))
    return Batch(
        input_ids=torch.tensor([line]),
        segments=torch.tensor(segments),
        place=torch.tensor(place),
        tokens=sum(row.length for row in rows),
        **aims.tensors(),
    )


def pad_right(rows: Sequence[Encoded], pad: int) -> Batch:
    """A line for each row, padded on the right, where causal attention never looks, so no mask is needed."""
    width = max(row.length for row in rows)
    input_ids = torch.full((len(rows), width), pad, dtype=torch.long)
    aims = Aims()
    for index, row in enumerate(rows):
        input_ids[index, : row.length] = torch.tensor(row.prompt + row.completion)
        aims.add(row, index * width)
    return Batch(input_ids=input_ids, tokens=sum(row.length for row in rows), **aims.tensors())


class Aims:
    """Collects which positions predict which tokens, and how much each counts."""

    def __init__(self) -> None:
        self.positions: list[int] = []
        self.targets: list[int] = []
        self.weights: list[float] = []

    def add(self, row: Encoded, start: int) -> None:
        """Adds the learnt tokens of a row whose first token would lie at `start` of the flattened input."""
        tokens = row.prompt + row.completion
        for place, weight in row.learnt:
            self.positions.append(start + place - 1)
            self.targets.append(tokens[place])
            self.weights.append(weight)

    def tensors(self) -> dict[str, torch.Tensor]:
        """The three columns as tensors."""
        return {
            "positions": torch.tensor(self.positions),
            "targets": torch.tensor(self.targets),
            "weights": torch.tensor(self.weights),
        }
