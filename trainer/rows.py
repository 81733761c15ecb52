"""Reads training rows, encodes them, and orders them by nothing but themselves and the seed."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from trainer.failure import data_error
from trainer.render import Encoded, encode

if TYPE_CHECKING:  # the classical reference reads rows and should not wait for torch
    from transformers import PreTrainedTokenizerBase

ROLES = ("system", "user", "assistant")
# Steps whose rows are sorted together: more saves padding, fewer keeps the order closer to a plain shuffle.
STEPS_SORTED_TOGETHER = 8
# Rows that a message names before it only counts.
NAMED = 20
# A sequence_len that every row keeps, for those who count what training would refuse.
NO_LIMIT = 2**31 - 1


def read_rows(path: str | Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yields (id, messages) for each line; raises data_error naming file, line and field."""
    name = Path(path).name
    try:
        stream = Path(path).open(encoding="utf-8")
    except OSError as error:
        raise data_error(f"cannot read {path}: {error.strerror}") from None
    with stream:
        try:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield check_row(line, f"{name} line {number}")
        except UnicodeDecodeError as error:
            raise data_error(f"{name} is not UTF-8: byte {error.start} of a block cannot be decoded") from None


def check_row(line: str, where: str) -> tuple[str, list[dict[str, Any]]]:
    """Parses one JSON line into (id, messages); the last message must be the assistant's."""
    try:
        row: Any = json.loads(line)
    except ValueError:
        raise data_error(f"{where} is not valid JSON") from None
    if not isinstance(row, dict) or not isinstance(row.get("id"), str) or not row["id"]:
        raise data_error(f"{where}: id must be a string that is not empty")
    messages = row.get("messages")
    if not isinstance(messages, list) or len(messages) < 2:
        raise data_error(f"{where} (row {row['id']}): messages must be a list of at least two")
    for index, message in enumerate(messages):
        if not isinstance(message, dict) or message.get("role") not in ROLES:
            raise data_error(f"{where} (row {row['id']}): messages[{index}].role must be one of {', '.join(ROLES)}")
        if not isinstance(message.get("content"), str):
            raise data_error(f"{where} (row {row['id']}): messages[{index}].content must be a string")
        check_weight(message, f"{where} (row {row['id']}): messages[{index}].weight")
    if messages[-1]["role"] != "assistant" or not messages[-1]["content"]:
        raise data_error(f"{where} (row {row['id']}): the last message must be the assistant's, with text")
    return row["id"], messages


def check_weight(message: dict[str, Any], where: str) -> None:
    """A message's weight scales the loss on its tokens; only the assistant's messages can have one above 0."""
    weight = message.get("weight", 0)
    if isinstance(weight, bool) or not isinstance(weight, (int, float)) or not math.isfinite(weight) or weight < 0:
        raise data_error(f"{where} must be a number of at least 0")
    if weight > 0 and message["role"] != "assistant":
        raise data_error(f"{where} must be 0 or left out: only the assistant's messages are learnt")


def encode_rows(
    path: str | Path, tokenizer: PreTrainedTokenizerBase, sequence_len: int, stops: set[int]
) -> tuple[list[Encoded], str]:
    """Encodes a whole file: its rows, and a notice that lists those left out because nothing in them is learnt.

    Rows that are too long are an error that lists them, never cut; so is a file with nothing to learn.
    """
    name = Path(path).name
    rows = [encode(tokenizer, row_id, messages, stops) for row_id, messages in read_rows(path)]
    if not rows:
        raise data_error(f"{name} has no rows")
    long = [row for row in rows if row.length > sequence_len]
    if long:
        longest = max(row.length for row in long)
        raise data_error(
            f"{len(long)} rows of {name} are longer than sequence_len {sequence_len}: "
            f"{listed([f'{row.row_id} ({row.length} tokens)' for row in long])}; "
            f"set sequence_len to {longest} or drop them in curation"
        )
    idle = [row.row_id for row in rows if row.weight == 0]
    if len(idle) == len(rows):
        raise data_error(
            f"{name} has no token to learn: every message of its {len(rows)} rows has weight 0 ({listed(idle)})"
        )
    notice = f"{len(idle)} rows of {name} are left out, all their messages have weight 0: {listed(idle)}"
    return [row for row in rows if row.weight > 0], notice if idle else ""


def listed(names: Sequence[str]) -> str:
    """The first names of a list, and how many more there are."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


class Sized(Protocol):
    """Anything with a length in tokens."""

    @property
    def length(self) -> int:
        """Tokens in all."""


def epoch_order(
    rows: Sequence[Sized], step_size: int, seed: int, epoch: int, by_length: bool = True
) -> list[list[int]]:
    """Row indices of each step of one epoch; `by_length` puts rows of like length into one step.

    A step is micro_batch_size × gradient_accumulation_steps rows, so splitting it differently trains the same.
    """
    # A string seed is hashed with SHA-512 by `random`, the same on every platform and version.
    source = random.Random(f"contender-rows-{seed}-{epoch}")  # noqa: S311 - an order, not a secret
    order = list(range(len(rows)))
    source.shuffle(order)
    if not by_length:
        return [order[at : at + step_size] for at in range(0, len(order), step_size)]
    steps: list[list[int]] = []
    span = step_size * STEPS_SORTED_TOGETHER
    for start in range(0, len(order), span):
        near = sorted(order[start : start + span], key=lambda index: rows[index].length)
        steps.extend(near[at : at + step_size] for at in range(0, len(near), step_size))
    source.shuffle(steps)
    return steps
