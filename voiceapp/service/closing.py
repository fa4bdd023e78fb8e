"""What is left to do after the hang-up: `on_hang_up` may ask a back end, and no carrier waits for its answer."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from voiceapp.actions import Fetch
from voiceapp.call import Call
from voiceapp.events import FetchFailed
from voiceapp.service.fetches import Fetches, FetchResult
from voiceapp.service.live_calls import CallKey

GRACE = 1.0
"""Seconds that back ends have to answer when the server stops; then their requests have failed."""

GoOn = Callable[[CallKey, Fetch, FetchResult], Awaitable[Call | None]]
"""Takes what came of a request: a turn of its own. The call after it, None when it no longer waits for that."""


class Closing:
    """The calls whose caller has gone and whose flow still waits for a back end: one task a call."""

    def __init__(self, fetches: Fetches, go_on: GoOn, clock: Callable[[], datetime]) -> None:
        self._fetches = fetches
        self._go_on = go_on
        self._clock = clock
        self._tasks: dict[CallKey, asyncio.Task[None]] = {}
        self._stopping = False

    def begin(self, key: CallKey, call: Call) -> None:
        """Goes on with a call that waits for a request."""
        if key not in self._tasks:
            task = self._tasks[key] = asyncio.ensure_future(self._run(key, call))
            task.add_done_callback(lambda _: self._tasks.pop(key, None))

    async def _run(self, key: CallKey, call: Call) -> None:
        now: Call | None = call
        while now is not None and (fetch := now.fetch) is not None:
            result = await self._asked(now, fetch)
            now = await self._go_on(key, fetch, result or FetchFailed(at=self._clock(), reason="timed out"))

    async def _asked(self, call: Call, fetch: Fetch) -> FetchResult | None:
        if self._stopping:
            return None
        seconds = fetch.timeout * (fetch.retries + 1)
        self._fetches.start(call.id, call.key, fetch, seconds)
        return await self._fetches.result(call.id, 2 * seconds)

    async def close(self) -> None:
        """Ends all: as their back ends answer, or after GRACE as if they had failed."""
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=GRACE)
        self._stopping = True
        await self._fetches.close()
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=GRACE)
