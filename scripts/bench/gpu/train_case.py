"""Runs one case through the trainer's own entry point, config file in and JSONL out, or through its peer."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

from scripts.bench.gpu.cases import Case
from scripts.bench.gpu.meter import Meter


def write_config(case: Case, models: Path, prepared: Path, folder: Path, **block: Any) -> Path:
    """config.json with exactly the rows that the case's steps take."""
    folder.mkdir(parents=True)
    settings = case.block | block
    rows = (prepared / f"{case.rows}.jsonl").read_text("utf-8").splitlines(keepends=True)
    wanted = case.steps * settings["micro_batch_size"] * settings["gradient_accumulation_steps"]
    if len(rows) < wanted:
        raise ValueError(f"case {case.name} wants {wanted} rows of {case.rows}; there are {len(rows)}")
    (folder / "train.jsonl").write_text("".join(rows[:wanted]), "utf-8")
    config = {
        "schema": 1,
        "base_model": str(models / case.model),
        "train_file": str(folder / "train.jsonl"),
        "validation_file": None,
        "output_dir": str(folder / "out"),
        "seed": 7,
        "max_seconds": None,
        "train": settings,
    }
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    return folder / "config.json"


def events(out: Path, kind: str) -> list[dict[str, Any]]:
    """Lines of one kind from progress.jsonl."""
    path = out / "progress.jsonl"
    text = path.read_text("utf-8").rpartition("\n")[0] if path.exists() else ""
    lines = [json.loads(line) for line in text.splitlines()]
    return [line for line in lines if line["kind"] == kind]


def outcome(out: Path) -> dict[str, Any]:
    """result.json or failure.json, by its name."""
    for name in ("result", "failure"):
        if (out / f"{name}.json").exists():
            return {name: json.loads((out / f"{name}.json").read_text("utf-8"))}
    return {}


def speed(tokens: list[int], seconds: list[float], warm_up: int) -> float | None:
    """Tokens a second after the warm-up, from running totals after each step."""
    if len(tokens) <= max(warm_up, 1):
        return None
    first = max(warm_up, 1) - 1
    return (tokens[-1] - tokens[first]) / max(seconds[-1] - seconds[first], 1e-9)


def run_ours(case: Case, config: Path) -> dict[str, Any]:
    """What the trainer reports, with its speed after the warm-up and the memory measured from outside.

    `loaded_peak` is the most that torch held until the model stood ready, which quantizing may bring about.
    """
    import torch

    from trainer import train as trainer
    from trainer.supervised import run_supervised

    loaded: dict[str, int] = {}
    load = trainer.load_for_training

    def noted(*arguments: Any) -> Any:
        found = load(*arguments)
        if torch.cuda.is_available():
            loaded["loaded_bytes"] = torch.cuda.memory_allocated()
            loaded["loaded_peak"] = torch.cuda.max_memory_allocated()
        return found

    trainer.load_for_training = noted
    out = config.parent / "out"
    try:
        with Meter() as meter:
            code = run_supervised(str(config), trainer.train)
    finally:
        trainer.load_for_training = load
    steps = events(out, "progress")
    totals = [line["tokens"] for line in steps], [line["seconds"] for line in steps]
    return {
        "exit_code": code,
        "tokens_per_second": speed(*totals, case.warm_up),
        "step_seconds": totals[1],
        "tokens": totals[0],
        "losses": [line["loss"] for line in steps],
        "notices": [line["message"] for line in events(out, "notice")],
        "memory": meter.figures | loaded,
        **outcome(out),
    }


def peer_module() -> ModuleType:
    """scripts/bench/training_trl.py, the side that trains with TRL."""
    path = Path(__file__).resolve().parents[1] / "training_trl.py"
    spec = importlib.util.spec_from_file_location("training_trl", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_peer(case: Case, config: Path, module: ModuleType, unsloth: bool) -> dict[str, Any]:
    """TRL's SFTTrainer on the same rows in the same order, plain or on Unsloth's patched model."""
    from trainer.config import TrainConfig, read_config

    settings = read_config(config, TrainConfig)
    with Meter() as meter:
        trainer, order, clock = module.sft_trainer(settings, False, config.parent / "peer", unsloth)
        trainer.train()
    size = settings.train.step_rows
    lengths = [row.length for row in order]
    tokens = [sum(lengths[: at + size]) for at in range(0, len(lengths), size)]
    seconds = [end - clock.begun for end in clock.ends]
    return {
        "tokens_per_second": speed(tokens, seconds, case.warm_up),
        "step_seconds": seconds,
        "tokens": tokens,
        "losses": clock.losses,
        "trainable_parameters": sum(value.numel() for value in trainer.model.parameters() if value.requires_grad),
        "padding_free": getattr(trainer.args, "padding_free", None),
        "memory": meter.figures,
    }
