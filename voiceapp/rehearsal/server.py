"""The server's side of one rehearsed call: posts in, replies out, as the service does it, but in memory.

Nothing is on disk, no back end is asked and no time passes by itself; decoding, engine and encoding are those that
run in production. A post that was answered gets the same bytes again.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from voiceapp.actions import Fetch
from voiceapp.attempt import Attempt
from voiceapp.call import Call, Phase, same_token
from voiceapp.carriers.base import Carrier, Post, Received
from voiceapp.events import DialRefused, Event, FetchCompleted, FetchDelayed, FetchFailed
from voiceapp.flow.flow import Script
from voiceapp.rehearsal.back_end import Answered, BackEnd
from voiceapp.rehearsal.clock import Clock
from voiceapp.service.dialling import wanted_numbers
from voiceapp.service.opening import RANDOM_BYTES, call_opened, first_events
from voiceapp.service.post_turn import RESERVE
from voiceapp.turn import Happened, answer, counting, happen, moved, moves, opened

_LONGEST_WHEN_CLOSING = 60.0
"""Seconds that a fetch behind the hang-up may take."""


class RehearsalServer:
    """Answers the posts of one call. `turns` is what happened, post by post. `attempt`: what placed the call, when
    it was us. `refused`: numbers that may not be dialled."""

    def __init__(
        self,
        script: Script,
        carrier: Carrier,
        clock: Clock,
        back_end: BackEnd,
        attempt: Attempt | None = None,
        refused: frozenset[str] = frozenset(),
    ) -> None:
        self.script = script
        self.carrier = carrier
        self.call: Call | None = None
        self.turns: list[Happened] = []
        self._clock = clock
        self.back_end = back_end
        self._attempt = attempt
        self._refused = refused
        self._answered: dict[str, bytes] = {}
        self._fetching: tuple[Fetch, datetime, Answered] | None = None

    def reply(self, post: Post) -> bytes:
        """The reply to a post; raises PostRefused when it is none of this carrier's."""
        received = self.carrier.decode(post)
        if not received.events:
            return self.carrier.nothing()
        if received.parting:
            return self.carrier.goodbye()
        if received.key in self._answered:
            return self._answered[received.key]
        happened = self._opened(post, received) if self.call is None else self._moved(self.call, received)
        if happened is None:
            return self.carrier.nothing()
        happened = self._asked(happened, self.carrier.answers_within[post.hook])
        answered = answer(self.script, self.carrier, happened)
        happened = self._closed(replace(happened, call=answered.call))
        self.call = happened.call
        self.turns.append(happened)
        self._answered[received.key] = answered.reply
        return answered.reply

    def _opened(self, post: Post, received: Received) -> Happened | None:
        ours = self._attempt is not None and received.attempt == self._attempt.id
        if not (received.opens or (ours and received.unreached is not None)):
            return None
        attempt = self._attempt if ours else None
        random = "0" * (2 * RANDOM_BYTES)
        event = call_opened(self.carrier.name, post, received, self.script, attempt, random)
        events = first_events(received, attempt)
        return happen(self.script, self.carrier, opened(event, self.script), events)

    def _moved(self, call: Call, received: Received) -> Happened | None:
        current = bool(received.turn) and same_token(call.token, received.turn)
        events = counting(self.carrier, call, received, current=current)
        if not events or not moves(call, received, events, current=current):
            return None
        return moved(self.script, self.carrier, call, received, events)

    def _asked(self, happened: Happened, budget: float) -> Happened:
        """The turn after everything that has to be asked was: back ends, and whether a number may be dialled."""
        while True:
            happened = self._fetched(happened, budget)
            wanted = wanted_numbers(self.script, self.carrier, happened) if self._refused else ()
            numbers = tuple(dict.fromkeys(number for number, _, _ in wanted if number in self._refused))
            if not numbers:
                return happened
            refused = DialRefused(at=self._clock.now, numbers=numbers, reasons=("refused",) * len(numbers))
            happened = happen(self.script, self.carrier, happened, (refused,))

    def _fetched(self, happened: Happened, budget: float) -> Happened:
        """The turn after the requests that it waits for, as far as `budget` seconds and the caller's patience
        go."""
        began, plan = self._clock.now, self.carrier.takes_plan
        while (fetch := happened.call.fetch) is not None and happened.call.phase is not Phase.CLOSING:
            left = budget - (self._clock.now - began).total_seconds() - RESERVE
            self.call = happened.call
            self._start(fetch, left if plan else fetch.timeout)
            if happened.call.outbox and not plan:
                return happened
            event = self._result(left + RESERVE / 2 if plan else min(left, fetch.patience))
            happened = happen(self.script, self.carrier, happened, (event,))
        return happened

    def _closed(self, happened: Happened) -> Happened:
        """The turn after what the flow still asks when the caller has gone: nobody waits for it."""
        while (fetch := happened.call.fetch) is not None and happened.call.phase is Phase.CLOSING:
            self.call = happened.call
            self._start(fetch, _LONGEST_WHEN_CLOSING)
            happened = happen(self.script, self.carrier, happened, (self._result(_LONGEST_WHEN_CLOSING),))
        return happened

    def _start(self, fetch: Fetch, within: float) -> None:
        if self._fetching is None or self._fetching[0] != fetch:
            answered = self.back_end.fetch(fetch, within)
            self._fetching = fetch, self._clock.now + timedelta(seconds=answered.seconds), answered

    def _result(self, patience: float) -> Event:
        """What came of the request within so many seconds."""
        if self._fetching is None:
            raise RuntimeError("nothing was asked")
        _, ready_at, answered = self._fetching
        wait = (ready_at - self._clock.now).total_seconds()
        self._clock.pass_(max(0.0, min(wait, patience)))
        at = self._clock.now
        if wait > patience:
            if self.carrier.takes_plan:
                self._fetching = None
                return FetchFailed(at=at, reason="timed out")
            return FetchDelayed(at=at)
        self._fetching = None
        if answered.failed:
            return FetchFailed(at=at, reason=answered.failed)
        return FetchCompleted(at=at, value=answered.value)
