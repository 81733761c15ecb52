"""Checkpoints that survive a kill at any moment: written aside, hashed, renamed, verified before use."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from shutil import rmtree

import torch
from safetensors.torch import load_file, save_file

from trainer.durable import sha256_file, write_folder

KEPT = 2


@dataclass
class RunState:
    """What training knows besides tensors. `fingerprint` names settings, rows and base; others never mix."""

    fingerprint: str
    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    losses: list[float] = field(default_factory=list)


def trainable(model: torch.nn.Module) -> dict[str, torch.nn.Parameter]:
    """The parameters that training changes, by name."""
    return {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}


def optimizer_tensors(model: torch.nn.Module, optimizer: torch.optim.Optimizer) -> dict[str, torch.Tensor]:
    """The optimizer's state as flat tensors, keyed `<parameter>|<entry>`."""
    tensors: dict[str, torch.Tensor] = {}
    for name, parameter in trainable(model).items():
        for entry, value in optimizer.state.get(parameter, {}).items():
            tensors[f"{name}|{entry}"] = value.detach().cpu().contiguous()
    return tensors


def rng_tensors() -> dict[str, torch.Tensor]:
    """The states of torch's generators; row order needs none, it is a function of seed and epoch."""
    states = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        states["cuda"] = torch.cuda.get_rng_state()
    return states


def save_checkpoint(folder: Path, model: torch.nn.Module, optimizer: torch.optim.Optimizer, state: RunState) -> str:
    """Writes `folder/step-…` atomically and removes all but the newest two; returns the new folder's name."""
    name = f"step-{state.step:06d}"

    def fill(scratch: Path) -> None:
        adapter = {key: value.detach().cpu().contiguous() for key, value in trainable(model).items()}
        save_file(adapter, scratch / "adapter.safetensors")
        save_file(optimizer_tensors(model, optimizer), scratch / "optimizer.safetensors")
        save_file(rng_tensors(), scratch / "rng.safetensors")
        (scratch / "state.json").write_text(json.dumps(asdict(state), allow_nan=False), "utf-8")
        hashes = {path.name: sha256_file(path) for path in sorted(scratch.iterdir())}
        (scratch / "sha256.json").write_text(json.dumps(hashes, indent=2), "utf-8")

    folder.mkdir(parents=True, exist_ok=True)
    write_folder(folder / name, fill)
    for old in sorted(folder.glob("step-*"))[:-KEPT]:
        rmtree(old, ignore_errors=True)
    return name


def verified_state(folder: Path, fingerprint: str) -> RunState:
    """The state of a checkpoint whose files all match their hashes; raises ValueError saying what does not."""
    try:
        hashes = json.loads((folder / "sha256.json").read_text("utf-8"))
        for name in ("adapter.safetensors", "optimizer.safetensors", "rng.safetensors", "state.json"):
            if sha256_file(folder / name) != hashes.get(name):
                raise ValueError(f"{name} does not match its hash")
        state = RunState(**json.loads((folder / "state.json").read_text("utf-8")))
    except OSError as error:
        raise ValueError(f"{Path(error.filename or folder).name} cannot be read") from None
    except (TypeError, AttributeError):
        raise ValueError("its state has another form") from None
    if state.fingerprint != fingerprint:
        raise ValueError("it belongs to other settings, rows or base model")
    return state


def candidates(folder: Path, fingerprint: str) -> Iterator[tuple[Path, RunState | None, str]]:
    """Checkpoints from the newest back: (folder, state, "") when usable, (folder, None, reason) when not."""
    for path in sorted(folder.glob("step-*"), reverse=True):
        try:
            yield path, verified_state(path, fingerprint), ""
        except ValueError as error:
            yield path, None, str(error)


@torch.no_grad()
def restore(path: Path, model: torch.nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """Puts adapter, optimizer and generators back as they were; `path` must have been verified."""
    adapter = load_file(path / "adapter.safetensors")
    stored = load_file(path / "optimizer.safetensors")
    parameters = trainable(model)
    for name, parameter in parameters.items():
        parameter.copy_(adapter[name])
        optimizer.state[parameter] = {}
    for key, value in stored.items():
        name, entry = key.rsplit("|", 1)
        # AdamW keeps its step counter on the CPU, its moments beside the parameter.
        place = "cpu" if entry == "step" else parameters[name].device
        optimizer.state[parameters[name]][entry] = value.to(place)
    states = load_file(path / "rng.safetensors")
    torch.set_rng_state(states["cpu"])
    if "cuda" in states and torch.cuda.is_available():
        torch.cuda.set_rng_state(states["cuda"])


def seed_everything(seed: int) -> None:
    """Seeds the generators that adapter initialisation and dropout draw from."""
    random.seed(seed)
    torch.manual_seed(seed)
