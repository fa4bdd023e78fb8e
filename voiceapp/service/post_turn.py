"""One post on its way: is it the present turn of its call, an old one, or nobody's; and what comes of it.

A turn is answered once: what was posted before gets the same bytes again, what was never issued gets a safe
command, and neither moves the call. A reply leaves after its turn is on disk.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime

import structlog
from msgspec.structs import replace

from voiceapp.attempt import Attempt
from voiceapp.call import Phase, same_token
from voiceapp.carriers.base import Carrier, Post, Received
from voiceapp.errors import PostRefused, StoreUnavailable, TurnConflict
from voiceapp.events import (
    CallHungUp,
    Event,
    FetchDelayed,
    FetchFailed,
    RecordingStored,
    StatusReported,
)
from voiceapp.flow.flow import Script
from voiceapp.metrics import Metrics
from voiceapp.service.calls import ATTEMPTS, Calls, logged
from voiceapp.service.dialling import guarded
from voiceapp.service.fallback import last_words
from voiceapp.service.live_calls import CallKey, LiveCall
from voiceapp.service.opening import RANDOM_BYTES, call_opened, first_events
from voiceapp.turn import FACTS, Happened, answer, counting, happen, moved, moves, opened

RESERVE = 0.5
"""Seconds of a deadline that are kept for the commit, when a fetch would take all of it."""

_LATE = (CallHungUp, StatusReported, RecordingStored)
"""What opens no call, since it tells of the end of one."""

_log = structlog.get_logger()


class _Stale(Exception):
    """What is remembered of the call may be older than what the store has."""


class PostTurn:
    """One post on its way through the service."""

    _fresh = False
    """The call was read from the store for this post, so that no other process knows more of it."""

    def __init__(
        self,
        calls: Calls,
        metrics: Metrics,
        clock: Callable[[], datetime],
        carrier: Carrier,
        flow: str,
        post: Post,
        received: Received,
        key: CallKey,
        until: float,
    ) -> None:
        self.calls = calls
        self.metrics = metrics
        self.clock = clock
        self.carrier = carrier
        self.flow = flow
        self.post = post
        self.received = received
        self.key = key
        self.until = until
        self.digest = hashlib.blake2b(post.body, digest_size=16).hexdigest()

    async def reply(self) -> bytes:
        """The reply; asks again when another process was first with this turn or call."""
        if not self.received.events:
            return self.carrier.nothing()
        if self.received.parting:
            return self.carrier.goodbye()
        for _ in range(ATTEMPTS):
            try:
                live = self.calls.live.get(self.key) or await self._stored()
                if live is None:
                    unreached = bool(self.received.attempt) and self.received.unreached is not None
                    return await self._open() if self._opens or unreached else self._anomaly("unknown_call")
                if self.received.key == live.key:
                    return self._again(live.digest, live.reply)
                return await self._go_on(live)
            except TurnConflict:
                self.metrics.anomaly(self.carrier.name, "conflict")
            except _Stale:
                pass
            self.calls.live.forget(self.key)
            self._fresh = True
        raise StoreUnavailable("the turn was written by others again and again")

    @property
    def _opens(self) -> bool:
        return self.received.opens and not all(isinstance(event, _LATE) for event in self.received.events)

    async def _stored(self) -> LiveCall | None:
        """The call as the store has it; a post that may open one looks there only when it cannot."""
        if self._opens and not self._fresh:
            return None
        self._fresh = True
        return await self.calls.load(self.key)

    async def _open(self) -> bytes:
        attempt = await self._attempt()
        if attempt is not None:
            self.flow = attempt.order.flow
        elif not self._opens:
            return self._anomaly("unknown_call")
        script = self.calls.flows.scripts.get(self.flow)
        if script is None:
            raise PostRefused(404, "there is no such flow")
        misfits = self.calls.flows.misfits(self.carrier.name, self.flow)
        if misfits:
            _log.error("a call for a flow that this carrier cannot do", flow=self.flow, carrier=self.carrier.name)
            self.metrics.fallback(self.carrier.name, "misfit")
            return self.carrier.farewell(last_words(script.flow, "", self.carrier.name), self.flow)
        event = call_opened(
            self.carrier.name, self.post, self.received, script, attempt, secrets.token_hex(RANDOM_BYTES)
        )
        happened = happen(script, self.carrier, opened(event, script), first_events(self.received, attempt))
        body = await self._finish(script, happened, 0, failed_before=False)
        self.metrics.call_started(self.carrier.name, self.flow)
        return body

    async def _attempt(self) -> Attempt | None:
        """What we placed this call with, when it was us who placed it."""
        if not self.received.attempt:
            return None
        attempt = await self.calls.store.ledger.attempt(self.received.attempt)
        ours = attempt is not None and attempt.order.carrier == self.carrier.name
        return attempt if ours else None

    async def _go_on(self, live: LiveCall) -> bytes:
        received, call = self.received, live.call
        current = bool(received.turn) and same_token(call.token, received.turn)
        if not current or call.phase.over or self._fresh or self.carrier.takes_plan:
            answered = await self.calls.store.answered(call.id, received.key)
            if answered is not None:
                return self._again(answered.digest, answered.reply)
        events = counting(self.carrier, call, received, current=current)
        if not current and not events:
            return self._not_ours()
        if not moves(call, received, events, current=current):
            return self.carrier.nothing()
        happened = moved(live.script, self.carrier, call, received, events)
        return await self._finish(live.script, happened, live.log, failed_before=call.failed)

    def _not_ours(self) -> bytes:
        """A turn that we did not answer last: another process on our database may have, else nobody has."""
        if not self._fresh:
            raise _Stale
        return self._anomaly("forged_turn")

    async def _finish(self, script: Script, happened: Happened, log: int, *, failed_before: bool) -> bytes:
        if happened.call.fetch is not None or script.dials:
            happened = await self._asked(script, happened)
        if happened.ignored:
            self.metrics.anomaly(self.carrier.name, "illegal_event")
        if happened.call.failed and not failed_before:
            self.metrics.anomaly(self.carrier.name, "step_failed")
            _log.warning("a step failed", flow=self.flow, call=happened.call.id, reason=happened.call.end_reason)
        answered = answer(script, self.carrier, happened)
        happened = replace(happened, call=answered.call)
        turn = logged(happened, log + 1, self.received.key, self.digest, self.post.at, answered.reply)
        await self.calls.store.commit(turn)
        live = LiveCall(answered.call, script, log + 1, turn.key, turn.digest, turn.reply)
        self.calls.took(self.key, live, happened)
        return answered.reply

    async def _asked(self, script: Script, happened: Happened) -> Happened:
        """The turn after everything that has to be asked was: back ends, and whether a number may be dialled."""
        while True:
            if happened.call.fetch is not None:
                happened = await self._fetched(script, happened)
            judged = await guarded(self.calls.gate, script, self.carrier, happened, self.clock)
            if judged is happened or judged.call.fetch is None:
                return judged
            happened = judged

    async def _fetched(self, script: Script, happened: Happened) -> Happened:
        """Asks the back ends that the flow waits for, as far as the deadline and the caller's patience go."""
        fetches = self.calls.fetches
        while (fetch := happened.call.fetch) is not None:
            call = happened.call
            if call.phase is Phase.CLOSING:
                return happened
            left = self.until - asyncio.get_running_loop().time() - RESERVE
            within = left if self.carrier.takes_plan else fetch.timeout
            fetches.start(call.id, call.key, fetch, within)
            if call.outbox and not self.carrier.takes_plan:
                return happened
            patience = left + RESERVE / 2 if self.carrier.takes_plan else min(left, fetch.patience)
            result = await fetches.result(call.id, patience)
            event: Event = result or self._not_yet()
            self.metrics.fetch(type(event).__name__)
            happened = happen(script, self.carrier, happened, (event,))
        return happened

    def _not_yet(self) -> Event:
        at = self.clock()
        return FetchFailed(at=at, reason="timed out") if self.carrier.takes_plan else FetchDelayed(at=at)

    def _again(self, digest: str, reply: bytes) -> bytes:
        self.metrics.anomaly(self.carrier.name, "duplicate" if digest == self.digest else "changed_duplicate")
        return reply

    def _anomaly(self, kind: str) -> bytes:
        if kind == "unknown_call" and all(isinstance(event, StatusReported) for event in self.received.events):
            return self.carrier.nothing()  # it rings; the call begins for us with its first plan
        self.metrics.anomaly(self.carrier.name, kind)
        if all(isinstance(event, FACTS) for event in self.received.events):
            return self.carrier.nothing()
        return self.carrier.goodbye()
