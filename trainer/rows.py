"""Reads training rows, encodes them, and orders them by nothing but themselves and the seed."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.failure import data_error
from trainer.render import Encoded, encode

if TYPE_CHECKING:  # the classical reference reads rows and should not wait for torch
    from transformers import PreTrainedTokenizerBase

ROLES = ("system", "user", "assistant")
# Steps whose rows are sorted together: more saves padding, fewer keeps the order closer to a plain shuffle.
STEPS_SORTED_TOGETHER = 8


def read_rows(path: str | Path) -> Iterator[tuple[str, list[dict[str, str]]]]:
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


def check_row(line: str, where: str) -> tuple[str, list[dict[str, str]]]:
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
    if messages[-1]["role"] != "assistant" or not messages[-1]["content"]:
        raise data_error(f"{where} (row {row['id']}): the last message must be the assistant's, with text")
    return row["id"], messages


def encode_rows(
    path: str | Path, tokenizer: PreTrainedTokenizerBase, sequence_len: int, stops: set[int]
) -> list[Encoded]:
    """Encodes a whole file; rows that are too long are an error that lists them, never cut."""
    rows = [encode(tokenizer, row_id, messages, stops) for row_id, messages in read_rows(path)]
    if not rows:
        raise data_error(f"{Path(path).name} has no rows")
    long = [row for row in rows if row.length > sequence_len]
    if long:
        listed = ", ".join(f"{row.row_id} ({row.length} tokens)" for row in long[:20])
        more = f" and {len(long) - 20} more" if len(long) > 20 else ""
        longest = max(row.length for row in long)
        raise data_error(
            f"{len(long)} rows of {Path(path).name} are longer than sequence_len {sequence_len}: {listed}{more}; "
            f"set sequence_len to {longest} or drop them in curation"
        )
    return rows


def epoch_order(rows: Sequence[Encoded], step_size: int, seed: int, epoch: int) -> list[list[int]]:
    """Row indices of each step of one epoch, rows of like length together.

    A step is micro_batch_size × gradient_accumulation_steps rows, so splitting it differently trains the same.
    """
    # A string seed is hashed with SHA-512 by `random`, the same on every platform and version.
    source = random.Random(f"contender-rows-{seed}-{epoch}")  # noqa: S311 - an order, not a secret
    order = list(range(len(rows)))
    source.shuffle(order)
    steps: list[list[int]] = []
    span = step_size * STEPS_SORTED_TOGETHER
    for start in range(0, len(order), span):
        near = sorted(order[start : start + span], key=lambda index: rows[index].length)
        steps.extend(near[at : at + step_size] for at in range(0, len(near), step_size))
    source.shuffle(steps)
    return steps
