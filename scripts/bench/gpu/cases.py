"""What is measured: configurations by section, each with its model's shape, its rows and its training block."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# One epoch without validation. The linear schedule is the same in TRL.
BLOCK: dict[str, Any] = {
    "backend": "peft",
    "method": "sft",
    "dpo_beta": 0.1,
    "adapter": "lora",
    "lora_r": 16,
    "lora_alpha": 32,
    "lora_dropout": 0.0,
    "lora_target_modules": "all-linear",
    "use_rslora": False,
    "use_dora": False,
    "modules_to_save": [],
    "learning_rate": 1e-4,
    "num_epochs": 1,
    "micro_batch_size": 8,
    "gradient_accumulation_steps": 1,
    "sequence_len": 1024,
    "packing": True,
    "group_by_length": True,
    "gradient_checkpointing": False,
    "precision": "auto",
    "lr_scheduler": "linear",
    "warmup_ratio": 0.0,
    "weight_decay": 0.01,
    "max_grad_norm": 1.0,
    "save_steps": 100_000,
    "eval_steps": None,
    "early_stopping_patience": None,
    "distributed": "ddp",
    "export": {"merge": False, "gguf": False},
    "logging_steps": 1,
}


@dataclass(frozen=True)
class Case:
    """`rows` is short, long or longest; `steps` are optimizer steps, the first `warm_up` of them not timed."""

    name: str
    model: str
    rows: str
    steps: int
    warm_up: int
    train: dict[str, Any] = field(default_factory=dict)

    @property
    def block(self) -> dict[str, Any]:
        """The whole training block."""
        return BLOCK | self.train


SMALL, ONE, EIGHT = "smollm2-135m", "llama-3.2-1b", "llama-3.1-8b"
CHECKPOINTING = {"gradient_checkpointing": True}
QLORA = {"adapter": "qlora"}
LONGEST = {"sequence_len": 2048}

SMALL_SHORT = Case("135m short", SMALL, "short", 40, 10, {"micro_batch_size": 16})
SMALL_LONG = Case("135m long", SMALL, "long", 24, 6)
ONE_SHORT = Case("1b short", ONE, "short", 30, 6, {"micro_batch_size": 16})
ONE_LONG = Case("1b long", ONE, "long", 20, 5)
ONE_LONG_CHECKPOINTING = Case("1b long checkpointing", ONE, "long", 10, 3, CHECKPOINTING)
ONE_QLORA = Case("1b long qlora", ONE, "long", 12, 4, QLORA)
EIGHT_LORA = Case("8b long", EIGHT, "long", 10, 3, {"micro_batch_size": 4})
EIGHT_QLORA = Case("8b long qlora checkpointing", EIGHT, "long", 8, 3, QLORA | CHECKPOINTING)

OURS_SMALL = [
    SMALL_SHORT,
    SMALL_LONG,
    Case("135m longest checkpointing", SMALL, "longest", 6, 2, CHECKPOINTING | LONGEST | {"micro_batch_size": 4}),
    ONE_SHORT,
    ONE_LONG,
    ONE_LONG_CHECKPOINTING,
    Case("1b longest", ONE, "longest", 10, 3, LONGEST | {"micro_batch_size": 2}),
    ONE_QLORA,
    # Must end as out_of_memory with a suggestion.
    Case("1b out of memory", ONE, "long", 1, 0, {"micro_batch_size": 256}),
]
OURS_EIGHT = [
    EIGHT_LORA,
    EIGHT_QLORA,
    Case("8b long checkpointing", EIGHT, "long", 8, 3, CHECKPOINTING),
    Case("8b long qlora", EIGHT, "long", 10, 3, QLORA | {"micro_batch_size": 4}),
]
PEER_SMALL = [SMALL_SHORT, SMALL_LONG, ONE_SHORT, ONE_LONG, ONE_QLORA]
PEER_EIGHT = [EIGHT_LORA, EIGHT_QLORA]
UNSLOTH_ONE = [ONE_LONG, ONE_QLORA, ONE_SHORT]
UNSLOTH_EIGHT = [EIGHT_QLORA]
