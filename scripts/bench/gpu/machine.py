"""The machine as it says of itself: driver's answers, versions, and what its memory and products reach."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import time
from typing import Any

# The first two are those of infra/gpus.ts; the rest is for the record.
QUERIES = [
    ["--query-gpu=index,uuid,name,memory.total", "--format=csv,noheader,nounits"],
    ["-L"],
    ["--query-gpu=driver_version,compute_cap,memory.used,mig.mode.current,clocks.sm,power.limit", "--format=csv"],
]
PACKAGES = (
    "torch", "transformers", "peft", "accelerate", "trl", "datasets", "bitsandbytes", "unsloth", "unsloth-zoo",
    "triton", "tokenizers", "safetensors", "numpy", "xformers", "flash-attn",
)  # fmt: skip


def asked(arguments: list[str]) -> dict[str, Any]:
    """One answer of nvidia-smi."""
    try:
        done = subprocess.run(["nvidia-smi", *arguments], capture_output=True, text=True, timeout=30)  # noqa: S603, S607
    except (OSError, subprocess.TimeoutExpired) as error:
        return {"arguments": arguments, "error": str(error)}
    return {"arguments": arguments, "exit_code": done.returncode, "stdout": done.stdout, "stderr": done.stderr}


def versions() -> dict[str, str | None]:
    """Installed versions by package; null where there is none."""
    found: dict[str, str | None] = {}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = None
    return found


def rate(work: Any, amount: float, repeats: int = 10) -> float:
    """`amount` a second, over repeats after a warm-up."""
    import torch

    for _ in range(3):
        work()
    torch.cuda.synchronize()
    began = time.perf_counter()
    for _ in range(repeats):
        work()
    torch.cuda.synchronize()
    return amount * repeats / (time.perf_counter() - began)


def ceilings() -> dict[str, float]:
    """bf16 products in operations a second, and copies in bytes read and written a second."""
    import torch

    size = 8192
    left, right = (torch.randn(size, size, device="cuda", dtype=torch.bfloat16) for _ in range(2))
    source = torch.randn(2**30, device="cuda")
    target = torch.empty_like(source)
    return {
        "bf16_flops_per_second": rate(lambda: left @ right, 2 * size**3),
        "copy_bytes_per_second": rate(lambda: target.copy_(source), 2 * source.nbytes),
    }


def describe() -> dict[str, Any]:
    """Everything above."""
    import torch

    gpu = torch.cuda.is_available()
    return {
        "nvidia_smi": [asked(arguments) for arguments in QUERIES],
        "gpu": torch.cuda.get_device_name() if gpu else None,
        "cuda": torch.version.cuda,
        "cores": os.cpu_count(),
        "versions": versions(),
        "ceilings": ceilings() if gpu else None,
    }
