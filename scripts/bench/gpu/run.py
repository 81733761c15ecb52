"""Measures training on a GPU: python -m scripts.bench.gpu.run --prepared FOLDER --out FOLDER.

Sections run one after the other on the GPU, each in its own process, while the next one imports. A section that fails
or takes too long is recorded, and the others go on. `results.jsonl` grows line by line; `log.txt` has the output.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from scripts.bench.gpu.summary import summary

ROOT = Path(__file__).resolve().parents[3]
POLL_SECONDS = 0.05
KEPT_LINES = 80
# Each line is a turn: sections of one turn run together, so nothing in a turn of several is timed. Seconds are the
# most a section gets from its turn on.
TURNS: list[dict[str, int]] = [
    {"machine": 30},
    {"build": 60},
    {"build-8b": 100, "survival": 100, "ways": 90, "tests": 100},
    {"ours": 100},
    {"trl": 90},
    {"unsloth": 110},
    {"ours-unsloth": 110},
    {"ours-8b": 120},
    {"trl-8b": 80},
    {"unsloth-8b": 80},
]


class Started:
    """A section's process, importing until it is let go."""

    def __init__(self, name: str, given: argparse.Namespace, scratch: Path, results: Path) -> None:
        self.name, self.scratch, self.results = name, scratch, results
        self.log = (scratch / f"{name}.log").open("wb")
        command = [sys.executable, "-m", "scripts.bench.gpu.section", "--name", name]
        command += ["--prepared", given.prepared, "--scratch", str(scratch), "--results", str(results)]
        command += ["--tiny"] if given.tiny else []
        self.process = subprocess.Popen(  # noqa: S603
            command, cwd=ROOT, stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True
        )

    def go(self, seconds: float) -> None:
        """Gives the section its turn."""
        self.until = time.monotonic() + seconds
        (self.scratch / f"{self.name}.go").touch()

    def end(self) -> None:
        """Waits for the section, ends it when its time is over, and records what went wrong."""
        why = ""
        while self.process.poll() is None and not why:
            why = "its time was over" if time.monotonic() > self.until else ""
            time.sleep(POLL_SECONDS)
        if why:
            self.kill()
        elif self.process.returncode:
            why = f"exit code {self.process.returncode}"
        if why:
            note(self.results, self.name, f"{why}; last lines: {self.tail(25)}")

    def kill(self) -> None:
        """Ends the section and what it started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def tail(self, lines: int = KEPT_LINES) -> str:
        """The last lines of the section's output."""
        self.log.flush()
        text = (self.scratch / f"{self.name}.log").read_text("utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])


def note(results: Path, name: str, why: str) -> None:
    """Records a section that did not come to its end."""
    print(f"{name}: {why}", flush=True)
    with results.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps({"section": name, "case": None, "failed": why}) + "\n")


def scratch_root(tiny: bool) -> Path | None:
    """Memory where it has room for the largest model, since every case reads its weights again; else a disk."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 24 * 2**30
    return memory if roomy and not tiny else None


def run(given: argparse.Namespace, turns: list[list[str]], scratch: Path, results: Path) -> None:
    """Runs the turns until the time is over."""
    until = time.monotonic() + given.seconds
    limits = {name: seconds * (6 if given.tiny else 1) for turn in TURNS for name, seconds in turn.items()}
    waiting: dict[str, Started] = {}

    def start(names: list[str]) -> None:
        for name in names:
            waiting[name] = waiting.get(name) or Started(name, given, scratch, results)

    for number, names in enumerate(turns):
        left = until - time.monotonic()
        if left < given.least:
            for name in names:
                note(results, name, "left out: no time was left")
            continue
        start(names)
        for name in names:
            waiting[name].go(min(limits[name], left))
        # The next turn imports meanwhile; the one after a turn of several waits, so as not to crowd the machine.
        if number + 1 < len(turns) and len(turns[number + 1]) == 1:
            start(turns[number + 1])
        for name in names:
            waiting[name].end()
        print(f"{', '.join(names)}: {until - time.monotonic():.0f} s left", flush=True)
    for section in waiting.values():
        if section.process.poll() is None:
            section.kill()
    logs = [f"==== {name}\n{section.tail()}\n" for name, section in waiting.items()]
    (results.parent / "log.txt").write_text("\n".join(logs), "utf-8")


def main() -> None:
    """Reads the arguments and runs the sections, all or those named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prepared", required=True, help="folder made by scripts/bench/gpu/prepare.ts")
    parser.add_argument("--out", required=True, help="folder for results.jsonl and log.txt")
    parser.add_argument("--only", help="sections, separated by commas; what they need is not added")
    parser.add_argument("--seconds", type=float, default=420, help="time for everything")
    parser.add_argument("--least", type=float, default=15, help="a section is left out when less is left")
    parser.add_argument("--tiny", action="store_true", help="dry run: models with next to no layers")
    given = parser.parse_args()
    given.prepared = str(Path(given.prepared).resolve())
    out = Path(given.out).resolve()
    out.mkdir(parents=True, exist_ok=True)
    wanted = set(given.only.split(",")) if given.only else {name for turn in TURNS for name in turn}
    turns = [[name for name in turn if name in wanted] for turn in TURNS]
    with tempfile.TemporaryDirectory(dir=scratch_root(given.tiny), ignore_cleanup_errors=True) as scratch:
        run(given, [turn for turn in turns if turn], Path(scratch), out / "results.jsonl")
    print(summary(out / "results.jsonl"))


if __name__ == "__main__":
    main()
