"""CALLR's words, both ways: what its posts mean, and which command each action becomes."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.store.samples import a_call
from voiceapp.actions import (
    Audio,
    CarrierAction,
    CollectDigits,
    Dial,
    HangUp,
    JoinConference,
    Pause,
    Piece,
    PlayRecording,
    RecordVoice,
    SendKeys,
    Speak,
    Speech,
    StartRecording,
    StopRecording,
)
from voiceapp.carriers.base import Opening, Post, Received
from voiceapp.carriers.callr.codec import Callr
from voiceapp.carriers.callr.commands import CallrOptions, expanded
from voiceapp.engine.lookahead import Stretch
from voiceapp.errors import PostRefused
from voiceapp.events import (
    ActionCompleted,
    ActionFailed,
    CallAnswered,
    CallHungUp,
    CallOffered,
    CallUnreached,
    DialEnded,
    DigitsCollected,
    Event,
    MachineDetected,
    PersonDetected,
    SilenceHeard,
    VoiceRecorded,
)
from voiceapp.flow.loader import load_flow

AT = datetime(2026, 1, 9, 17, 27, 55, tzinfo=UTC)
CALLR = Callr(CallrOptions())
FIRST: dict[str, Any] = {
    "app": "4346423A",
    "callid": 421890,
    "request_hash": None,
    "cli_name": "",
    "cli_number": "+33612345678",
    "date_started": "2026-01-09 17:27:55",
    "number": "+33123456789",
    "command": "",
    "command_id": 0,
    "command_result": "",
    "command_error": "",
    "call_status": "INCOMING_CALL",
    "cdr_field": "",
    "variables": {},
}
"""The first request of an inbound call, as the JSON objects page and the SDKs have it."""

OUTBOUND = FIRST | {
    "callid": 421889,
    "request_hash": "4260XMAQ",
    "cli_number": "",
    "number": "+16469820800",
    "call_status": "UP",
    "cdr_field": "000CUSTOMFIELD42",
}
"""The vendor's own sample of a first request, of an outbound call."""

NEXT = FIRST | {"call_status": "UP", "command": "read", "command_id": "3.ab", "command_result": "042"}


def decode(request: dict[str, Any]) -> Received:
    return CALLR.decode(Post("call", json.dumps(request).encode(), AT))


def without(request: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in request.items() if name not in names}


FIRST_POSTS: dict[str, tuple[dict[str, Any], Event]] = {
    "it rings": (FIRST, CallOffered(at=AT)),
    "answered": (OUTBOUND, CallAnswered(at=AT)),
    "busy": (OUTBOUND | {"call_status": "BUSY"}, CallUnreached(at=AT, reason="busy")),
    "no answer": (OUTBOUND | {"call_status": "NOANSWER"}, CallUnreached(at=AT, reason="no_answer")),
    "congestion": (OUTBOUND | {"call_status": "CONGESTION"}, CallUnreached(at=AT, reason="congestion")),
    "rejected": (OUTBOUND | {"call_status": "REJECTED"}, CallUnreached(at=AT, reason="rejected")),
    "hung up before a word": (FIRST | {"call_status": "HANGUP"}, CallHungUp(at=AT)),
    "UP without a request hash": (FIRST | {"call_status": "UP"}, CallOffered(at=AT)),
    "no request hash: false": (FIRST | {"request_hash": False}, CallOffered(at=AT)),
    "no request hash: empty": (FIRST | {"request_hash": ""}, CallOffered(at=AT)),
    "no request hash: absent": (without(FIRST, "request_hash"), CallOffered(at=AT)),
    "no command: null": (FIRST | {"command_id": None}, CallOffered(at=AT)),
    "no command: absent": (without(FIRST, "command", "command_id"), CallOffered(at=AT)),
    "no command: the text 0": (FIRST | {"command_id": "0"}, CallOffered(at=AT)),
}


