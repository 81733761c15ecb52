"""The ways a trainer process can fail: one kind, one exit code, one sentence."""

from __future__ import annotations

EXIT_CODES = {
    "unexpected": 1,
    "data_error": 10,
    "base_model_error": 11,
    "out_of_memory": 12,
    "loss_not_finite": 13,
    "config_error": 14,
    "interrupted": 15,
    "disk_full": 16,
    "loss_exploded": 17,
}


class TrainerFailure(Exception):
    """A failure somebody can act on. The message may hold row ids and numbers, never a row's text."""

    def __init__(self, kind: str, message: str, suggestion: dict[str, int | bool] | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.code = EXIT_CODES[kind]
        self.suggestion = suggestion

    def as_json(self) -> dict[str, object]:
        """The content of failure.json; `suggestion` is the next smaller setting after running out of memory."""
        return {"code": self.code, "kind": self.kind, "message": self.message, "suggestion": self.suggestion}


def config_error(message: str) -> TrainerFailure:
    """A value in the config file that cannot be used."""
    return TrainerFailure("config_error", message)


def data_error(message: str) -> TrainerFailure:
    """A row that cannot be trained on; the message names it by id."""
    return TrainerFailure("data_error", message)


def base_model_error(message: str) -> TrainerFailure:
    """A base model or adapter folder that cannot be loaded safely."""
    return TrainerFailure("base_model_error", message)


def first_line(error: BaseException) -> str:
    """The first line of an error's text; the libraries' messages run to paragraphs."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
