"""Routee's words, both ways: what its posts mean, and which plan the actions of a call become."""

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
    PlayRecording,
    RecordVoice,
    SendKeys,
    Speak,
    Speech,
)
from voiceapp.carriers.base import Opening, Post, Received, Stretch
from voiceapp.carriers.routee.codec import HOOKS, Routee
from voiceapp.carriers.routee.verbs import RouteeOptions
from voiceapp.engine import lookahead
from voiceapp.errors import PostRefused
from voiceapp.events import (
    CallHungUp,
    CallOffered,
    DialEnded,
    DigitsCollected,
    Event,
    MachineDetected,
    RecordingStored,
    StatusReported,
)
from voiceapp.flow.loader import load_flow

AT = datetime(2026, 1, 9, 17, 27, 55, tzinfo=UTC)
URL = "https://voice.example.org"
OPTIONS = RouteeOptions(public_url=URL, secret="s&cret")
ROUTEE = Routee(OPTIONS)
BASE: dict[str, Any] = {
    "messageId": "me66d22e-dc10-48de-b696-45f63c6d0aad",
    "conversationTrackingId": "666e3777-f32a-4350-996b-364018d457b5",
    "from": "+123456789",
    "to": "+12015976882",
}
"""The request for a dial plan, as the webhooks-callbacks page has it."""

REF, LEG = BASE["conversationTrackingId"], BASE["messageId"]


def decode(hook: str, turn: str = "", query: dict[str, str] | None = None, **fields: Any) -> Received:
    return ROUTEE.decode(Post(hook, json.dumps(BASE | fields).encode(), AT, turn, query or {}))


def status(name: Any, **more: Any) -> dict[str, Any]:
    return {"status": {"name": name, "updatedDate": "2026-01-09T17:27:55Z"}, "direction": "Inbound", **more}


def test_the_request_for_a_plan() -> None:
    received = decode("plan")
    assert received == Received(
        ref=REF,
        key="start:plan",
        events=(CallOffered(at=AT),),
        opening=Opening(caller="+123456789", called="+12015976882"),
        opens=True,
    )


def test_a_plan_asked_for_by_get() -> None:
    received = ROUTEE.decode(Post("plan", b"", AT, query={**BASE, "from": "306912345678"}))
    assert (received.ref, received.opens) == (REF, True)
    assert received.opening == Opening(caller="+306912345678", called="+12015976882")


NUMBERS: dict[str, tuple[Any, str]] = {
    "with a plus": ("+306912345678", "+306912345678"),
    "without": ("306912345678", "+306912345678"),
    "a name": ("AMDTelecom", "AMDTelecom"),
    "short": ("199", "199"),
    "an object": ({"phone": "+306912345678"}, "+306912345678"),
    "SIP": ({"sip": "1111@test.com:55080"}, "1111@test.com:55080"),
    "null": (None, ""),
    "a number": (306912345678, ""),
    "a list": (["+30"], ""),
    "very long": ("a" * 300, "a" * 128),
}


@pytest.mark.parametrize(("written", "read"), NUMBERS.values(), ids=NUMBERS)
def test_who_calls(written: Any, read: str) -> None:
    assert decode("plan", **{"from": written}).opening.caller == read


STATUSES: dict[str, tuple[Any, tuple[Event, ...]]] = {
    name: (name, (StatusReported(at=AT, status=name),))
    for name in ("Queued", "Initiated", "Ringing", "InProgress", "Unknown")
} | {
    name: (name, (StatusReported(at=AT, status=name), CallHungUp(at=AT)))
    for name in ("Completed", "Busy", "NoAnswer", "Failed", "Unsent", "Terminated")
}


@pytest.mark.parametrize(("name", "events"), STATUSES.values(), ids=STATUSES)
def test_each_status(name: str, events: tuple[Event, ...]) -> None:
    received = decode("status", **status(name))
    assert (received.events, received.opens, received.unknown) == (events, False, "")
    assert received.key == f"start:status:{LEG}:{name}"


def test_what_a_status_tells_besides() -> None:
    (reported, _) = decode("status", **status("Completed", duration=61, price=0.02)).events
    assert reported == StatusReported(at=AT, status="Completed", seconds=61.0, price=0.02)


