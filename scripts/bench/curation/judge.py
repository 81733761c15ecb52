"""Holds what the tools dropped against all similar pairs: python judge.py FILE.jsonl OUR_FOLDER < TOOLS > VERDICTS.

TOOLS is JSON: [{"tool", "dropped": file of document numbers, "documents": how many it was given}].
"""

import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from peer_figures import THRESHOLD
from true_pairs import Pair, read_texts, similarity, true_pairs


def objects_in(path: Path) -> Iterator[dict]:
    """Objects of a file of JSON lines."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def judge_tool(pairs: dict[Pair, float], texts: list[str], dropped: set[int], documents: int) -> dict:
    """Recall by what is left, and documents that were dropped without any document that they are like."""
    within = [pair for pair in pairs if pair[1] < documents]
    different = [pair for pair in within if texts[pair[0]] != texts[pair[1]]]
    alike = {number for pair in within for number in pair}
    return {
        "pairs": len(within),
        "pairsFound": sum(1 for one, other in within if one in dropped or other in dropped),
        "differentPairs": len(different),
        "differentPairsFound": sum(1 for one, other in different if one in dropped or other in dropped),
        "droppedWithoutLike": len(dropped - alike),
    }


def judge_ours(pairs: dict[Pair, float], texts: list[str], folder: Path) -> dict:
    """Pairs in one cluster, and dropped documents that are not like the one that is said to be kept instead."""
    drops = list(objects_in(folder / "dropped.jsonl"))
    rows = [row for name in ("train", "validation", "test") for row in objects_in(folder / f"{name}.jsonl")]
    number_of = {row["id"]: row["origin"]["line"] - 1 for row in [*drops, *rows]}
    kept = {row["id"] for row in rows}
    cluster_of = {
        texts[row["origin"]["line"] - 1]: cluster["cluster"]
        for cluster in objects_in(folder / "clusters.jsonl")
        for row in cluster["rows"]
    }
    near = [drop for drop in drops if drop["rule"] == "near_duplicate"]
    exact = [drop for drop in drops if drop["rule"] == "exact_duplicate"]
    lowest = 1.0
    false_near = false_exact = misstated = not_kept = 0
    for drop in near:
        text, like = texts[drop["origin"]["line"] - 1], texts[number_of[drop["keptId"]]]
        true = similarity(text, like)
        lowest = min(lowest, true)
        false_near += true < THRESHOLD
        misstated += abs(true - drop["similarity"]) > 0.0001
        not_kept += drop["keptId"] not in kept
    for drop in exact:
        false_exact += texts[drop["origin"]["line"] - 1] != texts[number_of[drop["keptId"]]]
    different = {(texts[one], texts[other]) for one, other in pairs if texts[one] != texts[other]}
    together = sum(1 for one, other in different if one in cluster_of and cluster_of[one] == cluster_of.get(other))
    return {
        "nearDropped": len(near),
        "exactDropped": len(exact),
        "falseNear": false_near,
        "falseExact": false_exact,
        "misstatedSimilarities": misstated,
        "keptInsteadNotKept": not_kept,
        "lowestSimilarity": lowest,
        "textPairs": len(different),
        "textPairsInOneCluster": together,
        "droppedNumbers": [drop["origin"]["line"] - 1 for drop in drops],
    }


def main(path: str, our_folder: str) -> None:
    """Print the verdicts on all tools."""
    texts = read_texts(path)
    pairs = true_pairs(texts)
    ours = judge_ours(pairs, texts, Path(our_folder))
    all_dropped = {"tool": "ours", "numbers": ours.pop("droppedNumbers"), "documents": len(texts)}
    tools = [all_dropped, *json.load(sys.stdin)]
    verdicts = {}
    for tool in tools:
        numbers = tool.get("numbers") or [int(line) for line in Path(tool["dropped"]).read_text().split()]
        verdicts[tool["tool"]] = judge_tool(pairs, texts, set(numbers), tool["documents"])
    json.dump({"pairs": len(pairs), "ours": ours, "tools": verdicts}, sys.stdout)


main(*islice(sys.argv, 1, 3))
