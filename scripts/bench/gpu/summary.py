"""One line for each result: what a reader wants to know before opening the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def summary(results: Path) -> str:
    """Speed, peak memory and losses by case; of failures the last words."""
    lines = [json.loads(line) for line in results.read_text("utf-8").splitlines()]
    return "\n".join(f"{line['section']:13} {line['case'] or '-':28} {in_words(line)}" for line in lines)


def in_words(line: dict[str, Any]) -> str:
    """One result."""
    if "failed" in line:
        return "FAILED " + " | ".join(line["failed"].strip().splitlines()[-2:])[-300:]
    found = line["ok"]
    if not isinstance(found, dict) or "losses" not in found or not isinstance(found["losses"], list):
        return f"{line['wall_seconds']} s: {json.dumps(found)[-300:]}"
    if "failure" in found:
        return f"exit {found['exit_code']}: {found['failure'].get('message', '')[:200]}"
    peak = (found["memory"].get("reserved_peak") or 0) / 2**30
    speed = found["tokens_per_second"] or 0
    losses = found["losses"]
    shown = f"loss {losses[0]:.4f} to {losses[-1]:.4f}" if losses else "no loss"
    return f"{speed:.0f} tokens/s, {peak:.2f} GiB, {shown}, {line['wall_seconds']} s"
