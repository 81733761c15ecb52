"""What a training would meet, without training: `python -m trainer.inspect --config config.json` prints JSON.

It takes the trainer's own config. The base is built without its weights, so nothing large is read or held.
"""

from __future__ import annotations

import math
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch
from peft import PeftModel
from safetensors import safe_open
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedModel

from trainer.backends import add_adapter, can_pack
from trainer.base_model import check_fit, check_folder, load_tokenizer, pad_token, quiet, use_all_cores
from trainer.base_tokenizer import stops_of
from trainer.batch import collate
from trainer.config import TrainConfig, TrainSettings
from trainer.failure import base_model_error, first_line
from trainer.objective import Row, make_objective
from trainer.pairs import conversations
from trainer.printed import print_answer
from trainer.rows import NAMED, NO_LIMIT, epoch_order

# Orders of further epochs differ; more than a few hardly find a larger batch.
EPOCHS_LOOKED_AT = 3
MATRIX = 1024


def base_without_weights(folder: Path) -> PreTrainedModel:
    """The model of a base folder with its modules and shapes, on the meta device, where tensors have no content."""
    check_folder(folder)
    try:
        config = AutoConfig.from_pretrained(str(folder), local_files_only=True, trust_remote_code=False)
        with torch.device("meta"):
            return AutoModelForCausalLM.from_config(config, trust_remote_code=False)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ImportError) as error:
        raise base_model_error(f"the model in {folder} cannot be described: {first_line(error)}") from error


def parameters_of(model: PreTrainedModel) -> dict[str, int]:
    """Parameters by what becomes of them: QLoRA holds `linear` in 4 bits; vectors and embeddings stay as they are."""
    output = model.get_output_embeddings()
    linear = {
        id(module.weight) for module in model.modules() if isinstance(module, torch.nn.Linear) and module is not output
    }
    counts: Counter[str] = Counter(linear=0, embedding=0, vectors=0)
    for parameter in model.parameters():
        kind = "linear" if id(parameter) in linear else "vectors" if parameter.ndim == 1 else "embedding"
        counts[kind] += parameter.numel()
    return {**counts, "total": counts.total()}


def linear_modules(model: PeftModel) -> list[dict[str, Any]]:
    """Linear modules by the end of their name and their shape, and whether the adapter is on them."""
    counts: Counter[tuple[str, int, int, bool]] = Counter()
    base = model.get_base_model()
    for name, module in base.named_modules():
        targeted = hasattr(module, "lora_A")
        plain = module.get_base_layer() if targeted else module
        if isinstance(plain, torch.nn.Linear) and ".lora_" not in name and not name.endswith(".base_layer"):
            if plain is base.get_output_embeddings() and not targeted:
                continue
            counts[name.rpartition(".")[2], plain.in_features, plain.out_features, targeted] += 1
    return [
        {"name": name, "in": inside, "out": outside, "targeted": targeted, "count": count}
        for (name, inside, outside, targeted), count in sorted(counts.items())
    ]


def trained_parameters(model: PeftModel) -> dict[str, int]:
    """Parameters of the adapter's matrices, and of modules that are trained in full."""
    trained = {name: value.numel() for name, value in model.named_parameters() if value.requires_grad}
    saved = sum(count for name, count in trained.items() if "modules_to_save" in name)
    return {"adapter": sum(trained.values()) - saved, "saved": saved}


def shape_of(model: PreTrainedModel) -> dict[str, Any]:
    """The numbers of config.json that memory depends on; null where the architecture has no such thing."""
    text = model.config.get_text_config()
    hidden, heads = getattr(text, "hidden_size", None), getattr(text, "num_attention_heads", None)
    return {
        "architecture": type(model).__name__,
        "layers": getattr(text, "num_hidden_layers", None),
        "hidden": hidden,
        "intermediate": getattr(text, "intermediate_size", None),
        "heads": heads,
        "kv_heads": getattr(text, "num_key_value_heads", None) or heads,
        "head_dim": getattr(text, "head_dim", None) or (hidden // heads if hidden and heads else None),
        "vocab": getattr(text, "vocab_size", None),
        "context": getattr(text, "max_position_embeddings", None),
        "tied_embeddings": bool(getattr(text, "tie_word_embeddings", False)),
    }


def stored_dtype(folder: Path) -> str:
    """The number format of most of the stored weights, as safetensors names it, for example BF16."""
    counts: Counter[str] = Counter()
    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, framework="pt") as weights:
            for name in weights.keys():  # noqa: SIM118 - no mapping, only this method
                part = weights.get_slice(name)
                counts[part.get_dtype()] += math.prod(part.get_shape())
    return counts.most_common(1)[0][0]


