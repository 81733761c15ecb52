"""Loads a base model folder: safetensors only, no remote code, no network."""

from __future__ import annotations

import os
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils import logging

from trainer.failure import base_model_error
from trainer.render import stop_tokens


def quiet() -> None:
    """Keeps the libraries from drawing bars into a log file."""
    logging.set_verbosity_error()
    logging.disable_progress_bar()


def device_and_dtype() -> tuple[torch.device, torch.dtype]:
    """A GPU in bf16 when there is one, else the CPU in fp32."""
    if torch.cuda.is_available():
        return torch.device("cuda"), torch.bfloat16
    return torch.device("cpu"), torch.float32


def use_all_cores() -> None:
    """One thread for each core this process may use; inside a container that is fewer than the machine has."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    torch.set_num_threads(cores)


def check_folder(folder: Path) -> None:
    """Raises base_model_error unless the folder holds a config and safetensors weights."""
    if not folder.is_dir():
        raise base_model_error(f"the base model folder {folder} does not exist")
    if not (folder / "config.json").is_file():
        raise base_model_error(f"the base model folder {folder} has no config.json")
    if not any(folder.glob("*.safetensors")):
        raise base_model_error(
            f"the base model folder {folder} has no .safetensors weights; no other format is loaded"
        )


def load_tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    """The tokenizer of a base folder; a chat template and an end-of-turn token are required."""
    check_folder(folder)
    try:
        tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise base_model_error(f"the tokenizer in {folder} cannot be loaded: {first_line(error)}") from error
    if not isinstance(tokenizer.chat_template, str) or not tokenizer.chat_template:
        raise base_model_error(f"the tokenizer in {folder} has no chat template; use an instruct model")
    if tokenizer.eos_token_id is None:
        raise base_model_error(f"the tokenizer in {folder} has no end-of-sequence token")
    return tokenizer


def load_model(folder: Path, device: torch.device, dtype: torch.dtype) -> PreTrainedModel:
    """The causal language model of a base folder, in evaluation mode, on `device`."""
    check_folder(folder)
    try:
        model = AutoModelForCausalLM.from_pretrained(
            str(folder), local_files_only=True, trust_remote_code=False, use_safetensors=True, dtype=dtype
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise base_model_error(f"the model in {folder} cannot be loaded: {first_line(error)}") from error
    return model.to(device).eval()


def model_stops(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> set[int]:
    """Every id that ends an answer of this model; the same set cuts training completions."""
    generation = getattr(model, "generation_config", None)
    return stop_tokens(tokenizer, getattr(generation, "eos_token_id", None))


def pad_token(tokenizer: PreTrainedTokenizerBase) -> int:
    """An id to fill rows with; it is masked everywhere, so the end-of-turn token will do."""
    return int(tokenizer.eos_token_id if tokenizer.pad_token_id is None else tokenizer.pad_token_id)


def first_line(error: BaseException) -> str:
    """The first line of an error's text; the libraries' messages run to paragraphs."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
