"""datatrove's MinHash pipeline on documents, in one process.

python peer_datatrove.py FILE.jsonl COUNT DROPPED FOLDER
"""

import json
import sys
from pathlib import Path

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupBuckets
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from datatrove.utils.hashing import HashConfig
from datatrove.utils.typeshelper import Languages
from peer_figures import BANDS, ROWS, WORDS, Phases, report

CONFIG = MinhashConfig(n_grams=WORDS, num_buckets=BANDS, hashes_per_bucket=ROWS, hash_config=HashConfig(precision=64))


def main(path: str, count: str, dropped_file: str, folder: str) -> None:
    """Print the figures."""
    work, source = Path(folder), Path(folder) / "in"
    source.mkdir(parents=True)
    with Path(path).open(encoding="utf-8") as file:
        lines = [line for _, line in zip(range(int(count)), file, strict=False)]
    (source / "documents.jsonl").write_text("".join(lines), encoding="utf-8")
    signatures, buckets, clusters = str(work / "signatures"), str(work / "buckets"), str(work / "clusters")
    kept, removed = str(work / "kept"), work / "removed"
    phases = Phases()

    def run(name: str, tasks: int, *pipeline: object) -> None:
        logs = str(work / "logs" / name)
        LocalPipelineExecutor(list(pipeline), tasks=tasks, workers=1, logging_dir=logs).run()
        phases.end(name)

    reader = JsonlReader(str(source))
    run("signatures", 1, reader, MinhashDedupSignature(signatures, config=CONFIG, language=Languages.english))
    run("buckets", BANDS, MinhashDedupBuckets(signatures, buckets, config=CONFIG))
    run("cluster", 1, MinhashDedupCluster(buckets, clusters, config=CONFIG))
    removed_writer = JsonlWriter(str(removed), compression=None)
    run("filter", 1, reader, MinhashDedupFilter(clusters, exclusion_writer=removed_writer), JsonlWriter(kept))
    dropped = [
        int(json.loads(line)["id"])
        for file in removed.glob("**/*.jsonl")
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    report(len(lines), dropped, phases, dropped_file)


main(*sys.argv[1:])
