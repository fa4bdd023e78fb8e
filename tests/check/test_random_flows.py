"""Random flows: looking at them never raises, and what the engine does with a silent caller was foretold."""

import json
from typing import Any

from hypothesis import given, note, settings
from hypothesis import strategies as st

from tests.check.cases import subject
from tests.flow.scenes import (
    DONE,
    NO_ANSWER,
    OFFERED,
    SILENCE,
    dialled,
    fetched,
    opening,
    recorded,
)
from voiceapp.actions import (
    Action,
    CollectDigits,
    Dial,
    HangUp,
    JoinConference,
    Pause,
    RecordVoice,
    is_carrier_action,
)
from voiceapp.call import Call
from voiceapp.check.checking import check
from voiceapp.check.subject import Subject
from voiceapp.engine.advance import advance, open_call
from voiceapp.engine.tell import tell_all
from voiceapp.events import Event

LOOPS = {"VF102", "VF103", "VF110"}
LONG = 250
"""Events: more than a silent caller of these flows could hear without going round."""

Tree = dict[str, Any]
_OTHERS = {
    "talk": "steps: {x: {say: Hello.}, y: {set: {z: 1}}}",
    "ask": "steps: {x: {ask: How many, answer: {number: 0-9}, otherwise: end}}",
    "leave": "steps: {x: {end: Goodbye.}}",
}
_NAMES = [f"s{at}" for at in range(6)]
_PROMPTS = st.sampled_from(
    ["Hello.", "Press 1.", "{{ n }}: press 7, then press #.", {"audio": "a.wav", "text": "Press *."}]
)
_KEYS = st.sampled_from([*"0123456789*#"])


def _flag(value: bool) -> str:
    return "true" if value else "false"


@st.composite
def _steps(draw: st.DrawFn, names: list[str], runs: list[str]) -> Tree:
    """Any step; its ways lead to these steps, or to the end, and it runs one of `runs`."""
    way = st.sampled_from([*names, "end"])
    key_way = st.one_of(way, st.just("repeat"), st.builds(lambda to: {"say": "In place.", "next": to}, way))
    question = {"tries": st.just("2"), "otherwise": way}
    choices = st.dictionaries(st.text("12*", min_size=1, max_size=2), st.sampled_from(["yes", "no"]), min_size=1)
    answer = st.one_of(
        st.just({"digits": "2-4"}),
        st.just({"number": "0-10"}),
        st.builds(lambda words: {"choices": words}, choices),
    )
    verbs: list[tuple[Tree, Tree]] = [
        ({"say": _PROMPTS}, {}),
        ({"pause": st.just("1")}, {}),
        ({"menu": _PROMPTS, "keys": st.dictionaries(_KEYS, key_way, min_size=1, max_size=3)}, question),
        ({"ask": _PROMPTS, "answer": answer}, {**question, "confirm": st.booleans().map(_flag)}),
        ({"record": _PROMPTS}, {"empty": way, "review": st.booleans().map(_flag)}),
        ({"dial": st.just("+33123456789")}, dict.fromkeys(("answered", "busy", "no_answer", "failed"), way)),
        ({"conference": st.just("room")}, {}),
        ({"branch": st.builds(lambda to: [{"if": "n > 3", "next": to}], way)}, {"otherwise": way}),
        ({"hours": st.just({"mon-fri": "09:00-17:00"}), "closed": way}, {}),
        ({"set": st.just({"n": "{{ n + 1 }}"})}, {}),
        ({"fetch": st.just("https://one.example.com/")}, {"failed": way}),
        ({"run": st.sampled_from(runs)}, {}),
        ({"notify": st.just("https://one.example.com/")}, {}),
        ({"opt_out": st.just("true")}, {}),
        ({"call_back": st.just("true"), "after": st.just("60"), "flow": st.sampled_from(["test", "talk"])}, {}),
        ({"end": st.sampled_from(["true", "Goodbye."])}, {}),
    ]
    needed, optional = draw(st.sampled_from(verbs))
    return draw(st.fixed_dictionaries(needed, optional={**optional, "next": way}))


@st.composite
def subjects(draw: st.DrawFn, runs: list[str]) -> Subject:
    """A flow of up to six steps among flows of which it runs some."""
    names = _NAMES[: draw(st.integers(1, len(_NAMES)))]
    way = st.sampled_from(names)
    head = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "keys": st.dictionaries(_KEYS, st.one_of(way, st.just("repeat")), min_size=1, max_size=2),
                "on_machine": way,
                "on_error": way,
            },
        )
    )
    inputs = {"n": {"type": "number", "default": "0"}}
    flow = {
        **head,
        "inputs": inputs,
        "flow": "test",
        "languages": ["en-GB"],
        "steps": {name: draw(_steps(names, runs)) for name in names},
    }
    return subject(
        "test",
        {
            "test": _text(flow),
            **_OTHERS,
        },
    )


def _text(flow: Tree) -> str:
    """As YAML in block style at its top, so that the harness sees its keys."""
    return "\n".join(f"{key}: {json.dumps(value)}" for key, value in flow.items())


def _unattended(subject: Subject, outcome: Event, answer: Event) -> tuple[Call, list[Action]]:
    """The call of somebody who does nothing, and all that was done; at most LONG events of it."""
    call = open_call(opening(subject.script), subject.script)
    event: Event = OFFERED
    done: list[Action] = []
    for _ in range(LONG):
        advanced = advance(subject.script, call, event)
        assert advanced.legal
        call, _ = tell_all(advanced.call, event.at)
        done += advanced.actions
        match call.told:
            case HangUp() | JoinConference():  # who is in a room is not alone
                break
            case _ if call.fetch is not None:
                event = answer
            case CollectDigits():
                event = SILENCE
            case RecordVoice():
                event = recorded("")
            case Dial():
                event = outcome
            case _:
                event = DONE
    return call, done


@settings(max_examples=50, deadline=None)
@given(subjects(["test", *_OTHERS]))
def test_looking_at_a_flow_never_raises(subject: Subject) -> None:
    for finding in check(subject):
        assert finding.place.line >= 1
        assert "\n" not in str(finding)


@settings(max_examples=80, deadline=None)
@given(
    subjects([*_OTHERS]),
    st.sampled_from([dialled("busy"), dialled("no_answer"), dialled("failed")]),
    st.sampled_from([fetched({}), NO_ANSWER]),
)
def test_where_a_silent_caller_goes_round_or_is_dropped_was_foretold(
    subject: Subject, outcome: Event, answer: Event
) -> None:
    note(subject.flow.source)
    call, done = _unattended(subject, outcome, answer)
    found = {finding.rule for finding in check(subject)}
    if not isinstance(call.told, HangUp | JoinConference) or "endless" in call.end_reason:
        assert found & LOOPS
    told = [action for action in done if is_carrier_action(action)]
    if call.end_reason == "completed" and all(isinstance(action, HangUp | Pause) for action in told):
        assert "VF109" in found
