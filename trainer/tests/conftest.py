"""What several tests need: a tiny base model, rows, and a way to run the real command lines."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

# Losses are compared as fp32 on the CPU gives them; bf16 on a GPU differs in the third digit.
if os.environ.get("CONTENDER_TEST_GPU") != "1":
    os.environ["CUDA_VISIBLE_DEVICES"] = ""

import pytest

from trainer.config import TrainConfig, read_config
from trainer.progress import Progress
from trainer.tests.tiny_model import write_tiny_model

ROOT = Path(__file__).resolve().parents[2]
SETTINGS: dict[str, Any] = {
    "backend": "peft",
    "method": "sft",
    "dpo_beta": 0.1,
    "adapter": "lora",
    "lora_r": 4,
    "lora_alpha": 8,
    "lora_dropout": 0.1,
    "lora_target_modules": "all-linear",
    "use_rslora": False,
    "use_dora": False,
    "modules_to_save": [],
    "learning_rate": 0.01,
    "num_epochs": 2,
    "micro_batch_size": 4,
    "gradient_accumulation_steps": 1,
    "sequence_len": 256,
    "packing": True,
    "group_by_length": True,
    "gradient_checkpointing": False,
    "precision": "auto",
    "lr_scheduler": "cosine",
    "warmup_ratio": 0.1,
    "weight_decay": 0.01,
    "max_grad_norm": 1.0,
    "save_steps": 3,
    "eval_steps": None,
    "early_stopping_patience": None,
    "distributed": "ddp",
    "export": {"merge": False, "gguf": False},
    "logging_steps": 1,
}
SYSTEM = {"role": "system", "content": "Name the colour of the thing."}
THINGS = {"grass": "green", "leaf": "green", "moss": "green", "blood": "red", "rose": "red", "ruby": "red"}


def make_rows(count: int, first: int = 0) -> list[dict[str, Any]]:
    """Rows with prompts of different lengths and two answers."""
    things = list(THINGS.items())
    rows = []
    for number in range(first, first + count):
        thing, colour = things[number % len(things)]
        user = {"role": "user", "content": f"{'old ' * (number % 4)}{thing} {number}"}
        rows.append({"id": f"row-{number}", "messages": [SYSTEM, user, {"role": "assistant", "content": colour}]})
    return rows


def write_rows(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Writes JSON lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


class Died(Exception):
    """Stands for a kill in tests that stay in one process."""


class Dying(Progress):
    """A progress log that ends the run after a step, as a kill at that moment would."""

    def __init__(self, path: Path, last_step: int | None) -> None:
        super().__init__(path)
        self.last_step = last_step

    def write(self, kind: str, **values: Any) -> None:
        super().write(kind, **values)
        if kind == "progress" and values["step"] == self.last_step:
            raise Died


class Job:
    """One training run in its own folder."""

    def __init__(
        self, folder: Path, base: Path, rows: int = 40, max_seconds: float | None = None, **settings: Any
    ) -> None:
        folder.mkdir()
        self.out = folder / "out"
        self.config = folder / "config.json"
        content = {
            "schema": 1,
            "base_model": str(base),
            "train_file": str(write_rows(folder / "train.jsonl", make_rows(rows))),
            "validation_file": str(write_rows(folder / "validation.jsonl", make_rows(6, first=500))),
            "output_dir": str(self.out),
            "seed": 7,
            "max_seconds": max_seconds,
            "train": {**SETTINGS, **settings},
        }
        self.config.write_text(json.dumps(content), "utf-8")

    def start(self) -> subprocess.Popen[str]:
        """Starts `python -m trainer.train` as a supervisor would."""
        command = [sys.executable, "-m", "trainer.train", "--config", str(self.config)]
        return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)

    def run_here(self, fail_after: int | None = None) -> dict[str, Any]:
        """Trains in this process and returns the result; with `fail_after` it dies once that step is logged."""
        from trainer.distributed import Ranks
        from trainer.train import train

        self.out.mkdir(exist_ok=True)
        progress = Dying(self.out / "progress.jsonl", fail_after)
        try:
            stop: Any = SimpleNamespace(signal=None)
            return train(read_config(self.config, TrainConfig), self.out, progress, stop, Ranks())
        finally:
            progress.close()

    def change(self, **settings: Any) -> None:
        """Writes other training settings into the config; a key of the config itself is changed there."""
        content = json.loads(self.config.read_text("utf-8"))
        for key, value in settings.items():
            (content["train"] if key in content["train"] else content)[key] = value
        self.config.write_text(json.dumps(content), "utf-8")

    def notices(self) -> list[str]:
        """Messages of all notices."""
        return [str(event["message"]) for event in self.lines("notice")]

    def lines(self, kind: str) -> list[dict[str, Any]]:
        """Events of one kind from progress.jsonl; a line that is still being written is left out."""
        path = self.out / "progress.jsonl"
        whole = path.read_text("utf-8").rpartition("\n")[0] if path.exists() else ""
        events = [json.loads(line) for line in whole.splitlines() if line.endswith("}")]
        return [event for event in events if event["kind"] == kind]

    def losses(self) -> dict[int, float]:
        """Loss by step; a step that was repeated after a resume keeps its last value."""
        return {event["step"]: event["loss"] for event in self.lines("progress")}

    def read(self, name: str) -> dict[str, Any]:
        """A JSON file of output_dir."""
        return json.loads((self.out / name).read_text("utf-8"))


def wait_until(condition: Callable[[], Any], seconds: float = 60) -> None:
    """Polls; fails the test when the condition does not come true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def call(port: int, path: str, body: Any = None, key: str | None = None) -> tuple[int, Any]:
    """Status and JSON of one request to a server on this machine."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"authorization": f"Bearer {key}"} if key else {}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny base model's folder."""
    return write_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="session")
def trained(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Job:
    """A run that nothing interrupted."""
    job = Job(tmp_path_factory.mktemp("trained") / "job", base)
    process = job.start()
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return job


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Callable[..., int]]:
    """Starts `python -m trainer.<module>` with a config and returns its port; stops it with SIGTERM at the end."""
    started: list[subprocess.Popen[bytes]] = []

    def start(module: str, **content: Any) -> int:
        ready = tmp_path / f"ready-{len(started)}.json"
        config = tmp_path / f"{module}-{len(started)}.json"
        config.write_text(
            json.dumps({"schema": 1, "host": "127.0.0.1", "port": 0, "ready_file": str(ready), **content}), "utf-8"
        )
        process = subprocess.Popen([sys.executable, "-m", f"trainer.{module}", "--config", str(config)], cwd=ROOT)
        started.append(process)
        wait_until(lambda: ready.exists() or process.poll() is not None)
        assert process.poll() is None, f"{module} ended with {process.returncode}"
        return int(json.loads(ready.read_text("utf-8"))["port"])

    yield start
    for process in started:
        process.terminate()
        process.wait(timeout=10)


os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
