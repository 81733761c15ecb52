"""Loads a base and adds what is trained: by PEFT, or by Unsloth on NVIDIA GPUs. What follows is the same for both."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from trainer.base_model import check_fit, check_folder, load_model, load_tokenizer
from trainer.config import TrainSettings
from trainer.failure import base_model_error, config_error, first_line
from trainer.layout import attends_to_whole_rows
from trainer.lora_linear import LeanLinear
from trainer.targets import check_saved, target_modules


def load_for_training(
    base: Path, settings: TrainSettings, device: torch.device, dtype: torch.dtype, seed: int
) -> tuple[PeftModel, PreTrainedTokenizerBase]:
    """The base with a fresh adapter drawn from `seed`, in training mode, and its tokenizer."""
    tokenizer = load_tokenizer(base)
    if settings.backend == "unsloth":
        model = load_with_unsloth(base, settings, tokenizer, device, dtype, seed)
    else:
        quantization = "nf4" if settings.adapter == "qlora" else None
        plain = load_model(base, device, dtype, quantization)
        check_fit(plain, tokenizer, settings.sequence_len)
        torch.manual_seed(seed)
        model = add_adapter(plain, settings)
    for parameter in model.parameters():
        # Updates are smaller than 16-bit numbers resolve, in modules_to_save as in the adapter.
        if parameter.requires_grad:
            parameter.data = parameter.data.float()
    return model.train(), tokenizer


def add_adapter(model: PreTrainedModel, settings: TrainSettings) -> PeftModel:
    """Freezes the base and adds LoRA matrices to the target modules.

    Gradient checkpointing is the non-reentrant kind, which needs no gradient of its inputs.
    """
    targets = target_modules(model, settings.lora_target_modules)
    check_saved(model, settings.modules_to_save)
    if settings.gradient_checkpointing:
        if not model.supports_gradient_checkpointing:
            raise base_model_error("this base model does not offer gradient_checkpointing; set it to false")
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    lora = LoraConfig(
        task_type="CAUSAL_LM",
        r=settings.lora_r,
        lora_alpha=settings.lora_alpha,
        lora_dropout=settings.lora_dropout,
        target_modules=targets,
        use_rslora=settings.use_rslora,
        use_dora=settings.use_dora,
        modules_to_save=settings.modules_to_save or None,
    )
    lora._register_custom_module(lean_layers(settings.adapter))
    try:
        return get_peft_model(model, lora)
    except ValueError as error:
        raise base_model_error(f"lora_target_modules do not fit this base model: {first_line(error)}") from None


def lean_layers(adapter: str) -> dict[type, type]:
    """Which frozen layers get which LoRA layer; those that are not named get PEFT's own."""
    if adapter == "lora":
        return {torch.nn.Linear: LeanLinear}
    from bitsandbytes.nn import Linear4bit

    from trainer.lora_linear_4bit import LeanLinear4bit

    return {Linear4bit: LeanLinear4bit}


def load_with_unsloth(
    base: Path,
    settings: TrainSettings,
    tokenizer: PreTrainedTokenizerBase,
    device: torch.device,
    dtype: torch.dtype,
    seed: int,
) -> PeftModel:
    """Unsloth's patched model with its own adapter and checkpointing.

    Raises config_error without an NVIDIA GPU or the package.
    """
    if not torch.cuda.is_available():
        raise config_error("train.backend unsloth needs an NVIDIA GPU and this worker has none; use backend peft")
    try:
        unsloth: Any = importlib.import_module("unsloth")
    except ImportError as error:
        raise config_error(
            f"train.backend unsloth is not installed here ({first_line(error)}); use the unsloth image or backend peft"
        ) from None
    check_folder(base)
    checkpointing = "unsloth" if settings.gradient_checkpointing else False
    language_model = unsloth.FastLanguageModel
    model, _ = language_model.from_pretrained(
        model_name=str(base),
        max_seq_length=settings.sequence_len,
        dtype=dtype,
        load_in_4bit=settings.adapter == "qlora",
        use_exact_model_name=True,
        use_gradient_checkpointing=checkpointing,
        device_map={"": device},
        local_files_only=True,
        trust_remote_code=False,
    )
    check_fit(model, tokenizer, settings.sequence_len)
    targets = target_modules(model, settings.lora_target_modules)
    check_saved(model, settings.modules_to_save)
    return language_model.get_peft_model(
        model,
        r=settings.lora_r,
        target_modules=targets,
        lora_alpha=settings.lora_alpha,
        lora_dropout=settings.lora_dropout,
        bias="none",
        use_gradient_checkpointing=checkpointing,
        random_state=seed,
        use_rslora=settings.use_rslora,
        modules_to_save=settings.modules_to_save or None,
    )


def can_pack(model: PeftModel, settings: TrainSettings) -> bool:
    """True when this model can keep rows on one line apart."""
    return attends_to_whole_rows(model.get_base_model().config.get_text_config(), settings)
