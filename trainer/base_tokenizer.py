"""The tokenizer of a base model folder, without its weights and without torch."""

from __future__ import annotations

import json
from pathlib import Path

from transformers import AutoTokenizer, PreTrainedTokenizerBase

from trainer.failure import base_model_error, first_line
from trainer.render import stop_tokens


def read_tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    """The tokenizer of a base folder; a chat template and an end-of-turn token are required."""
    try:
        tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ImportError) as error:
        raise base_model_error(f"the tokenizer in {folder} cannot be loaded: {first_line(error)}") from error
    if not isinstance(tokenizer.chat_template, str) or not tokenizer.chat_template:
        raise base_model_error(f"the tokenizer in {folder} has no chat template; use an instruct model")
    if tokenizer.eos_token_id is None:
        raise base_model_error(f"the tokenizer in {folder} has no end-of-sequence token")
    return tokenizer


def stops_of(folder: Path, tokenizer: PreTrainedTokenizerBase) -> set[int]:
    """Ids that end an answer, as training finds them on the loaded model."""
    # Without a generation config the libraries make one of the model's own.
    for name in ("generation_config.json", "config.json"):
        path = folder / name
        if path.is_file():
            try:
                return stop_tokens(tokenizer, json.loads(path.read_text("utf-8")).get("eos_token_id"))
            except (ValueError, AttributeError):
                raise base_model_error(f"{path} is not valid JSON") from None
    return stop_tokens(tokenizer)
