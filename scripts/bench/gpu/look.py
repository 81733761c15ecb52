"""What `contender plan` knows of each case before training: the model's shape and the largest forward pass."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from scripts.bench.gpu.cases import OURS_EIGHT, OURS_SMALL
from scripts.bench.gpu.shapes import SHAPES, TOKENIZER, config_of
from scripts.bench.gpu.train_case import write_config
from trainer.config import TrainConfig, read_config
from trainer.inspect import describe


def looks(prepared: Path) -> dict[str, dict[str, Any]]:
    """`model` and `batch` of trainer.inspect by case."""
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        models = Path(scratch) / "models"
        for name in SHAPES:
            write_folder(name, models / name, prepared)
        for number, case in enumerate(OURS_SMALL + OURS_EIGHT):
            config = write_config(case, models, prepared, Path(scratch) / str(number))
            described = describe(read_config(config, TrainConfig))
            found[case.name] = {"model": described["model"], "largest_batch": described["batch"]}
    return found


def write_folder(name: str, folder: Path, prepared: Path) -> None:
    """A model folder whose weights are one number, since only config and tokenizer are looked at."""
    folder.mkdir(parents=True)
    config_of(name, tiny=False).save_pretrained(folder)
    one = {"stand_in": torch.zeros(1, dtype=torch.bfloat16)}
    save_file(one, folder / "model.safetensors", metadata={"format": "pt"})
    for file in TOKENIZER:
        shutil.copy(prepared / file, folder / file)
