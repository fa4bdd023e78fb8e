"""What is said of variables is true of every call: random calls through shared and random flows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.check.cases import subject
from tests.engine.walks import EVENTS, SCRIPTS, after, begun, told
from voiceapp.check.data.alternatives import alternatives
from voiceapp.check.data.cases import judged
from voiceapp.check.data.missing import missing
from voiceapp.check.data.values import Absent, Anything, Kind, One, Texts, Whole
from voiceapp.check.subject import Subject
from voiceapp.engine.advance import advance
from voiceapp.engine.visit import FlowVisit
from voiceapp.events import Event
from voiceapp.flow.library import scripts_of
from voiceapp.flow.prompts import Said
from voiceapp.flow.steps import STEPS
from voiceapp.flow.steps.branch import BranchStep
from voiceapp.flow.steps.say import SayStep
from voiceapp.flow.steps.step import Step
from voiceapp.flow.templates import RenderError

_NAMES = st.sampled_from(["a", "b", "c", "number"])
_STEPS = st.sampled_from(["one", "two", "three", "four", "five", "end"])
_VALUES = st.sampled_from(
    [
        "yes",
        "5",
        "12",
        "{{ 5 }}",
        "{{ -1 }}",
        "{{ true }}",
        "{{ none }}",
        "{{ a }}",
        "{{ b | default('') }}",
        "x{{ c }}",
        "{{ a + 1 }}",
        "{{ b | int - number }}",
        "{{ c | length }}",
        "{{ a == '5' }}",
        "{{ 'yes' if b is defined else 5 }}",
        "{{ a ~ b }}",
        "{{ c | default(b) | upper }}",
    ]
)
_ANSWERS = st.sampled_from(
    ["{digits: 2}", "{digits: 1-4}", "{number: 0-10}", "{number: 5-5}", "{choices: {1: yes, 2: no}}"]
)
_ASKED = st.sampled_from(
    [
        *(
            "{v} == 'yes'",
            "{v} != '5'",
            "{v} == 5",
            "{v} < 6",
            "{v} >= 2.5",
            "3 < {v} <= 7",
            "{v} in ['yes', '7', 3]",
        ),
        *("{v} is defined", "{v} is undefined", "{v} is number", "{v} is none", "{v}", "{v} | default('') == ''"),
        *("{v} | int > 5", "{v} + 1 > number", "{v} == number", "{v} | length == 2", "{v} < 'b'", "'e' in {v}"),
        *(
            "{v} | default(3) > 2",
            "direction == 'inbound'",
            "language == 'fr-FR'",
            "now.hour > 3",
            "now.weekday > 7",
            "now.minute < 60",
            "carrier == 'callr'",
        ),
    ]
)


@st.composite
def conditions(draw: st.DrawFn, depth: int = 2) -> str:
    """A condition of a few parts."""
    if depth == 0 or draw(st.booleans()):
        return draw(_ASKED).replace("{v}", draw(_NAMES))
    left, right = draw(conditions(depth - 1)), draw(conditions(depth - 1))
    return draw(st.sampled_from([f"({left}) and ({right})", f"({left}) or ({right})", f"not ({left})"]))


@st.composite
def steps(draw: st.DrawFn, name: str) -> str:
    """One step, on one line."""
    to, other, saved = draw(_STEPS), draw(_STEPS), draw(_NAMES)
    kinds = [
        f'say: "{draw(st.sampled_from(["Hello.", "{{ a }}", "{{ b | default(1) }}"]))}"',
        f'set: {{{saved}: "{draw(_VALUES)}", also: "{draw(_VALUES)}"}}, next: {to}',
        "set: {language: fr-FR}",
        f"ask: Yes, answer: {draw(_ANSWERS)}, save: {saved}, otherwise: {to}, tries: 1, confirm: {draw(_FLAG)}",
        f"menu: Well, keys: {{1: {to}, 2: {{set: {{c: '1'}}, next: {other}}}, 3: repeat}}, otherwise: {other}",
        f"record: Speak., save: {saved}, empty: {to}, review: {draw(_FLAG)}",
        f"fetch: https://example.com/, save: {saved}, failed: {to}",
        "fetch: https://example.com/",
        f"run: inner, save: {saved}",
        f"dial: '+33123456789', busy: {to}, next: {other}",
        f"say: \"{{{{ 'A' if {draw(conditions())} else 'B' if {draw(conditions())} else 'C' }}}}\"",
        f'say: "{{% if {draw(conditions())} %}}A{{% elif {draw(conditions())} %}}B{{% else %}}C{{% endif %}}"',
        f'branch: [{{if: "{draw(conditions())}", next: {to}}}, {{if: "{draw(conditions())}", next: {other}}}]',
        f'branch: [{{if: "{draw(conditions())}", next: {to}}}], otherwise: {draw(_STEPS)}',
    ]
    return f"  {name}: {{{draw(st.sampled_from(kinds))}}}"


_FLAG = st.sampled_from(["true", "false"])


@st.composite
def flows(draw: st.DrawFn) -> Subject:
    """A flow that saves the same variables in many ways, and looks at them in as many."""
    roles = [f"{role}: {draw(_STEPS)}" for role in ("on_error", "on_machine") if draw(st.booleans())]
    names = ("one", "two", "three", "four", "five")
    text = "\n".join(
        [
            "languages: [en-GB, fr-FR]",
            'keys: {"9": two, "8": repeat, "7": {set: {a: "7"}}}',
            "on_hang_up: gone",
            *roles,
            "inputs: {number: {type: number}}",
            "steps:",
            *(draw(steps(name)) for name in names),
            "  all: {set: {a: '1', b: '2', c: '3'}, next: end}",
            f'  gone: {{branch: [{{if: "{draw(conditions())}", next: end}}]}}',
            f'  closing: {{branch: [{{if: "{draw(conditions())}", next: end}}]}}',
        ]
    )
    inner = "\n".join(
        [
            "inputs: {number: {type: number}}",
            "steps:",
            draw(steps("one")).replace("run: inner", "fetch: https://example.com/"),
        ]
    )
    inner += "\n" + "\n".join(f"  {name}: {{say: Hello.}}" for name in names[1:])
    inner += "\n  all: {set: {a: '1', b: '2', c: '3'}}"
    return subject("test", {"test": text, "inner": f"languages: [en-GB, fr-FR]\n{inner}"})


@contextmanager
def watched() -> Iterator[list[tuple[str, str, FlowVisit]]]:
    """Every step that the engine enters meanwhile: its flow, its name, and what it sees."""
    entered: list[tuple[str, str, FlowVisit]] = []

    def spied(step: type) -> Any:
        enter = step.enter  # type: ignore[attr-defined]  # every step has it

        def spy(self: Any, visit: FlowVisit) -> Any:
            entered.append((visit.flow.name, visit.call.frame.step, visit))
            return enter(self, visit)

        return spy

    with pytest.MonkeyPatch.context() as patch:
        for step in STEPS:
            patch.setattr(step, "enter", spied(step))
        yield entered


def run_through(examined: Subject, events: list[Event], *, answered: bool) -> list[tuple[str, str, FlowVisit]]:
    """What a call entered."""
    with watched() as entered:
        call = begun(examined.script, answered=answered).call
        for second, event in enumerate(events):
            call = advance(examined.script, told(call, plan=False), after(event, second)).call
    return entered


def is_one(value: object, kind: Kind) -> bool:
    """Whether a value is one of this kind."""
    match kind:
        case Absent():
            return value is kind or value is Absent
        case One(one):
            return type(value) is type(one) and value == one
        case Whole(low, high):
            return type(value) is int and low <= value <= high
        case Texts(but, None):
            return isinstance(value, str) and value not in but
        case Texts(but, digits):
            least, most = digits or (0, 0)
            return isinstance(value, str) and value not in but and value.isdigit() and least <= len(value) <= most
        case Anything():
            return value is not Absent


def check_entered(examined: Subject, entered: list[tuple[str, str, FlowVisit]]) -> None:
    """What is said of each step that was entered is true of this call."""
    cases = [
        judgement
        for judgement in judged(examined)
        if judgement.alone.never or judgement.covered or judgement.anywhere.always
    ]
    texts = [text for text in alternatives(examined) if text.alone.never or text.anywhere.always]
    for _, name, visit in (one for one in entered if one[0] == examined.flow.name):
        assert name in examined.variables.at, "a step is entered that no call should come to"
        known = examined.variables.at[name]
        scope = {**visit.call.frame.saved, "language": visit.language, "direction": visit.call.direction}
        for variable, kinds in known.items():
            if variable in scope or variable in ("a", "b", "c", "number"):
                value = scope.get(variable, Absent)
                assert any(is_one(value, kind) for kind in kinds), (name, variable, value, kinds)
        step = examined.flow.steps[name]
        for text in (text for text in texts if text.path == (name, "say")):
            heard = _heard(visit, step)
            assert not (text.alone.never and heard == text.then), text
            assert not (text.anywhere.always and heard == text.other), text
        if not isinstance(step, BranchStep):
            continue
        for judgement in (case for case in cases if case.step == name):
            held = [_held(visit, case.if_) for case in step.branch[: judgement.at + 1]]
            assert not (judgement.alone.never and held[-1]), judgement
            assert not (judgement.anywhere.always and held[-1] is False), judgement
            assert not (judgement.covered and held[-1] and not any(held[:-1]) and None not in held), judgement


def _heard(visit: FlowVisit, step: Step) -> str | None:
    assert isinstance(step, SayStep)
    assert isinstance(step.say, Said)
    try:
        return visit.text(step.say.text)
    except RenderError:
        return None


def _held(visit: FlowVisit, condition: Any) -> bool | None:
    try:
        return visit.holds(condition)
    except RenderError:
        return None


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(examined=flows(), events=st.lists(EVENTS, max_size=20), answered=st.booleans())
def test_random_flows_hold_what_is_said_of_them(examined: Subject, events: list[Event], answered: bool) -> None:
    entered = run_through(examined, events, answered=answered)
    check_entered(examined, entered)
    check_entered(Subject(scripts_of(examined.neighbours)["inner"], examined.neighbours), entered)
    assert all(found.step in examined.flow.steps for found in missing(examined.variables))


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(sorted(SCRIPTS)), events=st.lists(EVENTS, max_size=25), answered=st.booleans())
def test_shared_flows_hold_what_is_said_of_them(name: str, events: list[Event], answered: bool) -> None:
    examined = Subject(SCRIPTS[name], {name: script.flow for name, script in SCRIPTS.items()})
    check_entered(examined, run_through(examined, events, answered=answered))
