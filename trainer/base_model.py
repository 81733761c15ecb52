"""Loads a base model folder: safetensors only, no remote code, no network."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from transformers import (
    AutoModelForCausalLM,
    BitsAndBytesConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)
from transformers.utils import logging

from trainer.base_tokenizer import read_tokenizer
from trainer.failure import base_model_error, config_error, first_line
from trainer.render import stop_tokens


def quiet() -> None:
    """Keeps the libraries from drawing bars into a log file."""
    logging.set_verbosity_error()
    logging.disable_progress_bar()


def use_all_cores(processes: int = 1) -> None:
    """One thread for each core this process may use; inside a container that is fewer than the machine has.

    Several processes of one job share them.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    torch.set_num_threads(max(1, cores // processes))


def check_folder(folder: Path) -> None:
    """Raises base_model_error unless the folder holds a config and safetensors weights that are what they say."""
    if not folder.is_dir():
        raise base_model_error(f"the base model folder {folder} does not exist")
    if not (folder / "config.json").is_file():
        raise base_model_error(f"the base model folder {folder} has no config.json")
    weights = sorted(folder.glob("*.safetensors"))
    if not weights:
        raise base_model_error(
            f"the base model folder {folder} has no .safetensors weights; no other format is loaded"
        )
    for path in weights:
        check_safetensors(path)
    check_index(folder)


def check_safetensors(path: Path) -> None:
    """Raises base_model_error when a file is not safetensors or is cut short; reads only its header, runs nothing."""
    try:
        with safe_open(path, framework="pt"):
            pass
    except (SafetensorError, OSError) as error:
        raise base_model_error(f"{path} is not a whole safetensors file: {first_line(error)}") from None


def check_index(folder: Path) -> None:
    """Raises base_model_error when the index of split weights names a missing file or one of another format."""
    index = folder / "model.safetensors.index.json"
    if not index.is_file():
        return
    try:
        named = set(json.loads(index.read_text("utf-8"))["weight_map"].values())
    except (ValueError, KeyError, TypeError, AttributeError):
        raise base_model_error(f"{index} cannot be read; fetch the base model again") from None
    for name in sorted(map(str, named)):
        if not name.endswith(".safetensors") or "/" in name:
            raise base_model_error(f"{index} names {name}; only .safetensors files of the folder are loaded")
        if not (folder / name).is_file():
            raise base_model_error(f"the base model folder {folder} lacks {name}; fetch the base model again")


def load_tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    """The tokenizer of a base folder; a chat template and an end-of-turn token are required."""
    check_folder(folder)
    return read_tokenizer(folder)


def nf4(dtype: torch.dtype) -> BitsAndBytesConfig:
    """4-bit NormalFloat with double quantization (Dettmers et al. 2023); products are computed in `dtype`."""
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=dtype,
    )


def load_model(
    folder: Path, device: torch.device, dtype: torch.dtype, quantization: str | None = None
) -> PreTrainedModel:
    """The causal language model of a base folder, in evaluation mode, on `device`; `quantization` is nf4 or None.

    Raises base_model_error for weights that cannot be loaded and for an architecture that transformers does not know.
    """
    check_folder(folder)
    extra: dict[str, Any] = {}
    if quantization == "nf4":
        extra = {"quantization_config": nf4(dtype), "device_map": {"": device}}
    try:
        model, loaded = AutoModelForCausalLM.from_pretrained(
            str(folder),
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            dtype=dtype,
            output_loading_info=True,
            **extra,
        )
    except (torch.OutOfMemoryError, MemoryError):
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ImportError, SafetensorError) as error:
        raise base_model_error(f"the model in {folder} cannot be loaded: {first_line(error)}") from error
    except RuntimeError as error:
        if not any(sign in str(error) for sign in ("size mismatch", "shape", "ignore_mismatched_sizes")):
            raise
        raise base_model_error(f"the weights in {folder} do not fit its config.json: {first_line(error)}") from error
    if missing := sorted(loaded["missing_keys"]):
        # They would be drawn at random, with no more than a warning.
        raise base_model_error(f"the weights in {folder} lack {missing[0]} ({len(missing)} tensors are missing)")
    return (model if extra else model.to(device)).eval()


def check_fit(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, sequence_len: int) -> None:
    """Raises when a row could not pass through the model: too long for its context, or tokens it has no row for."""
    context = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    if context and sequence_len > context:
        raise config_error(
            f"train.sequence_len {sequence_len} is longer than the base model's context of {context} tokens; "
            f"set it to {context} or less"
        )
    rows, tokens = model.get_input_embeddings().weight.shape[0], len(tokenizer)
    if tokens > rows:
        raise base_model_error(
            f"the tokenizer has {tokens} tokens but the base model's embeddings have {rows} rows; "
            "tokenizer and weights are not of one model"
        )


def model_stops(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> set[int]:
    """Every id that ends an answer of this model; the same set cuts training completions."""
    generation = getattr(model, "generation_config", None)
    return stop_tokens(tokenizer, getattr(generation, "eos_token_id", None))


def pad_token(tokenizer: PreTrainedTokenizerBase) -> int:
    """An id to fill rows with; it is masked everywhere, so the end-of-turn token will do."""
    return int(tokenizer.eos_token_id if tokenizer.pad_token_id is None else tokenizer.pad_token_id)