@pytest.mark.parametrize(("request_", "event"), FIRST_POSTS.values(), ids=FIRST_POSTS)
def test_the_first_post(request_: dict[str, Any], event: Event) -> None:
    received = decode(request_)
    assert received.events == (event,)
    assert (received.turn, received.key, received.opens) == ("", f"start:{request_['call_status']}", True)
    assert received.unknown == ""


def test_who_is_on_the_line() -> None:
    assert decode(FIRST | {"cli_name": "Ann"}).opening == Opening(
        "inbound", caller="+33612345678", called="+33123456789", caller_name="Ann"
    )
    assert decode(OUTBOUND).opening == Opening("outbound", called="+16469820800", field="000CUSTOMFIELD42")
    assert decode(without(FIRST, "cli_name", "cli_number", "number", "cdr_field")).opening == Opening("inbound")


def result(command: str, result: Any = "0", error: Any = "") -> dict[str, Any]:
    return {"command": command, "command_result": result, "command_error": error}


RESULTS: dict[str, tuple[dict[str, Any], Event]] = {
    "played": (result("play"), ActionCompleted(at=AT)),
    "waited": (result("wait"), ActionCompleted(at=AT)),
    "left the room": (result("conference", "whatever"), ActionCompleted(at=AT)),
    "a command we never send": (result("play_talk_detect", "SILENCE"), ActionCompleted(at=AT)),
    "digits": (result("read", "042"), DigitsCollected(at=AT, digits="042")),
    "digits as a number": (result("read", 42), DigitsCollected(at=AT, digits="42")),
    "hash alone": (result("read", ""), DigitsCollected(at=AT, digits="")),
    "star and hash": (result("read", "*1#"), DigitsCollected(at=AT, digits="*1#")),
    "digits of another script": (result("read", "١٢3"), DigitsCollected(at=AT, digits="3")),
    "more digits than any answer has": (result("read", "1" * 500), DigitsCollected(at=AT, digits="1" * 32)),
    "silence": (result("read", "TIMEOUT"), SilenceHeard(at=AT)),
    "an error in words": (
        result("read", "12", "PROPERTY_VALUE_ERROR"),
        ActionFailed(at=AT, reason="PROPERTY_VALUE_ERROR"),
    ),
    "a recording": (result("record", "rec-7.sln"), VoiceRecorded(at=AT, recording="rec-7.sln")),
    "an empty recording": (result("record", ""), VoiceRecorded(at=AT, recording="")),
    "a recording of nothing": (result("record", "TIMEOUT"), VoiceRecorded(at=AT, recording="")),
    "recorded, without a name": (result("record", "0"), VoiceRecorded(at=AT, recording="")),
    "no recording": (result("record", "", "disk"), ActionFailed(at=AT, reason="disk")),
    "silence after the hello": (result("wait_for_silence", "0"), PersonDetected(at=AT)),
    "no silence": (result("wait_for_silence", "TIMEOUT"), MachineDetected(at=AT)),
    "no listening": (result("wait_for_silence", "", "busy"), ActionFailed(at=AT, reason="busy")),
    "connected": (result("dialout", "ANSWER"), DialEnded(at=AT, outcome="answered")),
    "busy": (result("dialout", "BUSY"), DialEnded(at=AT, outcome="busy")),
    "nobody": (result("dialout", "NOANSWER"), DialEnded(at=AT, outcome="no_answer")),
    "given up": (result("dialout", "CANCEL"), DialEnded(at=AT, outcome="no_answer")),
    "timed out": (result("dialout", "TIMEOUT"), DialEnded(at=AT, outcome="no_answer")),
    "congestion": (result("dialout", "CONGESTION"), DialEnded(at=AT, outcome="failed")),
    "no channel": (result("dialout", "CHANUNAVAIL"), DialEnded(at=AT, outcome="failed")),
    "not dialled": (result("dialout", "NODIAL"), DialEnded(at=AT, outcome="failed")),
    "rejected": (result("dialout", "REJECTED"), DialEnded(at=AT, outcome="failed")),
    "an outcome nobody knows": (result("dialout", "PARROT"), DialEnded(at=AT, outcome="no_answer")),
    "no outcome": (result("dialout", ""), DialEnded(at=AT, outcome="no_answer")),
    "an outcome as an error": (result("dialout", "", "BUSY"), DialEnded(at=AT, outcome="busy")),
    "an error nobody knows": (result("dialout", "", "no credit"), DialEnded(at=AT, outcome="failed")),
}


