"""Claims the port first, serves when the model is there, says so in a file, and stops within seconds of a signal."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from trainer.durable import write_json
from trainer.failure import TrainerFailure

# Answers in flight may finish for this long after a signal.
STOP_SECONDS = 2


def claim_port(host: str, port: int) -> socket.socket:
    """A listening socket, taken before a model is loaded: a port in use is known at once, not after a minute."""
    claimed = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    claimed.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        claimed.bind((host, port))
        claimed.listen(256)
    except OSError as error:
        claimed.close()
        reason = error.strerror or str(error)
        raise TrainerFailure("unexpected", f"cannot listen on {host}:{port}: {reason}") from None
    return claimed


def serve_app(app: Starlette, listening: socket.socket, ready_file: Path) -> None:
    """Serves until SIGTERM or SIGINT; writes `{port, pid}` into `ready_file` once requests are answered."""

    @asynccontextmanager
    async def announced(_: Starlette) -> AsyncIterator[None]:
        ready_file.parent.mkdir(parents=True, exist_ok=True)
        write_json(ready_file, {"port": listening.getsockname()[1], "pid": os.getpid()})
        try:
            yield
        finally:
            ready_file.unlink(missing_ok=True)

    app.router.lifespan_context = announced
    settings = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=STOP_SECONDS)
    uvicorn.Server(settings).run(sockets=[listening])


def exit_code_of(start: Callable[[], None]) -> int:
    """Runs a server; a failure somebody can act on becomes one line on stderr and its exit code."""
    try:
        start()
    except TrainerFailure as failure:
        print(f"{failure.kind}: {failure.message}", file=sys.stderr)
        return failure.code
    return 0
