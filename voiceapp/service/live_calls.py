"""Calls in progress, kept in memory: a cache of the store, and one lock a call."""

import asyncio
from collections import OrderedDict, deque

import msgspec

from voiceapp.call import Call
from voiceapp.flow.flow import Script

CallKey = tuple[str, str, str]
"""Carrier, its application, its id for the call: the same id at another carrier is another call."""

KEPT = 100_000


class LiveCall(msgspec.Struct, gc=False, frozen=True):
    """A call as of turn number `log`, with the last post's key and digest and what it was answered."""

    call: Call
    script: Script
    log: int
    key: str = ""
    digest: str = ""
    reply: bytes = b""


class LiveCalls:
    """The calls that were remembered last. Forgetting one costs a look-up in the store, nothing else."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._calls: OrderedDict[CallKey, LiveCall] = OrderedDict()
        self._waiting: dict[CallKey, deque[asyncio.Future[None]]] = {}

    def __len__(self) -> int:
        return len(self._calls)

    def get(self, key: CallKey) -> LiveCall | None:
        """The call, if it is remembered."""
        return self._calls.get(key)

    def keep(self, key: CallKey, live: LiveCall) -> None:
        """Remember a call; the one that was remembered first may go."""
        self._calls[key] = live
        if len(self._calls) > self._kept:
            self._calls.popitem(last=False)

    def forget(self, key: CallKey) -> None:
        """Ask the store next time."""
        self._calls.pop(key, None)

    def alone(self, key: CallKey) -> "Alone":
        """One post of a call at a time: `async with` this; other calls are not held up."""
        return Alone(self._waiting, key)


class Alone:
    """A lock that exists only while somebody holds it; nearly always nobody else wants it, which `take` tells
    without waiting."""

    __slots__ = ("_key", "_waiting")

    def __init__(self, waiting: "dict[CallKey, deque[asyncio.Future[None]]]", key: CallKey) -> None:
        self._waiting = waiting
        self._key = key

    def take(self) -> bool:
        """Whether it was free and is ours now."""
        if self._key in self._waiting:
            return False
        self._waiting[self._key] = deque()
        return True

    async def wait(self) -> None:
        """Return when it is ours, after those who waited before."""
        turn = asyncio.get_running_loop().create_future()
        self._waiting[self._key].append(turn)
        try:
            await turn
        except BaseException:
            if turn.done() and not turn.cancelled():
                self.release()
            raise

    async def __aenter__(self) -> None:
        if not self.take():
            await self.wait()

    async def __aexit__(self, *exception: object) -> None:
        self.release()

    def release(self) -> None:
        """The next one's turn."""
        queue = self._waiting[self._key]
        while queue:
            turn = queue.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        del self._waiting[self._key]
