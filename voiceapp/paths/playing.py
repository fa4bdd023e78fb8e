"""Plays a call by decisions: those given first, then those that somebody makes at each wait, or until one is
missing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import msgspec

from voiceapp.actions import Fetch
from voiceapp.call import Call, Frame
from voiceapp.carriers.base import Carrier
from voiceapp.emulators.caller import FASTEST_ANSWER, HANG_UP, Caller, Outcome, Question, Voice
from voiceapp.engine.lookahead import ahead
from voiceapp.events import Value
from voiceapp.flow.flow import Script
from voiceapp.paths import options
from voiceapp.paths.asked_for import AskedFor
from voiceapp.paths.options import Dialled, HangUp, Leave, Option, Press, Served, Speak
from voiceapp.rehearsal.actor import KEY_SECONDS, RECORD_SECONDS, RING_SECONDS, TALK_SECONDS
from voiceapp.rehearsal.back_end import Answered, Asked, BackEnd
from voiceapp.rehearsal.clock import Clock
from voiceapp.rehearsal.conditions import Conditions, MockAnswer
from voiceapp.rehearsal.rehearse import Rehearsed, rehearse
from voiceapp.rehearsal.server import RehearsalServer

State = bytes
"""Where a call waits, and of what it knows that which can decide how it goes on."""


def place(state: State) -> Value:
    """The step at which a call waits, and the flows and steps that led into its flow."""
    _, where, *_ = msgspec.json.decode(state)
    return where


Policy = Callable[[State, Sequence[Option]], Option | None]
"""Decides at a wait; None: does not know."""


@dataclass(frozen=True)
class Wait:
    """A wait at which nobody decided: where, and what can be done there."""

    state: State
    options: tuple[Option, ...]


class Undecided(Exception):
    """Nobody decided what to do at a wait."""

    def __init__(self, wait: Wait) -> None:
        super().__init__()
        self.wait = wait


@dataclass
class Played:
    """A call as far as it was decided: to its end (`rehearsed`), or to a `wait`. `decided` is everything that was,
    `server` what it led to, `mocks` the answers that back ends gave."""

    decided: list[Option] = field(default_factory=list)
    mocks: dict[str, list[MockAnswer]] = field(default_factory=dict)
    wait: Wait | None = None
    rehearsed: Rehearsed | None = None
    server: RehearsalServer | None = None


async def play(
    script: Script,
    carrier: Carrier,
    conditions: Conditions,
    asked: AskedFor,
    decisions: Sequence[Option],
    policy: Policy = lambda state, options: None,
) -> Played:
    """Plays a call by `decisions`, and by `policy` behind them."""
    played = Played()

    def casting(server: RehearsalServer, clock: Clock) -> Caller:
        played.server = server
        deciding = _Deciding(server, asked, list(decisions), policy, played, conditions.at.isoformat())
        server.back_end = _DecidingBackEnd(deciding)
        return _People(deciding, clock, machine=conditions.machine)

    try:
        rehearsed = await rehearse(script, carrier, conditions, casting)
    except Undecided as undecided:
        played.wait = undecided.wait
        return played
    played.rehearsed = rehearsed
    return played


def conditions_with(conditions: Conditions, played: Played) -> Conditions:
    """The conditions under which the same call comes out without anybody deciding for its back ends."""
    return replace(conditions, fetch={url: tuple(answers) for url, answers in played.mocks.items()})


class _Deciding:
    def __init__(
        self,
        server: RehearsalServer,
        asked: AskedFor,
        decisions: list[Option],
        policy: Policy,
        played: Played,
        began: str,
    ) -> None:
        self.server = server
        self.asked = asked
        self.played = played
        self._began = began
        self._decisions = decisions
        self._policy = policy
        self._silences = 0
        self._turn = 0

    def call(self) -> Call:
        """The call as it is: on a carrier that reports no silence, as it is for the caller."""
        call = self.server.call
        if call is None:
            raise RuntimeError("nobody decides before the call has begun")
        if call.turn != self._turn:
            self._turn, self._silences = call.turn, 0
        if self.server.carrier.takes_plan and self._silences:
            stretches = islice(ahead(self.server.script, call), self._silences)
            return [call, *(after for _, after in stretches)][-1]
        return call

    def decide(self, kind: str, possible: Sequence[Option]) -> Option:
        if self._decisions:
            decision = self._decisions.pop(0)
        else:
            state = self._state(kind)
            chosen = self._policy(state, possible)
            if chosen is None:
                raise Undecided(Wait(state, tuple(possible)))
            decision = chosen
        self.played.decided.append(decision)
        if decision == options.SILENCE:
            self._silences += 1
        return decision

    def _state(self, kind: str) -> State:
        call = self.server.call
        if call is None:
            return msgspec.json.encode([kind, self._began])
        now = self.call()
        decisive = [self._decisive(now, frame) for frame in now.frames]
        where = [(frame.flow, frame.step) for frame in now.frames]
        fetching = None if now.fetch is None else now.fetch.step
        seen = [now.direction, now.language, now.machine, now.failed, fetching, self._began]
        parts: list[Value] = [kind, where, now.progress, decisive, *seen]
        return msgspec.json.encode(parts, order="deterministic")

    def _decisive(self, call: Call, frame: Frame) -> dict[str, Value]:
        """What a running flow knows that it can still ask for."""
        names = self.asked.lasting.get((frame.flow, frame.step), self.asked.decisive)
        known = {**frame.saved, "caller": call.caller, "called": call.called}
        return {name: value for name, value in known.items() if name in names}


class _DecidingBackEnd(BackEnd):
    """Back ends that answer as it is decided."""

    def __init__(self, deciding: _Deciding) -> None:
        super().__init__({})
        self._deciding = deciding
        self._tries = 0

    def fetch(self, action: Fetch, within: float) -> Answered:
        """What a fetch comes to by what is decided at each of its tries."""
        self._tries = 0
        return super().fetch(action, within)

    def answer(self, action: Fetch, asked: Asked) -> MockAnswer:
        """What it answers."""
        self.asked.append(asked)
        self._tries += 1
        server = self._deciding.server
        possible = options.served(server.script, action, self._deciding.asked, useless=server.carrier.takes_plan)
        decision = self._deciding.decide(
            f"fetch {action.step}, try {self._tries}", [Served(at) for at in range(len(possible))]
        )
        number = decision.number if isinstance(decision, Served) else 0
        found = possible[min(number, len(possible) - 1)]
        self._deciding.played.mocks.setdefault(str(asked), []).append(found)
        return found


class _People:
    """The people on the line."""

    def __init__(self, deciding: _Deciding, clock: Clock, *, machine: bool) -> None:
        self._deciding = deciding
        self._clock = clock
        self._machine = machine

    async def hears(self, text: str) -> bool:
        return True

    async def press(self, question: Question) -> str | None:
        if self._machine or question.seconds < FASTEST_ANSWER:
            return None
        deciding = self._deciding
        decision = deciding.decide(
            "keys", options.while_asked(deciding.server.script, deciding.call(), deciding.asked)
        )
        match decision:
            case Press(keys=keys) if keys:
                self._clock.pass_(len(keys) * KEY_SECONDS)
                return keys
            case HangUp():
                return HANG_UP
            case _:
                self._clock.pass_(question.seconds)
                return None

    async def record(self) -> Voice:
        self._clock.pass_(RECORD_SECONDS)
        decision = self._deciding.decide("voice", options.while_recorded())
        return "speaks" if isinstance(decision, Speak) and decision.speaks else "silent"

    async def leave(self, room: str) -> bool:
        self._clock.pass_(TALK_SECONDS)
        return isinstance(self._deciding.decide("room", options.in_a_room()), Leave)

    async def dialled(self, target: str) -> Outcome:
        decision = self._deciding.decide(f"dial {target}", options.when_dialled())
        outcome: Outcome = decision.outcome if isinstance(decision, Dialled) else "answered"
        self._clock.pass_(RING_SECONDS + (TALK_SECONDS if outcome == "answered" else 0))
        return outcome

    async def falls_silent(self) -> bool:
        return not self._machine
