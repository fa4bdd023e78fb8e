"""Calls whose hang-up was never posted: after the longest time a call may take they are lost."""

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

_log = structlog.get_logger()


class Sweeper:
    """Ends overdue calls and keeps the gauge of live calls true."""

    def __init__(self, calls: Calls, metrics: Metrics, clock: Callable[[], datetime], longest: timedelta) -> None:
        self._calls = calls
        self._metrics = metrics
        self._clock = clock
        self._longest = longest

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
        self._metrics.live_calls.set(await self._calls.store.count_live())
        return len(overdue)
