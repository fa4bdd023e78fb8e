"""Chance: how calls begin, what people do at each wait and what back ends answer. Most do what makes sense at the
step that waits, so that calls get far; the rest is what nobody thinks of. What comes first shrinks to.

Needs Hypothesis: `voiceapp[fuzz]`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar, assert_never, get_args

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from voiceapp.actions import Fetch
from voiceapp.call import Call
from voiceapp.carriers.base import Carrier
from voiceapp.emulators.caller import HANG_UP
from voiceapp.events import Value
from voiceapp.flow.answers import Answer, Choices, Digits, Number
from voiceapp.flow.flow import Input, InputType, Script
from voiceapp.flow.steps.ask import AskStep
from voiceapp.fuzzing.case import BY_ITSELF, Case, Mishap, Upset, Wait
from voiceapp.paths import options
from voiceapp.paths.asked_for import AskedFor
from voiceapp.paths.beginnings import beginnings
from voiceapp.paths.options import Press
from voiceapp.rehearsal.conditions import MONDAY_MORNING, CarrierName, Conditions, MockAnswer, Unreached

T = TypeVar("T")
Draw = Callable[[SearchStrategy[T]], T]

_NAMES: Mapping[str, CarrierName] = {"callr": "callr", "routee": "routee"}
_MINUTES_OF_A_YEAR = 365 * 24 * 60
_KEYS = "1234567890*#"

_NASTY = (
    "{{ 7 * 7 }}",
    "{% for x in y %}",
    "'",
    '"',
    "</speak>",
    "TTS|TTS_EN-GB_SERENA|Hi",
    "Ελένη & Ζωή",
    "Ω" * 300,
    "a\nb\tc",
    "\u202e\u0000",
    "👩‍👩‍👧",
    "%s %(x)s {0}",
    "=1+1",
    " ",
    "-1",
    "true",
    "~secret~X~0~",
)
_NUMBERS = ("+33123456700", "+15550100", "+302101234567890", "sip:ann@example.com")
_CALLERS = ("+33612345678", "", "+302310123456", "+447700900123")
_LATE = (0.4, 1.0, 1.7, 1.9, 2.0, 2.1, 3.4, 3.5, 3.6, 4.0, 5.0, 30.0)
_ERRORS = (503, 500, 404, 204, 301, 401, 429)


def _weighted(weights: Mapping[T, int]) -> SearchStrategy[T]:
    """Each as often as its weight says."""
    return st.sampled_from([one for one, weight in weights.items() for _ in range(weight)])


# how a call begins

_TEXTS = st.one_of(st.sampled_from(_NASTY), st.text("abcXYZ 019{}'\"<>&|\\é漢\n", max_size=20))
_INPUTS: Mapping[InputType, SearchStrategy[str]] = {
    "text": _TEXTS,
    "number": st.integers(-(10**15) + 1, 10**15 - 1).map(str),
    "phone": st.sampled_from(_NUMBERS),
    "phones": st.lists(st.sampled_from(_NUMBERS), min_size=1, max_size=4).map(",".join),
    "flag": st.sampled_from(["true", "false"]),
}


def cases(script: Script, carrier: Carrier, asked: AskedFor) -> SearchStrategy[Case]:
    """Beginnings of calls, and the mishaps to their posts; what people and back ends do is decided on the way."""
    known = beginnings(script, asked, _NAMES[carrier.name])
    mishaps = _weighted(_CARRIER_MISHAPS[carrier.takes_plan])
    upset = st.builds(Upset, post=st.integers(0, 12), mishap=mishaps, later=st.integers(0, 5))
    return st.builds(
        Case,
        flow=st.just(script.flow.name),
        conditions=_conditions(script, known),
        drops_at=st.one_of(st.none(), st.none(), st.none(), st.integers(0, 15)),
        eager=st.booleans() if carrier.takes_plan else st.just(False),
        upsets=st.one_of(st.just(()), st.lists(upset, max_size=3, unique_by=lambda one: one.post).map(tuple)),
    )


_CARRIER_MISHAPS: Mapping[bool, Mapping[Mishap, int]] = {
    False: {"repeated": 3, "altered": 2, "forged": 1},
    True: {"repeated": 3, "altered": 2, "forged": 1, "held": 2},
}


def _conditions(script: Script, known: Sequence[Conditions]) -> SearchStrategy[Conditions]:
    minutes = st.one_of(st.just(0), st.integers(0, _MINUTES_OF_A_YEAR))
    first = known[0]
    inputs = st.fixed_dictionaries(
        {},
        optional={
            str(name): _input(item, first.inputs.get(name)) for name, item in script.flow.head.inputs.items()
        },
    )
    steps = [step for flow in script.flows.values() for step in flow.steps]
    return st.builds(
        _began,
        st.sampled_from(known),
        minutes,
        inputs,
        _weighted({_CALLERS[0]: 6, **dict.fromkeys(_CALLERS[1:], 1)}),
        st.sampled_from([False, False, False, True]),
        st.sampled_from([False, False, False, True]),
        st.sampled_from([None] * 7 + list(get_args(Unreached))),
        st.one_of(*(st.just("") for _ in range(7)), st.sampled_from(steps)) if steps else st.just(""),
        _refused(script),
    )


def _refused(script: Script) -> SearchStrategy[frozenset[str]]:
    """Of the numbers that the flow writes out, those that may not be dialled: mostly none."""
    nobody: SearchStrategy[frozenset[str]] = st.just(frozenset())
    if not script.numbers:
        return nobody
    return st.one_of(nobody, nobody, nobody, st.frozensets(st.sampled_from(sorted(script.numbers))))


def _input(item: Input, usual: str | None) -> SearchStrategy[str]:
    nasty = _INPUTS[item.type]
    return nasty if usual is None else st.one_of(st.just(usual), nasty)


def _began(
    known: Conditions,
    minutes: int,
    inputs: Mapping[str, str],
    caller: str,
    outbound: bool,
    machine: bool,
    unreached: Unreached | None,
    fails: str,
    refused: frozenset[str],
) -> Conditions:
    """What was drawn, as far as it goes together."""
    begun = replace(known, at=known.at if not minutes else MONDAY_MORNING + timedelta(minutes=minutes))
    begun = replace(begun, inputs={**known.inputs, **inputs}, refused=refused)
    if known.carrier == "callr" and not known.fails:
        begun = replace(begun, fails=fails)
    if known.direction == "outbound":
        return begun
    if not outbound:
        return replace(begun, caller=caller)
    called = caller or _CALLERS[0]
    return replace(
        begun, direction="outbound", caller=known.called, called=called, machine=machine, unreached=unreached
    )


# what people and back ends do

_GARBAGE: SearchStrategy[Value] = st.recursive(
    st.sampled_from([None, True, False, 0, -1, 10**15, 0.5, "", *_NASTY]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["count", "ready", "name", "0", "a b"]), inner, max_size=3),
    ),
    max_leaves=6,
)
_MANNERS = _weighted(
    {
        "sensible": 16,
        "answer": 6,
        "silent": 3,
        "ahead": 2,
        "wild": 2,
        "hash": 1,
        "gone": 1,
        "answers and goes": 1,
        "breaks off": 1,
    }
)
_WILD = st.text(_KEYS, min_size=1, max_size=25)
_PATIENCE = st.one_of(*(st.integers(0, 12) for _ in range(5)), st.integers(13, 40), st.just(300))
_DOES: Mapping[Wait, SearchStrategy[str]] = {
    "keys": _WILD,
    "voice": _weighted({"speaks": 4, "silent": 1, "hangs_up": 1}),
    "room": _weighted({"leaves": 3, HANG_UP: 1}),
    "dial": _weighted({"answered": 3, "busy": 2, "no_answer": 2, "failed": 1}),
}
_SERVES = _weighted({"known": 8, "garbage": 3, "late": 3, "error": 2})


class Chance:
    """Decides as it is drawn."""

    def __init__(self, draw: Draw[object], script: Script, asked: AskedFor) -> None:
        self._draw = draw
        self._script = script
        self._asked = asked
        self._patience = self._drawn(_PATIENCE)

    def _drawn(self, strategy: SearchStrategy[T]) -> T:
        drawn: T = self._draw(strategy)  # type: ignore[assignment]
        return drawn

    def act(self, at: Wait, call: Call) -> str:
        """See `playing.Deciding`. Whoever has lost patience hangs up."""
        self._patience -= 1
        if self._patience < 0:
            return BY_ITSELF[at]
        return self._keys(call) if at == "keys" else self._drawn(_DOES[at])

    def _keys(self, call: Call) -> str:
        manner = self._drawn(_MANNERS)
        match manner:
            case "silent":
                return ""
            case "hash":
                return "#"
            case "gone":
                return HANG_UP
            case "wild":
                return self._drawn(_WILD)
            case "answer":
                return self._answer(call)
            case "answers and goes":
                return self._answer(call) + HANG_UP
            case "breaks off":
                keys = self._answer(call)
                return keys[: len(keys) // 2] + HANG_UP
            case "ahead":
                return self._sensible(call) + self._sensible(call)
            case _:
                return self._sensible(call)

    def _sensible(self, call: Call) -> str:
        """What can be done at this step, silence apart: its keys, those of the flow, and one that is neither."""
        possible = options.while_asked(self._script, call, self._asked)
        keys = [one.keys for one in possible if isinstance(one, Press) and one.keys]
        return self._drawn(st.sampled_from(keys)) if keys else ""

    def _answer(self, call: Call) -> str:
        """Any good answer of a question that takes several keys."""
        step = self._script.flows[call.frame.flow].steps.get(call.frame.step)
        staged = call.progress is not None and call.progress.stage
        if not isinstance(step, AskStep) or staged:
            return self._sensible(call)
        keys = self._drawn(_good(step.answer))
        return f"{keys}#" if step.could_grow(keys) and self._drawn(st.sampled_from([True, True, False])) else keys

    def answer(self, fetch: Fetch) -> MockAnswer:
        """See `playing.Deciding`."""
        known = self._drawn(st.sampled_from(options.served(self._script, fetch, self._asked)))
        match self._drawn(_SERVES):
            case "garbage":
                return MockAnswer(value=self._drawn(_GARBAGE))
            case "late":
                return replace(known, after=self._drawn(st.sampled_from(_LATE)))
            case "error":
                return MockAnswer(status=self._drawn(st.sampled_from(_ERRORS)))
            case _:
                return known


def _good(answer: Answer) -> SearchStrategy[str]:
    match answer:
        case Digits(least, most):
            return st.text("1234567890", min_size=least, max_size=most)
        case Number(low, high):
            return st.integers(low, high).map(str)
        case Choices(words):
            return st.sampled_from([*words])
        case _:
            assert_never(answer)
