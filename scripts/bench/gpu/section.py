"""One section in its own process: imports what it needs, waits for its turn on the GPU, appends its results."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
POLL_SECONDS = 0.05
TRAINING_TESTS = (
    "backends", "train", "resume", "stopping", "dpo", "lora_linear", "loss", "invariants_trl", "base_model", "inspect",
)  # fmt: skip


def main() -> None:
    """Runs the section named by --name; a case that fails is recorded and the next one runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("name", "prepared", "scratch", "results"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--tiny", action="store_true")
    given = parser.parse_args()
    section = Section(given.name, Path(given.prepared), Path(given.scratch), Path(given.results), given.tiny)
    work = PARTS[given.name](section)
    section.wait_for_turn()
    work()


class Section:
    """Where a section reads and writes."""

    def __init__(self, name: str, prepared: Path, scratch: Path, results: Path, tiny: bool) -> None:
        self.name, self.prepared, self.scratch, self.results, self.tiny = name, prepared, scratch, results, tiny
        self.models = scratch / "models"
        self.own = scratch / name

    def wait_for_turn(self) -> None:
        """Says that the imports are done, and waits until the runner lets this section go."""
        (self.scratch / f"{self.name}.ready").touch()
        while not (self.scratch / f"{self.name}.go").exists():
            time.sleep(POLL_SECONDS)

    def record(self, case: str, work: Callable[[], Any]) -> None:
        """Appends one line with what `work` returns, or with the end of its traceback."""
        began = time.monotonic()
        try:
            found = {"ok": work()}
        except BaseException:
            found = {"failed": traceback.format_exc()[-4000:]}
        line = {"section": self.name, "case": case, "wall_seconds": round(time.monotonic() - began, 2), **found}
        with self.results.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")
        print(
            f"{self.name}: {case}: {'failed' if 'failed' in found else 'done'} in {line['wall_seconds']} s", flush=True
        )


def machine(section: Section) -> Callable[[], None]:
    """The machine itself."""
    from scripts.bench.gpu.machine import describe

    return lambda: section.record("machine", describe)


def build(section: Section, *names: str) -> Callable[[], None]:
    """Model folders, the smallest first."""
    from scripts.bench.gpu.shapes import write_model

    def work() -> None:
        for name in names:
            folder = section.models / name
            section.record(name, lambda: write_model(name, section.prepared, folder, section.tiny))  # noqa: B023

    return work


def tests(section: Section) -> Callable[[], None]:
    """The trainer's own tests that train, which they do on the GPU where there is one.

    Interrupted after a while, so that pytest says what it had until then.
    """
    names = ["loss"] if section.tiny else TRAINING_TESTS
    chosen = [f"trainer/tests/test_{name}.py" for name in names]
    options = ["-q", "-n", "8", "--tb", "short", "-p", "no:cacheprovider"]

    def run() -> dict[str, Any]:
        done = subprocess.run(  # noqa: S603
            ["timeout", "-s", "INT", "75", sys.executable, "-m", "pytest", *options, *chosen],  # noqa: S607
            cwd=ROOT,
            env=os.environ | {"CONTENDER_TEST_GPU": "1"},
            capture_output=True,
            text=True,
        )
        return {"exit_code": done.returncode, "output": done.stdout[-20_000:], "errors": done.stderr[-2000:]}

    return lambda: section.record("pytest", run)


def survival(section: Section) -> Callable[[], None]:
    """A kill and a resume."""
    from scripts.bench.gpu.survival import killed_and_resumed

    rows = "short" if section.tiny else "long"
    return lambda: section.record(
        "killed and resumed", lambda: killed_and_resumed(section.models, section.prepared, section.own, rows)
    )


def ways(section: Section) -> Callable[[], None]:
    """Every method and format."""
    import torch

    import trainer.train  # noqa: F401
    from scripts.bench.gpu.survival import every_way

    on_gpu = torch.cuda.is_available()
    return lambda: section.record("ways", lambda: every_way(section.models, section.prepared, section.own, on_gpu))


def ours(section: Section, listed: str, **block: Any) -> Callable[[], None]:
    """Cases through the trainer."""
    if block.get("backend") == "unsloth":
        import unsloth  # noqa: F401 - it wants to be first
    import trainer.train  # noqa: F401
    from scripts.bench.gpu import cases
    from scripts.bench.gpu.train_case import run_ours, write_config

    def one(case: cases.Case, number: int) -> dict[str, Any]:
        config = write_config(case, section.models, section.prepared, section.own / str(number), **block)
        return {"train": case.block | block, **run_ours(case, config)}

    return each(section, getattr(cases, listed), one)


def peer(section: Section, listed: str, unsloth: bool = False) -> Callable[[], None]:
    """The same cases through TRL, or through TRL on Unsloth."""
    if unsloth:
        import unsloth as _  # noqa: F401 - it wants to be first
    from scripts.bench.gpu import cases
    from scripts.bench.gpu.train_case import peer_module, run_peer, write_config

    module = peer_module()

    def one(case: cases.Case, number: int) -> dict[str, Any]:
        config = write_config(case, section.models, section.prepared, section.own / str(number))
        return run_peer(case, config, module, unsloth)

    return each(section, getattr(cases, listed), one)


def each(section: Section, listed: Any, one: Callable[[Any, int], Any]) -> Callable[[], None]:
    """Records every case of a list; of a dry run only cases that a CPU gets through."""

    def work() -> None:
        for number, case in enumerate(listed):
            if not (section.tiny and "memory" in case.name):
                section.record(case.name, lambda: one(case, number))  # noqa: B023

    return work


PARTS: dict[str, Callable[[Section], Callable[[], None]]] = {
    "machine": machine,
    "build": lambda section: build(section, "smollm2-135m", "llama-3.2-1b"),
    "build-8b": lambda section: build(section, "llama-3.1-8b"),
    "tests": tests,
    "survival": survival,
    "ways": ways,
    "ours": lambda section: ours(section, "OURS_SMALL"),
    "trl": lambda section: peer(section, "PEER_SMALL"),
    "unsloth": lambda section: peer(section, "UNSLOTH_ONE", unsloth=True),
    "ours-unsloth": lambda section: ours(section, "UNSLOTH_ONE", backend="unsloth"),
    "ours-8b": lambda section: ours(section, "OURS_EIGHT"),
    "trl-8b": lambda section: peer(section, "PEER_EIGHT"),
    "unsloth-8b": lambda section: peer(section, "UNSLOTH_EIGHT", unsloth=True),
}

if __name__ == "__main__":
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    # Unsloth would look for the network, and stop for a while without one.
    os.environ["UNSLOTH_DISABLE_STATISTICS"] = "1"
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    main()
