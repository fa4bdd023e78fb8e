"""What the people on the line can do at a wait, as far as it can make a difference to the flow."""

from collections.abc import Iterator
from typing import NamedTuple, assert_never, get_args

from voiceapp.actions import Fetch
from voiceapp.call import Call
from voiceapp.emulators.caller import Outcome
from voiceapp.flow import answers
from voiceapp.flow.answers import Choices, Digits, Number
from voiceapp.flow.flow import Flow, Script
from voiceapp.flow.steps.ask import AskStep
from voiceapp.flow.steps.menu import MenuStep
from voiceapp.flow.steps.question import Question
from voiceapp.flow.steps.record import RecordStep
from voiceapp.paths.asked_for import AskedFor, answers_of
from voiceapp.rehearsal.conditions import MockAnswer

_WRONG = (*"0123456789*", "00", "99", "**")
_MOST_ANSWERS = 10
_BUSY_HOST = MockAnswer(status=503)


class Press(NamedTuple):
    """Presses these keys; "" stays silent."""

    keys: str


class HangUp(NamedTuple):
    """Puts the phone down."""


class Speak(NamedTuple):
    """Says something while recorded, or nothing."""

    speaks: bool


class Dialled(NamedTuple):
    """What becomes of a number that is dialled."""

    outcome: Outcome


class Leave(NamedTuple):
    """Leaves a room."""


class Served(NamedTuple):
    """What a back end answers: the so-manieth of what it could."""

    number: int


Option = Press | HangUp | Speak | Dialled | Leave | Served

SILENCE = Press("")


def while_asked(script: Script, call: Call, asked: AskedFor) -> tuple[Option, ...]:
    """What can be done while keys are listened to."""
    flow = script.flows[call.frame.flow]
    step = flow.steps.get(call.frame.step)
    keys: list[str] = []
    if call.progress is not None and call.progress.stage:
        own = ["1", "2", "3"] if isinstance(step, Question | RecordStep) else []
        keys = [*own, *flow.head.keys] if isinstance(step, Question) else own
    elif isinstance(step, Question):
        keys = [*_good(step, asked), *_wrong(flow, step), *_flow_keys(flow, step)]
    gone = [HangUp()] if script.flow.head.on_hang_up is not None else []
    return (*map(Press, dict.fromkeys(keys)), SILENCE, *gone)


def _flow_keys(flow: Flow, step: Question) -> Iterator[str]:
    return (key for key in flow.head.keys if not step.takes(key))


def _good(step: Question, asked: AskedFor) -> list[str]:
    match step:
        case MenuStep(keys=keys):
            return list(keys)
        case AskStep(answer=answer):
            found = [keys for keys in _answers(answer, asked) if answers.value_of(answer, keys) is not None]
            ended = [f"{keys}#" if step.could_grow(keys) else keys for keys in dict.fromkeys(found)]
            return ended[:_MOST_ANSWERS]
        case _:
            return []


def _answers(answer: answers.Answer, asked: AskedFor) -> Iterator[str]:
    match answer:
        case Number(low, high):
            yield from map(str, (low, high))
            for number in asked.numbers:
                yield from (str(near) for near in (number, number - 1, number + 1) if near >= 0)
        case Digits(least, _):
            yield "1234567890123456789012345"[:least]
            yield from asked.texts
        case Choices(words):
            yield from words
        case _:
            assert_never(answer)


def _wrong(flow: Flow, step: Question) -> list[str]:
    """Keys that are no answer, and mean nothing to the flow either."""
    for keys in _WRONG:
        if keys[0] in flow.head.keys or (isinstance(step, MenuStep) and len(keys) > 1):
            continue
        if step.takes(keys) or step.could_grow(keys):
            continue
        if not isinstance(step, AskStep) or answers.value_of(step.answer, keys) is None:
            return [keys]
    return []


def while_recorded() -> tuple[Option, ...]:
    """What can be done while recorded."""
    return (Speak(True), Speak(False))


def when_dialled() -> tuple[Option, ...]:
    """What can become of a number."""
    outcomes: tuple[Outcome, ...] = get_args(Outcome)
    return tuple(map(Dialled, outcomes))


def in_a_room() -> tuple[Option, ...]:
    """What can be done in a conference."""
    return (Leave(),)


def served(script: Script, fetch: Fetch, asked: AskedFor) -> tuple[MockAnswer, ...]:
    """What the back end of a fetch step could answer."""
    flow_name, _, name = fetch.step.rpartition("/")
    step = script.flows[flow_name or script.flow.name].steps[name]
    (saved,) = step.names_saved(name)
    return (*(MockAnswer(value=value) for value in answers_of(asked, saved)), _BUSY_HOST)
