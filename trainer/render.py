"""Turns messages into tokens; training and serving both call this, so their prompts cannot drift apart."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from sys import byteorder
from typing import TYPE_CHECKING

from trainer.failure import base_model_error

if TYPE_CHECKING:  # the classical reference reads rows and should not wait for torch
    from transformers import PreTrainedTokenizerBase

Message = Mapping[str, str]


@dataclass(frozen=True)
class Encoded:
    """One row as tokens: the prompt carries no loss, the completion carries all of it."""

    row_id: str
    prompt: list[int]
    completion: list[int]

    @property
    def length(self) -> int:
        """Tokens in all."""
        return len(self.prompt) + len(self.completion)


def prompt_text(tokenizer: PreTrainedTokenizerBase, messages: Sequence[Message]) -> str:
    """The text up to the point where the assistant starts to write."""
    return str(tokenizer.apply_chat_template(list(messages), tokenize=False, add_generation_prompt=True))


def text_tokens(tokenizer: PreTrainedTokenizerBase, text: str) -> list[int]:
    """Token ids of rendered text; the template has already written the special tokens."""
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])


def prompt_tokens(tokenizer: PreTrainedTokenizerBase, messages: Sequence[Message]) -> list[int]:
    """Token ids that a model is asked to continue."""
    return text_tokens(tokenizer, prompt_text(tokenizer, messages))


def stop_tokens(tokenizer: PreTrainedTokenizerBase, generation_stops: int | list[int] | None = None) -> set[int]:
    """Ids that end an answer: the tokenizer's end of turn and those of the model's generation config."""
    listed = generation_stops if isinstance(generation_stops, list) else [generation_stops]
    return {int(token) for token in (*listed, tokenizer.eos_token_id) if token is not None}


def encode(
    tokenizer: PreTrainedTokenizerBase, row_id: str, messages: Sequence[Message], stops: set[int] | None = None
) -> Encoded:
    """Splits a conversation into prompt and completion tokens.

    The last message is the completion. Its text is tokenized apart from the prompt, because at serving time the
    prompt is tokenized alone: a merge across the border would train on tokens that serving never produces. What the
    template writes after the end-of-turn token (often a line break) is cut off, since generation has stopped by then.
    Raises base_model_error when the template's whole conversation does not begin with its prompt.
    """
    prompt = prompt_text(tokenizer, messages[:-1])
    whole = str(tokenizer.apply_chat_template(list(messages), tokenize=False))
    if not whole.startswith(prompt):
        raise base_model_error(
            f"row {row_id}: the chat template renders the whole conversation differently from prompt plus answer"
        )
    completion = text_tokens(tokenizer, whole[len(prompt) :])
    ends = stops or stop_tokens(tokenizer)
    last = max((index for index, token in enumerate(completion) if token in ends), default=-1)
    if last >= 0:
        completion = completion[: last + 1]
    elif tokenizer.eos_token_id is not None:
        # A template without an end-of-turn mark would never teach the model to stop.
        completion = [*completion, int(tokenizer.eos_token_id)]
    return Encoded(row_id, text_tokens(tokenizer, prompt), completion)


def tokens_sha256(tokens: Sequence[int]) -> str:
    """Hex SHA-256 over the ids as little-endian int32."""
    packed = array("i", tokens)
    if byteorder == "big":
        packed.byteswap()
    return hashlib.sha256(packed.tobytes()).hexdigest()
