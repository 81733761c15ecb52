"""Fills the tables of docs/benchmarks/gpu.md from gpu.json: python -m scripts.bench.gpu.page.

A table stands between `<!-- table: NAME -->` and `<!-- end -->`; the words around it are written by hand.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "docs/benchmarks"
GIB = 2**30


def table(head: list[str], rows: list[list[str]]) -> str:
    """Markdown; the first column is text, the others are figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def sides(report: dict[str, Any], shown: tuple[str, ...]) -> str:
    """Speed and memory of cases that any but the first of `shown` was measured on as well."""
    head = ["case", "side", "s a step", "tokens/s, median", "tokens/s, total", "allocated GiB", "reserved GiB"]
    rows = []
    for case in report["cases"]:
        present = [name for name in shown if name in case["sides"]]
        for name in present if len(present) > 1 else []:
            one = case["sides"][name]
            speeds = [f"{one[key]:.0f}" for key in ("median_tokens_per_second", "total_tokens_per_second")]
            step, peaks = f"{one['median_step_seconds']:.2f}", gib(one)
            rows.append([case["name"] if name == present[0] else "", name, step, *speeds, *peaks])
    return table(head, rows)


def gib(side: dict[str, Any]) -> list[str]:
    """Allocated and reserved at the peak."""
    return [f"{side[key] / GIB:.2f}" for key in ("allocated_peak", "reserved_peak")]


def alone(report: dict[str, Any]) -> str:
    """Cases that only the trainer ran."""
    rows = [
        [case["name"], f"{one['median_step_seconds']:.2f}", f"{one['median_tokens_per_second']:.0f}", *gib(one)]
        for case in report["cases"]
        if list(case["sides"]) == ["contender"]
        for one in case["sides"].values()
    ]
    return table(["case", "s a step", "tokens/s, median", "allocated GiB", "reserved GiB"], rows)


def losses(report: dict[str, Any]) -> str:
    """First and last loss, and how far the sides are apart at most in any step, as a share of the loss."""
    rows = []
    for case in report["cases"]:
        own = case["sides"]["contender"]["losses"]
        others = {name: side["losses"] for name, side in case["sides"].items() if name != "contender"}
        apart = {
            name: max(abs(left - right) / right for left, right in zip(own, theirs, strict=True))
            for name, theirs in others.items()
        }
        words = "; ".join(f"{name} {share * 100:.2f} %" for name, share in apart.items()) or "no other side"
        rows.append([case["name"], f"{own[0]:.3f}", f"{own[-1]:.3f}", words])
    return table(["case", "first loss", "last loss", "largest difference of a step"], rows)


def ways(report: dict[str, Any]) -> str:
    """Methods and number formats."""
    rows = []
    for way in report["ways"]:
        again = way["reloaded"]
        figures = [f"{again[key]:.4f}" for key in ("checkpoint", "artifact")] if again else ["not looked at"] * 2
        rows.append([way["name"], way["dtype"], f"{way['losses'][0]:.3f}", f"{way['losses'][-1]:.3f}", *figures])
    return table(["way", "format", "first loss", "last loss", "from checkpoint", "from artefact"], rows)


def main() -> None:
    """Rewrites the tables; an unknown name is an error."""
    report = json.loads((FOLDER / "gpu.json").read_text("utf-8"))
    tables = {
        "trl": sides(report, ("contender", "trl")),
        "unsloth": sides(report, ("contender on unsloth", "trl on unsloth", "contender")),
        "alone": alone(report),
        "losses": losses(report),
        "ways": ways(report),
    }
    page = FOLDER / "gpu.md"
    pattern = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
    text = pattern.sub(lambda at: f"{at[1]}\n{tables[at[2]]}\n\n{at[3]}", page.read_text("utf-8"))
    page.write_text(text, "utf-8")
    subprocess.run([ROOT / "node_modules/.bin/prettier", "--write", str(page)], check=True)  # noqa: S603


if __name__ == "__main__":
    main()
