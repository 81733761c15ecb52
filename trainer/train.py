"""Fine-tunes a LoRA adapter on chat rows: `python -m trainer.train --config config.json`. Read it top to bottom."""

from __future__ import annotations

import argparse
import math
import os
import sys
from dataclasses import replace
from pathlib import Path

# Both are read when the libraries are imported. Threads that wait by spinning fight every other process of a small
# machine for its cores; sleeping costs nothing measurable when it is idle.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from trainer.lean_start import unsloth_first, without_bitsandbytes

if __name__ == "__main__":
    without_bitsandbytes(sys.argv)
    unsloth_first(sys.argv)

import torch

from trainer.artifact import write_artifact
from trainer.backends import can_pack, load_for_training
from trainer.base_model import model_stops, pad_token, quiet, use_all_cores
from trainer.checkpoint import fingerprint_of, resume, save_checkpoint, trainable
from trainer.config import TrainConfig
from trainer.distributed import Ranks
from trainer.durable import write_json
from trainer.failure import TrainerFailure
from trainer.loss import learning_rate_at
from trainer.objective import make_objective
from trainer.outcome import result_of
from trainer.precision import best_device, precision_of
from trainer.progress import Pace, Progress
from trainer.rows import epoch_order
from trainer.step import Stepper
from trainer.supervised import StopRequest, run_supervised
from trainer.token_counts import token_counts
from trainer.validation import Best, validation_loss


def train(config: TrainConfig, out: Path, progress: Progress, stop: StopRequest, ranks: Ranks) -> dict[str, object]:
    """Trains to the end and returns the content of result.json; raises TrainerFailure for what a user can act on."""
    settings, base = config.train, Path(config.base_model)

    def note(message: str) -> None:
        progress.write("notice", message=message)

    # The model with its adapter, and the rows as tokens.
    quiet()
    use_all_cores(ranks.size)
    device = best_device(ranks.index)
    precision = precision_of(settings.precision, device)
    model, tokenizer = load_for_training(base, settings, device, precision.dtype, config.seed)
    if settings.packing and not can_pack(model, settings):
        settings = replace(settings, packing=False)
        note("rows are padded, not packed: this base model's layers or backend cannot keep packed rows apart")
    stops, pad = model_stops(model, tokenizer), pad_token(tokenizer)
    objective = make_objective(tokenizer, settings, stops, pad, device, precision.dtype)
    rows = objective.encode(config.train_file)
    held_out = objective.encode(config.validation_file) if config.validation_file else []
    for message in getattr(objective, "notices", []):
        note(message)
    if ranks.main:
        counted = {"train": rows, "validation": held_out}
        write_json(out / "tokens.json", token_counts(counted, settings, config.seed, settings.packing))
    model = ranks.shard(model)

    # Where a former start left off.
    parameters = list(trainable(model).values())
    # One kernel for all matrices of the adapter; on CUDA it would want its step counters there, see checkpoint.py.
    optimizer = torch.optim.AdamW(
        parameters, lr=settings.learning_rate, weight_decay=settings.weight_decay, fused=device.type == "cpu"
    )
    checkpoints, best = out / "checkpoints", Best(out)
    state = resume(checkpoints, model, optimizer, fingerprint_of(config), note)
    resumed_from = saved_at = state.step or None
    if problem := best.unusable(state):
        note(problem)
        state.best_loss, state.best_step, state.looks_without_gain = None, None, 0
    scaler = torch.amp.GradScaler(device.type) if precision.scaled else None
    if scaler and state.loss_scale:
        scaler.load_state_dict(state.loss_scale)
    stepper = Stepper(model, objective, optimizer, settings, ranks, scaler)

    steps_per_epoch = math.ceil(len(rows) / settings.step_rows)
    total_steps = math.ceil(settings.num_epochs * steps_per_epoch)
    tail = max(1, total_steps // 10)
    pace = Pace(state.seconds, state.tokens, state.step, total_steps)
    order: list[list[int]] = []
    order_epoch = -1

    def checkpoint() -> None:
        nonlocal saved_at
        state.seconds = pace.seconds
        if ranks.main:
            name = save_checkpoint(checkpoints, model, optimizer, state)
            best.prune(state)
            progress.write("checkpoint", step=state.step, path=f"checkpoints/{name}")
        saved_at = state.step

    def look() -> float:
        loss = validation_loss(model, objective, held_out, settings.micro_batch_size, ranks)
        if not math.isfinite(loss):
            raise TrainerFailure(
                "loss_not_finite", f"validation loss {loss} after step {state.step}; lower learning_rate"
            )
        progress.write("validation", step=state.step, loss=loss)
        return loss

    stopped = "completed"
    while state.step < total_steps:
        if ranks.any(stop.signal is not None):
            if state.step and state.step != saved_at:
                checkpoint()
            raise TrainerFailure(
                "interrupted",
                f"{stop.signal or 'a signal'} after step {state.step} of {total_steps}; run it again to go on",
            )
        if settings.early_stopping_patience and state.looks_without_gain >= settings.early_stopping_patience:
            stopped = "early_stopping"
            break
        if state.step and config.max_seconds and ranks.any(pace.seconds >= config.max_seconds):
            stopped = "time_limit"
            break

        epoch, position = divmod(state.step, steps_per_epoch)
        if epoch != order_epoch:
            order = epoch_order(rows, settings.step_rows, config.seed, epoch, settings.group_by_length)
            order_epoch = epoch
        step = state.step + 1
        rate = learning_rate_at(step, total_steps, settings)
        if ranks.size > 1:
            # One generator's state is kept; with several processes each step's dropout is a function of its number.
            torch.manual_seed((config.seed * 1_000_003 + step) * ranks.size + ranks.rank)
        loss = stepper.take([rows[index] for index in order[position]], step, rate, state)
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
        if settings.eval_steps and (step % settings.eval_steps == 0 or step == total_steps):
            best.note(model, state, look(), ranks.main)
        if step % settings.save_steps == 0 or step == total_steps:
            checkpoint()

    # The best adapter, or the last one when nobody looked, becomes the artefact.
    if state.step != saved_at:
        checkpoint()
    seconds = pace.seconds
    if stopped != "completed":
        note(f"stopped after step {state.step} of {total_steps}: {stopped}")
    if state.best_step is not None:
        ranks.barrier()  # the main process may still be writing it
        best.load(model, state.best_step)
        held_out_loss = state.best_loss
    else:
        held_out_loss = look() if held_out else None
    if ranks.main:
        write_artifact(out / "artifact", model, tokenizer, base, rows, held_out)
        if settings.export["merge"]:
            from trainer.export import export_model

            export_model(out / "artifact", base, out / "export", settings.export)
    ranks.barrier()
    return result_of(
        model,
        settings,
        state,
        planned_steps=total_steps,
        stopped=stopped,
        epochs=round(state.step / steps_per_epoch, 4),
        validation_loss=held_out_loss,
        seconds=seconds,
        device=device,
        dtype=precision.dtype,
        resumed_from=resumed_from,
        world_size=ranks.size,
    )


def main() -> int:
    """Reads --config, trains, returns the exit code."""
    parser = argparse.ArgumentParser(description="Fine-tunes a LoRA adapter.")
    parser.add_argument("--config", required=True, help="path of config.json")
    return run_supervised(parser.parse_args().config, train)


if __name__ == "__main__":
    sys.exit(main())
