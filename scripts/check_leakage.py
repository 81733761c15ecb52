"""Leakage between two CSV files by brute force: a check of Contender's decontamination that shares no code with it.

Prints JSON: how many rows of the first file equal a row of the second (Unicode NFKC, case folded, white space as one
space), and how many have a Jaccard similarity of character 5-grams of at least the threshold with one. Every pair of
rows that share a 5-gram is compared.
"""

import argparse
import csv
import json
import unicodedata
from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_matrix

SIZE = 5
BLOCK = 500


def normalised(text: str) -> str:
    """Give a text as it is compared."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).split())


def read(path: str, column: str) -> list[str]:
    """Read a column, normalised."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if column not in (reader.fieldnames or []):
            raise SystemExit(f"{path}: no column {column!r}; there are: {', '.join(reader.fieldnames or [])}")
        return [normalised(row[column] or "") for row in reader]


def gram_sets(texts: list[str], numbers: dict[str, int]) -> csr_matrix:
    """One row for each text, one column for each 5-gram that any text holds; a shorter text is one gram."""
    columns, ends = [], [0]
    for text in texts:
        grams = {text[start : start + SIZE] for start in range(max(1, len(text) - SIZE + 1))}
        columns.extend(numbers.setdefault(gram, len(numbers)) for gram in grams)
        ends.append(len(columns))
    return csr_matrix(
        (np.ones(len(columns), dtype=np.int32), columns, ends), shape=(len(texts), 1 + max(columns, default=0))
    )


def near_pairs(left: list[str], right: list[str], threshold: float) -> Iterator[tuple[int, int, float]]:
    """Yield row, row and similarity of all pairs that reach the threshold."""
    numbers: dict[str, int] = {}
    a, b = gram_sets(left, numbers), gram_sets(right, numbers)
    a.resize(a.shape[0], len(numbers))
    b.resize(b.shape[0], len(numbers))
    sizes_a, sizes_b = np.diff(a.indptr), np.diff(b.indptr)
    columns = b.T.tocsr()
    for start in range(0, a.shape[0], BLOCK):
        shared = (a[start : start + BLOCK] @ columns).tocoo()
        rows = shared.row + start
        similarity = shared.data / (sizes_a[rows] + sizes_b[shared.col] - shared.data)
        for index in np.flatnonzero(similarity >= threshold):
            yield int(rows[index]), int(shared.col[index]), float(similarity[index])


def main() -> None:
    """Compare the two files of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("first")
    parser.add_argument("second")
    parser.add_argument("--column", required=True)
    parser.add_argument("--threshold", type=float, default=0.8)
    parser.add_argument("--pairs", type=int, default=0, help="how many pairs to print, the most similar first")
    options = parser.parse_args()
    first, second = read(options.first, options.column), read(options.second, options.column)
    known, asked = set(second), set(first)
    exact = [row for row, text in enumerate(first) if text in known]
    pairs = list(near_pairs(first, second, options.threshold))
    pairs.sort(key=lambda pair: (-pair[2], pair[0], pair[1]))
    print(
        json.dumps(
            {
                "rows": [len(first), len(second)],
                "exact": {
                    "first": len(exact),
                    "second": sum(text in asked for text in second),
                },
                "near": {
                    "threshold": options.threshold,
                    "pairs": len(pairs),
                    "first": len({pair[0] for pair in pairs}),
                    "second": len({pair[1] for pair in pairs}),
                },
                "examples": [
                    {"first": left + 1, "second": right + 1, "similarity": round(similarity, 4)}
                    for left, right, similarity in pairs[: options.pairs]
                ],
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