@pytest.mark.parametrize(("told", "event"), RESULTS.values(), ids=RESULTS)
def test_what_a_command_came_to(told: dict[str, Any], event: Event) -> None:
    received = decode(NEXT | told)
    assert received.events == (event,)
    assert (received.turn, received.key, received.opens) == ("3.ab", "3.ab:UP", False)


HANG_UPS: dict[str, tuple[dict[str, Any], CallHungUp]] = {
    "in a question": (
        result("read", "12"),
        CallHungUp(at=AT, result=DigitsCollected(at=AT, digits="12")),
    ),
    "in a recording": (
        result("record", "r"),
        CallHungUp(at=AT, result=VoiceRecorded(at=AT, recording="r")),
    ),
    "in silence": (result("read", "TIMEOUT"), CallHungUp(at=AT)),
    "in a prompt": (result("play"), CallHungUp(at=AT)),
    "in a talk": (result("dialout", "ANSWER"), CallHungUp(at=AT)),
    "with an error": (result("read", "12", "gone"), CallHungUp(at=AT)),
}


@pytest.mark.parametrize(("told", "event"), HANG_UPS.values(), ids=HANG_UPS)
def test_a_hang_up_brings_the_answer_it_interrupted(told: dict[str, Any], event: CallHungUp) -> None:
    received = decode(NEXT | told | {"call_status": "HANGUP"})
    assert received.events == (event,)
    assert received.key == "3.ab:HANGUP"


@pytest.mark.parametrize("callid", [2**64 - 1, 2**53 + 1, 0, "A1", "9007199254740993", " x ", "é" * 128])
def test_a_callid_is_kept_as_it_was_written(callid: Any) -> None:
    assert decode(FIRST | {"callid": callid}).ref == str(callid)


@pytest.mark.parametrize("callid", [None, "", [], {}, True, 1.5, 2**300])
def test_a_callid_that_names_no_call(callid: Any) -> None:
    with pytest.raises(PostRefused, match="no callid") as refused:
        decode(FIRST | {"callid": callid})
    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("command_id", "turn"), [(17, "17"), ("label", "label"), ([1], ""), (1.5, ""), (True, "")]
)
def test_a_command_id_of_any_type(command_id: Any, turn: str) -> None:
    assert decode(NEXT | {"command_id": command_id}).turn == turn


def test_our_own_farewell_comes_back() -> None:
    farewell = json.loads(CALLR.farewell((speak("Sorry."),), "flow"))
    assert decode(NEXT | {"command_id": farewell["command_id"]}).parting
    assert not decode(NEXT | {"command_id": farewell["command_id"], "call_status": "HANGUP"}).parting
    assert not decode(NEXT).parting


ODD_VALUES: list[Any] = [
    None,
    "",
    "x",
    0,
    -1,
    2**63,
    1e300,
    True,
    [],
    [[]],
    {},
    {"a": [None]},
    "\u0000",
    "😀" * 300,
    "٣",
]


@pytest.mark.parametrize("field", [name for name in FIRST if name not in ("callid", "call_status")])
def test_an_odd_value_in_any_field_harms_nothing(field: str) -> None:
    for value in ODD_VALUES:
        for request in (FIRST, OUTBOUND, NEXT):
            received = decode(request | {field: value})
            assert len(received.events) == 1
            assert received.ref == str(request["callid"])
    assert decode(without(NEXT, field)).ref == "421890"


def test_invented_statuses_commands_and_fields() -> None:
    """F10: two hundred of them. An unknown status is told of, and answered like UP."""
    for at in range(200):
        received = decode(NEXT | {"call_status": f"NEW_{at}", "command": f"verb_{at}", f"field_{at}": {"x": [at]}})
        assert received.events == (ActionCompleted(at=AT),)
        assert received.unknown == f"call_status NEW_{at}"


