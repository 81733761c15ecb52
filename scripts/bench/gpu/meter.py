"""Peak memory of the GPU while something runs: torch's own count, and the driver's for the whole device."""

from __future__ import annotations

import gc
import os
import threading
from typing import Any

import torch

INTERVAL_SECONDS = 0.02


class Meter:
    """`with Meter() as meter:` measures from a clean start; `meter.figures` holds bytes, null without a GPU."""

    def __init__(self) -> None:
        self.figures: dict[str, int | None] = {}
        self._own, self._most = 0, 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._device = driver_handle()

    def __enter__(self) -> Meter:
        """Forgets what was before."""
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats()
        self.figures["device_used_before"] = self.used()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Takes the figures."""
        self._over.set()
        self._thread.join()
        self.figures["device_used_peak"] = self._most or None
        self.figures["process_used_peak"] = self._own or None
        if torch.cuda.is_available():
            self.figures["allocated_peak"] = torch.cuda.max_memory_allocated()
            self.figures["reserved_peak"] = torch.cuda.max_memory_reserved()

    def used(self) -> int | None:
        """Bytes in use on the device by every process and the driver, as nvidia-smi shows them."""
        if self._device is None:
            return None
        import pynvml

        return int(pynvml.nvmlDeviceGetMemoryInfo(self._device).used)

    def own(self) -> int:
        """Bytes of this process alone, its CUDA context among them; 0 where the driver does not tell."""
        if self._device is None:
            return 0
        import pynvml

        try:
            running = pynvml.nvmlDeviceGetComputeRunningProcesses(self._device)
        except pynvml.NVMLError:
            return 0
        return next((int(process.usedGpuMemory or 0) for process in running if process.pid == os.getpid()), 0)

    def _watch(self) -> None:
        while not self._over.wait(INTERVAL_SECONDS):
            self._most = max(self._most, self.used() or 0)
            self._own = max(self._own, self.own())


def driver_handle() -> Any:
    """The first GPU by the driver's library, or None."""
    try:
        import pynvml

        pynvml.nvmlInit()
        return pynvml.nvmlDeviceGetHandleByIndex(0)
    except Exception:
        return None
