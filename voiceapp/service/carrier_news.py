"""What a carrier's webhooks tell: each is kept once, and the call that it is about learns from it."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Protocol, assert_never

import structlog

from voiceapp.attempt import Attempt
from voiceapp.call import Call
from voiceapp.carriers.base import ATTEMPT
from voiceapp.carriers.callr.webhooks import (
    CallDetails,
    CallStarted,
    OtherEvent,
    Part,
    RecordingDetails,
    SmsReceived,
    SmsStatus,
    WebhookEvent,
    read_event,
)
from voiceapp.errors import StoreUnavailable
from voiceapp.events import Event, RecordingStored, StatusReported
from voiceapp.metrics import Metrics
from voiceapp.service.calls import Calls
from voiceapp.store.carrier_events import CarrierEvent
from voiceapp.store.store import Store

CALLR = "callr"


class Ends(Protocol):
    """Who is told that an attempt's call is over; see `outbound.dialer.Dialer.end`."""

    async def end(self, attempt: Attempt, reason: str, *, goes_on: bool, told: bool) -> object:
        """`goes_on`: it reached nobody; `told`: the call itself has told that it is over."""


_log = structlog.get_logger()

_ENDS = {"ANSWER": "answered", "BUSY": "busy", "NOANSWER": "no_answer", "CANCEL": "no_answer"}


class CarrierNews:
    """Takes webhooks in whatever order and however often they come."""

    def __init__(
        self, store: Store, calls: Calls, metrics: Metrics, clock: Callable[[], datetime], attempts: Ends
    ) -> None:
        self._store = store
        self._calls = calls
        self._metrics = metrics
        self._clock = clock
        self._attempts = attempts
        self._catching_up: set[asyncio.Task[None]] = set()

    async def take(self, event: WebhookEvent, body: bytes) -> None:
        """Return when everything that follows from it is on disk. Raises StoreUnavailable."""
        call = await self._call(event.data)
        attempt = None if call is not None else await self._attempt(event.data)
        about = call.id if call is not None else attempt.id if attempt is not None else ""
        kept = CarrierEvent(CALLR, event.event_id, event.type, event.at, self._clock(), about, body)
        new = await self._store.ledger.keep_event(kept)
        if call is not None:
            await self._learn(event, call)
        elif attempt is not None and isinstance(event.data, CallDetails):
            await self._attempt_over(attempt, event.data)
        result = "repeated" if not new else "taken" if about else "unknown_call"
        self._metrics.carrier_event(CALLR, result)

    def opened(self, call: Call) -> None:
        """A call has begun that we placed: what was told of it before that is learned now, beside its turns."""
        if call.carrier == CALLR:
            task = asyncio.ensure_future(self._catch_up(call))
            self._catching_up.add(task)
            task.add_done_callback(self._catching_up.discard)

    async def _catch_up(self, call: Call) -> None:
        try:
            for kept in await self._store.ledger.events_of(call.id):
                await self._learn(read_event(kept.body), call)
        except StoreUnavailable as error:
            _log.warning("what CALLR told of a call is not in its log", call=call.id, reason=str(error))

    async def close(self) -> None:
        """Return when all have caught up."""
        await asyncio.gather(*self._catching_up, return_exceptions=True)

    async def _learn(self, event: WebhookEvent, call: Call) -> None:
        told = _told(event)
        if told is not None and _is_itself(event.data, call):
            key = (call.carrier, call.app, call.ref)
            await self._calls.learn(key, f"webhook:{event.event_id}", (told,))

    async def _attempt(self, part: Part | None) -> Attempt | None:
        """The attempt that led to a call whose posts have not come."""
        field = part.field if isinstance(part, CallStarted | CallDetails) else ""
        return await self._store.ledger.attempt(field) if ATTEMPT.fullmatch(field) else None

    async def _attempt_over(self, attempt: Attempt, details: CallDetails) -> None:
        """A call that we placed is over, and none of its posts has reached us."""
        native = attempt.order.click is not None and attempt.order.click.native
        if not attempt.state.settled and not native:  # whose legs end one after the other
            why = "answered" if details.answered_seconds else _ENDS.get(details.dial_status, "failed")
            await self._attempts.end(attempt, why, goes_on=why != "answered", told=False)

    async def _call(self, part: Part | None) -> Call | None:
        """The call that it is about; of a leg that a call has dialled, that call."""
        match part:
            case CallStarted() | CallDetails():
                refs = (part.parent, part.ref)
            case RecordingDetails(ref=ref):
                refs = (ref, "")
            case SmsReceived() | SmsStatus() | OtherEvent() | None:
                return None
            case _:
                assert_never(part)
        for ref in filter(None, refs):
            stored = await self._store.find_by_ref(CALLR, ref)
            if stored is not None:
                return stored.call
        return None


def _is_itself(part: Part | None, call: Call) -> bool:
    """Whether it is about the call, and not about a leg that the call has dialled."""
    return not isinstance(part, CallStarted | CallDetails) or part.ref == call.ref


def _told(event: WebhookEvent) -> Event | None:
    match event.data:
        case CallDetails() as details:
            return StatusReported(
                at=event.at,
                status=details.dial_status or event.type,
                seconds=details.answered_seconds if details.answered_seconds is not None else details.seconds,
                price=details.price,
                cause=details.cause,
                hung_up_by=details.hung_up_by,
            )
        case RecordingDetails(url=url, seconds=seconds, recording_id=recording, status="READY" | "") as kept:
            if not (url or recording):
                return None
            where = f"{url}.{kept.extensions[0]}" if url and kept.extensions else url or recording
            return RecordingStored(at=event.at, recording=where, seconds=seconds)
        case _:
            return None
