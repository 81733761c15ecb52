"""What must hold on a GPU as on the CPU: a killed run ends like an unbroken one, and every way of training works."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import torch

from scripts.bench.gpu.cases import SMALL, Case
from scripts.bench.gpu.train_case import events, outcome, run_ours, write_config

# A rate at which a lost step or a fresh optimizer would show, and dropout, whose draws must go on where they were.
BOLD = {"learning_rate": 2e-3, "lora_dropout": 0.05}
STEPS, EVERY, KILL_AFTER = 32, 4, 12
WAIT_SECONDS = 90 if torch.cuda.is_available() else 300


def started(config: Path) -> subprocess.Popen[bytes]:
    """`python -m trainer.train`, as a launcher starts it."""
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "trainer.train", "--config", str(config)]
    )


def killed_and_resumed(models: Path, prepared: Path, scratch: Path, device_rows: str) -> dict[str, Any]:
    """Two unbroken runs, whose difference is the device's own, and one that was killed and started again."""
    case = Case("survival", SMALL, device_rows, STEPS, 0, {"micro_batch_size": 8, **BOLD})
    configs = {
        name: write_config(case, models, prepared, scratch / name, save_steps=EVERY)
        for name in ("unbroken", "again", "killed")
    }
    running = {name: started(config) for name, config in configs.items()}
    killed = configs["killed"].parent / "out"
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end and running["killed"].poll() is None:
        if any(line["step"] >= KILL_AFTER for line in events(killed, "checkpoint")):
            running["killed"].kill()
        time.sleep(0.005)
    codes = {name: process.wait(WAIT_SECONDS) for name, process in running.items()}
    steps_before_kill = [line["step"] for line in events(killed, "progress")]
    codes["resumed"] = started(configs["killed"]).wait(WAIT_SECONDS)
    losses = {
        name: {line["step"]: line["loss"] for line in events(config.parent / "out", "progress")}
        for name, config in configs.items()
    }
    return {
        "exit_codes": codes,
        "last_step_before_kill": max(steps_before_kill, default=None),
        "losses": {name: list(by_step.values()) for name, by_step in losses.items()},
        "largest_difference": {
            name: max(abs(losses[name].get(step, 1e9) - loss) for step, loss in losses["unbroken"].items())
            for name in ("again", "killed")
        },
        "largest_weight_difference": {
            name: largest_weight_difference(configs["unbroken"], configs[name]) for name in ("again", "killed")
        },
        "resumed": outcome(killed),
        "reloaded": reloaded(configs["unbroken"]),
    }


def largest_weight_difference(left: Path, right: Path) -> float:
    """Between the finished adapters of two runs."""
    from safetensors.torch import load_file

    first, second = (load_file(path.parent / "out/artifact/adapter_model.safetensors") for path in (left, right))
    return max(float((value - second[name]).abs().max()) for name, value in first.items())


def reloaded(config: Path) -> dict[str, Any]:
    """The adapter on a fresh base gives the loss that its checkpoint gives, on the first rows."""
    from peft import PeftModel
    from safetensors.torch import load_file

    from trainer.backends import load_for_training
    from trainer.base_model import load_model, model_stops, pad_token
    from trainer.config import TrainConfig, read_config
    from trainer.objective import make_objective
    from trainer.precision import best_device, precision_of

    read = read_config(config, TrainConfig)
    settings, out, base = read.train, Path(read.output_dir), Path(read.base_model)
    device = best_device()
    dtype = precision_of(settings.precision, device).dtype
    trained, tokenizer = load_for_training(base, settings, device, dtype, seed=99)
    last = sorted((out / "checkpoints").iterdir())[-1]
    trained.load_state_dict(load_file(last / "adapter.safetensors"), strict=False)
    quantization = "nf4" if settings.adapter == "qlora" else None
    loaded = PeftModel.from_pretrained(load_model(base, device, dtype, quantization), str(out / "artifact"))
    objective = make_objective(
        tokenizer, settings, model_stops(loaded, tokenizer), pad_token(tokenizer), device, dtype
    )
    rows = objective.encode(read.train_file)[:8]
    found = {}
    for name, model in (("checkpoint", trained), ("artifact", loaded)):
        with torch.no_grad():
            found[name] = float(objective.loss(model.eval(), rows)[0]) / objective.weight(rows)
    return found


def every_way(models: Path, prepared: Path, scratch: Path, on_gpu: bool) -> list[dict[str, Any]]:
    """A few steps of each method and number format, on the smallest model; the adapter is loaded again after each."""
    ways: dict[str, dict[str, Any]] = {
        "bf16 rslora": {"precision": "bf16", "use_rslora": True},
        "fp32": {"precision": "fp32"},
        "qlora": {"adapter": "qlora"},
        "dora": {"use_dora": True},
        "dpo": {"method": "dpo"},
        "trained lm_head": {"modules_to_save": ["lm_head"]},
        **({"fp16": {"precision": "fp16"}} if on_gpu else {}),
    }
    found = []
    for name, block in ways.items():
        case = Case(name, SMALL, "short", 6, 1, {"micro_batch_size": 4, **block})
        config = write_config(case, models, prepared, scratch / name.replace(" ", "-"))
        if block.get("method") == "dpo":
            add_rejected(config.parent / "train.jsonl")
        result: dict[str, Any] = {"case": name, **run_ours(case, config)}
        if "result" in result and block.get("method") != "dpo":
            result["reloaded"] = reloaded(config)
        found.append(result)
    return found


def add_rejected(path: Path) -> None:
    """Gives every row a rejected answer, as preference data has one."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    text = "".join(json.dumps({**row, "rejected": "I do not know."}) + "\n" for row in rows)
    path.write_text(text, "utf-8")
