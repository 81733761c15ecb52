"""Runs a training job so that its supervisor always finds result.json, or failure.json and a matching exit code."""

from __future__ import annotations

import fcntl
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import torch

from trainer.config import TrainConfig, TrainSettings, read_config
from trainer.durable import write_json
from trainer.failure import TrainerFailure
from trainer.progress import Progress


class StopRequest:
    """Remembers SIGTERM or SIGINT until the step in hand is done."""

    def __init__(self) -> None:
        self.signal: str | None = None
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)

    def _note(self, number: int, _frame: object) -> None:
        self.signal = signal.Signals(number).name


Job = Callable[[TrainConfig, Path, Progress, StopRequest], dict[str, object]]


def run_supervised(config_path: str, job: Job) -> int:
    """Runs `job`, writes its outcome into output_dir and returns the exit code; a finished run is left as it is."""
    stop = StopRequest()
    try:
        config = read_config(config_path, TrainConfig)
    except TrainerFailure as failure:
        print(f"{failure.kind}: {failure.message}", file=sys.stderr)
        return failure.code
    out = Path(config.output_dir)
    out.mkdir(parents=True, exist_ok=True)
    # A second trainer of the same job waits for the first, and then finds its result. The system lets go of the lock
    # when its holder ends, however it ends.
    lock = (out / "lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    if (out / "result.json").exists():
        return 0
    (out / "failure.json").unlink(missing_ok=True)
    progress = Progress(out / "progress.jsonl")
    try:
        result = job(config, out, progress, stop)
    except Exception as error:
        failure = as_failure(error, config.train)
        write_json(out / "failure.json", failure.as_json())
        if failure.kind == "unexpected":
            traceback.print_exc()
        print(f"{failure.kind}: {failure.message}", file=sys.stderr)
        return failure.code
    finally:
        progress.close()
    write_json(out / "result.json", result)
    return 0


def as_failure(error: Exception, settings: TrainSettings) -> TrainerFailure:
    """Names an exception. Only the type of an unforeseen one is kept: its text might quote a row."""
    if isinstance(error, TrainerFailure):
        return error
    if is_out_of_memory(error):
        return TrainerFailure("out_of_memory", out_of_memory_advice(settings))
    return TrainerFailure("unexpected", f"{type(error).__name__}; the traceback is on stderr")


def is_out_of_memory(error: Exception) -> bool:
    """True for CUDA's error, Python's, and the plain RuntimeError of torch's CPU allocator."""
    return isinstance(error, (torch.OutOfMemoryError, MemoryError)) or (
        isinstance(error, RuntimeError) and "DefaultCPUAllocator" in str(error)
    )


def out_of_memory_advice(settings: TrainSettings) -> str:
    """What ran out and the next smaller setting that trains the same."""
    micro, parts = settings.micro_batch_size, settings.gradient_accumulation_steps
    at = f"out of memory at micro_batch_size {micro} and sequence_len {settings.sequence_len}; try "
    if micro > 1:
        return f"{at}micro_batch_size {micro // 2} with gradient_accumulation_steps {parts * 2}"
    return f"{at}a smaller lora_r than {settings.lora_r}, a smaller base model, or a shorter sequence_len"


def peak_memory_bytes(device: torch.device) -> int:
    """Most memory held at once: on the GPU what torch reserved, on the CPU the process's resident set."""
    if device.type == "cuda":
        return torch.cuda.max_memory_reserved()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
