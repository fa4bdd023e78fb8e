"""The calls that this process works on: in memory, in the store, and what is to be done when a turn is on disk."""

from collections.abc import Callable, Mapping
from datetime import datetime

import structlog

from voiceapp.actions import CallBack, Fetch, Notify
from voiceapp.call import Call, Phase
from voiceapp.carriers.base import Carrier
from voiceapp.errors import StoreUnavailable, TurnConflict
from voiceapp.events import CallHungUp, CallLost, Event
from voiceapp.reports import reports_of
from voiceapp.service.closing import Closing
from voiceapp.service.fetches import Fetches, FetchResult
from voiceapp.service.live_calls import CallKey, LiveCall, LiveCalls
from voiceapp.service.served_flows import ServedFlows
from voiceapp.store.store import Store
from voiceapp.store.turns import Stored, Turn
from voiceapp.tolls.gate import TollGate
from voiceapp.turn import Happened, happen, on

ATTEMPTS = 3
"""How often a turn is tried again when another process was first with it."""

_PAGE = 500

_log = structlog.get_logger()


class Calls:
    """Loads calls, keeps them, and ends those that no carrier ends. Several processes may share a database."""

    def __init__(
        self,
        *,
        store: Store,
        flows: ServedFlows,
        carriers: Mapping[str, Carrier],
        fetches: Fetches,
        gate: TollGate,
        clock: Callable[[], datetime],
        wake_notifier: Callable[[], None] = lambda: None,
        wake_dialer: Callable[[], None] = lambda: None,
    ) -> None:
        self.gate = gate
        self.store = store
        self.flows = flows
        self.fetches = fetches
        self.live = LiveCalls()
        self._carriers = carriers
        self._clock = clock
        self._wake_notifier = wake_notifier
        self._wake_dialer = wake_dialer
        self._opened: list[Callable[[Call], None]] = []
        self._closing = Closing(fetches, self._go_on_closing, clock)

    def keep(self, key: CallKey, live: LiveCall) -> None:
        """Remembers a call after its turn is on disk, as long as anything can still happen on it."""
        if live.call.phase.over:
            self.live.forget(key)
            self.fetches.drop(live.call.id)
        else:
            self.live.keep(key, live)

    async def load(self, key: CallKey) -> LiveCall | None:
        """The call as the store has it, whoever wrote it last; None when there is none."""
        stored = await self.store.find_call(*key)
        if stored is None:
            return None
        script = await self.flows.version(stored.call.version, stored.call.flow)
        if script is None:
            return None
        live = LiveCall(stored.call, script, stored.log)
        self.keep(key, live)
        return live

    def when_opened(self, tell: Callable[[Call], None]) -> None:
        """Who wants to know of each call that we placed and that has begun."""
        self._opened.append(tell)

    def took(self, key: CallKey, live: LiveCall, happened: Happened) -> None:
        """A turn is on disk: remembers the call, and has done what this turn owes."""
        self.keep(key, live)
        for action in happened.actions:
            if isinstance(action, Notify):
                self._wake_notifier()
            elif isinstance(action, CallBack):
                self._wake_dialer()
        if live.call.direction == "outbound":
            self._took_outbound(live)
        if live.call.fetch is not None and _hung_up(happened):
            self._closing.begin(key, live.call)

    def _took_outbound(self, live: LiveCall) -> None:
        """What a turn of a call that we placed is to others: its application, and what follows it."""
        call = live.call
        if call.terms.callback is not None:
            self._wake_notifier()
        if live.log == 1:
            for opened in self._opened:
                opened(call)
        if call.phase.over and call.terms.click:
            self._wake_dialer()

    async def _go_on_closing(self, key: CallKey, fetch: Fetch, result: FetchResult) -> Call | None:
        async with self.live.alone(key):
            for _ in range(ATTEMPTS):
                try:
                    live = self.live.get(key) or await self.load(key)
                    if live is None or live.call.phase is not Phase.CLOSING or live.call.fetch != fetch:
                        return None
                    happened = happen(live.script, self._carriers[key[0]], on(live.call), (result,))
                    number = live.log + 1
                    await self.store.commit(logged(happened, number, f"closing:{number}", "", result.at, b""))
                except TurnConflict:
                    self.live.forget(key)
                    continue
                except StoreUnavailable as error:
                    _log.error("a call could not be closed", reason=str(error))
                    return None
                self.took(key, LiveCall(happened.call, live.script, number), happened)
                return happened.call
        return None

    async def learn(self, key: CallKey, turn_key: str, events: tuple[Event, ...]) -> bool:
        """The carrier told something about a call beside its turns: once for each `turn_key`. False when it has
        told that before, or there is no such call. Raises StoreUnavailable."""
        async with self.live.alone(key):
            for _ in range(ATTEMPTS):
                live = await self.load(key)
                if live is None or await self.store.answered(live.call.id, turn_key) is not None:
                    return False
                happened = happen(live.script, self._carriers[key[0]], on(live.call), events)
                try:
                    await self.store.commit(logged(happened, live.log + 1, turn_key, "", events[0].at, b""))
                except TurnConflict:
                    self.live.forget(key)
                    continue
                self.took(key, LiveCall(happened.call, live.script, live.log + 1), happened)
                return True
        raise StoreUnavailable("the call was written by others again and again")

    async def resume_closing(self, hung_up_before: datetime) -> int:
        """Goes on with the calls that a server left behind, whose callers hung up before then; how many."""
        resumed, cursor = 0, None
        while True:
            page = await self.store.calls(limit=_PAGE, before=cursor, live=True)
            for call in page.calls:
                if call.phase is Phase.CLOSING and call.ended_at is not None and call.ended_at < hung_up_before:
                    self._closing.begin((call.carrier, call.app, call.ref), call)
                    resumed += 1
            cursor = page.next
            if cursor is None:
                return resumed

    async def close(self) -> None:
        """Ends what is still to be done after hang-ups, and drops the requests under way."""
        await self._closing.close()

    async def lose(self, stored: Stored) -> None:
        """Ends a call whose hang-up never came."""
        call = stored.call
        key = (call.carrier, call.app, call.ref)
        carrier = self._carriers[call.carrier]
        async with self.live.alone(key):
            script = await self.flows.version(call.version, call.flow)
            if script is None:
                return
            at = self._clock()
            happened = happen(script, carrier, on(call), (CallLost(at=at),))
            turn = logged(happened, stored.log + 1, "lost", "", at, b"")
            self.live.forget(key)
            await self.store.commit(turn)


def _hung_up(happened: Happened) -> bool:
    return any(isinstance(event, CallHungUp) for event in happened.events if event not in happened.ignored)


def logged(happened: Happened, number: int, key: str, digest: str, at: datetime, reply: bytes) -> Turn:
    """What happened in a turn, as it goes into the log."""
    return Turn(
        call=happened.call,
        number=number,
        key=key,
        digest=digest,
        at=at,
        events=happened.events,
        steps=happened.steps,
        actions=happened.actions,
        reply=reply,
        reports=reports_of(happened),
    )
