"""A rehearsed call comes out as the same call does over HTTP on the real server: every conversation of
`tests/conversations` is rehearsed, and compared with the lines that are expected there."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.conversations.script import CarrierName, Conversation, Scene, read_scripts
from tests.rehearsal.stage import CARRIERS
from tests.servers import json_text, write_flows
from voiceapp.emulators.transcript import Transcript
from voiceapp.events import Value
from voiceapp.flow.flow import Script
from voiceapp.flow.library import load_library
from voiceapp.rehearsal.actor import Actor
from voiceapp.rehearsal.conditions import MONDAY_MORNING, Conditions, MockAnswer, Unreached
from voiceapp.rehearsal.lines import joined, lines_of
from voiceapp.rehearsal.rehearse import Casting, Rehearsed, rehearse

TEXTS, SCENES = read_scripts(Path(__file__).parents[1] / "conversations")
UNREACHED: dict[str, Unreached] = {"BUSY": "busy", "NOANSWER": "no_answer", "CONGESTION": "failed"}
NOT_REHEARSED = {
    ("outbound", "rejected"): "three reasons why nobody picks up are enough for a test of a flow",
    ("click_to_call", "there is no B"): "an input that is not of its type is a mistake in a test",
}
NOT_ACTED = {
    ("outbound", "a person whom Routee took for a machine"): "a test says who picks up, not who is taken for what",
}
CALLS = {
    f"{scene}, {carrier}": (scene, carrier)
    for scene in SCENES
    if (scene.file, scene.name) not in NOT_REHEARSED
    for carrier in scene.conversation.carriers
}


@pytest.fixture(scope="session")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Script]:
    return dict(load_library(write_flows(tmp_path_factory.mktemp("flows"), *TEXTS)).scripts)


def conditions_of(conversation: Conversation, carrier: CarrierName) -> Conditions:
    options = conversation.carrier
    outbound = options.get("direction") == "Outbound" or options.get("first_status", "") != ""
    return Conditions(
        carrier=carrier,
        at=conversation.at or MONDAY_MORNING,
        called=options.get("number", options.get("to_number", Conditions().called)),
        direction="outbound" if outbound else "inbound",
        inputs=conversation.inputs,
        machine=conversation.machine,
        unreached=UNREACHED.get(options.get("first_status", "")),
        fetch={f"https://*.example.com{path}": (answer_of(one),) for path, one in conversation.back_end.items()},
    )


def answer_of(given: Any) -> MockAnswer:
    failed = isinstance(given, int) and not isinstance(given, bool)
    return MockAnswer(status=given) if failed else MockAnswer(value=given)


def expected_transcript(text: str) -> Transcript:
    transcript = Transcript()
    for line in text.splitlines():
        transcript.add(line[:10].rstrip(), line[11:])  # type: ignore[arg-type]  # a kind, as the file has it
    return transcript


def asked_in(rehearsed: Rehearsed) -> list[str]:
    """Everything that back ends are asked, notifications too, as a conversation has it."""
    fetched = [_request(one.method, one.url, one.json) for one in rehearsed.asked]
    return fetched + [_request("POST", one.url, one.data) for one in rehearsed.notified]


def _request(method: str, url: str, body: Value) -> str:
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return " ".join([method, path, *([] if body is None else [json_text(body)])])


async def rehearsed_by(
    casting: Casting, scripts: dict[str, Script], scene: Scene, carrier: CarrierName
) -> Rehearsed:
    return await rehearse(
        scripts[scene.flow],
        CARRIERS[carrier],
        conditions_of(scene.conversation, carrier),
        casting,
        keys_during_prompts=scene.conversation.carrier.get("keys_during_prompts", False),
    )


@pytest.mark.parametrize(("scene", "carrier"), CALLS.values(), ids=CALLS)
async def test_a_conversation(scripts: dict[str, Script], scene: Scene, carrier: CarrierName) -> None:
    conversation = scene.conversation
    rehearsed = await rehearsed_by(lambda *_: conversation.caller(), scripts, scene, carrier)
    wanted = lines_of(expected_transcript(conversation.lines(carrier)), rehearsed.actions)
    assert rehearsed.lines == wanted
    assert rehearsed.defects == ()
    assert sorted(asked_in(rehearsed)) == sorted(conversation.asked)
    call = rehearsed.call
    assert call is not None
    assert (call.saved, call.end_reason) == (conversation.answers, conversation.ends(carrier))
    assert (call.partial, call.phase.value) == (conversation.partial, conversation.state)


ACTED = {name: (scene, on) for name, (scene, on) in CALLS.items() if (scene.file, scene.name) not in NOT_ACTED}


@pytest.mark.parametrize(("scene", "carrier"), ACTED.values(), ids=ACTED)
async def test_an_actor_does_what_the_lines_of_a_call_say(
    scripts: dict[str, Script], scene: Scene, carrier: CarrierName
) -> None:
    """So that what came of any call can be written down as a test, which then passes."""
    first = await rehearsed_by(lambda *_: scene.conversation.caller(), scripts, scene, carrier)
    machine = scene.conversation.machine
    again = await rehearsed_by(
        lambda _, clock: Actor(first.lines, clock, machine=machine), scripts, scene, carrier
    )
    assert joined(again.lines) == joined(first.lines)
    assert (again.ends, again.saved, again.taken) == (first.ends, first.saved, first.taken)


def test_what_is_not_rehearsed_is_there() -> None:
    assert {*NOT_REHEARSED, *NOT_ACTED} <= {(scene.file, scene.name) for scene in SCENES}
