"""Requests to back ends that outlast one reply: started once, asked for turn after turn."""

import asyncio
from collections.abc import Awaitable, Callable

from voiceapp.actions import Fetch
from voiceapp.events import FetchCompleted, FetchFailed

FetchResult = FetchCompleted | FetchFailed
Send = Callable[[Fetch, float, str], Awaitable[FetchResult]]
"""Sends a request (the action, seconds it may take, the call's key) and never raises."""


class Fetches:
    """The requests under way, at most one a call."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._running: dict[str, tuple[Fetch, asyncio.Task[FetchResult]]] = {}

    def start(self, call_id: str, key: str, fetch: Fetch, within: float) -> None:
        """Begin, unless this very request has begun already; an older one is dropped."""
        running = self._running.get(call_id)
        if running is not None and running[0] == fetch:
            return
        self.drop(call_id)
        self._running[call_id] = fetch, asyncio.ensure_future(self._send(fetch, within, key))

    async def result(self, call_id: str, patience: float) -> FetchResult | None:
        """What came of it, or None when it takes longer than `patience` seconds or was dropped."""
        running = self._running.get(call_id)
        if running is None:
            return None
        task = running[1]
        done, _ = await asyncio.wait({task}, timeout=max(0.0, patience))
        if not done or task.cancelled():
            return None
        if self._running.get(call_id) is running:
            del self._running[call_id]
        return task.result()

    def drop(self, call_id: str) -> None:
        """The caller has gone: nobody waits for it any more."""
        running = self._running.pop(call_id, None)
        if running is not None:
            running[1].cancel()

    async def close(self) -> None:
        """Drop all."""
        tasks = [task for _, task in self._running.values()]
        self._running.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
