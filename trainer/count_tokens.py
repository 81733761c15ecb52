"""Counts tokens as training would, without training: `python -m trainer.count_tokens --config config.json`.

Prints JSON. Neither weights nor torch are needed, so it starts in a fraction of the trainer's time.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"

if __name__ == "__main__":
    # transformers imports torch where it can, which takes longer than counting ten thousand rows.
    sys.modules["torch"] = None  # type: ignore[assignment]

from transformers import AutoConfig

from trainer.base_tokenizer import read_tokenizer, stops_of
from trainer.config import CountConfig
from trainer.failure import base_model_error, first_line
from trainer.layout import attends_to_whole_rows
from trainer.pairs import encode_pairs
from trainer.printed import print_answer
from trainer.rows import NO_LIMIT, encode_rows
from trainer.token_counts import token_counts


def count(config: CountConfig) -> dict[str, Any]:
    """The figures of all files. Raises TrainerFailure for what training would refuse, but for rows too long."""
    settings, folder = config.train, Path(config.base_model)
    tokenizer = read_tokenizer(folder)
    stops = stops_of(folder, tokenizer)
    rows: dict[str, Any] = {}
    for name, path in config.files.items():
        if settings.method == "dpo":
            rows[name] = encode_pairs(path, tokenizer, NO_LIMIT, stops)
        else:
            rows[name], _left_out = encode_rows(path, tokenizer, NO_LIMIT, stops)
    packing = settings.packing and attends_to_whole_rows(text_config(folder), settings)
    return token_counts(rows, settings, config.seed, packing)


def text_config(folder: Path) -> Any:
    """What config.json says of the layers that read text."""
    try:
        config = AutoConfig.from_pretrained(str(folder), local_files_only=True, trust_remote_code=False)
        return config.get_text_config()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ImportError) as error:
        raise base_model_error(f"the model in {folder} cannot be described: {first_line(error)}") from error


def main() -> int:
    """Prints the figures, or `{"failure": …}` with the failure's exit code."""
    return print_answer("Counts the tokens of rows as training would.", CountConfig, count)


if __name__ == "__main__":
    sys.exit(main())
