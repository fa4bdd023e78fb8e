"""A call from the log, played again under another version of its flow: the same caller, the same back ends.

What the caller did is taken from the log wait by wait, not turn by turn: another version may say more or less, and
would ask for other turns. Back ends answer each step what they answered it then.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from voiceapp.actions import Dial, Fetch, HangUp
from voiceapp.carriers.base import Carrier
from voiceapp.changes.behaviour import Compared, compare
from voiceapp.changes.renaming import renamed
from voiceapp.events import (
    CallHungUp,
    CallOpened,
    CallUnreached,
    DialEnded,
    DigitsCollected,
    Event,
    FetchCompleted,
    FetchFailed,
    MachineDetected,
    SilenceHeard,
    Value,
    VoiceRecorded,
)
from voiceapp.flow.flow import Script
from voiceapp.rehearsal.actor import CALLER_HANGS_UP, Actor
from voiceapp.rehearsal.back_end import Asked, BackEnd
from voiceapp.rehearsal.clock import Clock
from voiceapp.rehearsal.conditions import CarrierName, Conditions, MockAnswer
from voiceapp.rehearsal.lines import DIALS, HEARS, NOTHING, PRESSES, RECORDS, SILENCE, Line
from voiceapp.rehearsal.rehearse import Rehearsed, rehearse
from voiceapp.rehearsal.scenario import ANYTHING
from voiceapp.rehearsal.server import RehearsalServer
from voiceapp.store.turns import LoggedTurn

_SERVER_ERROR = 503


class LoggedBackEnd(BackEnd):
    """Answers each fetch step what it was answered in the log, the last answer again and again."""

    def __init__(self, turns: Sequence[LoggedTurn]) -> None:
        super().__init__({})
        self._answers: dict[str, list[MockAnswer]] = {}
        asked = (action.step for turn in turns for action in turn.actions if isinstance(action, Fetch))
        told = (
            event for turn in turns for event in turn.events if isinstance(event, FetchCompleted | FetchFailed)
        )
        for step, event in zip(asked, told, strict=False):
            self._answers.setdefault(step, []).append(_answer(event))

    def answer(self, action: Fetch, asked: Asked) -> MockAnswer:
        """What it answers to one try."""
        self.asked.append(asked)
        answers = self._answers.get(action.step, [])
        if not answers:
            self.unexpected.append(asked)
            return MockAnswer(status=_SERVER_ERROR)
        return answers.pop(0) if len(answers) > 1 else answers[0]


def _answer(event: FetchCompleted | FetchFailed) -> MockAnswer:
    return MockAnswer(value=event.value) if isinstance(event, FetchCompleted) else MockAnswer(_SERVER_ERROR)


@dataclass(frozen=True)
class StoredCall:
    """A call from the log, as it would have to be played again."""

    id: str
    conditions: Conditions
    lines: tuple[Line, ...]
    turns: tuple[LoggedTurn, ...]


def stored_call(turns: Sequence[LoggedTurn]) -> StoredCall | None:
    """The call with this log; None for one that nobody answered, where there is nothing to play."""
    events = [event for turn in turns for event in turn.events]
    opening = events[0] if events else None
    carriers: dict[str, CarrierName] = {"callr": "callr", "routee": "routee"}
    if not isinstance(opening, CallOpened) or any(isinstance(event, CallUnreached) for event in events):
        return None
    conditions = Conditions(
        carrier=carriers[opening.carrier],
        at=opening.at,
        caller=opening.caller,
        called=opening.called,
        direction=opening.direction,
        inputs={name: _text(value) for name, value in opening.inputs.items()},
        machine=any(isinstance(event, MachineDetected) for event in events),
    )
    return StoredCall(opening.call_id, conditions, tuple(_lines(turns)), tuple(turns))


async def played_again(call: StoredCall, old: Script, new: Script, carrier: Carrier) -> Compared:
    """The call under the version it began with, and under another one."""
    before = await _played(call, old, carrier)
    return compare(call.id, before, await _played(call, new, carrier), renamed(old.flow, new.flow))


async def _played(call: StoredCall, script: Script, carrier: Carrier) -> Rehearsed:
    declared = script.flow.head.inputs
    known = {name: text for name, text in call.conditions.inputs.items() if name in declared}
    conditions = replace(call.conditions, inputs=known)

    def casting(server: RehearsalServer, clock: Clock) -> Actor:
        server.back_end = LoggedBackEnd(call.turns)
        return Actor(call.lines, clock, machine=conditions.machine)

    return await rehearse(script, carrier, conditions, casting)


def _lines(turns: Sequence[LoggedTurn]) -> Iterator[Line]:
    """What the people on the line did, in order."""
    dialling: Dial | None = None
    ended = False
    for turn in turns:
        for event in turn.events:
            if isinstance(event, CallHungUp):
                yield from _gone(event, dialling, ended=ended)
            else:
                yield from _line(event, dialling)
        dialling = next((action for action in reversed(turn.actions) if isinstance(action, Dial)), dialling)
        ended = ended or any(isinstance(action, HangUp) for action in turn.actions)


def _gone(event: CallHungUp, dialling: Dial | None, *, ended: bool) -> Iterator[Line]:
    """The end of a call: the caller's own affair, unless the flow had `ended` it. With the keys that came with it,
    it follows on them at once; else the caller listened first."""
    if event.result is not None:
        yield from _line(event.result, dialling)
    elif not ended:
        yield Line(HEARS, ANYTHING)
    if event.result is not None or not ended:
        yield CALLER_HANGS_UP


def _line(event: Event, dialling: Dial | None) -> Iterator[Line]:
    match event:
        case DigitsCollected(digits=digits):
            yield Line(PRESSES, digits or "#")
        case SilenceHeard():
            yield Line(SILENCE)
        case VoiceRecorded(recording=recording):
            yield Line(RECORDS, "" if recording else NOTHING)
        case DialEnded(outcome=outcome) if dialling is not None:
            yield from (Line(DIALS, f"{target}: {outcome}") for target in dialling.targets)
        case _:
            return


def _text(value: Value) -> str:
    """An input as a URL would bring it."""
    match value:
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            return ",".join(map(str, value))
        case _:
            return str(value)
