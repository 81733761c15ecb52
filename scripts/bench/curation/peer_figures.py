"""What every peer of the curation benchmark shares: reading the documents, and its figures as one line of JSON."""

import json
import resource
import sys
import time
from collections.abc import Iterable
from pathlib import Path

WORDS, BANDS, ROWS, THRESHOLD = 5, 14, 8, 0.8


def texts_of(path: str, most: int) -> list[str]:
    """Texts of the first documents of a file."""
    with Path(path).open(encoding="utf-8") as file:
        return [json.loads(line)["text"] for _, line in zip(range(most), file, strict=False)]


def shingles(text: str) -> list[str]:
    """Runs of words, with repetitions."""
    words = text.split()
    return [" ".join(words[at : at + WORDS]) for at in range(max(1, len(words) - WORDS + 1))]


class Phases:
    """Seconds by phase; a phase may come more than once."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()
        self._cpu = time.process_time()

    def cpu_seconds(self) -> float:
        """Of the processor, from the beginning: loading of modules is not in it."""
        return time.process_time() - self._cpu

    def end(self, name: str) -> None:
        """Count the time since the end of the last phase as one of this name."""
        now = time.perf_counter()
        self.seconds[name] = self.seconds.get(name, 0.0) + now - self._since
        self._since = now


def report(documents: int, dropped: Iterable[int], phases: Phases, dropped_file: str) -> None:
    """Writes the numbers of the dropped documents to a file, and the figures to standard output."""
    numbers = sorted(dropped)
    Path(dropped_file).write_text("".join(f"{number}\n" for number in numbers), encoding="utf-8")
    json.dump(
        {
            "documents": documents,
            "kept": documents - len(numbers),
            "phases": phases.seconds,
            "cpuSeconds": phases.cpu_seconds(),
            "peakMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        },
        sys.stdout,
    )
