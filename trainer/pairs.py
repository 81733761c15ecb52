"""Reads rows of preferences and encodes them: a prompt with the answer to prefer and the one to avoid."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.failure import data_error
from trainer.render import Encoded, encode
from trainer.rows import listed, read_rows

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


@dataclass
class Pair:
    """One prompt with the answer to prefer and the one to avoid. `reference` is the base's margin, once known."""

    row_id: str
    chosen: Encoded
    rejected: Encoded
    reference: float | None = None

    @property
    def prompt(self) -> list[int]:
        """Tokens of the prompt, which both answers share."""
        return self.chosen.prompt

    @property
    def length(self) -> int:
        """Tokens of both conversations."""
        return self.chosen.length + self.rejected.length


def conversations(row: Encoded | Pair) -> list[Encoded]:
    """The token sequences that a row puts through the model: one, or both answers of a preference."""
    return [row] if isinstance(row, Encoded) else [row.chosen, row.rejected]


def encode_pairs(
    path: str | Path, tokenizer: PreTrainedTokenizerBase, sequence_len: int, stops: set[int]
) -> list[Pair]:
    """Encodes a file of rows {"id", "messages", "rejected"}; raises data_error naming those that cannot be used."""
    name = Path(path).name
    read = list(read_rows(path))
    with Path(path).open(encoding="utf-8") as stream:
        answers = [json.loads(line).get("rejected") for line in stream if line.strip()]
    pairs = []
    for (row_id, messages), answer in zip(read, answers, strict=True):
        if not isinstance(answer, str) or not answer:
            raise data_error(f"{name} (row {row_id}): rejected must be a string that is not empty")
        texts = (messages[-1]["content"], answer)
        chosen, rejected = (encode_answer(tokenizer, row_id, messages[:-1], text, stops) for text in texts)
        pairs.append(Pair(row_id, chosen, rejected))
    if not pairs:
        raise data_error(f"{name} has no rows")
    refuse(pairs, name, sequence_len)
    return pairs


def encode_answer(
    tokenizer: PreTrainedTokenizerBase, row_id: str, asked: list[dict[str, Any]], text: str, stops: set[int]
) -> Encoded:
    """Prompt and answer as tokens; weights of messages have no meaning for a preference."""
    plain = [{"role": message["role"], "content": message["content"]} for message in asked]
    return encode(tokenizer, row_id, [*plain, {"role": "assistant", "content": text}], stops)


def refuse(pairs: Sequence[Pair], name: str, sequence_len: int) -> None:
    """Raises data_error for rows that are too long, and for rows whose two answers are the same."""
    same = [row.row_id for row in pairs if row.chosen.completion == row.rejected.completion]
    if same:
        raise data_error(
            f"{len(same)} rows of {name} have the same text as answer and as rejected: {listed(same)}; "
            "there is nothing to prefer"
        )
    lengths = {row.row_id: max(row.chosen.length, row.rejected.length) for row in pairs}
    long = {row_id: length for row_id, length in lengths.items() if length > sequence_len}
    if long:
        rows = listed([f"{row_id} ({length} tokens)" for row_id, length in long.items()])
        raise data_error(
            f"{len(long)} rows of {name} are longer than sequence_len {sequence_len} with one answer: {rows}; "
            f"set sequence_len to {max(long.values())} or drop them in curation"
        )