def test_variables_as_an_empty_list() -> None:
    assert decode(FIRST | {"variables": []}) == decode(FIRST)


NO_REQUESTS: dict[str, bytes] = {
    "nothing": b"",
    "blanks": b"  \n",
    "no JSON": b"callid=1",
    "half of it": json.dumps(FIRST).encode()[:-5],
    "two of it": json.dumps(FIRST).encode() * 2,
    "a list": b"[]",
    "a text": b'"INCOMING_CALL"',
    "null": b"null",
    "a hundred thousand lists": b"[" * 100_000,
    "a hundred thousand objects": b'{"a":' * 100_000,
    "nested in a field": b'{"callid":1,"call_status":"UP","variables":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "UTF-16": json.dumps(FIRST).encode("utf-16"),
    "UTF-16 without a mark": json.dumps(FIRST).encode("utf-16-le"),
    "a byte order mark": b"\xef\xbb\xbf" + json.dumps(FIRST).encode(),
    "Latin-1": json.dumps(FIRST | {"cli_name": "é"}, ensure_ascii=False).encode("latin-1"),
    "a lone surrogate": b'{"callid":"\\ud800","call_status":"UP"}',
    "a lone surrogate in bytes": b'{"callid":"\xed\xa0\x80","call_status":"UP"}',
    "a control character": b'{"callid":"a\x01b","call_status":"UP"}',
    "a comma too many": b'{"callid":1,"call_status":"UP",}',
    "a comment": b'{"callid":1,/* */"call_status":"UP"}',
    "single quotes": b"{'callid':1,'call_status':'UP'}",
    "no status": b'{"callid":1}',
    "5,000 digits": b'{"callid":1,"call_status":"UP","command_id":' + b"9" * 5000 + b"}",
    "NaN": b'{"callid":1,"call_status":"UP","command_id":NaN}',
    "Infinity": b'{"callid":1,"call_status":"UP","command_id":-Infinity}',
    "1e999": b'{"callid":1,"call_status":"UP","command_id":1e999}',
    "a status that is a list": b'{"callid":1,"call_status":["UP"]}',
}


@pytest.mark.parametrize("body", NO_REQUESTS.values(), ids=NO_REQUESTS)
def test_what_is_no_request_is_refused_in_few_words(body: bytes) -> None:
    """F11."""
    with pytest.raises(PostRefused) as refused:
        CALLR.decode(Post("call", body, AT))
    assert refused.value.status == 400
    assert len(str(refused.value)) < 80


ODD_JSON: dict[str, tuple[bytes, str]] = {
    "5,000 digits in a field that nobody reads": (
        b'{"callid":1,"call_status":"UP","n":' + b"9" * 5000 + b"}",
        "",
    ),
    "4,000 digits": (b'{"callid":1,"call_status":"UP","command_id":' + b"9" * 4000 + b"}", ""),
    "a NUL": (b'{"callid":1,"call_status":"UP","command_id":"\\u0000"}', "\0"),
    "the same key twice": (b'{"callid":1,"call_status":"UP","command_id":1,"command_id":2}', "2"),
}


@pytest.mark.parametrize(("body", "turn"), ODD_JSON.values(), ids=ODD_JSON)
def test_odd_json_that_is_read_all_the_same(body: bytes, turn: str) -> None:
    """F11."""
    assert CALLR.decode(Post("call", body, AT)).turn == turn


# what we say


def speak(text: str, **options: Any) -> Speak:
    return Speak(step="s", piece=Speech(text, "en-GB", "female"), **options)


def command(action: CarrierAction, codec: Callr = CALLR) -> tuple[str, dict[str, Any]]:
    reply = json.loads(codec.encode(a_call(turn=3), (Stretch(None, (action,)),)))
    assert reply.keys() == {"command", "command_id", "params", "variables"}
    assert (reply["command_id"], reply["variables"]) == (a_call(turn=3).token, {})
    return reply["command"], reply["params"]


