"""What must be settled before torch, transformers and peft are imported, by the config named after --config."""

from __future__ import annotations

import importlib
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any


def asked(arguments: list[str]) -> dict[str, Any] | None:
    """The config as it stands there, or None; what is wrong with it is said where it is read."""
    try:
        config = json.loads(Path(arguments[arguments.index("--config") + 1]).read_text("utf-8"))
        return config if isinstance(config.get("train", {}), dict) else None
    except (OSError, ValueError, IndexError, AttributeError):
        return None


def without_bitsandbytes(arguments: list[str]) -> None:
    """Hides the package unless the config asks for NF4: peft imports it where it can, which takes seconds."""
    config = asked(arguments)
    if config is None or config.get("quantization") == "nf4" or config.get("train", {}).get("adapter") == "qlora":
        return
    if config.get("train", {}).get("backend") != "unsloth":
        sys.modules["bitsandbytes"] = None  # type: ignore[assignment]


def unsloth_first(arguments: list[str]) -> None:
    """Imports Unsloth when the config asks for it: it changes the other libraries only before they are imported."""
    config = asked(arguments)
    if config is not None and config.get("train", {}).get("backend") == "unsloth":
        # Why it cannot be used is said where the model is loaded.
        with suppress(Exception):
            importlib.import_module("unsloth")
