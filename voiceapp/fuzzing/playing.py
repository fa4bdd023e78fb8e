"""Plays one random call, and keeps all that the rules about calls are judged by."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from msgspec.structs import replace

from voiceapp.actions import Action, Fetch
from voiceapp.call import Call
from voiceapp.carriers.base import Carrier
from voiceapp.emulators.caller import FASTEST_ANSWER, HANG_UP, Caller, Outcome, Question, Voice
from voiceapp.engine.lookahead import ahead
from voiceapp.flow.flow import Script
from voiceapp.fuzzing.case import BY_ITSELF, Act, Case, Wait
from voiceapp.fuzzing.wire import Exchanged, UpsetSession
from voiceapp.rehearsal.actor import KEY_SECONDS, RECORD_SECONDS, RING_SECONDS, TALK_SECONDS
from voiceapp.rehearsal.back_end import NOT_FOUND, Asked, BackEnd
from voiceapp.rehearsal.clock import Clock
from voiceapp.rehearsal.conditions import MockAnswer
from voiceapp.rehearsal.rehearse import Rehearsed, rehearse
from voiceapp.rehearsal.server import RehearsalServer
from voiceapp.turn import Happened


class Deciding(Protocol):
    """Who decides what people and back ends do."""

    def act(self, at: Wait, call: Call) -> str:
        """What somebody does at a wait, as `Act.does` has it; `call` as it is for them."""

    def answer(self, fetch: Fetch) -> MockAnswer:
        """What a back end answers to one try."""


class Recorded:
    """Decides as it is written in a case."""

    def __init__(self, case: Case) -> None:
        self._acts = list(case.acts)
        self._answers = list(case.answers)

    def act(self, at: Wait, call: Call) -> str:
        """The next thing in the case, or what is done by itself when that is for another wait."""
        if self._acts and self._acts[0].at == at:
            return self._acts.pop(0).does
        return BY_ITSELF[at]

    def answer(self, fetch: Fetch) -> MockAnswer:
        """The next answer in the case."""
        return self._answers.pop(0) if self._answers else NOT_FOUND


@dataclass(frozen=True)
class Played:
    """What came of a call: the `case` with all that was decided, `rehearsed` what happened on the phone,
    `exchanges` what went over the wire, `turns` what happened in the call, `call` in the end. `mocks`: what back
    ends answered, by request."""

    script: Script
    carrier: Carrier
    case: Case
    rehearsed: Rehearsed
    exchanges: tuple[Exchanged, ...]
    turns: tuple[Happened, ...]
    call: Call | None
    mocks: dict[str, tuple[MockAnswer, ...]]

    @property
    def actions(self) -> tuple[Action, ...]:
        """Everything that the flow did, in order."""
        return tuple(action for turn in self.turns for action in turn.actions)

    @property
    def crashes(self) -> tuple[Exchanged, ...]:
        """The posts at which the server raised something."""
        return tuple(one for one in self.exchanges if one.crash is not None)


async def play(script: Script, carrier: Carrier, case: Case, deciding: Deciding | None = None) -> Played:
    """Plays a case: its beginning and its mishaps, and as `deciding` decides (None: as the case says). Raises
    ValueError for an input that is not of its type."""
    decided = _Decided(deciding or Recorded(case))
    servers: list[RehearsalServer] = []
    sessions: list[UpsetSession] = []

    def casting(server: RehearsalServer, clock: Clock) -> Caller:
        server.back_end = _DecidedBackEnd(decided)
        servers.append(server)
        return _People(decided, server, clock, case)

    def wiring(server: RehearsalServer, clock: Clock, fails: str) -> UpsetSession:
        sessions.append(UpsetSession(server, clock, fails, case.upsets))
        return sessions[-1]

    rehearsed = await rehearse(script, carrier, case.conditions, casting, wiring, keys_during_prompts=case.eager)
    await sessions[0].flush()
    return Played(
        script,
        carrier,
        replace(case, acts=tuple(decided.acts), answers=tuple(decided.answers)),
        rehearsed,
        tuple(sessions[0].exchanges),
        tuple(servers[0].turns),
        servers[0].call,
        {asked: tuple(answers) for asked, answers in decided.mocks.items()},
    )


class _Decided:
    """Keeps what is decided."""

    def __init__(self, deciding: Deciding) -> None:
        self._deciding = deciding
        self.acts: list[Act] = []
        self.answers: list[MockAnswer] = []
        self.mocks: dict[str, list[MockAnswer]] = {}

    def act(self, at: Wait, call: Call) -> str:
        act = Act(at, self._deciding.act(at, call))
        self.acts.append(act)
        return act.does

    def answer(self, fetch: Fetch, asked: Asked) -> MockAnswer:
        answer = self._deciding.answer(fetch)
        self.answers.append(answer)
        self.mocks.setdefault(str(asked), []).append(answer)
        return answer


class _DecidedBackEnd(BackEnd):
    """Back ends that answer as it is decided."""

    def __init__(self, decided: _Decided) -> None:
        super().__init__({})
        self._decided = decided

    def answer(self, action: Fetch, asked: Asked) -> MockAnswer:
        """What it answers."""
        self.asked.append(asked)
        return self._decided.answer(action, asked)


class _People:
    """The people on the line. Time passes for them as it does in a scenario."""

    def __init__(self, decided: _Decided, server: RehearsalServer, clock: Clock, case: Case) -> None:
        self._decided = decided
        self._server = server
        self._clock = clock
        self._machine = case.conditions.machine
        self._drops_at = case.drops_at
        self._heard = 0
        self._turn = self._silences = 0

    def _act(self, at: Wait) -> str:
        call = self._server.call
        if call is None:
            raise RuntimeError("nobody does anything before the call has begun")
        if call.turn != self._turn:
            self._turn, self._silences = call.turn, 0
        if self._server.carrier.takes_plan and self._silences:
            stretches = islice(ahead(self._server.script, call), self._silences)
            call = [call, *(after for _, after in stretches)][-1]
        does = self._decided.act(at, call)
        self._silences += not does
        return does

    async def hears(self, text: str) -> bool:
        self._heard += 1
        return self._drops_at is None or self._heard <= self._drops_at

    async def press(self, question: Question) -> str | None:
        if self._machine or question.seconds < FASTEST_ANSWER:
            return None
        keys = self._act("keys")
        self._clock.pass_(len(keys.removesuffix(HANG_UP)) * KEY_SECONDS if keys else question.seconds)
        return keys or None

    async def record(self) -> Voice:
        self._clock.pass_(RECORD_SECONDS)
        does = self._act("voice")
        return "silent" if does == "silent" else "hangs_up" if does == "hangs_up" else "speaks"

    async def leave(self, room: str) -> bool:
        self._clock.pass_(TALK_SECONDS)
        return self._act("room") != HANG_UP

    async def dialled(self, target: str) -> Outcome:
        outcome = _outcome(self._act("dial"))
        self._clock.pass_(RING_SECONDS + (TALK_SECONDS if outcome == "answered" else 0))
        return outcome

    async def falls_silent(self) -> bool:
        return not self._machine


_OUTCOMES: Sequence[Outcome] = ("answered", "busy", "no_answer", "failed")


def _outcome(does: str) -> Outcome:
    return next((outcome for outcome in _OUTCOMES if outcome == does), "answered")