SERENA = "TTS|TTS_EN-GB_SERENA|"
COMMANDS: dict[str, tuple[CarrierAction, str, dict[str, Any]]] = {
    "speech": (speak("Hello."), "play", {"media_id": f"{SERENA}Hello."}),
    "a sound of CALLR's": (
        Speak(step="s", piece=Audio("a.wav", "en-GB", "La.", media="131")),
        "play",
        {"media_id": 131},
    ),
    "a sound that CALLR has no copy of": (
        Speak(step="s", piece=Audio("a.wav", "en-GB", "La.")),
        "play",
        {"media_id": f"{SERENA}La."},
    ),
    "nothing to say": (speak(" "), "play", {"media_id": 0}),
    "silence": (Pause(step="s", seconds=7), "wait", {"seconds": 7}),
    "a question": (
        CollectDigits(step="s", prompt=(Speech("Age?", "en-GB"),), max_digits=3, wait=5),
        "read",
        {"media_id": f"{SERENA}Age?", "max_digits": 3, "attempts": 1, "timeout_ms": 5000},
    ),
    "a question without words": (
        CollectDigits(step="s", prompt=(), max_digits=1, wait=99),
        "read",
        {"media_id": 0, "max_digits": 1, "attempts": 1, "timeout_ms": 30_000},
    ),
    "only a key that interrupts": (
        CollectDigits(step="s", prompt=(Speech("Long.", "en-GB"),), max_digits=1, wait=0),
        "read",
        {"media_id": f"{SERENA}Long.", "max_digits": 1, "attempts": 1, "timeout_ms": 100},
    ),
    "a recording": (
        RecordVoice(step="s", max_seconds=120, quiet=3),
        "record",
        {"max_duration": 120, "silence": 3},
    ),
    "what was recorded": (PlayRecording(step="s", recording="r-1"), "play_record", {"media_file": "r-1"}),
    "somebody else": (
        Dial(step="s", targets=("+331", "+332"), ring=20, caller_id="+33123456789"),
        "dialout",
        {
            "targets": [{"number": "+331", "timeout": 20}, {"number": "+332", "timeout": 20}],
            "cli": "+33123456789",
            "ringtone": "RING",
            "whisper": 0,
            "cdr_field": "",
        },
    ),
    "somebody else, with everything": (
        Dial(step="s", targets=("+331",), ring=5, caller_id="", whisper=(Speech("Psst", "en-GB"),), music=True),
        "dialout",
        {
            "targets": [{"number": "+331", "timeout": 5}],
            "cli": "BLOCKED",
            "ringtone": "MUSIC",
            "whisper": f"{SERENA}Psst",
            "cdr_field": "",
        },
    ),
    "a room": (
        JoinConference(step="s", room="monday", pin="4711", welcome=Speech("Hi", "en-GB"), leave_when_alone=True),
        "conference",
        {
            "id": 1877546628,
            "welcome": f"{SERENA}Hi",
            "waiting": 0,
            "pin_code": "4711",
            "auto_leave_when_alone": True,
        },
    ),
    "a room by number": (
        JoinConference(step="s", room="42"),
        "conference",
        {"id": 42, "welcome": 0, "waiting": 0, "pin_code": "", "auto_leave_when_alone": False},
    ),
    "record the call": (StartRecording(step="s"), "start_call_recording", {"announce": 0}),
    "record it no more": (StopRecording(step="s"), "stop_call_recording", {"announce": 0}),
    "keys": (
        SendKeys(step="s", keys="1*#"),
        "send_dtmf",
        {"digits": "1*#", "duration_ms": 500, "timeout_ms": 500},
    ),
    "the end": (HangUp(step="s"), "hangup", {}),
}


@pytest.mark.parametrize(("action", "name", "params"), COMMANDS.values(), ids=COMMANDS)
def test_each_action_is_one_command(action: CarrierAction, name: str, params: dict[str, Any]) -> None:
    assert command(action) == (name, params)


