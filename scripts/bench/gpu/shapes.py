"""Base models of real shapes with random weights: what they cost in time and memory is what real ones cost."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import torch
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM

TOKENIZER = ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja")
# From the models' own config.json; the tokenizer is SmolLM2's, whose 49,152 ids fit into each vocabulary.
SHAPES: dict[str, dict[str, Any]] = {
    "smollm2-135m": {
        "vocab_size": 49152, "hidden_size": 576, "intermediate_size": 1536, "num_hidden_layers": 30,
        "num_attention_heads": 9, "num_key_value_heads": 3, "tie_word_embeddings": True,
    },
    "llama-3.2-1b": {
        "vocab_size": 128256, "hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 16,
        "num_attention_heads": 32, "num_key_value_heads": 8, "tie_word_embeddings": True,
    },
    "llama-3.1-8b": {
        "vocab_size": 128256, "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
        "num_attention_heads": 32, "num_key_value_heads": 8, "tie_word_embeddings": False,
    },
}  # fmt: skip
TINY = {
    "vocab_size": 49152, "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2,
    "num_attention_heads": 4, "num_key_value_heads": 2,
}  # fmt: skip


def config_of(name: str, tiny: bool) -> LlamaConfig:
    """The model's config; `tiny` has next to no layers."""
    return LlamaConfig(
        **(SHAPES[name] | (TINY if tiny else {})),
        max_position_embeddings=8192,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=2,
        architectures=["LlamaForCausalLM"],
        dtype="bfloat16",
    )


def write_model(name: str, prepared: Path, folder: Path, tiny: bool) -> int:
    """Writes the model folder in bf16 with the prepared tokenizer, and returns its number of parameters.

    Drawn at the usual deviation of 0.02, so that the first loss is that of guessing and stays finite. `tiny` is for a
    dry run: the same steps with next to no layers.
    """
    config = config_of(name, tiny)
    torch.manual_seed(7)
    with torch.device("cuda" if torch.cuda.is_available() else "cpu"):
        before = torch.get_default_dtype()
        torch.set_default_dtype(torch.bfloat16)
        model = LlamaForCausalLM(config)
        torch.set_default_dtype(before)
    model.generation_config = GenerationConfig(bos_token_id=1, eos_token_id=2, pad_token_id=2)
    model.save_pretrained(folder)
    for file in TOKENIZER:
        shutil.copy(prepared / file, folder / file)
    return int(model.num_parameters())
