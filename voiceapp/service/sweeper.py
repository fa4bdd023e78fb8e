"""Calls that nobody goes on with: whose hang-up was never posted (lost after the longest time a call may take),
and those that a server left behind which was killed while it waited for a back end after the hang-up.
"""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from voiceapp.errors import StoreUnavailable, TurnConflict
from voiceapp.metrics import Metrics
from voiceapp.service.calls import Calls

EVERY = 30.0
"""Seconds between two sweeps."""

AT_ONCE = 200

LEFT_BEHIND = timedelta(seconds=60)
"""So long after our start, no other server on the same database waits any more for what it asked before it."""

_log = structlog.get_logger()


class Sweeper:
    """Ends overdue calls, goes on with those left behind, and keeps the gauge of live calls true."""

    def __init__(self, calls: Calls, metrics: Metrics, clock: Callable[[], datetime], longest: timedelta) -> None:
        self._calls = calls
        self._metrics = metrics
        self._clock = clock
        self._longest = longest
        self._began = clock()
        self._resumed = False

    async def run(self) -> None:
        """Sweeps until it is cancelled."""
        while True:
            try:
                await self.sweep()
            except StoreUnavailable as error:
                _log.warning("the sweep waits for the store", reason=str(error))
            except Exception:
                self._metrics.error()
                _log.exception("a sweep failed")
            await asyncio.sleep(EVERY)

    async def sweep(self) -> int:
        """Ends the calls that are overdue; how many."""
        overdue = await self._calls.store.overdue(self._clock() - self._longest, AT_ONCE)
        for stored in overdue:
            with contextlib.suppress(TurnConflict):  # something happened on it after all
                await self._calls.lose(stored)
        if not self._resumed and self._clock() - self._began >= LEFT_BEHIND:
            self._resumed = True
            if resumed := await self._calls.resume_closing(self._began):
                _log.info("went on with calls that a server had left behind", calls=resumed)
        self._metrics.live_calls.set(await self._calls.store.count_live())
        return len(overdue)