def test_what_the_sdks_differ_on_is_an_option() -> None:
    other = Callr(CallrOptions(wait_parameter="wait", conference_id="text", voices={"el-GR": "TTS_X"}))
    assert command(Pause(step="s", seconds=2), other) == ("wait", {"wait": 2})
    assert command(JoinConference(step="s", room="monday"), other)[1]["id"] == "monday"
    assert command(Speak(step="s", piece=Speech("Γεια", "el-GR")), other)[1] == {"media_id": "TTS|TTS_X|Γεια"}


VOICES = {
    ("en-GB", "male"): "TTS_EN-GB_DANIEL",
    ("en-GB", ""): "TTS_EN-GB_SERENA",
    ("en-US", "female"): "TTS_EN-GB_SERENA",
    ("nl-BE", "male"): "TTS_NL-BE_ELLEN",
    ("fr-FR", "TTS_FR-FR_THOMAS"): "TTS_FR-FR_THOMAS",
    ("el-GR", "female"): "TTS_EN-GB_SERENA",
}


@pytest.mark.parametrize(("language", "voice"), VOICES)
def test_a_voice_for_every_language(language: str, voice: str) -> None:
    _, params = command(Speak(step="s", piece=Speech("x", language, voice)))
    assert params["media_id"] == f"TTS|{VOICES[language, voice]}|x"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a|b||c", "a b c"),
        ("TTS|TTS_FR-FR_THOMAS|oui", "TTS TTS_FR-FR_THOMAS oui"),
        ("{{ 7*7 }}", "{{ 7*7 }}"),
        ("line\nline\ttab", "line line tab"),
        ('quote " and \\', 'quote " and \\'),
        ("|", None),
    ],
)
def test_a_text_cannot_break_out_of_its_media(text: str, said: str | None) -> None:
    """F33: only the first two bars separate."""
    media = command(speak(text))[1]["media_id"]
    assert media == (f"{SERENA}{said}" if said else 0)


def collect(*prompt: Piece, **options: Any) -> CollectDigits:
    return CollectDigits(step="s", prompt=prompt, **{"max_digits": 2, "wait": 5, **options})


ONE, TWO = Speech("One.", "en-GB"), Speech("Two.", "en-GB")
SOUND = Audio("a.wav", "en-GB", media="7")
EXPANSIONS: dict[str, tuple[tuple[CarrierAction, ...], tuple[CarrierAction, ...]]] = {
    "sentences of one step are one": (
        (Speak(step="s", piece=ONE), Speak(step="s", piece=TWO)),
        (Speak(step="s", piece=Speech("One. Two.", "en-GB")),),
    ),
    "sentences of two steps are two": (
        (Speak(step="s", piece=ONE), Speak(step="t", piece=TWO)),
        (Speak(step="s", piece=ONE), Speak(step="t", piece=TWO)),
    ),
    "another voice is another command": (
        (Speak(step="s", piece=ONE), Speak(step="s", piece=Speech("Two.", "en-GB", "male"))),
        (Speak(step="s", piece=ONE), Speak(step="s", piece=Speech("Two.", "en-GB", "male"))),
    ),
    "texts of a question are one": ((collect(ONE, TWO),), (collect(Speech("One. Two.", "en-GB")),)),
    "a sound in a question: each a read that ends at once": (
        (collect(ONE, SOUND, TWO),),
        (collect(ONE, wait=0), collect(SOUND, wait=0), collect(TWO)),
    ),
    "a prompt that has to be heard": (
        (collect(ONE, SOUND, interruptible=False),),
        (Speak(step="s", piece=ONE), Speak(step="s", piece=SOUND), collect()),
    ),
    "words that a key interrupts, before a question": (
        (Speak(step="r", piece=ONE, interruptible=True), collect(TWO, max_digits=4)),
        (
            CollectDigits(step="r", prompt=(ONE,), max_digits=4, wait=0),
            collect(TWO, max_digits=4),
        ),
    ),
    "words that a key interrupts, before none": (
        (Speak(step="r", piece=ONE, interruptible=True),),
        (CollectDigits(step="r", prompt=(ONE,), max_digits=1, wait=0),),
    ),
    "a long silence": (
        (Pause(step="s", seconds=61),),
        (Pause(step="s", seconds=30), Pause(step="s", seconds=30), Pause(step="s", seconds=1)),
    ),
    "a silence of just the longest": ((Pause(step="s", seconds=60),), (Pause(step="s", seconds=30),) * 2),
    "a dial that is recorded": (
        (Dial(step="s", targets=("+331",), ring=5, caller_id="", record=True),),
        (StartRecording(step="s"), Dial(step="s", targets=("+331",), ring=5, caller_id="")),
    ),
}


