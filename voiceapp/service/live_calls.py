"""Calls in progress, kept in memory: a cache of the store, and one lock a call."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from voiceapp.call import Call
from voiceapp.flow.flow import Script

CallKey = tuple[str, str, str]
"""Carrier, its application, its id for the call: the same id at another carrier is another call."""

KEPT = 100_000


@dataclass(slots=True)
class LiveCall:
    """A call as of turn number `log`, with the last post's key and digest and what it was answered."""

    call: Call
    script: Script
    log: int
    key: str = ""
    digest: str = ""
    reply: bytes = b""


class LiveCalls:
    """The calls that were used last. Forgetting one costs a look-up in the store, nothing else."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._calls: OrderedDict[CallKey, LiveCall] = OrderedDict()
        self._locks: dict[CallKey, tuple[asyncio.Lock, int]] = {}

    def __len__(self) -> int:
        return len(self._calls)

    def get(self, key: CallKey) -> LiveCall | None:
        """The call, if it is remembered."""
        return self._calls.get(key)

    def keep(self, key: CallKey, live: LiveCall) -> None:
        """Remember a call; the one that was kept longest without use may go."""
        self._calls[key] = live
        self._calls.move_to_end(key)
        if len(self._calls) > self._kept:
            self._calls.popitem(last=False)

    def forget(self, key: CallKey) -> None:
        """Ask the store next time."""
        self._calls.pop(key, None)

    @asynccontextmanager
    async def alone(self, key: CallKey) -> AsyncIterator[None]:
        """One post of a call at a time; other calls are not held up."""
        lock, waiting = self._locks.get(key) or (asyncio.Lock(), 0)
        self._locks[key] = lock, waiting + 1
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._locks[key]
            if waiting == 1:
                del self._locks[key]
            else:
                self._locks[key] = lock, waiting - 1