@pytest.mark.parametrize("odd", [None, True, "12", -1, 1e300, [], {}])
def test_odd_durations_are_none(odd: Any) -> None:
    (reported,) = decode("status", **status("Ringing", duration=odd, price=odd)).events
    assert reported == StatusReported(at=AT, status="Ringing")


ODD_STATUSES: dict[str, tuple[Any, tuple[Event, ...], str]] = {
    "a word nobody knows": ({"name": "Parked"}, (StatusReported(at=AT, status="Parked"),), "status Parked"),
    "bare": ("Ringing", (StatusReported(at=AT, status="Ringing"),), ""),
    "absent": (None, (), "status "),
    "a list": (["Ringing"], (), "status "),
    "no name": ({}, (), "status "),
}


@pytest.mark.parametrize(("told", "events", "unknown"), ODD_STATUSES.values(), ids=ODD_STATUSES)
def test_odd_statuses(told: Any, events: tuple[Event, ...], unknown: str) -> None:
    received = decode("status", status=told)
    assert (received.events, received.unknown) == (events, unknown)


LEGS = {
    "Completed": "answered",
    "Terminated": "answered",
    "Busy": "no_answer",
    "NoAnswer": "no_answer",
    "Failed": "no_answer",
    "Unsent": "no_answer",
}


@pytest.mark.parametrize("name", LEGS)
def test_how_a_dialled_leg_ended(name: str) -> None:
    """Every leg that did not connect is one the plan goes on behind, and the plan was written for no answer."""
    (event,) = decode("dialled", "2.ab.1", **status(name)).events
    assert isinstance(event, DialEnded)
    assert event.outcome == LEGS[name]


@pytest.mark.parametrize("name", ["Queued", "Initiated", "Ringing", "InProgress", "Unknown", "Parked"])
def test_a_dialled_leg_on_its_way(name: str) -> None:
    assert decode("dialled", "2.ab.1", **status(name)).events == ()


TONES: dict[str, tuple[str, Any, Event]] = {
    "a key": ("tones", "1", DigitsCollected(at=AT, digits="1")),
    "keys": ("tones", "0123456789*", DigitsCollected(at=AT, digits="0123456789*")),
    "with a hash": ("tones", "12#", DigitsCollected(at=AT, digits="12")),
    "key by key": ("tone", "1", DigitsCollected(at=AT, digits="1", more=True)),
    "letters and other digits": ("tones", "A1٢", DigitsCollected(at=AT, digits="1")),
    "none: the call is over": ("tones", "", CallHungUp(at=AT)),
    "hash alone looks the same": ("tones", "#", CallHungUp(at=AT)),
    "absent": ("tones", None, CallHungUp(at=AT)),
    "a number": ("tone", 7, DigitsCollected(at=AT, digits="7", more=True)),
    "a list": ("tones", ["1"], CallHungUp(at=AT)),
}


@pytest.mark.parametrize(("hook", "tones", "event"), TONES.values(), ids=TONES)
def test_tones(hook: str, tones: Any, event: Event) -> None:
    received = decode(hook, "3.ab12.0", collectedTones=tones)
    assert received.events == (event,)
    assert (received.turn, received.assumed, received.opens) == ("3.ab12", 0, False)
    assert received.key == f"3.ab12.0:{hook}"


TURNS = {
    "": ("", 0),
    "3.ab12.0": ("3.ab12", 0),
    "3.ab12.17": ("3.ab12", 17),
    "3.ab12.1000": ("3.ab12.1000", 0),
    "3.ab12.x": ("3.ab12.x", 0),
    "3": ("3", 0),
    ".1": (".1", 0),
    "é.1": ("é", 1),
}


@pytest.mark.parametrize("token", TURNS)
def test_the_turn_in_the_url(token: str) -> None:
    received = decode("tones", token, collectedTones="1")
    assert (received.turn, received.assumed) == TURNS[token]


def test_other_posts() -> None:
    assert decode("machine").events == (MachineDetected(at=AT),)
    assert decode("machine").opens
    assert not decode("machine", "3.ab.0").opens
    stored = decode("recording", "3.ab.0", url="https://r.example/1.mp3", trackingId="t1", duration=30)
    assert stored.events == (RecordingStored(at=AT, recording="https://r.example/1.mp3", seconds=30.0),)
    assert stored.key == "3.ab.0:recording:t1"
    assert decode("recording", "3.ab.0", trackingId="t1").events == (RecordingStored(at=AT, recording="t1"),)
    assert decode("recording", "3.ab.0").events == ()