@pytest.mark.parametrize(("actions", "small"), EXPANSIONS.values(), ids=EXPANSIONS)
def test_actions_are_made_small_enough(
    actions: tuple[CarrierAction, ...], small: tuple[CarrierAction, ...]
) -> None:
    assert expanded(actions) == small
    assert expanded(small) == small, "expanding twice changes something"


def test_replies_that_need_no_call() -> None:
    words = (speak("We are sorry."), speak("Goodbye."))
    assert json.loads(CALLR.farewell(words, "flow")) == {
        "command": "play",
        "command_id": "fallback",
        "params": {"media_id": f"{SERENA}We are sorry. Goodbye."},
        "variables": {},
    }
    hang_up = {"command": "hangup", "command_id": "fallback", "params": {}, "variables": {}}
    assert json.loads(CALLR.goodbye()) == json.loads(CALLR.farewell((), "flow")) == hang_up
    assert json.loads(CALLR.nothing()) == {"command": "end", "command_id": 0, "params": {}, "variables": {}}


# what CALLR cannot do


FLOW = "flow: f\nlanguages: [{language}]\nsteps:\n  one: {{{step}}}\n  two: {{end: true}}\n"
MISFITS: dict[str, tuple[str, list[tuple[tuple[str, ...], str]]]] = {
    "a talk that has to end": (
        'dial: "+33123456789", max: 60',
        [(("one", "max"), "CALLR cannot end a connected call after a time")],
    ),
    "something after a talk": (
        'dial: "+33123456789", answered: two',
        [(("one", "answered"), "on CALLR the call is over when a connected call ends")],
    ),
    "a SIP address": (
        'dial: ["+33123456789", "sip:a@b.example"]',
        [(("one", "dial", "1"), "CALLR calls telephone numbers only")],
    ),
    "a sound without words": (
        'play: {audio: "https://a.example/a.wav"}',
        [
            (
                ("one", "play"),
                "CALLR plays sounds of its own library only: add media: {callr: …} or a text to speak",
            )
        ],
    ),
    "a sound with words": ('play: {audio: "https://a.example/a.wav", text: La}', []),
    "a sound that CALLR has": ('play: {audio: "https://a.example/a.wav", media: {callr: 7}}', []),
    "a number from outside": ('dial: "{{ caller }}"', []),
}


@pytest.mark.parametrize(("step", "found"), MISFITS.values(), ids=MISFITS)
def test_what_callr_cannot_do_is_said_at_its_place(step: str, found: list[tuple[tuple[str, ...], str]]) -> None:
    flow = load_flow(FLOW.format(language="en-GB", step=step).encode(), "f.yaml")
    assert [tuple(misfit) for misfit in CALLR.misfits(flow)] == found


@pytest.mark.parametrize(("language", "doubtful"), [("en-GB", False), ("fr-CA", False), ("el-GR", True)])
def test_a_language_without_a_voice_is_doubtful(language: str, *, doubtful: bool) -> None:
    flow = load_flow(FLOW.format(language=language, step="say: x").encode(), "f.yaml")
    found = CALLR.doubts(flow)
    assert [doubt.path for doubt in found] == ([("languages", "0")] if doubtful else [])
    assert all(f"no voice of CALLR is known for {language}" in doubt.message for doubt in found)
    assert not Callr(CallrOptions(voices={language: "TTS_X"})).doubts(flow)
