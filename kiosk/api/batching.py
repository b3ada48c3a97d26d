"""Requests under way at once share one call of work that is cheaper together."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Batcher(Generic[Item, Result]):
    """Runs `work` in a thread on whatever has gathered, at most `limit` items at once.

    The first item never waits for others: a batch grows only while `threads` are running. If
    a batch fails, its items are tried one by one, so that each gets its own error.
    """

    def __init__(
        self, work: Callable[[list[Item]], Sequence[Result]], limit: int, threads: int = 1
    ) -> None:
        self._work = work
        self._limit = limit
        self._threads = threads
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._running: list[asyncio.Task[None]] = []

    async def __call__(self, item: Item) -> Result:
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        self._running = [task for task in self._running if not task.done()]
        if len(self._running) < self._threads:
            self._running.append(asyncio.create_task(self._drain()))
        return await future

    async def _drain(self) -> None:
        while self._waiting:
            count = min(self._limit, len(self._waiting))
            batch = [self._waiting.popleft() for _ in range(count)]
            await self._run(batch)

    async def _run(self, batch: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results = await asyncio.to_thread(self._work, [item for item, _ in batch])
        except Exception as error:  # noqa: BLE001 - it is raised again where it is awaited
            if len(batch) == 1:
                _fail(batch[0][1], error)
                return
            for pair in batch:
                await self._run([pair])
            return
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)


def _fail(future: asyncio.Future[Result], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