def test_the_url_names_the_call_where_the_body_does_not() -> None:
    post = Post("tones", b"{}", AT, "3.ab.0", {"call": "c-1"})
    assert ROUTEE.decode(post).ref == "c-1"
    assert decode("tones", "3.ab.0", {"call": "c-1"}).ref == "c-1", "a leg's own id must not hide the call's"


NO_POSTS: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"a=1",
    "a list": b"[]",
    "a hundred thousand lists": b"[" * 100_000,
    "nested in a field": b'{"conversationTrackingId":"x","to":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001,
    "UTF-16": json.dumps(BASE).encode("utf-16"),
    "a lone surrogate": b'{"conversationTrackingId":"\\ud800"}',
    "no call": b'{"messageId":"x"}',
    "a call that is a list": b'{"conversationTrackingId":["x"]}',
    "a call that is NaN": b'{"conversationTrackingId":NaN}',
    "a call with 5,000 digits": b'{"conversationTrackingId":' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("body", NO_POSTS.values(), ids=NO_POSTS)
@pytest.mark.parametrize("hook", ["plan", *HOOKS])
def test_what_is_no_post_is_refused_in_few_words(hook: str, body: bytes) -> None:
    with pytest.raises(PostRefused) as refused:
        ROUTEE.decode(Post(hook, body, AT))
    assert refused.value.status == 400
    assert len(str(refused.value)) < 100


ODD_VALUES: list[Any] = [None, "", 0, -1, 2**63, True, [], [[]], {}, {"name": 1}, "\u0000", "😀" * 300]


@pytest.mark.parametrize("hook", ["plan", *HOOKS])
def test_an_odd_value_in_any_field_harms_nothing(hook: str) -> None:
    fields = (*BASE, "collectedTones", "status", "direction", "duration", "price", "url", "trackingId")
    for field in fields:
        for value in ODD_VALUES:
            received = decode(hook, "3.ab.0", {"call": "c-1"}, **{field: value})
            assert received.ref == "c-1"


def test_keys_that_repeat_the_whole_call() -> None:
    whole = Routee(RouteeOptions(public_url=URL, tones="whole_call"))
    call = a_call(keys="12")
    digits = (DigitsCollected(at=AT, digits="123", more=True), CallHungUp(at=AT))
    assert ROUTEE.news(digits, call) == digits
    assert whole.news(digits, call) == (DigitsCollected(at=AT, digits="3", more=True), CallHungUp(at=AT))
    assert whole.news((DigitsCollected(at=AT, digits="12"),), call) == (CallHungUp(at=AT),)


# what we say

CALL = a_call(turn=3, carrier="routee", ref="conv 1", called="+12015976882")


def hook(name: str, at: int) -> str:
    return f"{URL}/hooks/routee/clinic/{name}/{CALL.token}.{at}?call=conv%201&secret=s%26cret"


def verbs(*stretches: tuple[CarrierAction, ...], options: RouteeOptions = OPTIONS) -> list[dict[str, Any]]:
    plan: tuple[Stretch, ...] = tuple(lookahead.Stretch(None, actions) for actions in stretches)
    document = json.loads(Routee(options).encode(CALL, plan))
    assert document.keys() == {"verbs"}
    found: list[dict[str, Any]] = document["verbs"]
    return found


def speak(text: str = "Hello.", *, interruptible: bool = False) -> Speak:
    return Speak(step="s", piece=Speech(text, "en-GB", "female"), interruptible=interruptible)


def ask(
    most: int,
    text: str = "Keys?",
    *,
    fixed: bool = False,
    wait: int = 5,
    step: str = "q",
    interruptible: bool = True,
) -> CollectDigits:
    prompt = (Speech(text, "en-GB"),)
    return CollectDigits(
        step=step, prompt=prompt, max_digits=most, wait=wait, fixed=fixed, interruptible=interruptible
    )


def said(text: str, *, barge_in: bool = False, **message: str) -> dict[str, Any]:
    return {"type": "SAY", "message": {"text": text, "language": "en-GB", **message}, "bargeIn": barge_in}


def pause(seconds: int) -> dict[str, Any]:
    return {"type": "PAUSE", "duration": seconds}


