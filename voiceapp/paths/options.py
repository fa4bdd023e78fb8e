"""What the people on the line can do at a wait, as far as it can make a difference to the flow."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import NamedTuple, assert_never, get_args

from voiceapp.actions import Fetch
from voiceapp.call import Call
from voiceapp.emulators.caller import Outcome
from voiceapp.flow import answers
from voiceapp.flow.answers import Choices, Digits, Number
from voiceapp.flow.flow import Flow, Script
from voiceapp.flow.steps.ask import AskStep
from voiceapp.flow.steps.fetch import FetchStep
from voiceapp.flow.steps.menu import MenuStep
from voiceapp.flow.steps.question import Question
from voiceapp.flow.steps.record import RecordStep
from voiceapp.flow.steps.step import Step
from voiceapp.paths.asked_for import AskedFor
from voiceapp.paths.values import answers_of, values_of
from voiceapp.rehearsal.conditions import MockAnswer

_WRONG = (*"0123456789*", "00", "99", "**")
_MANY_DIGITS = "1234567890" * 2
_MOST_ANSWERS = 10
_BUSY_HOST = MockAnswer(status=503)
_OF_USE_TO_NOBODY = MockAnswer(value={})
_SLOW = 1.0
"""Seconds; a back end that takes so long is slow to a caller who is told something meanwhile."""


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
        keys = [*_good(call.frame.step, step, asked), *_wrong(flow, step), *_flow_keys(flow, step)]
    gone = [HangUp()] if script.flow.head.on_hang_up is not None else []
    return (*map(Press, dict.fromkeys(keys)), SILENCE, *gone)


def _flow_keys(flow: Flow, step: Question) -> Iterator[str]:
    return (key for key in flow.head.keys if not step.takes(key))


def _good(name: str, step: Question, asked: AskedFor) -> list[str]:
    match step:
        case MenuStep(keys=keys):
            return list(keys)
        case AskStep(answer=answer):
            (saved,) = step.names_saved(name)
            own = [*_in_any_case(answer), *map(str, values_of(asked, (saved,)))]
            found = _taken(step, own)
            others = (keys for keys in _taken(step, _asked_anywhere(answer, asked)) if keys not in found)
            return [*found, *islice(others, max(0, _MOST_ANSWERS - len(found)))]
        case _:
            return []


def _taken(step: AskStep, typed: Iterable[str]) -> list[str]:
    """Those of what is typed that are answers, each with what ends it."""
    good = [keys for keys in dict.fromkeys(typed) if answers.value_of(step.answer, keys) is not None]
    return [f"{keys}#" if step.could_grow(keys) else keys for keys in good]


def _in_any_case(answer: answers.Answer) -> Iterator[str]:
    match answer:
        case Number(low, high):
            yield from map(str, (low, high))
        case Digits(least, _):
            yield _MANY_DIGITS[:least]
        case Choices(words):
            yield from words
        case _:
            assert_never(answer)


def _asked_anywhere(answer: answers.Answer, asked: AskedFor) -> Iterator[str]:
    """What conditions hold something else against, which this answer may have gone into."""
    match answer:
        case Number():
            for number in asked.numbers:
                yield from map(str, (number, number - 1, number + 1))
        case Digits(least, most):
            if any(least <= number <= most for number in asked.numbers):
                yield _MANY_DIGITS[:most]  # something may be asked for by its length
            yield from asked.texts
        case Choices():
            return
        case _:
            assert_never(answer)


def _wrong(flow: Flow, step: Question) -> list[str]:
    """Keys that are no answer, and mean nothing to the flow either."""
    for keys in _WRONG:
        first = keys[0] if _key_by_key(step) else keys
        if first in flow.head.keys or (isinstance(step, MenuStep) and len(keys) > 1):
            continue
        if isinstance(step, AskStep):
            if answers.value_of(step.answer, keys) is None and not (_key_by_key(step) and step.could_grow(keys)):
                return [_typed(step, keys)]
        elif not step.takes(keys):
            return [keys]
    return []


def _key_by_key(step: Question) -> bool:
    """Whether a carrier may pass on each key at once, so that `#` is no end of an answer but a key as well."""
    if not isinstance(step, AskStep):
        return True
    longest = answers.longest(step.answer)
    return longest == 1 or (longest == 2 and not answers.fixed(step.answer))


def _typed(step: AskStep, keys: str) -> str:
    """Keys that are fewer than the question waits for, with what tells every carrier that no more follow."""
    return keys if _key_by_key(step) or len(keys) >= answers.longest(step.answer) else f"{keys}#"


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


def served(script: Script, fetch: Fetch, asked: AskedFor, *, useless: bool = False) -> tuple[MockAnswer, ...]:
    """What the back end of a fetch step could answer. `useless`: also something that lacks all that is read of it,
    so that the flow fails, on carriers that never tell of a failure themselves."""
    flow_name, _, name = fetch.step.rpartition("/")
    step = script.flows[flow_name or script.flow.name].steps[name]
    (saved,) = step.names_saved(name)
    known = [MockAnswer(value=value) for value in answers_of(asked, saved)]
    lacking = (_OF_USE_TO_NOBODY,) if useless and isinstance(known[0].value, dict) else ()
    return (*known, *_slow(step, fetch, known[0]), _BUSY_HOST, *lacking)


def _slow(step: Step, fetch: Fetch, answer: MockAnswer) -> Iterator[MockAnswer]:
    """The answer so late that what is said meanwhile is heard, where there is something to say."""
    if isinstance(step, FetchStep) and step.meanwhile is not None and fetch.patience < fetch.timeout:
        yield replace(answer, after=_SLOW)
