"""What is settled before the libraries are imported."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from trainer import lean_start


def arguments(folder: Path, **train: Any) -> list[str]:
    """A command line whose config has these training settings."""
    path = folder / "config.json"
    path.write_text(json.dumps({"train": train}), "utf-8")
    return ["train.py", "--config", str(path)]


@pytest.fixture
def imported(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names that are imported in the test."""
    names: list[str] = []

    def note(name: str) -> ModuleType:
        names.append(name)
        raise ImportError(name)

    monkeypatch.setattr(lean_start.importlib, "import_module", note)
    return names


def test_unsloth_comes_first_when_the_recipe_asks_for_it(tmp_path: Path, imported: list[str]) -> None:
    lean_start.unsloth_first(arguments(tmp_path, backend="peft"))
    assert imported == []
    lean_start.unsloth_first(arguments(tmp_path, backend="unsloth"))
    assert imported == ["unsloth"]


@pytest.mark.parametrize("content", ["{", "[]", '{"train": 3}'])
def test_a_config_that_cannot_be_read_is_left_to_whoever_reads_it(
    tmp_path: Path, imported: list[str], content: str
) -> None:
    (tmp_path / "config.json").write_text(content, "utf-8")
    given = ["train.py", "--config", str(tmp_path / "config.json")]
    lean_start.unsloth_first(given)
    lean_start.without_bitsandbytes(given)
    lean_start.unsloth_first(["train.py"])
    assert imported == []


def test_only_runs_without_four_bits_and_without_unsloth_hide_bitsandbytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for train, hidden in [
        ({"adapter": "qlora", "backend": "peft"}, False),
        ({"adapter": "lora", "backend": "unsloth"}, False),
        ({"adapter": "lora", "backend": "peft"}, True),
    ]:
        monkeypatch.setitem(sys.modules, "bitsandbytes", ModuleType("bitsandbytes"))
        lean_start.without_bitsandbytes(arguments(tmp_path, **train))
        assert (sys.modules["bitsandbytes"] is None) is hidden
