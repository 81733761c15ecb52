"""rensa on documents: python peer_rensa.py FILE.jsonl COUNT DROPPED. A document that is like a kept one is dropped."""

import sys

from peer_figures import BANDS, ROWS, THRESHOLD, Phases, report, shingles, texts_of
from rensa import RMinHash, RMinHashLSH

PERMUTATIONS = BANDS * ROWS
BATCH = 2_000


def main(path: str, count: str, dropped_file: str) -> None:
    """Print the figures."""
    phases = Phases()
    texts = texts_of(path, int(count))
    phases.end("read")
    index = RMinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, num_bands=BANDS)
    dropped: list[int] = []
    for start in range(0, len(texts), BATCH):
        sets = [shingles(text) for text in texts[start : start + BATCH]]
        phases.end("shingle")
        for number, one in enumerate(sets, start):
            signature = RMinHash(num_perm=PERMUTATIONS, seed=1)
            signature.update(one)
            if index.query(signature):
                dropped.append(number)
            else:
                index.insert(number, signature)
        phases.end("hash and index")
    report(len(texts), dropped, phases, dropped_file)


main(*sys.argv[1:])
