"""Every field of every verb, right and wrong."""

import json
from typing import Any, get_args

import msgspec
import pytest

from tests.emulators.plans import pause, plan, say
from voiceapp.emulators.routee_plan import Language, Plan, parse_plan

PLAY = {"type": "PLAY", "fileURL": "https://example.org/a.wav"}
DIAL: dict[str, Any] = {"type": "DIAL", "from": "AMDTelecom", "to": {"phone": "+306948000000"}}
COLLECT = {"type": "COLLECT", "eventUrl": "https://example.org/event"}
MESSAGE = {"text": "Hello", "language": "en-GB"}


def parse(document: object) -> Plan:
    return parse_plan(json.dumps(document).encode())


VALID = {
    "say, all": say("Hello", repeat=-1, bargeIn=True),
    "say, least": {"type": "SAY", "message": MESSAGE},
    "play, all": {**PLAY, "repeat": 2, "bargeIn": True},
    "play, query": {**PLAY, "fileURL": "http://localhost:8080/a.wav?v=1"},
    "pause 1": pause(1),
    "pause 60": pause(60),
    "dial, least": DIAL,
    "dial sip": {**DIAL, "to": {"sip": "1111@test.com:55080"}},
    "dial viber": {**DIAL, "to": {"viber": "306971234567"}},
    "dial, all": {
        **DIAL,
        "hangupDelay": 1,
        "maxDuration": 1,
        "callback": {"url": "https://example.org/s", "strategy": "OnCompletion"},
        "record": True,
        "recordingFormat": "WAV",
        "recordingCallbackUrl": "https://example.org/r",
        "machineDetection": {"strategy": "Continue", "eventUrl": "https://example.org/m"},
    },
    "collect, all": {**COLLECT, "maxDigits": 4, "submitOnHash": True},
    "collect, least": COLLECT,
}


@pytest.mark.parametrize("verb", VALID.values(), ids=VALID)
def test_valid(verb: dict[str, Any]) -> None:
    assert len(parse(plan(verb, verb if verb["type"] != "DIAL" else pause())).verbs) == 2


@pytest.mark.parametrize("language", get_args(Language))
def test_every_language(language: str) -> None:
    parse(plan({"type": "SAY", "message": {"text": "x", "language": language}}))
    assert len(get_args(Language)) == 14


INVALID: dict[str, object] = {
    "no object": [],
    "null": None,
    "no verbs": {},
    "empty": plan(),
    "verbs an object": {"verbs": {}},
    "nested": {"dialPlan": plan(PLAY)},
    "field beside verbs": {**plan(PLAY), "name": "x"},
    "no type": plan({"duration": 1}),
    "lower case": plan({"type": "pause", "duration": 1}),
    "unknown verb": plan({"type": "HANGUP"}),
    "say: flat": plan({"type": "SAY", "text": "Hello", "language": "en-GB"}),
    "say: no text": plan({"type": "SAY", "message": {"language": "en-GB"}}),
    "say: empty text": plan(say("")),
    "say: no language": plan({"type": "SAY", "message": {"text": "Hello"}}),
    "say: language": plan({"type": "SAY", "message": {**MESSAGE, "language": "nl-NL"}}),
    "say: gender": plan({"type": "SAY", "message": {**MESSAGE, "gender": "Female"}}),
    "say: voice": plan({"type": "SAY", "message": {**MESSAGE, "voice": "Joe"}}),
    "say: unknown field": plan(say("Hello", loop=1)),
    "say: repeat -2": plan(say("Hello", repeat=-2)),
    "say: repeat text": plan(say("Hello", repeat="1")),
    "say: repeat bool": plan(say("Hello", repeat=True)),
    "say: bargeIn text": plan(say("Hello", bargeIn="true")),
    "say: bargein": plan(say("Hello", bargein=True)),
    "play: fileUrl": plan({"type": "PLAY", "fileUrl": PLAY["fileURL"]}),
    "play: mp3": plan({**PLAY, "fileURL": "https://example.org/a.mp3"}),
    "play: a path": plan({**PLAY, "fileURL": "/a.wav"}),
    "play: text": plan({**PLAY, "text": "Hello"}),
    "pause: length": plan({"type": "PAUSE", "length": 5}),
    "pause: 0": plan(pause(0)),
    "pause: 61": plan(pause(61)),
    "pause: half": plan(pause(1.5)),
    "pause: text": plan(pause("5")),
    "dial: twice": plan(DIAL, pause(), DIAL),
    "dial: no from": plan({"type": "DIAL", "to": DIAL["to"]}),
    "dial: empty from": plan({**DIAL, "from": ""}),
    "dial: no to": plan({"type": "DIAL", "from": "x"}),
    "dial: to text": plan({**DIAL, "to": "+306948000000"}),
    "dial: to nobody": plan({**DIAL, "to": {}}),
    "dial: to two": plan({**DIAL, "to": {"phone": "+306948000000", "sip": "a@b:1"}}),
    "dial: no plus": plan({**DIAL, "to": {"phone": "306948000000"}}),
    "dial: delay 0": plan({**DIAL, "hangupDelay": 0}),
    "dial: duration 0": plan({**DIAL, "maxDuration": 0}),
    "dial: callback text": plan({**DIAL, "callback": "https://example.org/s"}),
    "dial: strategy": plan({**DIAL, "callback": {"url": "https://example.org/s", "strategy": "Always"}}),
    "dial: no strategy": plan({**DIAL, "callback": {"url": "https://example.org/s"}}),
    "dial: record text": plan({**DIAL, "record": "true"}),
    "dial: format": plan({**DIAL, "recordingFormat": "mp3"}),
    "dial: recording url": plan({**DIAL, "recordingCallbackUrl": "example.org"}),
    "dial: machine": plan({**DIAL, "machineDetection": {"strategy": "Ask"}}),
    "dial: timeout": plan({**DIAL, "timeout": 20}),
    "collect: no url": plan({"type": "COLLECT"}),
    "collect: relative url": plan({**COLLECT, "eventUrl": "/event"}),
    "collect: maxDigits 0": plan({**COLLECT, "maxDigits": 0}),
    "collect: maxDigits text": plan({**COLLECT, "maxDigits": "4"}),
    "collect: submitOnHash text": plan({**COLLECT, "submitOnHash": "false"}),
    "collect: timeout": plan({**COLLECT, "timeout": 5}),
    "collect: numDigits": plan({**COLLECT, "numDigits": 1}),
}


@pytest.mark.parametrize("document", INVALID.values(), ids=INVALID)
def test_invalid(document: object) -> None:
    with pytest.raises(msgspec.ValidationError):
        parse(document)
