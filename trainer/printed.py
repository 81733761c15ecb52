"""Commands that answer with JSON on standard output: what they found, or why they could not."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import TypeVar

from trainer.config import read_config
from trainer.failure import TrainerFailure

Config = TypeVar("Config")


def print_answer(description: str, config: type[Config], answer: Callable[[Config], object]) -> int:
    """Prints the answer to the config of `--config`, or `{"failure": …}`; returns the exit code."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--config", required=True, help="path of config.json")
    try:
        print(json.dumps(answer(read_config(parser.parse_args().config, config)), allow_nan=False))
    except TrainerFailure as failure:
        print(json.dumps({"failure": failure.as_json()}))
        return failure.code
    return 0
