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


def whole_or_null(low: int) -> Any:
    """An integer from `low` up, or null."""
    return option(f"an integer of at least {low}, or null", lambda value: value is None or is_int(value, low))


def flag() -> Any:
    """True or false."""
    return option("true or false", lambda value: isinstance(value, bool))


def is_names(value: Any) -> bool:
    """A list of strings that are not empty."""
    return isinstance(value, list) and all(isinstance(item, str) and item for item in value)


def names() -> Any:
    """A list of module names, which may be empty."""
    return option("a list of module names", is_names)


def target_modules() -> Any:
    """`all-linear`, one name or regular expression, or the names of the modules to adapt."""

    def check(value: Any) -> bool:
        return value != "" and value != [] and (isinstance(value, str) or is_names(value))

    return option('"all-linear", a name or regular expression, or a list of module names', check)


def export_choice() -> Any:
    """Further forms of the finished model: `{merge, gguf}`."""

    def check(value: Any) -> bool:
        return (
            isinstance(value, dict)
            and set(value) == {"merge", "gguf"}
            and isinstance(value["merge"], bool)
            and (value["gguf"] is False or value["gguf"] in ("f32", "f16", "q8_0"))
        )

    return option('{"merge": true or false, "gguf": false, "f32", "f16" or "q8_0"}', check)


def adapter_map() -> Any:
    """Model name to artefact folder; `base` is taken by the untuned model, and PEFT forbids dots in names."""

    def check(value: Any) -> bool:
        if not isinstance(value, dict) or "base" in value:
            return False
        return all(name and "." not in name and isinstance(path, str) and path for name, path in value.items())

    return option("an object of model name (no dot, not base) to folder", check)


def file_map() -> Any:
    """Split to path; the training rows are always there."""

    def check(value: Any) -> bool:
        return isinstance(value, dict) and "train" in value and all(isinstance(v, str) and v for v in value.values())

    return option("an object of split to path, with train", check)


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

    backend: str = one_of("peft", "unsloth")
    method: str = one_of("sft", "dpo")
    dpo_beta: float = number(1e-6, 10)
    adapter: str = one_of("lora", "qlora")
    lora_r: int = whole(1)
    lora_alpha: float = number(1e-3, 1e6)
    lora_dropout: float = number(0.0, 0.9)
    lora_target_modules: str | list[str] = target_modules()
    use_rslora: bool = flag()
    use_dora: bool = flag()
    modules_to_save: list[str] = names()
    learning_rate: float = number(0.0, 1.0)
    num_epochs: float = number(1e-3, 1000)
    micro_batch_size: int = whole(1)
    gradient_accumulation_steps: int = whole(1)
    sequence_len: int = whole(8)
    packing: bool = flag()
    group_by_length: bool = flag()
    gradient_checkpointing: bool = flag()
    precision: str = one_of("auto", "bf16", "fp16", "fp32")
    lr_scheduler: str = one_of("cosine", "linear", "constant")
    warmup_ratio: float = number(0.0, 1.0)
    weight_decay: float = number(0.0, 1.0)
    max_grad_norm: float = number(1e-6, 1e6)
    save_steps: int = whole(1)
    eval_steps: int | None = whole_or_null(1)
    early_stopping_patience: int | None = whole_or_null(1)
    distributed: str = one_of("ddp", "fsdp")
    export: dict[str, Any] = export_choice()
    logging_steps: int = whole(1)

    @property
    def step_rows(self) -> int:
        """Rows of one optimizer step, however they are divided over forward passes and processes."""
        return self.micro_batch_size * self.gradient_accumulation_steps


@dataclass(frozen=True)
class TrainConfig:
    """config.json of `python -m trainer.train`."""

    schema: int = schema_one()
    base_model: str = text()
    train_file: str = text()
    validation_file: str | None = text_or_null()
    output_dir: str = text()
    seed: int = whole(0)
    max_seconds: float | None = option(
        "a number above 0, or null", lambda value: value is None or (is_number(value, 0, 1e12) and value > 0)
    )
    train: TrainSettings = settings()


@dataclass(frozen=True)
class CountConfig:
    """The config of `python -m trainer.count_tokens`: files of rows by split, `train` among them."""

    schema: int = schema_one()
    base_model: str = text()
    files: dict[str, str] = file_map()
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
    quantization: str | None = option('"nf4" or null', lambda value: value in ("nf4", None))
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
    config = parse(data, kind, "")
    if isinstance(config, TrainConfig):
        check_together(config)
    return config


def check_together(config: TrainConfig) -> None:
    """Rules between keys, those of the recipe that reach the trainer; raises config_error naming the keys."""
    train = config.train
    rules = [
        (train.early_stopping_patience and not train.eval_steps, "train.early_stopping_patience needs eval_steps"),
        (train.eval_steps and not config.validation_file, "train.eval_steps needs a validation_file"),
        (
            train.adapter == "qlora" and train.precision == "fp16",
            "train.precision fp16 is not offered with adapter qlora; use auto",
        ),
        (train.export["gguf"] and not train.export["merge"], "train.export.gguf needs merge: true"),
        (
            train.backend == "unsloth" and train.use_dora,
            "train.use_dora is not offered by backend unsloth; use backend peft",
        ),
    ]
    for broken, message in rules:
        if broken:
            raise config_error(message)


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
        values[key] = parse(data[key], TrainSettings, "train.") if key == "train" else data[key]
    return kind(**values)
