"""The config files of the trainer and its servers, checked strictly: an unknown or missing key is an error."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from trainer.failure import config_error

Check = Callable[[Any], bool]
Record = TypeVar("Record")


def option(expected: str, check: Check) -> Any:
    """A required key: `expected` completes the sentence "must be …", `check` decides."""
    return field(metadata={"expected": expected, "check": check})


def is_int(value: Any, low: int) -> bool:
    """JSON integers only; `true` is an int in Python and a mistake in a config."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= low


def is_number(value: Any, low: float, high: float) -> bool:
    """A finite number in [low, high]."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high


def text() -> Any:
    """A string that is not empty."""
    return option("a string that is not empty", lambda value: isinstance(value, str) and value != "")


def text_or_null() -> Any:
    """A string that is not empty, or null."""
    return option("a string or null", lambda value: value is None or (isinstance(value, str) and value != ""))


def whole(low: int) -> Any:
    """An integer from `low` up."""
    return option(f"an integer of at least {low}", lambda value: is_int(value, low))


def number(low: float, high: float) -> Any:
    """A number between two bounds, both allowed."""
    return option(f"a number from {low:g} to {high:g}", lambda value: is_number(value, low, high))


def one_of(*allowed: str) -> Any:
    """One of a few words."""
    return option(f"one of: {', '.join(allowed)}", lambda value: value in allowed)


def target_modules() -> Any:
    """`all-linear`, or the names of the modules to adapt."""

    def check(value: Any) -> bool:
        named = isinstance(value, list) and value and all(isinstance(item, str) and item for item in value)
        return value == "all-linear" or bool(named)

    return option('"all-linear" or a list of module names', check)


def adapter_map() -> Any:
    """Model name to artefact folder; `base` is taken by the untuned model, and PEFT forbids dots in names."""

    def check(value: Any) -> bool:
        if not isinstance(value, dict) or "base" in value:
            return False
        return all(name and "." not in name and isinstance(path, str) and path for name, path in value.items())

    return option("an object of model name (no dot, not base) to folder", check)


def port() -> Any:
    """0 asks the system for a free port."""
    return option("a port number, 0 for a free one", lambda value: is_int(value, 0) and value <= 65535)


def schema_one() -> Any:
    """The version of the config's shape."""
    return option("1", lambda value: is_int(value, 1) and value == 1)


def settings() -> Any:
    """The nested training block."""
    return option("an object", lambda value: isinstance(value, dict))


@dataclass(frozen=True)
class TrainSettings:
    """How to train; the key names are those of the recipe's training block."""

    backend: str = one_of("peft")
    adapter: str = one_of("lora")
    lora_r: int = whole(1)
    lora_alpha: float = number(1e-3, 1e6)
    lora_dropout: float = number(0.0, 0.9)
    lora_target_modules: str | list[str] = target_modules()
    learning_rate: float = number(0.0, 1.0)
    num_epochs: float = number(1e-3, 1000)
    micro_batch_size: int = whole(1)
    gradient_accumulation_steps: int = whole(1)
    sequence_len: int = whole(8)
    lr_scheduler: str = one_of("cosine", "linear", "constant")
    warmup_ratio: float = number(0.0, 1.0)
    weight_decay: float = number(0.0, 1.0)
    max_grad_norm: float = number(1e-6, 1e6)
    save_steps: int = whole(1)
    logging_steps: int = whole(1)


@dataclass(frozen=True)
class TrainConfig:
    """config.json of `python -m trainer.train`."""

    schema: int = schema_one()
    base_model: str = text()
    train_file: str = text()
    validation_file: str | None = text_or_null()
    output_dir: str = text()
    seed: int = whole(0)
    train: TrainSettings = settings()


@dataclass(frozen=True)
class ServeConfig:
    """serve.json of `python -m trainer.serve`."""

    schema: int = schema_one()
    host: str = text()
    port: int = port()
    ready_file: str = text()
    base_model: str = text()
    adapters: dict[str, str] = adapter_map()
    max_batch_size: int = whole(1)
    api_key: str | None = text_or_null()


@dataclass(frozen=True)
class ClassicalConfig:
    """The config of `python -m trainer.classical`."""

    schema: int = schema_one()
    host: str = text()
    port: int = port()
    ready_file: str = text()
    train_file: str = text()
    name: str = text()
    seed: int = whole(0)


def read_config(path: str | Path, kind: type[Record]) -> Record:
    """Reads a JSON file into the record `kind`; raises config_error naming the key, or why the file is unreadable."""
    try:
        data = json.loads(Path(path).read_text("utf-8"))
    except OSError as error:
        raise config_error(f"cannot read the config file {path}: {error.strerror}") from None
    except ValueError as error:
        raise config_error(f"the config file {path} is not valid JSON: {error}") from None
    return parse(data, kind, "")


def parse(data: Any, kind: type[Record], where: str) -> Record:
    """Builds `kind` from parsed JSON; `where` is the dotted path so far, for messages."""
    if not isinstance(data, dict):
        raise config_error(f"{where or 'the config'} must be an object")
    known = {item.name: item for item in fields(kind)}  # type: ignore[arg-type]
    for key in data:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise config_error(f"unknown key {where}{key}{hint}")
    values: dict[str, Any] = {}
    for key, item in known.items():
        if key not in data:
            raise config_error(f"missing key {where}{key}")
        if not item.metadata["check"](data[key]):
            raise config_error(f"{where}{key} must be {item.metadata['expected']}, got {json.dumps(data[key])[:80]}")
        nested = kind is TrainConfig and key == "train"
        values[key] = parse(data[key], TrainSettings, "train.") if nested else data[key]
    return kind(**values)
