"""Condenses results.jsonl to docs/benchmarks/gpu.json: python -m scripts.bench.gpu.condense --prepared FOLDER RESULTS…

Several runs are given in the order of time; of a case that was measured again the last figures count, and the peak
memory that it had before is kept as `earlier`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from statistics import median
from typing import Any

from scripts.bench.gpu.cases import OURS_EIGHT, OURS_SMALL, Case
from scripts.bench.gpu.look import looks

SIDES = {
    "contender": ("ours", "ours-8b"),
    "trl": ("trl", "trl-8b"),
    "trl on unsloth": ("unsloth", "unsloth-8b"),
    "contender on unsloth": ("ours-unsloth",),
}
MEMORY = ("allocated_peak", "reserved_peak", "process_used_peak")
# What the memory estimate depends on.
SETTINGS = (
    "adapter", "lora_r", "lora_dropout", "use_dora", "gradient_checkpointing", "gradient_accumulation_steps",
    "micro_batch_size", "sequence_len", "packing", "precision", "distributed",
)  # fmt: skip
Found = dict[tuple[str, str | None], list[dict[str, Any]]]


def read(paths: list[Path]) -> Found:
    """All lines by section and case, in the order of time."""
    found: Found = {}
    for path in paths:
        for line in map(json.loads, path.read_text("utf-8").splitlines()):
            found.setdefault((line["section"], line["case"]), []).append(line)
    return found


def side(measured: dict[str, Any], case: Case) -> dict[str, Any]:
    """Speed after the warm-up, as the median step and over all, losses and peaks.

    Seconds of the trainer's own record are rounded to hundredths.
    """
    first = max(case.warm_up, 1)
    tokens, seconds = measured["tokens"], measured["step_seconds"]
    steps = [(tokens[at] - tokens[at - 1], seconds[at] - seconds[at - 1]) for at in range(first, len(tokens))]
    return {
        "timed_steps": len(steps),
        "median_step_seconds": round(median(spent for _, spent in steps), 4),
        "longest_step_seconds": round(max(spent for _, spent in steps), 4),
        "median_tokens_per_second": round(median(count / spent for count, spent in steps), 1),
        "total_tokens_per_second": round(measured["tokens_per_second"], 1),
        "losses": [round(loss, 5) for loss in measured["losses"]],
        **{name: measured["memory"].get(name) for name in MEMORY},
    }


def cases(found: Found, prepared: Path) -> list[dict[str, Any]]:
    """Every case that trained, with its sides."""
    seen = looks(prepared)
    condensed = []
    for case in OURS_SMALL + OURS_EIGHT:
        sides: dict[str, Any] = {}
        for name, sections in SIDES.items():
            lines = [line["ok"] for section in sections for line in found.get((section, case.name), [])]
            if lines and lines[-1].get("losses"):
                sides[name] = side(lines[-1], case)
                if len(lines) > 1:
                    sides[name]["earlier"] = {key: lines[0]["memory"].get(key) for key in MEMORY}
        if sides:
            train = {key: case.block[key] for key in SETTINGS}
            about = {"name": case.name, "base": case.model, "rows": case.rows, "steps": case.steps, "train": train}
            condensed.append({**about, **seen[case.name], "sides": sides})
    return condensed


def machine(found: Found) -> dict[str, Any]:
    """The last description without what tells this machine from others of its kind."""
    described = found["machine", "machine"][-1]["ok"]
    driver = described["nvidia_smi"][2]["stdout"].splitlines()[1].split(", ")[0]
    kept = {key: described[key] for key in ("gpu", "cuda", "cores", "versions", "ceilings")}
    return {**kept, "driver": driver, "memory_mib": int(described["nvidia_smi"][0]["stdout"].rsplit(", ", 1)[1])}


def tests(found: Found) -> dict[str, Any]:
    """How the trainer's tests fared, from pytest's own lines."""
    ran = found["tests", "pytest"][-1]["ok"]
    lines = ran["output"].splitlines()
    progress = "".join(line.split(" [")[0] for line in lines if line and set(line.split(" [")[0]) <= set(".FsxE"))
    failed = [line.split(" ")[1].rpartition("/")[2] for line in lines if line.startswith("FAILED ")]
    return {"exit_code": ran["exit_code"], "ran": len(progress), "passed": progress.count("."), "failed": failed}


def ways(found: Found) -> list[dict[str, Any]]:
    """Each method and number format: losses, and the loss of the adapter loaded again."""
    return [
        {
            "name": way["case"],
            "exit_code": way["exit_code"],
            "dtype": way["result"]["dtype"],
            "losses": [round(loss, 5) for loss in way["losses"]],
            "reloaded": way.get("reloaded"),
        }
        for way in found["ways", "ways"][-1]["ok"]
    ]


def survival(found: Found) -> dict[str, Any]:
    """The killed run beside the unbroken ones."""
    kept = ("exit_codes", "last_step_before_kill", "largest_difference", "largest_weight_difference")
    one = found["survival", "killed and resumed"][-1]["ok"]
    return {**{key: one[key] for key in kept}, "steps": len(one["losses"]["unbroken"])}


def main() -> None:
    """Writes docs/benchmarks/gpu.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", nargs="+", type=Path, help="results.jsonl of each run, the oldest first")
    parser.add_argument("--prepared", required=True, type=Path, help="folder made by scripts/bench/gpu/prepare.ts")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[3] / "docs/benchmarks/gpu.json")
    given = parser.parse_args()
    found = read(given.results)
    last = found["ours", "1b out of memory"][-1]["ok"]
    report = {
        "about": "Training on one GPU, condensed by python -m scripts.bench.gpu.condense. Memory in bytes.",
        "machine": machine(found),
        "cases": cases(found, given.prepared),
        "out_of_memory": {"exit_code": last["exit_code"], "message": last["failure"]["message"]},
        "survival": survival(found),
        "ways": ways(found),
        "tests": tests(found),
        "not_measured": [
            {"section": section, "why": lines[-1]["failed"].split(";")[0]}
            for (section, _), lines in found.items()
            if "failed" in lines[-1]
        ],
    }
    given.out.write_text(json.dumps(report, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