def collect(name: str, at: int, most: int) -> dict[str, Any]:
    return {"type": "COLLECT", "eventUrl": hook(name, at), "maxDigits": most, "submitOnHash": most > 1}


HANG_UP = HangUp(step="s")
DIAL = Dial(step="d", targets=("+302310123456",), ring=25, caller_id="+12015976882")
DIALLED: dict[str, Any] = {
    "type": "DIAL",
    "from": "+12015976882",
    "to": {"phone": "+302310123456"},
    "hangupDelay": 25,
    "callback": {"url": hook("dialled", 0), "strategy": "OnCompletion"},
}
PLANS: dict[str, tuple[tuple[tuple[CarrierAction, ...], ...], list[dict[str, Any]]]] = {
    "words, then the end": (((speak(), HANG_UP),), [said("Hello.", gender="female")]),
    "nothing to say": (((speak(" \n"), HANG_UP),), [pause(1)]),
    "nothing but the end": (((HANG_UP,),), [pause(1)]),
    "words without a key to interrupt them": (
        ((speak("Hello.", interruptible=True),),),
        [said("Hello.", gender="female")],
    ),
    "a sound of ours": (
        ((Speak(step="s", piece=Audio("el/a b.wav", "en-GB", "La.")),),),
        [{"type": "PLAY", "fileURL": f"{URL}/audio/el/a%20b.wav", "bargeIn": False}],
    ),
    "a sound elsewhere": (
        ((Speak(step="s", piece=Audio("https://a.example/a.wav", "en-GB")),),),
        [{"type": "PLAY", "fileURL": "https://a.example/a.wav", "bargeIn": False}],
    ),
    "a long silence": (((Pause(step="s", seconds=125),),), [pause(60), pause(60), pause(5)]),
    "one key": (
        ((ask(1, fixed=True),),),
        [collect("tones", 0, 1), said("Keys?", barge_in=True), pause(5)],
    ),
    "a fixed number of keys: time to type, and no barge-in, which would submit the first key": (
        ((ask(6, fixed=True),),),
        [collect("tones", 0, 6), said("Keys?"), pause(10)],
    ),
    "one key or two: key by key": (
        ((ask(2),),),
        [collect("tone", 0, 1), said("Keys?", barge_in=True), pause(5)],
    ),
    "from four to ten keys: hash ends them": (
        ((ask(10),),),
        [collect("tones", 0, 10), said("Keys?"), pause(14)],
    ),
    "a prompt that has to be heard": (
        ((ask(1, fixed=True, interruptible=False),),),
        [collect("tones", 0, 1), said("Keys?"), pause(5)],
    ),
    "words before a question, to be interrupted": (
        ((speak("Long.", interruptible=True), ask(1, fixed=True)),),
        [
            collect("tones", 0, 1),
            said("Long.", barge_in=True, gender="female"),
            said("Keys?", barge_in=True),
            pause(5),
        ],
    ),
    "the ladder of one question has one COLLECT": (
        ((ask(1, fixed=True),), (ask(1, "Again?", fixed=True),), (speak("Bye."), HANG_UP)),
        [
            collect("tones", 0, 1),
            said("Keys?", barge_in=True),
            pause(5),
            said("Again?", barge_in=True),
            pause(5),
            said("Bye.", gender="female"),
        ],
    ),
    "another question has its own COLLECT, with its stretch": (
        ((ask(1, fixed=True),), (speak("Then."), ask(4, fixed=True, step="r")), (ask(1, fixed=True),)),
        [
            collect("tones", 0, 1),
            said("Keys?", barge_in=True),
            pause(5),
            said("Then.", gender="female"),
            collect("tones", 1, 4),
            said("Keys?"),
            pause(8),
            collect("tones", 2, 1),
            said("Keys?", barge_in=True),
            pause(5),
        ],
    ),
    "somebody else": (((DIAL,),), [DIALLED]),
    "somebody else, with everything": (
        ((Dial(step="d", targets=("sip:a@b.example:5060",), ring=5, caller_id="", record=True, max_seconds=60),),),
        [
            DIALLED
            | {
                "to": {"sip": "a@b.example:5060"},
                "hangupDelay": 5,
                "maxDuration": 60,
                "record": True,
                "recordingCallbackUrl": hook("recording", 0),
            }
        ],
    ),
    "what follows when nobody answers": (
        ((DIAL,), (speak("Nobody."), HANG_UP)),
        [DIALLED, said("Nobody.", gender="female")],
    ),
}


