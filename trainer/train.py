"""Fine-tunes a LoRA adapter on chat rows: `python -m trainer.train --config config.json`. Read it top to bottom."""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import sys
from dataclasses import asdict
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

# Both are read when the libraries are imported. Threads that wait by spinning fight every other process of a small
# machine for its cores; sleeping costs nothing measurable when it is idle.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import PreTrainedModel

from trainer.artifact import write_artifact
from trainer.base_model import (
    device_and_dtype,
    load_model,
    load_tokenizer,
    model_stops,
    pad_token,
    quiet,
    use_all_cores,
)
from trainer.batch import collate
from trainer.checkpoint import RunState, candidates, restore, save_checkpoint, seed_everything, trainable
from trainer.config import TrainConfig, TrainSettings
from trainer.durable import sha256_file
from trainer.failure import TrainerFailure, base_model_error
from trainer.loss import learning_rate_at, summed_loss, validation_loss
from trainer.progress import Pace, Progress
from trainer.rows import encode_rows, epoch_order
from trainer.supervised import StopRequest, peak_memory_bytes, run_supervised


def fingerprint_of(config: TrainConfig) -> str:
    """Names everything a checkpoint depends on; one made under another fingerprint is not resumed."""
    base_config = Path(config.base_model) / "config.json"
    parts = {
        "train": asdict(config.train),
        "seed": config.seed,
        "rows": sha256_file(Path(config.train_file)),
        "base": [Path(config.base_model).name, sha256_file(base_config)],
    }
    return sha256(json.dumps(parts, sort_keys=True).encode("utf-8")).hexdigest()


def add_adapter(model: PreTrainedModel, settings: TrainSettings) -> PeftModel:
    """Freezes the base and adds LoRA matrices to the target modules."""
    lora = LoraConfig(
        task_type="CAUSAL_LM",
        r=settings.lora_r,
        lora_alpha=settings.lora_alpha,
        lora_dropout=settings.lora_dropout,
        target_modules=settings.lora_target_modules,
    )
    try:
        return get_peft_model(model, lora)
    except ValueError as error:
        raise base_model_error(f"lora_target_modules do not fit this base model: {error}") from None


def train(config: TrainConfig, out: Path, progress: Progress, stop: StopRequest) -> dict[str, object]:
    """Trains to the end and returns the content of result.json; raises TrainerFailure for what a user can act on."""
    settings, base = config.train, Path(config.base_model)
    quiet()
    use_all_cores()
    device, dtype = device_and_dtype()

    tokenizer = load_tokenizer(base)
    model = load_model(base, device, dtype)
    stops, pad = model_stops(model, tokenizer), pad_token(tokenizer)
    rows = encode_rows(config.train_file, tokenizer, settings.sequence_len, stops)
    held_out = (
        encode_rows(config.validation_file, tokenizer, settings.sequence_len, stops) if config.validation_file else []
    )

    seed_everything(config.seed)
    model = add_adapter(model, settings)
    parameters = list(trainable(model).values())
    optimizer = torch.optim.AdamW(parameters, lr=settings.learning_rate, weight_decay=settings.weight_decay)
    model.train()

    state = RunState(fingerprint_of(config))
    checkpoints = out / "checkpoints"
    for path, found, reason in candidates(checkpoints, state.fingerprint):
        if found:
            restore(path, model, optimizer)
            state = found
            break
        progress.write("notice", message=f"checkpoint {path.name} is not used: {reason}")
    resumed_from = state.step or None
    if resumed_from:
        progress.write("notice", message=f"resumed from checkpoint step-{state.step:06d}")

    step_size = settings.micro_batch_size * settings.gradient_accumulation_steps
    steps_per_epoch = math.ceil(len(rows) / step_size)
    total_steps = math.ceil(settings.num_epochs * steps_per_epoch)
    tail = max(1, total_steps // 10)
    pace = Pace(state.seconds, state.tokens, state.step, total_steps)
    order: list[list[int]] = []
    order_epoch = -1

    def checkpoint() -> None:
        state.seconds = pace.seconds
        name = save_checkpoint(checkpoints, model, optimizer, state)
        progress.write("checkpoint", step=state.step, path=f"checkpoints/{name}")

    while state.step < total_steps:
        if stop.signal:
            if state.step and state.step != resumed_from:
                checkpoint()
            raise TrainerFailure(
                "interrupted", f"{stop.signal} after step {state.step} of {total_steps}; run it again to go on"
            )

        epoch, position = divmod(state.step, steps_per_epoch)
        if epoch != order_epoch:
            order, order_epoch = epoch_order(rows, step_size, config.seed, epoch), epoch
        chosen = [rows[index] for index in order[position]]
        step = state.step + 1
        rate = learning_rate_at(step, total_steps, settings)
        for group in optimizer.param_groups:
            group["lr"] = rate

        # Each micro batch counts by its completion tokens, so 8 × 1 and 1 × 8 give the same gradient.
        targets = sum(len(row.completion) for row in chosen)
        loss = 0.0
        for start in range(0, len(chosen), settings.micro_batch_size):
            batch = collate(chosen[start : start + settings.micro_batch_size], pad)
            part = summed_loss(model, batch, device, dtype) / targets
            part.backward()
            loss += part.item()
            state.tokens += batch.tokens
        norm = torch.nn.utils.clip_grad_norm_(parameters, settings.max_grad_norm)
        if not math.isfinite(loss) or not torch.isfinite(norm):
            named = ", ".join(row.row_id for row in chosen[:8])
            raise TrainerFailure(
                "loss_not_finite",
                f"loss {loss} and gradient norm {norm.item()} at step {step}, learning rate {rate:.3g}; "
                f"rows of the step begin with {named}; lower learning_rate",
            )
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

        state.step = step
        state.losses = [*state.losses, loss][-tail:]
        if step % settings.logging_steps == 0 or step == total_steps:
            progress.write(
                "progress",
                step=step,
                total_steps=total_steps,
                epoch=round(step / steps_per_epoch, 4),
                loss=loss,
                learning_rate=rate,
                **pace.figures(step, state.tokens),
            )
        if step % settings.save_steps == 0 or step == total_steps:
            checkpoint()

    seconds = pace.seconds
    held_out_loss = None
    if held_out:
        held_out_loss = validation_loss(model, held_out, settings.micro_batch_size, pad, device, dtype)
        progress.write("validation", step=state.step, loss=held_out_loss)
    write_artifact(out / "artifact", model, tokenizer, base, rows, held_out)
    return {
        "steps": total_steps,
        "epochs": round(total_steps / steps_per_epoch, 4),
        "train_loss": sum(state.losses) / len(state.losses),
        "validation_loss": held_out_loss,
        "tokens": state.tokens,
        "seconds": round(seconds, 2),
        "tokens_per_second": round(state.tokens / max(seconds, 1e-9), 1),
        "device": torch.cuda.get_device_name() if device.type == "cuda" else "cpu",
        "dtype": str(dtype).removeprefix("torch."),
        "peak_memory_bytes": peak_memory_bytes(device),
        "trainable_parameters": sum(parameter.numel() for parameter in parameters),
        "total_parameters": sum(parameter.numel() for parameter in model.parameters()),
        "resumed_from_step": resumed_from,
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("torch", "transformers", "peft")},
        },
    }


def main() -> int:
    """Reads --config, trains, returns the exit code."""
    parser = argparse.ArgumentParser(description="Fine-tunes a LoRA adapter.")
    parser.add_argument("--config", required=True, help="path of config.json")
    return run_supervised(parser.parse_args().config, train)


if __name__ == "__main__":
    sys.exit(main())
