"""`advance` is a function: whatever happens in whatever order, the call stays whole and comes to an end."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.engine.walks import EVENTS, SCRIPTS, after, begun, told
from tests.flow.scenes import DONE, HUNG_UP, MONDAY_NOON, SILENCE, fetched, pressed, script
from voiceapp.actions import Action, CarrierAction, HangUp, Speech, is_carrier_action
from voiceapp.call import Call, Phase, from_json, to_json
from voiceapp.engine.advance import Advanced, advance
from voiceapp.engine.limits import MAX_FRAMES, MAX_SILENT_STEPS, MAX_TURNS
from voiceapp.engine.walk import BREATH_ACTIONS, Walk
from voiceapp.events import (
    CallHungUp,
    CallLost,
    Event,
    FetchCompleted,
    RecordingStored,
    StatusReported,
    VoiceRecorded,
)
from voiceapp.flow.fields import Way
from voiceapp.flow.flow import Script
from voiceapp.flow.leaves import expressions
from voiceapp.flow.ways import ON_ERROR, ON_HANG_UP, ON_MACHINE, flow_key_way

APOLOGY = "We are sorry, there is a problem. Please call again later. Goodbye."
MOST_ACTIONS = BREATH_ACTIONS + 6
"""Of one event in the shared flows: what is due before a breath, one more step, and a hang-up."""


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from(sorted(SCRIPTS)),
    events=st.lists(EVENTS, max_size=25),
    answered=st.booleans(),
    plan=st.booleans(),
)
def test_any_events_in_any_order(name: str, events: list[Event], answered: bool, plan: bool) -> None:
    script = SCRIPTS[name]
    call = begun(script, answered=answered).call
    for second, kind in enumerate(events):
        before, event = told(call, plan=plan), after(kind, second)
        advanced = advance(script, before, event)
        assert advanced == advance(script, from_json(to_json(before)), event)
        check(before, event, advanced)
        check_ways(script, advanced)
        call = advanced.call


def check_ways(script: Script, advanced: Advanced) -> None:
    """Every way that was taken is one that its step declares."""
    for flow_name, step, name in advanced.taken:
        flow = script.flows[flow_name]
        body = flow.steps[step]
        keys = {flow_key_way(key) for key in flow.head.keys} if body.collects else set()
        declared = {way for way, _ in body.ways_out(flow.after(step))} | set(body.rungs()) | keys
        assert name in declared | {ON_ERROR, ON_HANG_UP, ON_MACHINE}


def check(before: Call, event: Event, advanced: Advanced) -> None:
    """What holds after every event."""
    call, actions, legal = advanced.call, advanced.actions, advanced.legal
    assert from_json(to_json(call)) == call
    assert len(actions) <= MOST_ACTIONS
    assert msgspec.json.decode(msgspec.json.encode(actions), type=tuple[Action, ...]) == actions
    if not legal or before.phase.over:
        assert (replace(call, bill=before.bill), actions) == (before, ())
    if call.phase.over or call.phase is Phase.CLOSING:
        assert call.outbox == ()
        assert call.end_reason
        assert not any(map(is_carrier_action, actions))
    else:
        assert call.outbox or waits(call), "something to tell, or something to wait for"
    if legal and isinstance(event, CallHungUp | CallLost):
        assert call.ended_at == event.at
    assert call.answered_at or call.phase in (Phase.OPENED, Phase.UNREACHED, Phase.LOST, Phase.ENDED)


def waits(call: Call) -> bool:
    """Whether something will be reported: what was told, or an answer that is fetched."""
    return call.told is not None or call.fetch is not None or call.phase is Phase.OPENED


LATE: tuple[Event, ...] = (
    StatusReported(at=MONDAY_NOON, status="HANGUP", seconds=9.0, price=0.02),
    RecordingStored(at=MONDAY_NOON, recording="r1"),
)


@given(events=st.lists(EVENTS, max_size=5), end=st.sampled_from([HUNG_UP, CallLost(at=MONDAY_NOON)]))
@settings(deadline=None)
def test_after_the_end_nothing_moves(events: list[Event], end: Event) -> None:
    script = SCRIPTS["satisfaction"]
    ended = advance(script, told(begun(script).call, plan=True), end).call
    assert ended.phase.over
    for event in (*events, *LATE):
        advanced = advance(script, ended, event)
        assert (replace(advanced.call, bill=ended.bill), advanced.actions, advanced.steps) == (ended, (), ())


# F31: a flow without an end

LOOPS = {
    "a step that goes to itself": "a:\n  set: {x: 1}\n  next: a",
    "two steps": "a:\n  set: {x: 1}\nb:\n  branch:\n    - {if: x == '1', next: a}\n  otherwise: a",
    "notices and opt-outs": "a:\n  notify: https://a.example/\nb:\n  opt_out: true\n  next: a",
    "a flow that runs itself": "a:\n  run: test",
    "flows that run each other": "a:\n  run: other\n  next: a",
    "a loop around a flow": "a:\n  run: small\n  next: a",
    "a dial of no number": "a:\n  set: {to: x}\nb:\n  dial: '{{ to }}'\n  failed: b",
}
RUNS = {"other": "a:\n  set: {x: 1}\nb:\n  run: test", "small": "a:\n  set: {x: 1}"}


def looped(steps: str, head: str = "") -> Script:
    """A script that may run the flows of RUNS."""
    needed = {name: text for name, text in RUNS.items() if f"run: {name}" in steps}
    return script(steps, head, **needed)


@pytest.mark.parametrize("steps", LOOPS.values(), ids=LOOPS)
def test_a_silent_loop_ends_with_the_apology(steps: str) -> None:
    advanced = begun(looped(steps))
    *_, apology, end = filter(is_carrier_action, advanced.actions)
    assert getattr(apology, "piece", None) == Speech(APOLOGY, "en-GB")
    assert isinstance(end, HangUp)
    assert len(advanced.steps) <= MAX_SILENT_STEPS
    assert len(advanced.call.frames) <= MAX_FRAMES
    assert advanced.call.end_reason in ("apologised: endless flow", "apologised: flows run each other too deeply")


@pytest.mark.parametrize(
    "steps",
    [
        "hello:\n  ask: Hello.\n  answer: {digits: 1}\n  next: end\n" + LOOPS[name]
        for name in ("a step that goes to itself", "two steps", "notices and opt-outs")
    ],
)
def test_a_silent_loop_after_the_hang_up_ends(steps: str) -> None:
    script = looped(steps, "on_hang_up: a")
    advanced = advance(script, told(begun(script).call, plan=True), HUNG_UP)
    assert advanced.call.phase is Phase.ENDED
    assert len(advanced.steps) <= MAX_SILENT_STEPS


FETCHES = "hello:\n  ask: Hello.\n  answer: {digits: 1}\n  next: end\na:\n  fetch: https://a.example/\n  next: a"


@pytest.mark.parametrize("hung_up", [False, True])
def test_a_loop_of_fetches_ends(hung_up: bool) -> None:
    looping = script(FETCHES, "on_hang_up: a") if hung_up else script("a:\n  fetch: https://a.example/\n  next: a")
    call = told(begun(looping).call, plan=True)
    if hung_up:
        call = advance(looping, call, HUNG_UP).call
    requests = 0
    while call.fetch is not None:
        requests += 1
        call = advance(looping, call, fetched(1)).call
    assert requests <= MAX_SILENT_STEPS
    assert call.phase is Phase.ENDED if hung_up else call.end_reason == "apologised: endless flow"


TALKING = {
    "says": ("a:\n  say: Hello.\n  next: a", DONE),
    "asks": ("a:\n  ask: Hello?\n  answer: {digits: 1}\n  next: a", pressed("1")),
    "asks for ever": ("a:\n  menu: Hello?\n  keys: {1: a}\n  otherwise: a", SILENCE),
    "hears repeat": ("a:\n  menu: Hello?\n  keys: {1: repeat}", pressed("1")),
    "records again": ("a:\n  record: Hello?\n  review: true", None),
    "asks to confirm": ("a:\n  ask: Hello?\n  answer: {digits: 1}\n  confirm: true", pressed("2")),
    "pauses": ("a:\n  pause: 1\n  next: a", DONE),
}


@pytest.mark.parametrize(("steps", "event"), TALKING.values(), ids=TALKING)
def test_a_loop_that_talks_ends_with_the_apology(steps: str, event: Event | None) -> None:
    script = looped(steps)
    call = begun(script).call
    said: list[CarrierAction] = []
    while call.outbox:
        said += call.outbox
        call = told(call, plan=True)
        assert call.turn <= MAX_TURNS + 1
        if call.phase is Phase.LEAVING:
            break
        recording = call.progress is not None and call.progress.stage == "review"
        answer = pressed("2") if recording else VoiceRecorded(at=MONDAY_NOON, recording="r")
        call = advance(script, call, event or answer).call
    assert call.end_reason == "apologised: endless flow"
    assert getattr(said[-2], "piece", None) == Speech(APOLOGY, "en-GB")


def test_a_loop_that_only_talks_hands_out_a_breath_at_a_time() -> None:
    script = looped("a:\n  say: [One., Two., Three.]\n  next: a")
    call = begun(script).call
    assert BREATH_ACTIONS <= len(call.outbox) <= BREATH_ACTIONS + 2
    again = advance(script, told(call, plan=True), DONE).call
    assert BREATH_ACTIONS <= len(again.outbox) <= BREATH_ACTIONS + 2


def test_a_flow_that_is_run_again_and_again_and_talks_at_its_end_takes_a_breath_there() -> None:
    running = script("a:\n  run: talk\n  next: a", talk="x:\n  say: [One., Two., Three.]")
    call = begun(running).call
    assert BREATH_ACTIONS <= len(call.outbox) <= BREATH_ACTIONS + 2
    while call.phase is not Phase.LEAVING:
        call = advance(running, told(call, plan=True), DONE).call
        assert len(call.outbox) <= BREATH_ACTIONS + 2
    assert call.end_reason == "apologised: endless flow"


def test_what_is_heard_between_two_breaths_goes_on_only_when_all_was_told() -> None:
    script = looped("a:\n  say: One.\n  next: a")
    call = begun(script).call
    for left in range(len(call.outbox) - 1, 0, -1):
        call = told(call, plan=False)
        assert advance(script, call, DONE) == Advanced(call)
        assert len(call.outbox) == left


# F30: what is not there, or of the wrong kind


VARIABLES = sorted(
    (name, variable)
    for name, script in SCRIPTS.items()
    for variable in {
        *script.flow.head.inputs,
        *(saved for label, step in script.flow.steps.items() for saved in step.names_saved(label)),
        *(used for step in script.flow.steps.values() for _, part in expressions(step) for used in part.names),
    }
    - {"now", "secret", "language", "caller", "called", "direction"}
)


@pytest.mark.parametrize(("name", "variable"), VARIABLES)
def test_a_missing_or_wrong_variable_is_answered(name: str, variable: str) -> None:
    script = SCRIPTS[name]
    failures = 0
    for step in script.flow.steps:
        call = begun(script).call
        known = {"first_name": "Ann", "order": "7", "target": "+33123456789", "greeting": "Hi", "score": 5}
        known |= {"result": {"ready": True, "count": 2}, "patient_number": "123456", "message": "r1"}
        for value in (..., None, "", "x", 5, [1], {"a": 1}, True):
            saved = {key: item for key, item in known.items() if key != variable}
            saved |= {} if value is ... else {variable: value}
            standing = replace(
                told(call, plan=True),
                frames=(replace(call.frames[0], step=step, saved=saved),),
                progress=None,
                phase=Phase.IN_FLOW,
            )
            advanced = enter(script, standing, step)
            assert advanced.call.outbox or advanced.call.fetch
            failures += advanced.call.failed
    uses = any(variable in part.names for step in script.flow.steps.values() for _, part in expressions(step))
    assert bool(failures) == uses


def enter(script: Script, call: Call, step: str) -> Advanced:
    """What happens when the call comes to `step`."""
    walk = Walk(script, call, MONDAY_NOON)
    walk.go(Way(step))
    return Advanced(replace(walk.call, outbox=walk.outbox()), tuple(walk.actions), tuple(walk.steps))


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ("a:\n  say: '{{ x }}'\nz:\n  set: {x: 1}", "'x' has no value"),
        ("a:\n  set: {y: '{{ x }}'}\nz:\n  set: {x: 1}", "'x' has no value"),
        ("a:\n  set: {x: '{{ none }}'}\nb:\n  say: '{{ x }}'", "none cannot stand in a text"),
        ("a:\n  set: {x: word}\nb:\n  branch:\n    - {if: x > 1, next: end}", "values of different kinds meet"),
        (
            "a:\n  set: {x: word}\nb:\n  say: '{{ x | int }}'",
            "a text that is no number stands where a number is needed",
        ),
        ("a:\n  set: {x: {y: 1}}\nb:\n  notify: 'https://a.example/{{ x }}'", "a mapping cannot stand in a text"),
        ("a:\n  set: {x: {y: 1}}\nb:\n  fetch: 'https://a.example/{{ x.z }}'", "'z' has no value"),
        ("a:\n  set: {x: '{{ 1 / 0 }}'}", "a calculation has no result"),
        ("a:\n  dial: '{{ x }}'\nz:\n  set: {x: 1}", "'x' has no value"),
        ("a:\n  run: small\n  with: {x: '{{ y }}'}\nz:\n  set: {y: 1}", "'y' has no value"),
        ("a:\n  conference: '{{ x }}'\nz:\n  set: {x: 1}", "'x' has no value"),
        ("a:\n  end: '{{ x }}'\nz:\n  set: {x: 1}", "'x' has no value"),
    ],
)
def test_what_cannot_be_said_is_named_in_the_end_reason(steps: str, reason: str) -> None:
    call = begun(looped(steps)).call
    assert call.end_reason == f"apologised: {reason}"
    caught = begun(
        looped(f"{steps}\n  next: end\nsorry:\n  ask: Sorry?\n  answer: {{digits: 1}}", "on_error: sorry")
    )
    assert caught.call.end_reason == f"error: {reason}"
    assert caught.call.failed


def test_an_answer_that_nobody_waits_for_is_not_legal() -> None:
    asking = script("a:\n  ask: Hello?\n  answer: {digits: 1}")
    call = told(begun(asking).call, plan=True)
    assert advance(asking, call, FetchCompleted(at=MONDAY_NOON, value=1)) == Advanced(call, legal=False)
