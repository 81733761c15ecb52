"""Writes inclusion terms of the ICD-10-CM tabular list, with chapter, category and code, as one CSV file."""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import os
import re
import sys
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from xml.etree import ElementTree

DEFAULT_OUT = ".contender/demo/icd10-cm.csv"
COLUMNS = ("term", "chapter", "category", "code")
CODE_RANGE = re.compile(r"\s*\([A-Z]\w{2}(?:-[A-Z]\w{2})?\)\s*$")


def find_tabular_xml() -> Path:
    """Path of the tabular list in the installed package; exits with one line when the package is missing."""
    try:
        listed = files("simple-icd-10-cm") or []
    except PackageNotFoundError:
        sys.exit("prepare_icd10: the package simple-icd-10-cm is not installed; see trainer/requirements-demo.txt")
    for item in listed:
        if item.suffix == ".xml" and "tabular" in item.name:
            return Path(item.locate())
    sys.exit("prepare_icd10: the package simple-icd-10-cm holds no tabular XML")


def squeeze(text: str | None) -> str:
    """The text with every run of white space as one blank; the XML wraps lines inside notes."""
    return " ".join((text or "").split())


def inclusion_rows(xml: Path) -> Iterator[tuple[str, str, str, str]]:
    """Yields (term, chapter, category, code) in document order; the category is the code's first three characters."""
    for chapter in ElementTree.parse(xml).getroot().iter("chapter"):  # noqa: S314 - a hash-locked file
        # "Neoplasms (C00-D49)": the range would hand the answer's first letter to any reader of the code.
        title = CODE_RANGE.sub("", squeeze(chapter.findtext("desc")))
        for diagnosis in chapter.iter("diag"):
            code = squeeze(diagnosis.findtext("name"))
            for note in diagnosis.findall("inclusionTerm/note"):
                if term := squeeze(note.text):
                    yield term, title, code[:3], code


def as_csv(rows: list[tuple[str, str, str, str]]) -> bytes:
    """RFC 4180 bytes: UTF-8, CRLF, quotes where a field needs them."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def main() -> None:
    """Writes the CSV named by --out unless it already holds exactly these bytes; prints one line with the time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default=DEFAULT_OUT, help="file to write (default: %(default)s)")
    out = Path(parser.parse_args().out)
    started = time.monotonic()
    rows = list(inclusion_rows(find_tabular_xml()))
    content = as_csv(rows)
    digest = hashlib.sha256(content).hexdigest()[:12]
    state = "is ready"
    if not out.exists() or out.read_bytes() != content:
        out.parent.mkdir(parents=True, exist_ok=True)
        scratch = out.with_name(f".{out.name}.{os.getpid()}")
        scratch.write_bytes(content)
        os.replace(scratch, out)
        state = "written"
    print(f"icd10: {out} {state}: {len(rows)} terms, sha256 {digest} ({time.monotonic() - started:.1f} s)")


if __name__ == "__main__":
    main()
