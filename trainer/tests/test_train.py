"""The training command: what it leaves behind, and how it survives kills, signals and bad input."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from trainer.tests.conftest import Job, make_rows, wait_until, write_rows


def finish(job: Job) -> int:
    """Runs a job to its end and returns the exit code."""
    process = job.start()
    process.communicate(timeout=120)
    return int(process.returncode)


def adapter(job: Job) -> dict[str, torch.Tensor]:
    """The trained weights."""
    return load_file(job.out / "artifact" / "adapter_model.safetensors")


def assert_same_run(job: Job, reference: Job) -> None:
    """Same loss at every step, same weights at the end."""
    assert job.losses() == pytest.approx(reference.losses(), abs=1e-6)
    expected = adapter(reference)
    for name, value in adapter(job).items():
        torch.testing.assert_close(value, expected[name], rtol=0, atol=1e-6)


def test_a_run_leaves_an_artifact_and_a_result(trained: Job) -> None:
    result = trained.read("result.json")
    assert result["steps"] == 20
    assert result["resumed_from_step"] is None
    assert result["train_loss"] < trained.losses()[1]
    assert result["validation_loss"] == trained.lines("validation")[0]["loss"]
    names = {path.name for path in (trained.out / "artifact").iterdir()}
    assert {"adapter_model.safetensors", "adapter_config.json", "tokenizer.json", "parity.json"} <= names
    assert trained.read("artifact/adapter_config.json")["base_model_name_or_path"] == "tiny"
    assert len(list((trained.out / "checkpoints").iterdir())) == 2


def test_no_file_of_the_artifact_names_a_folder_of_this_machine(trained: Job) -> None:
    for path in (trained.out / "artifact").iterdir():
        assert str(trained.out.parent).encode() not in path.read_bytes()
        assert b"/models" not in path.read_bytes()


def test_a_finished_run_is_left_as_it_is(trained: Job) -> None:
    before = (trained.out / "progress.jsonl").read_bytes()
    assert finish(trained) == 0
    assert (trained.out / "progress.jsonl").read_bytes() == before


def test_a_killed_run_resumes_to_the_same_result(base: Path, trained: Job, tmp_path: Path) -> None:
    job = Job(tmp_path / "job", base)
    process = job.start()
    wait_until(lambda: job.lines("checkpoint"))
    process.kill()
    process.communicate()
    assert not (job.out / "result.json").exists()
    assert finish(job) == 0
    assert job.read("result.json")["resumed_from_step"] >= 3
    assert_same_run(job, trained)


def test_a_signal_leaves_a_checkpoint_and_a_spoiled_one_is_passed_over(
    base: Path, trained: Job, tmp_path: Path
) -> None:
    # Longer than the reference would be too slow; one long first part, stopped twice, is enough.
    job = Job(tmp_path / "job", base)
    process = job.start()
    wait_until(lambda: len(job.lines("checkpoint")) >= 2)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 15
    assert job.read("failure.json")["kind"] == "interrupted"
    checkpoints = sorted((job.out / "checkpoints").iterdir())
    assert job.lines("checkpoint")[-1]["path"] == f"checkpoints/{checkpoints[-1].name}"

    spoiled = checkpoints[-1] / "adapter.safetensors"
    content = bytearray(spoiled.read_bytes())
    content[-1] ^= 1
    spoiled.write_bytes(content)
    assert finish(job) == 0
    notices = [event["message"] for event in job.lines("notice")]
    assert f"checkpoint {checkpoints[-1].name} is not used: adapter.safetensors does not match its hash" in notices
    assert f"resumed from checkpoint {checkpoints[0].name}" in notices
    assert not (job.out / "failure.json").exists()
    assert_same_run(job, trained)


def test_rows_that_are_too_long_are_named_and_never_quoted(base: Path, tmp_path: Path) -> None:
    job = Job(tmp_path / "job", base)
    rows = make_rows(8)
    rows[3]["messages"][1]["content"] = "secret word " * 40
    write_rows(tmp_path / "job" / "train.jsonl", rows)
    assert finish(job) == 10
    failure = job.read("failure.json")
    assert failure["kind"] == "data_error"
    assert "row-3 (" in failure["message"]
    assert "row-2" not in failure["message"]
    assert "secret" not in json.dumps(failure)
