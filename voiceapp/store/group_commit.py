"""Group commit: whatever arrives while one transaction runs forms the next, so a flush serves many turns."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from voiceapp.errors import StoreUnavailable

_BATCH = 256
_WORTH_SENDING = 8
"""So many turns go on their way while a batch is still being written, and are there when it is done: neither
side waits for the other. Fewer wait for more, since a transaction costs as much as several turns."""

_QUEUE = 10_000

Write = Callable[[Sequence[msgspec.Raw]], Awaitable[Sequence[Exception | None]]]
"""Writes encoded turns in one transaction, and says of each why it was left out, or None."""

_Waiting = tuple[msgspec.Raw, "asyncio.Future[None]"]


class GroupCommit:
    """Feeds turns to `write`, in batches of up to 256, of which it gets no more than two at once."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[_Waiting] = deque()
        self._writing: set[asyncio.Task[None]] = set()
        self._sending = False

    def submit(self, rows: msgspec.Raw) -> "asyncio.Future[None]":
        """A future that is done when the turn is on disk, or fails with StoreUnavailable when it may not be;
        cancelling it does not take the turn back. Raises StoreUnavailable when 10,000 turns wait already."""
        if len(self._waiting) >= _QUEUE:
            raise StoreUnavailable("--db: the database does not keep up; nothing was stored")
        future: asyncio.Future[None] = self._loop.create_future()
        self._waiting.append((rows, future))
        if not self._sending:
            self._sending = True
            self._loop.call_soon(self._send)  # after everything that is ready now, which thus joins
        return future

    async def close(self) -> None:
        """Return when every turn that was submitted has its answer."""
        while self._waiting or self._writing:
            await asyncio.wait(self._writing) if self._writing else await asyncio.sleep(0)

    def _send(self) -> None:
        self._sending = False
        while self._due():
            batch = [self._waiting.popleft() for _ in range(min(_BATCH, len(self._waiting)))]
            task = self._loop.create_task(self._put(batch), name="group-commit")
            self._writing.add(task)
            task.add_done_callback(self._written)

    def _written(self, task: "asyncio.Task[None]") -> None:
        self._writing.discard(task)
        self._send()

    def _due(self) -> bool:
        if not self._writing:
            return bool(self._waiting)
        return len(self._writing) < 2 and len(self._waiting) >= _WORTH_SENDING

    async def _put(self, batch: list[_Waiting]) -> None:
        outcomes: Sequence[Exception | None]
        try:
            outcomes = await self._write([rows for rows, _ in batch])
        except Exception as error:
            # Those behind have waited as long as a commit may take, and would now wait as long again.
            batch += self._waiting
            self._waiting.clear()
            outcomes = [error] * len(batch)
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            _settle(future, outcome)


def _settle(future: "asyncio.Future[None]", outcome: Exception | None) -> None:
    if future.done():
        return
    if outcome is None:
        future.set_result(None)
    else:
        future.set_exception(outcome)
