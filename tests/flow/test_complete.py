"""The tables leave nothing out: every verb, key, way, event and action has its case."""

from collections.abc import Iterator

import pytest

from tests.flow.scenes import Case, opening
from tests.flow.tables import CASES, HEAD_CASES
from tests.flow.test_steps import played, scene
from voiceapp.actions import ACTIONS
from voiceapp.engine.advance import advance, open_call
from voiceapp.events import EVENTS, CallHungUp, CallOffered, CallOpened
from voiceapp.flow.flow import Flow, Head
from voiceapp.flow.loader import load_flow
from voiceapp.flow.steps import BY_VERB, STEPS, Step
from voiceapp.flow.surroundings import Surroundings

ALL_CASES = [case for table in (*CASES.values(), HEAD_CASES) for case in table]

NOT_AN_ACTION_OF_A_FLOW = {"StartRecording"}
"""Known to the codecs; the language has no word for it yet."""

TELLS_PEOPLE = {"note", "question", "personal"}
"""Keys that change nothing of what a call does."""

EXAMPLE = """
flow: example
languages: [en-GB, fr-FR, el-GR]
inputs: {{first_name: {{}}, patient_number: {{}}, order: {{}}, score: {{type: number}}, price: {{type: number}}}}
steps:
  example:
{body}
  others:
    end:
"""


def test_every_verb_has_its_cases() -> None:
    assert list(BY_VERB) == [step.verb for step in STEPS]
    assert set(CASES) == set(BY_VERB)


@pytest.mark.parametrize("verb", BY_VERB)
def test_a_verbs_cases_come_to_that_verb(verb: str) -> None:
    for case in CASES[verb]:
        flows = scene(case).flows
        entered = [label.rpartition("/") for label in played(case).steps]
        verbs = {flows[name or "test"].steps[step].verb for name, _, step in entered}
        assert verb in verbs, case.title


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.verb)
def test_every_key_of_a_verb_is_used_in_its_cases(step: type[Step]) -> None:
    steps = [found for flow in _flows() for found in flow.steps.values() if type(found) is step]
    written = {key for found in steps for key in found.model_fields_set}
    assert set(step.model_fields) - written <= TELLS_PEOPLE | {"next"}


def _flows() -> Iterator[Flow]:
    for case in ALL_CASES:
        yield from scene(case).flows.values()


def test_every_key_at_the_top_of_a_flow_is_used() -> None:
    written = {key for flow in _flows() for key in flow.head.model_fields_set}
    assert set(Head.model_fields) - written == {"title"}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.verb)
def test_a_verb_is_documented_by_what_loads(step: type[Step]) -> None:
    assert step.__doc__
    assert step.__doc__.strip().endswith(".")
    assert step.summary
    body = "\n".join(f"    {line}" for line in step.example.splitlines())
    names = {"sales", "support", "voicemail", "reception", "why", "thanks", "goodbye", "night"}
    text = EXAMPLE.format(body=body) + "".join(f"  {name}: {{end: }}\n" for name in sorted(names))
    text = text.replace("[en-GB, fr-FR, el-GR]", "[en-GB, fr-FR]") if "fr-FR" in step.example else text
    flow = load_flow(text.encode(), "example.yaml", Surroundings(flows={"satisfaction"}))
    assert type(flow.steps["example"]) is step


def test_every_kind_of_event_happens_in_the_tables() -> None:
    happened = {type(event) for case in ALL_CASES for event in case.happens}
    opened = {CallOpened, CallOffered}
    directions = {str(case.opened.get("direction", "inbound")) for case in ALL_CASES}
    assert directions == {"inbound", "outbound"}, "and so CallAnswered happens"
    assert {event.__name__ for event in EVENTS} - {event.__name__ for event in happened | opened} == {
        "CallAnswered"
    }
    assert any(isinstance(event, CallHungUp) and event.result for case in ALL_CASES for event in case.happens)


def test_every_kind_of_action_comes_out_of_the_tables() -> None:
    done = {type(action).__name__ for case in ALL_CASES for action in played(case).actions}
    assert {action.__name__ for action in ACTIONS} - done == NOT_AN_ACTION_OF_A_FLOW


@pytest.mark.parametrize("case", ALL_CASES, ids=lambda case: case.title)
def test_a_case_is_the_same_twice_and_leaves_its_call_as_it_was(case: Case) -> None:
    assert played(case) == played(case)
    script = scene(case)
    event = opening(script, **case.opened)
    call = open_call(event, script)
    before = repr(call)
    offered = CallOffered(at=event.at)
    assert advance(script, call, offered) == advance(script, call, offered)
    assert repr(call) == before
