"""Writing files so that a reader, or the next start, sees the old state or the new one and nothing between."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree
from typing import Any


def sync_folder(folder: Path) -> None:
    """Makes a rename inside `folder` survive a power cut; some file systems refuse, which is theirs to know."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Flushes one written file to disk."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def write_json(path: Path, value: Any) -> None:
    """Replaces `path` atomically; NaN and infinity are refused because JSON has neither."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    with scratch.open("w", encoding="utf-8") as stream:
        json.dump(value, stream, indent=2, sort_keys=True, allow_nan=False)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(scratch, path)
    sync_folder(path.parent)


def write_folder(target: Path, fill: Callable[[Path], None]) -> None:
    """Fills a scratch folder beside `target`, syncs it and renames it into place, replacing what was there."""
    scratch = target.with_name(f".{target.name}.{os.getpid()}")
    rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        fill(scratch)
        for path in scratch.iterdir():
            sync_file(path)
        sync_folder(scratch)
        rmtree(target, ignore_errors=True)
        os.rename(scratch, target)
        sync_folder(target.parent)
    finally:
        rmtree(scratch, ignore_errors=True)


def sha256_file(path: Path) -> str:
    """Hex SHA-256 of a file, read in 1 MiB pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
