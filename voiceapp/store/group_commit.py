"""Group commit: whatever arrives while one transaction runs forms the next, so a flush serves many turns."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from voiceapp.errors import StoreUnavailable

_BATCH = 256
_QUEUE = 10_000
_GATHER = 0.005
"""Seconds at most in which more turns may join a batch. Handing a batch to the writing process and back wakes
up two sleeping processors, which costs as much as several turns; shared by many it costs nothing."""

Write = Callable[[Sequence[msgspec.Raw]], Awaitable[Sequence[Exception | None]]]
"""Writes encoded turns in one transaction, and says of each why it was left out, or None."""

_Waiting = tuple[msgspec.Raw, "asyncio.Future[None]"]


class GroupCommit:
    """Feeds turns to `write`, in batches of up to 256, one after the other."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[_Waiting] = deque()
        self._draining: asyncio.Task[None] | None = None

    def submit(self, rows: msgspec.Raw) -> "asyncio.Future[None]":
        """A future that is done when the turn is on disk, or fails with StoreUnavailable when it may not be;
        cancelling it does not take the turn back. Raises StoreUnavailable when 10,000 turns wait already."""
        if len(self._waiting) >= _QUEUE:
            raise StoreUnavailable("--db: the database does not keep up; nothing was stored")
        future: asyncio.Future[None] = self._loop.create_future()
        self._waiting.append((rows, future))
        if self._draining is None:
            # The task starts after everything that is ready now, which thus joins its first batch.
            self._draining = asyncio.create_task(self._drain(), name="group-commit")
        return future

    async def close(self) -> None:
        """Return when every turn that was submitted has its answer."""
        if self._draining is not None:
            await self._draining

    async def _gather(self) -> None:
        """Lets those join who are on their way: the loop turns until a turn of it brings nobody new."""
        until = self._loop.time() + _GATHER
        known = 0
        while known < len(self._waiting) < _BATCH and self._loop.time() < until:
            known = len(self._waiting)
            await asyncio.sleep(0)

    async def _drain(self) -> None:
        while self._waiting:
            await self._gather()
            gathered = min(_BATCH, len(self._waiting))
            batch = [self._waiting.popleft() for _ in range(gathered)]
            try:
                outcomes = await self._write([rows for rows, _ in batch])
            except Exception as error:
                # Those behind have waited as long as a commit may take, and would now wait as long again.
                batch += self._waiting
                self._waiting.clear()
                outcomes = [error] * len(batch)
            for (_, future), outcome in zip(batch, outcomes, strict=True):
                _settle(future, outcome)
        self._draining = None


def _settle(future: "asyncio.Future[None]", outcome: Exception | None) -> None:
    if future.done():
        return
    if outcome is None:
        future.set_result(None)
    else:
        future.set_exception(outcome)