@pytest.mark.parametrize(("stretches", "plan"), PLANS.values(), ids=PLANS)
def test_each_plan(stretches: tuple[tuple[CarrierAction, ...], ...], plan: list[dict[str, Any]]) -> None:
    assert verbs(*stretches) == plan


def test_nothing_behind_a_dial_where_it_would_be_spoken_into_the_talk() -> None:
    silent = RouteeOptions(public_url=URL, secret="s&cret", after_dial="silent")
    assert verbs((speak(), DIAL), (speak("Nobody."),), options=silent) == verbs((speak(), DIAL))


def test_urls_without_a_secret() -> None:
    (gather, *_) = verbs((ask(1, fixed=True),), options=RouteeOptions(public_url=URL))
    assert gather["eventUrl"] == hook("tones", 0).partition("&secret")[0]


@pytest.mark.parametrize("text", ["</speak>", "{{ 7*7 }}", "TTS|x|y", 'quote " \\', "line\n\nline"])
def test_a_text_stays_a_text(text: str) -> None:
    """F33."""
    assert verbs((speak(text),)) == [said(" ".join(text.split()), gender="female")]


@pytest.mark.parametrize(
    "action",
    [
        RecordVoice(step="s", max_seconds=1, quiet=1),
        PlayRecording(step="s", recording="r"),
        JoinConference(step="s", room="r"),
        SendKeys(step="s", keys="1"),
    ],
    ids=lambda action: type(action).__name__,
)
def test_what_has_no_verb(action: CarrierAction) -> None:
    with pytest.raises(ValueError, match="has no verb at Routee"):
        verbs((action,))


def test_replies_that_need_no_call() -> None:
    words = (speak("We are sorry."), speak("Goodbye."))
    assert json.loads(ROUTEE.farewell(words, "flow"))["verbs"] == [
        said("We are sorry.", gender="female"),
        said("Goodbye.", gender="female"),
    ]
    assert json.loads(ROUTEE.goodbye()) == json.loads(ROUTEE.farewell((), "flow")) == {"verbs": [pause(1)]}
    assert json.loads(ROUTEE.nothing()) == {}
    assert ROUTEE.expand((speak(), DIAL)) == (speak(), DIAL)


# what Routee cannot do

