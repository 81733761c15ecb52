"""How rows share a forward pass, in numbers alone: what the batches are made by and what forecasts them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trainer.config import TrainSettings
from trainer.render import Encoded

# A packed batch needs a dense mask of this length squared; past it the mask costs more than the prefix saves.
PACKED_LIMIT = 2048


def common_prefix(sequences: Sequence[Sequence[int]]) -> int:
    """Length of the longest prefix that all sequences share."""
    first, last = min(sequences), max(sequences)
    for index, (left, right) in enumerate(zip(first, last, strict=False)):
        if left != right:
            return index
    return min(len(first), len(last))


def shared_prefix(rows: Sequence[Encoded]) -> int:
    """Tokens that rows on one line have in common and need once."""
    # A learnt token is predicted by the one before it, so each row keeps that one for itself.
    own = min(min(len(row.prompt), row.learnt[0][0]) for row in rows) - 1
    return max(0, min(common_prefix([row.prompt for row in rows]), own))


def line_length(rows: Sequence[Encoded], shared: int) -> int:
    """Tokens of one line that holds the shared prefix once and the rest of each row."""
    return shared + sum(row.length - shared for row in rows)


def attends_to_whole_rows(text_config: Any, settings: TrainSettings) -> bool:
    """True when rows on one line can be kept apart by an attention mask: every layer must attend, and to all of a row.

    Recurrent layers carry their state past a mask, windows are laid over a line instead of a row, and Unsloth's
    attention takes no mask of ours. `text_config` is the base's configuration of its text layers.
    """
    kinds = set(getattr(text_config, "layer_types", None) or ["full_attention"])
    used = getattr(text_config, "use_sliding_window", True)
    window = getattr(text_config, "sliding_window", None) if used else None
    fits = kinds == {"full_attention"} and (not window or window >= settings.sequence_len)
    return settings.backend == "peft" and fits
