"""DuckDB on a file: python full_read.py FILE read|distinct. Reads every text, or counts how many are different."""

import json
import resource
import sys
import time

import duckdb


def main(path: str, what: str) -> None:
    """Print rows, seconds and peak memory."""
    source = f"read_csv('{path}')" if path.endswith(".csv") else f"read_json('{path}', format = 'newline_delimited')"
    counted = "count(DISTINCT text)" if what == "distinct" else "sum(length(text))"
    connection = duckdb.connect(config={"threads": 2})
    started = time.perf_counter()
    # Both parts are ours; a table function takes no parameter for its path in every version.
    row = connection.execute(f"SELECT count(*), {counted} FROM {source}").fetchone()  # noqa: S608
    seconds = time.perf_counter() - started
    own = resource.getrusage(resource.RUSAGE_SELF)
    json.dump({"rows": row[0], "seconds": seconds, "peakMiB": own.ru_maxrss / 1024}, sys.stdout)


main(*sys.argv[1:])