FLOW = """\
flow: f
languages: [en-GB]
steps:
  one: {%s}
  two: {end: true}
  asks: {ask: "x", answer: {digits: 1}, next: end}
  fetches: {fetch: "https://a.example/x", next: end}
  tells: {notify: "https://a.example/x", next: end}
  stops: {opt_out: true, next: end}
  dials: {dial: "+33123456789", next: end}
  sounds: {say: "x", next: fetches}
  checks: {branch: [{if: "carrier", next: tells}], otherwise: end}
"""
SILENCE = "is reached when 'one' hears nothing, which Routee does not report"
MISFITS: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "say": ("say: x", []),
    "menu": ("menu: x, keys: {1: two}", []),
    "ask": ("ask: x, answer: {number: 0-10}, next: end", []),
    "pause": ("pause: 3", []),
    "notify": ('notify: "https://a.example/x"', []),
    "fetch": ('fetch: "https://a.example/x", timeout: 1.7', []),
    "set": ("set: {a: b}", []),
    "record": ("record: x", [("one.record", "Routee cannot record the caller alone")]),
    "conference": ("conference: x", [("one.conference", "Routee has no conferences")]),
    "send_keys": ('send_keys: "1"', [("one.send_keys", "a plan of Routee cannot send keys")]),
    "a hash": (
        'menu: x, keys: {"#": two}',
        [("one.keys.#", "Routee does not pass on # alone")],
    ),
    "meanwhile": (
        'fetch: "https://a.example/x", meanwhile: x',
        [
            (
                "one.meanwhile",
                "Routee takes one reply and asks no further, so nothing can be said meanwhile",
            )
        ],
    ),
    "a slow fetch": (
        'fetch: "https://a.example/x", timeout: 1.8',
        [("one.timeout", "Routee waits 3 s for a reply, which leaves 1.7 s for a fetch")],
    ),
    "a sound that is no wav": (
        'play: {audio: "https://a.example/a.mp3"}',
        [("one.play", "Routee plays .wav files only")],
    ),
    "several numbers": (
        'dial: ["+33123456789", "+33123456780"]',
        [("one.dial", "Routee calls one number, not several one after the other")],
    ),
    "a whisper": (
        'dial: "+33123456789", whisper: x',
        [("one.whisper", "Routee cannot whisper to the called party")],
    ),
    "music": ('dial: "+33123456789", music: true', [("one.music", "Routee cannot play music while it rings")]),
    "a hidden number": (
        'dial: "+33123456789", caller_id: hidden',
        [("one.caller_id", "Routee cannot hide the caller's number")],
    ),
    "something after a talk": (
        'dial: "+33123456789", answered: two',
        [("one.answered", "Routee does not go on with the caller after a connected call")],
    ),
    "two ways after a dial": (
        'dial: "+33123456789", busy: two, no_answer: end',
        [
            (
                "one.dial",
                "Routee goes on the same way after busy, no answer and failure: name one step for them",
            )
        ],
    ),
    "a way after busy only": (
        'dial: "+33123456789", busy: two',
        [
            (
                "one.dial",
                "Routee goes on the same way after busy, no answer and failure: name one step for them",
            )
        ],
    ),
    "one way after a dial": ('dial: "+33123456789", busy: two, no_answer: two, failed: two', []),
    "silence leads to a fetch": (
        "menu: x, keys: {1: two}, otherwise: fetches",
        [("fetches.fetch", f"{SILENCE} in time")],
    ),
    "silence leads to a fetch further on": (
        "menu: x, keys: {1: two}, otherwise: sounds",
        [("fetches.fetch", f"{SILENCE} in time")],
    ),
    "silence leads to a webhook": (
        "menu: x, keys: {1: two}, otherwise: checks",
        [("tells.notify", SILENCE)],
    ),
    "silence leads to an opt-out": (
        "menu: x, keys: {1: two}, otherwise: stops",
        [("stops.opt_out", SILENCE)],
    ),
    "silence leads to a dial": ("menu: x, keys: {1: two}, otherwise: dials", []),
    "silence leads to a question": ("menu: x, keys: {1: two}, otherwise: asks", []),
    "no answer leads to another dial": (
        'dial: "+33123456789", no_answer: dials',
        [
            (
                "dials.dial",
                "is reached when 'one' connects nobody, and a plan of Routee holds one dial only",
            )
        ],
    ),
    "no answer leads to a webhook": ('dial: "+33123456789", no_answer: tells', []),
}


@pytest.mark.parametrize(("step", "found"), MISFITS.values(), ids=MISFITS)
def test_what_routee_cannot_do_is_said_at_its_place(step: str, found: list[tuple[str, str]]) -> None:
    flow = load_flow((FLOW % step).encode(), "f.yaml")
    assert [(".".join(misfit.path), misfit.message) for misfit in ROUTEE.misfits(flow)] == found
    assert ROUTEE.doubts(flow) == ()


def test_a_plan_with_one_collect() -> None:
    one = Routee(RouteeOptions(public_url=URL, collects="one"))
    flow = load_flow((FLOW % "menu: x, keys: {1: two}, otherwise: asks").encode(), "f.yaml")
    assert [(".".join(misfit.path), misfit.message) for misfit in one.misfits(flow)] == [
        ("asks.ask", "is reached when 'one' hears nothing, and a plan may hold one question only")
    ]


def test_languages_that_routee_speaks() -> None:
    text = "flow: f\nlanguages: [en-GB, nl-NL]\nsteps:\n  one: {end: {en-GB: x, nl-NL: y}}\n"
    (misfit,) = ROUTEE.misfits(load_flow(text.encode(), "f.yaml"))
    assert tuple(misfit) == (("languages", "1"), "Routee does not speak nl-NL")


def test_a_slow_fetch_behind_the_hang_up_keeps_nobody_waiting() -> None:
    text = """flow: f
languages: [en-GB]
on_hang_up: report
steps:
  bye:
    end: Goodbye.
  report:
    fetch: "https://a.example/x"
    timeout: 20
"""
    assert ROUTEE.misfits(load_flow(text.encode(), "f.yaml")) == ()
    heard = text.replace("end: Goodbye.", "say: Goodbye.")
    assert [misfit.path for misfit in ROUTEE.misfits(load_flow(heard.encode(), "f.yaml"))] == [
        ("report", "timeout")
    ]
