"""Trains with TRL's SFTTrainer on the rows of a trainer config: the peer of `npm run bench -- training`."""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch
from peft import LoraConfig, PeftModel
from transformers import AutoModelForCausalLM, PreTrainedModel, TrainerCallback
from trl import SFTConfig, SFTTrainer

from datasets import Dataset
from trainer.base_model import load_tokenizer, model_stops, nf4, use_all_cores
from trainer.config import TrainConfig, read_config
from trainer.precision import best_device, precision_of
from trainer.render import Encoded
from trainer.rows import encode_rows, epoch_order


class Clock(TrainerCallback):
    """Notes when training begins, when each step ends, and its loss."""

    def __init__(self) -> None:
        self.losses: list[float] = []
        self.ends: list[float] = []
        self.begun = 0.0

    def on_train_begin(self, *_: object, **__: object) -> None:
        """Starts the clock, after loading and preparation."""
        self.begun = time.monotonic()

    def on_step_end(self, *_: object, **__: object) -> None:
        """Notes when a step's work is done, on a GPU too."""
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        self.ends.append(time.monotonic())

    def on_log(self, *args: object, logs: dict[str, float] | None = None, **__: object) -> None:
        """Keeps the loss of a step."""
        if logs and "loss" in logs:
            self.losses.append(logs["loss"])


class InOrder(SFTTrainer):
    """SFTTrainer that takes the rows in the order they come in: both sides must train on the same steps."""

    def _get_train_sampler(self, *_: object, **__: object) -> torch.utils.data.Sampler:
        return torch.utils.data.SequentialSampler(self.train_dataset)


def as_dataset(rows: list[Encoded]) -> Dataset:
    """Token ids with the prompts masked out, which is what completion_only_loss makes of a conversation."""
    return Dataset.from_list(
        [
            {"input_ids": row.prompt + row.completion, "labels": [-100] * len(row.prompt) + row.completion}
            for row in rows
        ]
    )


def plain_model(config: TrainConfig, device: torch.device, dtype: torch.dtype) -> PreTrainedModel:
    """The base as transformers loads it, in 4 bits for QLoRA."""
    quantized = {"quantization_config": nf4(dtype), "device_map": {"": device}}
    return AutoModelForCausalLM.from_pretrained(
        config.base_model,
        local_files_only=True,
        use_safetensors=True,
        dtype=dtype,
        **(quantized if config.train.adapter == "qlora" else {}),
    )


def unsloth_model(config: TrainConfig, dtype: torch.dtype) -> PeftModel:
    """The base with Unsloth's patches and its adapter. Unsloth must have been imported before everything else."""
    from unsloth import FastLanguageModel

    settings = config.train
    checkpointing = "unsloth" if settings.gradient_checkpointing else False
    model, _ = FastLanguageModel.from_pretrained(
        model_name=config.base_model,
        max_seq_length=settings.sequence_len,
        dtype=dtype,
        load_in_4bit=settings.adapter == "qlora",
        use_exact_model_name=True,
        use_gradient_checkpointing=checkpointing,
        local_files_only=True,
    )
    return FastLanguageModel.get_peft_model(
        model,
        r=settings.lora_r,
        lora_alpha=settings.lora_alpha,
        lora_dropout=settings.lora_dropout,
        target_modules=["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
        bias="none",
        use_gradient_checkpointing=checkpointing,
        random_state=config.seed,
    )


def sft_trainer(
    config: TrainConfig, packing: bool, out: Path, unsloth: bool = False
) -> tuple[SFTTrainer, list[Encoded], Clock]:
    """SFTTrainer with the settings of a trainer config, the rows in its order, and the clock."""
    settings = config.train
    tokenizer = load_tokenizer(Path(config.base_model))
    device = best_device()
    dtype = precision_of(settings.precision, device).dtype
    torch.manual_seed(config.seed)
    model = unsloth_model(config, dtype) if unsloth else plain_model(config, device, dtype)
    rows, _ = encode_rows(config.train_file, tokenizer, settings.sequence_len, model_stops(model, tokenizer))
    order = [
        rows[index]
        for epoch in range(int(settings.num_epochs))
        for step in epoch_order(rows, settings.step_rows, config.seed, epoch, settings.group_by_length)
        for index in step
    ]
    clock = Clock()
    options = SFTConfig(
        output_dir=str(out),
        per_device_train_batch_size=settings.micro_batch_size,
        gradient_accumulation_steps=settings.gradient_accumulation_steps,
        num_train_epochs=1,
        learning_rate=settings.learning_rate,
        lr_scheduler_type=settings.lr_scheduler,
        warmup_steps=0,
        weight_decay=settings.weight_decay,
        max_grad_norm=settings.max_grad_norm,
        optim="adamw_torch",
        max_length=settings.sequence_len,
        packing=packing,
        logging_steps=1,
        save_strategy="no",
        report_to=[],
        bf16=dtype == torch.bfloat16,
        use_cpu=not torch.cuda.is_available(),
        # Unsloth's model has its own.
        gradient_checkpointing=settings.gradient_checkpointing and not unsloth,
        disable_tqdm=True,
        dataloader_num_workers=0,
        seed=config.seed,
    )
    lora = LoraConfig(
        task_type="CAUSAL_LM",
        r=settings.lora_r,
        lora_alpha=settings.lora_alpha,
        lora_dropout=settings.lora_dropout,
        target_modules=settings.lora_target_modules,
    )
    torch.manual_seed(config.seed)  # the trainer draws its adapter at this point too
    trainer = InOrder(
        model=model,
        args=options,
        train_dataset=as_dataset(order),
        processing_class=tokenizer,
        peft_config=None if unsloth else lora,
        callbacks=[clock],
    )
    return trainer, order, clock


def main() -> None:
    """Trains and prints one JSON line: tokens, seconds, losses and peak memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", required=True, help="config.json of the trainer")
    parser.add_argument("--packing", action="store_true", help="TRL's packing; steps then hold other rows")
    arguments = parser.parse_args()
    config = read_config(arguments.config, TrainConfig)
    use_all_cores()
    trainer, order, clock = sft_trainer(config, arguments.packing, Path(config.output_dir) / "trl")
    trainer.train()
    seconds = time.monotonic() - clock.begun
    print(
        json.dumps(
            {
                "tokens": sum(row.length for row in order),
                "seconds": seconds,
                "losses": clock.losses,
                "peak_memory_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
            }
        )
    )


if __name__ == "__main__":
    main()
