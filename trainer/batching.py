"""Collects requests that arrive together and hands them to one worker thread, batch by batch."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Ask = TypeVar("Ask")
Reply = TypeVar("Reply")
# How long the first request of a batch waits for company: a client may store every answer before it asks again, and
# that takes some tens of milliseconds. A batch takes seconds.
GATHER_SECONDS = 0.1


@dataclass
class Waiting(Generic[Ask, Reply]):
    """A request in the queue, and where its answer goes."""

    name: str
    ask: Ask
    size: int
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Reply]


class Batcher(Generic[Ask, Reply]):
    """Queues requests by model name; `work(name, asks)` runs in one daemon thread, so a model is never shared."""

    def __init__(self, work: Callable[[str, list[Ask]], list[Reply]], max_batch_size: int) -> None:
        self._work = work
        self._max = max_batch_size
        self._queue: deque[Waiting[Ask, Reply]] = deque()
        self._changed = threading.Condition()
        threading.Thread(target=self._run, name="batcher", daemon=True).start()

    async def submit(self, name: str, ask: Ask, size: int) -> Reply:
        """Waits for the answer; `size` is the prompt's length, which batches are sorted by."""
        loop = asyncio.get_running_loop()
        waiting: Waiting[Ask, Reply] = Waiting(name, ask, size, loop, loop.create_future())
        with self._changed:
            self._queue.append(waiting)
            self._changed.notify()
        return await waiting.future

    def _take(self) -> list[Waiting[Ask, Reply]]:
        """The next batch: the model of the oldest request, the lengths nearest to that request's."""
        with self._changed:
            while not self._queue:
                self._changed.wait()
            until = time.monotonic() + GATHER_SECONDS
            while len(self._queue) < self._max and (left := until - time.monotonic()) > 0:
                self._changed.wait(left)
            oldest = self._queue[0]
            same = [item for item in self._queue if item.name == oldest.name and not item.future.cancelled()]
            same.sort(key=lambda item: abs(item.size - oldest.size))
            batch = sorted(same[: self._max], key=lambda item: item.size)
            taken = {id(item) for item in batch}
            self._queue = deque(item for item in self._queue if id(item) not in taken and not item.future.cancelled())
            return batch

    def _run(self) -> None:
        while True:
            batch = self._take()
            if not batch:
                continue
            try:
                replies = self._work(batch[0].name, [item.ask for item in batch])
            except Exception as error:
                for item in batch:
                    settle(item, None, error)
            else:
                for item, reply in zip(batch, replies, strict=True):
                    settle(item, reply, None)


def settle(item: Waiting[Ask, Reply], reply: Reply | None, error: Exception | None) -> None:
    """Hands a reply or an error to the event loop; a client that has gone is not waited for."""

    def put() -> None:
        if item.future.done():
            return
        if error is not None:
            item.future.set_exception(error)
        else:
            item.future.set_result(reply)  # type: ignore[arg-type]

    item.loop.call_soon_threadsafe(put)
