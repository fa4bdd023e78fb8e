"""What a crash or a lost answer left unclear: looked up in our own log and at the carrier, settled when one of
them tells, and never dialled again.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import structlog

from voiceapp.attempt import Attempt, AttemptState
from voiceapp.call import Call
from voiceapp.carriers.platform import Found, Platform
from voiceapp.errors import PlatformError, StoreUnavailable, UnknownCall
from voiceapp.events import Event, StatusReported
from voiceapp.metrics import Metrics
from voiceapp.outbound.dialer import Dialer, placement_of
from voiceapp.service.live_calls import CallKey
from voiceapp.store.store import Store

EVERY = 5.0
"""Seconds between two looks."""

SETTLE_AFTER = timedelta(seconds=45)
"""Before that another process may still be placing the call: longer than a request to a carrier may take, its
waiting in line included."""

SILENT_AFTER = timedelta(minutes=5)
"""So long after it was placed, a call whose posts never came is asked about as well."""

GIVEN_UP_AFTER = timedelta(hours=24)
"""After that the carrier is asked no more; the attempt stays unknown."""

NOT_PLACED_AFTER = timedelta(seconds=30)
"""So long after it would have rung to its end, a call that its carrier knows nothing of was never placed."""

_MARGIN = timedelta(minutes=2)
_BEGINS_WITHIN = timedelta(minutes=30)
"""So long after it was asked for, a call has begun if it ever does; a day of records may be too many to read."""
_AT_ONCE = 50
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 300.0
_KEPT = timedelta(hours=1)
_LIFE_OF_LIMITS = timedelta(hours=48)

Listed = Callable[[datetime, datetime, int], Awaitable[list[Attempt]]]
"""Attempts that were asked for before a time and since another, the first of them: so many at most."""

Learn = Callable[[CallKey, str, tuple[Event, ...]], Awaitable[object]]
"""Tells a call something beside its turns; see `service.calls.Calls.learn`."""

_log = structlog.get_logger()


class _Pages:
    """What is `listed` of the last day but for the time `before` now, page by page and then from the start again:
    what nobody can tell anything about keeps nothing else waiting."""

    def __init__(self, listed: Listed, before: timedelta) -> None:
        self._listed = listed
        self._before = before
        self._place: datetime | None = None

    async def next(self, now: datetime) -> list[Attempt]:
        """The page that comes after the last one."""
        since = now - GIVEN_UP_AFTER
        found = await self._listed(now - self._before, max(since, self._place or since), _AT_ONCE)
        self._place = found[-1].requested_at if len(found) == _AT_ONCE else None
        return found


class Reconciler:
    """One a process; two of them settle the same attempt once, since the ledger moves it from where it was."""

    def __init__(
        self,
        *,
        store: Store,
        platforms: Mapping[str, Platform],
        dialer: Dialer,
        learn: Learn,
        metrics: Metrics,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._platforms = platforms
        self._dialer = dialer
        self._learn = learn
        self._metrics = metrics
        self._clock = clock
        self._woken = asyncio.Event()
        dialer.when_woken(self._woken.set)
        self._asked: dict[str, tuple[datetime, float]] = {}
        self._pages = _Pages(store.ledger.unclear, SETTLE_AFTER), _Pages(store.ledger.silent, SILENT_AFTER)

    async def run(self) -> None:
        """Looks until it is cancelled."""
        while True:
            self._woken.clear()
            try:
                await self.look()
            except StoreUnavailable as error:
                _log.warning("unclear calls wait for the store", reason=str(error))
            except Exception:
                self._metrics.error()
                _log.exception("looking up unclear calls failed")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EVERY):
                    await self._woken.wait()

    async def look(self) -> None:
        """One look at everything that is unclear, and at what is over."""
        now, ledger = self._clock(), self._store.ledger
        for attempt in await ledger.finished(_AT_ONCE):
            await self._finish(attempt)
        unclear = [attempt for pages in self._pages for attempt in await pages.next(now)]
        self._asked = {each: asked for each, asked in self._asked.items() if now - asked[0] < _KEPT}
        for attempt in unclear:
            if attempt.id not in self._dialer.under_way:
                await self._clear(attempt, now)
        await ledger.forget(now - _LIFE_OF_LIMITS)

    async def _finish(self, attempt: Attempt) -> None:
        call = await self._call(attempt)
        if call is not None and call.phase.over:
            await self._learn_who_answered(attempt, call)
            call = await self._call(attempt) or call
            detection = attempt.order.terms.detection
            left = call.by_machine and detection is not None and detection.then == "hang_up"
            await self._dialer.end(attempt, call.end_reason, goes_on=call.answered_at is None or left, told=True)

    async def _learn_who_answered(self, attempt: Attempt, call: Call) -> None:
        """A carrier that hangs up on machines by itself tells of it only when asked."""
        detection, platform = attempt.order.terms.detection, self._platforms.get(call.carrier)
        if platform is None or detection is None or not detection.carrier or call.by_machine:
            return
        try:
            found = await platform.look_up(call.ref)
        except PlatformError as error:
            _log.warning("who answered a call could not be looked up", call=call.id, reason=str(error))
            return
        if found is not None and found.machine:
            told = StatusReported(at=self._clock(), status=found.cause, machine=True)
            await self._learn((call.carrier, call.app, call.ref), "looked_up", (told,))

    async def _clear(self, attempt: Attempt, now: datetime) -> None:
        if await self._call(attempt) is not None:
            await self._dialer.settle(attempt, AttemptState.PLACED)
            return
        if attempt.state is AttemptState.DIALING:
            reason = "the server stopped while it placed the call"
            attempt = await self._dialer.settle(attempt, AttemptState.UNKNOWN, reason)
        if attempt.state in (AttemptState.UNKNOWN, AttemptState.PLACED) and self._may_ask(attempt, now):
            await self._ask(attempt, now)

    def _may_ask(self, attempt: Attempt, now: datetime) -> bool:
        next_at, pause = self._asked.get(attempt.id, (now, _FIRST_PAUSE))
        if now < next_at:
            return False
        self._asked[attempt.id] = now + timedelta(seconds=pause), min(pause * 2, _LONGEST_PAUSE)
        return True

    async def _ask(self, attempt: Attempt, now: datetime) -> None:
        platform, asked_at = self._platforms.get(attempt.order.carrier), attempt.requested_at or now
        if platform is None:
            return
        try:
            until = min(now, asked_at + _BEGINS_WITHIN) + _MARGIN
            found = await platform.find(placement_of(attempt), asked_at - _MARGIN, until)
        except PlatformError as error:
            _log.warning("an unclear call could not be looked up", call=attempt.id, reason=str(error))
            return
        rung = timedelta(seconds=attempt.order.ring) + NOT_PLACED_AFTER
        if found is not None:
            await self._settle(attempt, found)
        elif now - asked_at > rung and attempt.state is AttemptState.UNKNOWN:
            reason = f"not_placed: {attempt.order.carrier} knows of no such call"
            await self._dialer.settle(attempt, AttemptState.FAILED, reason)

    async def _settle(self, attempt: Attempt, found: Found) -> None:
        if found.outcome == "under_way" and attempt.state is AttemptState.PLACED:
            return
        if found.outcome == "under_way":
            await self._dialer.settle(attempt, AttemptState.PLACED, "", found.ref or None)
        else:
            await self._dialer.end(attempt, found.outcome, goes_on=found.outcome != "answered", told=False)

    async def _call(self, attempt: Attempt) -> Call | None:
        try:
            return (await self._store.call(attempt.id)).call
        except UnknownCall:
            return None
