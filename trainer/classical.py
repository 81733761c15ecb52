"""A classical text classifier behind the same API: the reference, and the stand-in for a closed model in the demo."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from trainer.config import ClassicalConfig, read_config
from trainer.failure import data_error
from trainer.http_api import ApiError, ChatAnswer, ChatRequest, build_app
from trainer.listen import claim_port, exit_code_of, serve_app
from trainer.rows import read_rows


def last_user_text(messages: list[dict[str, str]]) -> str:
    """What is classified: the last thing the user said. Instructions and examples mean nothing to this model."""
    for message in reversed(messages):
        if message["role"] == "user":
            return message["content"]
    raise ApiError(400, "messages hold no user message", "messages")


def fit(train_file: str, seed: int) -> Pipeline:
    """Character n-grams and logistic regression, fitted on the rows' (user text, completion) pairs.

    C is 10 because scikit-learn's default of 1 underfits short texts with many labels, and a reference must be hard.
    """
    texts: list[str] = []
    labels: list[str] = []
    for row_id, messages in read_rows(train_file):
        if all(message["role"] != "user" for message in messages):
            raise data_error(f"row {row_id} has no user message")
        texts.append(last_user_text(messages[:-1]))
        labels.append(messages[-1]["content"])
    if len(set(labels)) < 2:
        raise data_error(f"{Path(train_file).name} holds {len(set(labels))} different answers; a classifier needs two")
    model = make_pipeline(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
        LogisticRegression(C=10.0, max_iter=2000, random_state=seed),
    )
    return model.fit(texts, labels)


class ClassicalBackend:
    """Answers with the likeliest label; says in every answer that it is a stand-in."""

    def __init__(self, config: ClassicalConfig) -> None:
        self.name = config.name
        self.fingerprint = f"stand-in:{config.name}"
        self.model = fit(config.train_file, config.seed)

    def models(self) -> list[str]:
        """The one name."""
        return [self.name]

    async def complete(self, request: ChatRequest) -> ChatAnswer:
        """Classifies the last user message; usage counts words, since there are no tokens."""
        text = last_user_text(request.messages)
        label = str((await asyncio.to_thread(self.model.predict, [text]))[0])
        return ChatAnswer(label, len(text.split()), len(label.split()))

    def prompt_hash(self, messages: list[dict[str, str]]) -> tuple[str, int]:
        """Refused: a classifier of characters has no prompt tokens."""
        raise ApiError(400, f"{self.name} is a classical classifier and has no prompt tokens")


def serve(config_path: str) -> None:
    """Fits and serves until a signal; raises TrainerFailure for what a user can act on."""
    config = read_config(config_path, ClassicalConfig)
    listening = claim_port(config.host, config.port)
    serve_app(build_app(ClassicalBackend(config)), listening, Path(config.ready_file))


def main() -> int:
    """Reads --config, serves, returns the exit code."""
    parser = argparse.ArgumentParser(description="Serves a classical classifier of the training rows.")
    parser.add_argument("--config", required=True, help="path of the JSON config")
    path = parser.parse_args().config
    return exit_code_of(lambda: serve(path))


if __name__ == "__main__":
    sys.exit(main())
