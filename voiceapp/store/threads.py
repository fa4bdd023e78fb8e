"""Daemon threads that talk to the database for one event loop, and a limit to how long anyone waits.

Not a ThreadPoolExecutor: the interpreter joins its threads when it exits, and one that waits for a stopped
database server would keep the process from ending.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

from voiceapp.errors import StoreUnavailable

T = TypeVar("T")

_Job = tuple["asyncio.Future[Any]", Callable[[], Any]]


class Threads:
    """`count` threads with one queue. `patience`: seconds that a job may take, its wait included."""

    def __init__(self, name: str, count: int, patience: float) -> None:
        self._patience = patience
        self._loop = asyncio.get_running_loop()
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._since: dict[int, float] = {}
        self._threads = [
            threading.Thread(target=self._serve, name=f"{name}-{number}", daemon=True) for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    async def run(self, work: Callable[[], T]) -> T:
        """What `work()` returns or raises in a thread; once begun it goes on whether or not anyone waits.
        Raises StoreUnavailable after `patience`, and at once while every thread is stuck for longer."""
        if self.stuck:
            raise StoreUnavailable("--db: the database does not answer")
        future: asyncio.Future[T] = self._loop.create_future()
        self._jobs.put((future, work))
        try:
            async with asyncio.timeout(self._patience):
                return await future
        except TimeoutError:
            raise StoreUnavailable(f"--db: the database did not answer in {self._patience:g} s") from None

    @property
    def stuck(self) -> bool:
        """Every thread has been busy with one job for longer than `patience`."""
        since = tuple(self._since.values())
        return len(since) == len(self._threads) and time.monotonic() - max(since) > self._patience

    async def close(self) -> bool:
        """End the threads once their jobs are done. False when one was still stuck after `patience`."""
        for _ in self._threads:
            self._jobs.put(None)
        await asyncio.to_thread(self._join)
        return not any(thread.is_alive() for thread in self._threads)

    def _join(self) -> None:
        deadline = time.monotonic() + self._patience
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _serve(self) -> None:
        me = threading.get_ident()
        while (job := self._jobs.get()) is not None:
            future, work = job
            if future.cancelled():
                continue
            self._since[me] = time.monotonic()
            try:
                settle: Callable[[Any], None] = future.set_result
                result: Any = work()
            except Exception as error:
                settle, result = future.set_exception, error
            del self._since[me]
            # A loop that was closed meanwhile has nobody left who waits.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(_settle, future, settle, result)


def _settle(future: "asyncio.Future[Any]", settle: Callable[[Any], None], result: object) -> None:
    if not future.done():
        settle(result)
