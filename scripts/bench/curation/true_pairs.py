"""All pairs of documents that are similar: sets of word 5-grams as strings, no MinHash and no sampling."""

import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
from peer_figures import THRESHOLD, shingles

Pair = tuple[int, int]


def read_texts(path: str) -> list[str]:
    """Texts of all documents of a file."""
    with Path(path).open(encoding="utf-8") as file:
        return [json.loads(line)["text"] for line in file]


def similarity(left: str, right: str) -> float:
    """Jaccard similarity of two documents, from their strings."""
    one, other = set(shingles(left)), set(shingles(right))
    return len(one & other) / len(one | other)


def _sharing(texts: list[str]) -> Iterator[np.ndarray]:
    """Documents that share a shingle, one array for every shingle of more than one document."""
    counts = np.fromiter((len(set(shingles(text))) for text in texts), dtype=np.int64, count=len(texts))
    # Equal strings have equal 64-bit hashes, so no pair is missed; where different ones collide, strings decide.
    hashes = np.fromiter(
        (hash(shingle) for text in texts for shingle in set(shingles(text))), dtype=np.int64, count=int(counts.sum())
    )
    owners = np.repeat(np.arange(len(texts)), counts)
    order = np.argsort(hashes, kind="stable")
    hashes, owners = hashes[order], owners[order]
    starts = np.flatnonzero(np.r_[True, hashes[1:] != hashes[:-1]])
    ends = np.r_[starts[1:], len(hashes)]
    for at in np.flatnonzero(ends - starts > 1):
        yield owners[starts[at] : ends[at]]


def true_pairs(texts: list[str]) -> dict[Pair, float]:
    """Similarity of every pair that reaches the threshold; the smaller number first."""
    candidates: set[Pair] = set()
    for owners in _sharing(texts):
        candidates.update(combinations(sorted(int(owner) for owner in owners), 2))
    scored = ((pair, similarity(texts[pair[0]], texts[pair[1]])) for pair in candidates)
    return {pair: score for pair, score in scored if score >= THRESHOLD}
