"""datasketch on documents; one that is like a kept one is dropped.

python peer_datasketch.py FILE.jsonl COUNT DROPPED
"""

import sys

from datasketch import MinHash, MinHashLSH
from peer_figures import BANDS, ROWS, Phases, report, shingles, texts_of

PERMUTATIONS = BANDS * ROWS
BATCH = 2_000


def main(path: str, count: str, dropped_file: str) -> None:
    """Print the figures."""
    phases = Phases()
    texts = texts_of(path, int(count))
    phases.end("read")
    index = MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, ROWS))
    dropped: list[int] = []
    for start in range(0, len(texts), BATCH):
        sets = [[shingle.encode() for shingle in shingles(text)] for text in texts[start : start + BATCH]]
        phases.end("shingle")
        for number, signature in enumerate(MinHash.bulk(sets, num_perm=PERMUTATIONS), start):
            if index.query(signature):
                dropped.append(number)
            else:
                index.insert(number, signature)
        phases.end("hash and index")
    report(len(texts), dropped, phases, dropped_file)


main(*sys.argv[1:])
