"""Counts without torch and weights, against what training encodes and lays out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from trainer.base_model import load_tokenizer
from trainer.batch import collate
from trainer.config import CountConfig, TrainSettings, read_config
from trainer.count_tokens import count
from trainer.failure import TrainerFailure
from trainer.pairs import conversations, encode_pairs
from trainer.render import encode
from trainer.rows import NO_LIMIT, epoch_order
from trainer.tests.conftest import ROOT, SETTINGS, Job, make_rows, write_rows
from trainer.token_counts import spread, token_counts


def config_of(folder: Path, base: Path, rows: list[dict[str, Any]], **settings: Any) -> Path:
    """Writes the rows and a config that names them."""
    folder.mkdir(exist_ok=True)
    files = {"train": str(write_rows(folder / "train.jsonl", rows))}
    path = folder / "count.json"
    content = {"schema": 1, "base_model": str(base), "files": files, "seed": 7, "train": {**SETTINGS, **settings}}
    path.write_text(json.dumps(content), "utf-8")
    return path


def asked(row: dict[str, Any], more: str) -> list[dict[str, Any]]:
    """The row's messages with more text before the answer."""
    *before, question, answer = row["messages"]
    return [*before, {**question, "content": question["content"] + more}, answer]


def counted(path: Path) -> dict[str, Any]:
    """What the program prints, run as its callers run it."""
    command = [sys.executable, "-m", "trainer.count_tokens", "--config", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def test_counts_without_torch_what_training_encodes_with_it(base: Path, tmp_path: Path) -> None:
    rows = make_rows(20)
    rows[3]["messages"] = asked(rows[3], " naïve ½ ² 日本語 🤷🏽‍♀️\u2028 <|im_end|>")
    found = counted(config_of(tmp_path, base, rows))
    tokenizer = load_tokenizer(base)
    encoded = [encode(tokenizer, row["id"], row["messages"]) for row in rows]
    train = found["splits"]["train"]
    assert train["tokens"] == sum(row.length for row in encoded)
    assert train["learnt"] == sum(len(row.completion) for row in encoded)
    assert train["prompt"]["longest"] == max(len(row.prompt) for row in encoded)
    assert sum(one["rows"] for one in train["whole"]["classes"]) == 20


def test_lays_rows_out_as_training_does(base: Path, tmp_path: Path) -> None:
    rows = make_rows(21)
    tokenizer = load_tokenizer(base)
    encoded = [encode(tokenizer, row["id"], row["messages"]) for row in rows]
    settings = TrainSettings(**SETTINGS)
    for packing in (True, False):
        found = count(read_config(config_of(tmp_path, base, rows, packing=packing), CountConfig))["layout"]
        places, padded, passes = 0, 0, 0
        for step in epoch_order(encoded, settings.step_rows, 7, 0, settings.group_by_length):
            for start in range(0, len(step), settings.micro_batch_size):
                chosen = [encoded[index] for index in step[start : start + settings.micro_batch_size]]
                places += collate(chosen, 0, packing).input_ids.numel()
                padded += collate(chosen, 0, False).input_ids.numel()
                passes += 1
        assert (found["places"], found["padded_places"], found["passes"]) == (places, padded, passes)
        assert found["packed_passes"] == (passes if packing else 0)
        assert found["tokens"] == sum(row.length for row in encoded)


def test_counts_both_answers_of_preferences_and_the_longer_one(base: Path, tmp_path: Path) -> None:
    rows = [{**row, "rejected": "blue, as far as anyone knows"} for row in make_rows(4)]
    path = config_of(tmp_path, base, rows, method="dpo")
    found = count(read_config(path, CountConfig))["splits"]["train"]
    pairs = encode_pairs(tmp_path / "train.jsonl", load_tokenizer(base), NO_LIMIT, {load_tokenizer(base).eos_token_id})
    assert found["tokens"] == sum(one.length for pair in pairs for one in conversations(pair))
    assert found["whole"]["longest"] == max(pair.rejected.length for pair in pairs)


def test_names_rows_that_are_too_long_and_lays_out_the_others(base: Path, tmp_path: Path) -> None:
    rows = make_rows(6)
    rows[2]["messages"] = asked(rows[2], " grass" * 100)
    found = count(read_config(config_of(tmp_path, base, rows, sequence_len=400), CountConfig))
    assert found["splits"]["train"]["longer"] == {"count": 1, "ids": ["row-2"]}
    assert found["layout"]["rows"] == 5


def test_prints_a_failure_as_json_and_no_row(base: Path, tmp_path: Path) -> None:
    rows = make_rows(3)
    rows[1]["messages"] = [*rows[1]["messages"], {"role": "narrator", "content": "grass"}]
    found = counted(config_of(tmp_path, base, rows))
    assert found["failure"]["kind"] == "data_error"
    assert "row-1" in found["failure"]["message"]
    assert "grass" not in json.dumps(found)


def test_wants_the_training_rows(base: Path, tmp_path: Path) -> None:
    path = config_of(tmp_path, base, make_rows(3))
    content = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**content, "files": {"test": "somewhere"}}), "utf-8")
    with pytest.raises(TrainerFailure, match="files must be an object"):
        read_config(path, CountConfig)


def test_quantiles_are_lengths_that_occur_and_classes_cover_all() -> None:
    found = spread([5, 16, 17, 24, 25, 33, 100, 4000])
    assert (found["shortest"], found["median"], found["p90"], found["longest"]) == (5, 24, 4000, 4000)
    assert found["classes"] == [
        {"up_to": 16, "rows": 2},
        {"up_to": 24, "rows": 2},
        {"up_to": 32, "rows": 1},
        {"up_to": 48, "rows": 1},
        {"up_to": 128, "rows": 1},
        {"up_to": 4096, "rows": 1},
    ]


def test_a_training_leaves_the_counts_of_its_rows(base: Path, trained: Job) -> None:
    left = trained.read("tokens.json")
    train = json.loads(trained.config.read_text("utf-8"))
    files = {"train": train["train_file"], "validation": train["validation_file"]}
    path = trained.out.parent / "count.json"
    content = {"schema": 1, "base_model": str(base), "files": files, "seed": train["seed"], "train": train["train"]}
    path.write_text(json.dumps(content), "utf-8")
    assert left == count(read_config(path, CountConfig))


def test_a_split_without_rows_is_left_out(base: Path) -> None:
    tokenizer = load_tokenizer(base)
    rows = [encode(tokenizer, row["id"], row["messages"]) for row in make_rows(3)]
    found = token_counts({"train": rows, "validation": []}, TrainSettings(**SETTINGS), 7, packing=True)
    assert list(found["splits"]) == ["train"]
