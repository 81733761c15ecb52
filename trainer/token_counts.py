"""Tokens of encoded rows in figures: how they are spread, what is too long, and what packing makes of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trainer.config import TrainSettings
from trainer.layout import PACKED_LIMIT, line_length, shared_prefix
from trainer.pairs import Pair, conversations
from trainer.render import Encoded
from trainer.rows import NAMED, epoch_order

Row = Encoded | Pair
# Rows whose forward passes are laid out; one epoch of more rows looks alike.
MOST_LAID_OUT = 20_000


def token_counts(
    splits: Mapping[str, Sequence[Row]], settings: TrainSettings, seed: int, packing: bool
) -> dict[str, Any]:
    """Figures of each split, and the layout of the training rows. Splits without rows are left out."""
    counted = {name: split_counts(rows, settings.sequence_len) for name, rows in splits.items() if rows}
    return {"schema": 1, "splits": counted, "layout": layout_of(splits["train"], settings, seed, packing)}


def split_counts(rows: Sequence[Row], sequence_len: int) -> dict[str, Any]:
    """Prompt, answer and both together; of a preference the longer answer. `longer` are rows that training refuses."""
    sides = [max(conversations(row), key=lambda one: one.length) for row in rows]
    over = [row.row_id for row in sides if row.length > sequence_len]
    return {
        "rows": len(rows),
        "tokens": sum(row.length for row in rows),
        "learnt": sum(len(one.learnt) for row in rows for one in conversations(row)),
        "prompt": spread([len(row.prompt) for row in sides]),
        "answer": spread([len(row.completion) for row in sides]),
        "whole": spread([row.length for row in sides]),
        "longer": {"count": len(over), "ids": over[:NAMED]},
    }


def spread(lengths: Sequence[int]) -> dict[str, Any]:
    """Quantiles of lengths, each the smallest length that this part of the rows does not exceed, and classes."""
    ordered = sorted(lengths)

    def at(part: float) -> int:
        return ordered[max(0, math.ceil(part * len(ordered)) - 1)]

    return {
        "shortest": ordered[0],
        "median": at(0.5),
        "p90": at(0.9),
        "p99": at(0.99),
        "longest": ordered[-1],
        "classes": classes(ordered),
    }


def classes(ordered: Sequence[int]) -> list[dict[str, int]]:
    """Rows by length: up to 16, 24, 32, 48, 64 and so on, as far as there are any."""
    found: list[dict[str, int]] = []
    bounds = class_bounds()
    upto = next(bounds)
    for length in ordered:
        while length > upto:
            upto = next(bounds)
        if not found or found[-1]["up_to"] != upto:
            found.append({"up_to": upto, "rows": 0})
        found[-1]["rows"] += 1
    return found


def class_bounds() -> Iterator[int]:
    """Powers of 2, and between each and the next their middle."""
    power = 16
    while True:
        yield power
        yield power + power // 2
        power *= 2


def layout_of(rows: Sequence[Row], settings: TrainSettings, seed: int, packing: bool) -> dict[str, Any]:
    """The forward passes of the first epoch on one device, in the order that training uses.

    `padded_places` are token places of all passes without packing, `places` those of the passes as training lays
    them out. Rows that are too long are left out, since training would not begin.
    """
    usable = [row for row in rows if max(one.length for one in conversations(row)) <= settings.sequence_len]
    micro = settings.micro_batch_size
    figures = {"rows": 0, "passes": 0, "packed_passes": 0, "tokens": 0, "padded_places": 0, "places": 0}
    for step in epoch_order(usable, settings.step_rows, seed, 0, settings.group_by_length) if usable else []:
        if figures["rows"] >= MOST_LAID_OUT:
            break
        for start in range(0, len(step), micro):
            chosen = [one for index in step[start : start + micro] for one in conversations(usable[index])]
            padded = len(chosen) * max(one.length for one in chosen)
            line = line_length(chosen, shared_prefix(chosen))
            packed = packing and line <= PACKED_LIMIT
            figures["passes"] += 1
            figures["packed_passes"] += packed
            figures["tokens"] += sum(one.length for one in chosen)
            figures["padded_places"] += padded
            figures["places"] += line if packed else padded
        figures["rows"] += len(step)
    return {"packing": packing, **figures}