def token_figures(rows: Sequence[Row], sequence_len: int) -> dict[str, Any]:
    """Counts over one file of rows; `longer` names the rows that training would refuse."""
    longest = [max(one.length for one in conversations(row)) for row in rows]
    ordered = sorted(longest)
    over = [row.row_id for row, length in zip(rows, longest, strict=True) if length > sequence_len]
    return {
        "rows": len(rows),
        "total": sum(row.length for row in rows),
        "learnt": sum(len(one.learnt) for row in rows for one in conversations(row)),
        "prompt": sum(len(row.prompt) for row in rows),
        "max": ordered[-1],
        "p50": ordered[(len(ordered) - 1) // 2],
        "p90": ordered[math.ceil(0.9 * len(ordered)) - 1],
        "p99": ordered[math.ceil(0.99 * len(ordered)) - 1],
        "longer": {"count": len(over), "ids": over[:NAMED]},
    }


def largest_batch(rows: Sequence[Row], config: TrainConfig, pad: int, packing: bool) -> dict[str, Any]:
    """The batch with the most token places over the first epochs, in the order and layout that training uses."""
    settings = config.train
    largest: dict[str, Any] = {"lines": 0, "width": 0, "learnt": 0, "packed": False}
    widest_learnt = 0
    for epoch in range(min(math.ceil(settings.num_epochs), EPOCHS_LOOKED_AT)):
        for step in epoch_order(rows, settings.step_rows, config.seed, epoch, settings.group_by_length):
            for start in range(0, len(step), settings.micro_batch_size):
                chosen = step[start : start + settings.micro_batch_size]
                batch = collate([one for index in chosen for one in conversations(rows[index])], pad, packing)
                lines, width = batch.input_ids.shape
                widest_learnt = max(widest_learnt, len(batch.positions))
                if lines * width > largest["lines"] * largest["width"]:
                    packed = batch.segments is not None
                    largest = {"lines": lines, "width": width, "learnt": 0, "packed": packed}
    return {**largest, "learnt": widest_learnt}


def matrix_speed() -> float:
    """Floating-point operations a second of this machine's CPU in fp32 products; the best of a few."""
    left, right = torch.rand(MATRIX, MATRIX), torch.rand(MATRIX, MATRIX)
    best = math.inf
    for _ in range(6):
        started = time.perf_counter()
        left @ right
        best = min(best, time.perf_counter() - started)
    return 2 * MATRIX**3 / best


def resident_bytes() -> int | None:
    """Memory of this process now: what interpreter and libraries take before a model is there. Null where unknown."""
    # The optimizer brings further libraries in with its first step.
    parameter = torch.nn.Parameter(torch.zeros(1))
    parameter.grad = torch.zeros(1)
    torch.optim.AdamW([parameter]).step()
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


def describe(config: TrainConfig) -> dict[str, Any]:
    """Everything the plan asks for. Raises TrainerFailure for what training would refuse, but for rows too long."""
    quiet()
    use_all_cores()
    settings, folder = config.train, Path(config.base_model)
    tokenizer = load_tokenizer(folder)
    model = base_without_weights(folder)
    check_fit(model, tokenizer, settings.sequence_len)
    shape, parameters = shape_of(model), parameters_of(model)
    # The adapter's shape is that of LoRA on the plain base, whatever the base is held in.
    adapted = add_adapter(model, replace(settings, adapter="lora", gradient_checkpointing=False))
    process = resident_bytes()
    objective = make_objective(
        tokenizer,
        unlimited(settings),
        stops_of(folder, tokenizer),
        pad_token(tokenizer),
        torch.device("cpu"),
        torch.float32,
    )
    rows = objective.encode(config.train_file)
    held_out = objective.encode(config.validation_file) if config.validation_file else []
    packing = settings.packing and can_pack(adapted, settings)
    return {
        "schema": 1,
        "model": {
            **shape,
            "stored_dtype": stored_dtype(folder),
            "parameters": parameters,
            "linear": linear_modules(adapted),
            "trained": trained_parameters(adapted),
        },
        "train": token_figures(rows, settings.sequence_len),
        "validation": token_figures(held_out, settings.sequence_len) if held_out else None,
        "batch": largest_batch(rows, config, pad_token(tokenizer), packing),
        "process_bytes": process,
        "matrix_flops_per_second": matrix_speed(),
    }


def unlimited(settings: TrainSettings) -> TrainSettings:
    """The same settings with room for every row, so that long rows are counted and not refused at the first."""
    return replace(settings, sequence_len=NO_LIMIT)


def main() -> int:
    """Prints the description, or `{"failure": …}` with the failure's exit code."""
    return print_answer("Describes a training without doing it.", TrainConfig, describe)


if __name__ == "__main__":
    sys.exit(main())
