"""The benchmark's rows as a task of inspect_ai."""

from inspect_ai import Task, task
from inspect_ai.dataset import Sample, json_dataset
from inspect_ai.scorer import exact
from inspect_ai.solver import generate


def _sample(record: dict[str, str]) -> Sample:
    return Sample(
        input=f"Classify the banking query.\nText: {record['text']}\nLabel:",
        target=record["label"],
    )


@task
def bench(rows: str) -> Task:
    """Ask one question a row; the answer must be the label."""
    return Task(
        dataset=json_dataset(rows, _sample), solver=generate(), scorer=exact()
    )
