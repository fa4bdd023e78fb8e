"""A call through a flow of a few lines: what happens goes in, what a caller notices comes out as text.

Calls and actions go through JSON after every event, as they do in the store, and everything to tell is told
at once.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple, assert_never

import msgspec
from msgspec.structs import replace

from voiceapp.actions import (
    Action,
    Audio,
    CallBack,
    CollectDigits,
    DetectMachine,
    Dial,
    Fetch,
    HangUp,
    JoinConference,
    Notify,
    OptOut,
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
from voiceapp.call import Call, from_json, to_json
from voiceapp.engine.advance import advance, open_call
from voiceapp.engine.tell import tell_all
from voiceapp.events import (
    ActionCompleted,
    ActionFailed,
    CallAnswered,
    CallHungUp,
    CallOffered,
    CallOpened,
    DialEnded,
    DialOutcome,
    DialRefused,
    DigitsCollected,
    Direction,
    Event,
    FetchCompleted,
    FetchDelayed,
    FetchFailed,
    MachineDetected,
    PersonDetected,
    SilenceHeard,
    Value,
    VoiceRecorded,
)
from voiceapp.flow.flow import Flow, Script
from voiceapp.flow.library import scripts_of
from voiceapp.flow.loader import load_flow

MONDAY_NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CALLER, CALLED = "+33611111111", "+33622222222"

OFFERED = CallOffered(at=MONDAY_NOON)
ANSWERED = CallAnswered(at=MONDAY_NOON)
MACHINE = MachineDetected(at=MONDAY_NOON)
PERSON = PersonDetected(at=MONDAY_NOON)
DONE = ActionCompleted(at=MONDAY_NOON)
REFUSED = ActionFailed(at=MONDAY_NOON, reason="no such sound")
SILENCE = SilenceHeard(at=MONDAY_NOON)
DELAYED = FetchDelayed(at=MONDAY_NOON)
NO_ANSWER = FetchFailed(at=MONDAY_NOON, reason="timed out")
HUNG_UP = CallHungUp(at=MONDAY_NOON)


def pressed(digits: str, *, more: bool = False) -> DigitsCollected:
    """The caller pressed keys; `more`: and may still be typing."""
    return DigitsCollected(at=MONDAY_NOON, digits=digits, more=more)


def recorded(recording: str) -> VoiceRecorded:
    """The carrier recorded something, or nothing (`""`)."""
    return VoiceRecorded(at=MONDAY_NOON, recording=recording)


def dialled(outcome: DialOutcome) -> DialEnded:
    """The called party's leg is over."""
    return DialEnded(at=MONDAY_NOON, outcome=outcome)


def refused(*numbers: str) -> DialRefused:
    """The toll gate lets none of these through."""
    return DialRefused(at=MONDAY_NOON, numbers=numbers, reasons=("region",) * len(numbers))


def fetched(value: Value) -> FetchCompleted:
    """A back end answered."""
    return FetchCompleted(at=MONDAY_NOON, value=value)


def hung_up_with(result: DigitsCollected | VoiceRecorded) -> CallHungUp:
    """The hang-up carried an answer."""
    return CallHungUp(at=MONDAY_NOON, result=result)


def later(event: Event, **delta: float) -> Event:
    """The event, so much later: `later(SILENCE, minutes=20)`."""
    return replace(event, at=event.at + timedelta(**delta))


def flow(steps: str, head: str = "", name: str = "test") -> Flow:
    """A flow of these steps, in English and French, and of further keys at its top."""
    head = "languages: [en-GB, fr-FR]\n" + head if "languages:" not in head else head
    indented = "\n".join(f"  {line}" for line in steps.strip("\n").splitlines())
    return load_flow(f"flow: {name}\n{head}\nsteps:\n{indented}\n".encode(), f"{name}.yaml")


def script(steps: str, head: str = "", **others: str) -> Script:
    """A script of these steps, and of the flows they run: steps, below what stands at the top of that flow."""
    flows = {"test": flow(steps, head)}
    for name, text in others.items():
        top, _, below = text.rpartition("\n\n")
        flows[name] = flow(below, top, name)
    return scripts_of(flows)["test"]


def opening(script: Script, direction: Direction = "inbound", **changes: Any) -> CallOpened:
    """The event that opens a call."""
    event = CallOpened(
        at=MONDAY_NOON,
        call_id="call-1",
        key="k" * 32,
        carrier="callr",
        app="main",
        ref="ref-1",
        flow=script.flow.name,
        version=script.version,
        direction=direction,
        caller=CALLER,
        called=CALLED,
    )
    return replace(event, **changes)


class Played(NamedTuple):
    """What came of it: the call, every action in order, the steps entered."""

    call: Call
    actions: tuple[Action, ...]
    steps: tuple[str, ...]

    @property
    def told(self) -> list[str]:
        """What was done, as text."""
        return [words(action) for action in self.actions]


def play(script: Script, *events: Event, opened: CallOpened | None = None) -> Played:
    """An inbound call that is offered, unless `opened` says otherwise, and then these events."""
    opened = opened or opening(script)
    call = open_call(opened, script)
    actions: tuple[Action, ...] = ()
    steps: tuple[str, ...] = ()
    first: Event = OFFERED if opened.direction == "inbound" else ANSWERED
    for event, after in pairwise((replace(first, at=opened.at), *events, None)):
        assert event is not None
        advanced = advance(script, call, event)
        call = advanced.call
        if call.outbox and not isinstance(after, DialRefused):  # which comes before the carrier is told
            call, _ = tell_all(call, event.at)
        call = from_json(to_json(call))
        actions += _stored(advanced.actions)
        steps += advanced.steps
    return Played(call, actions, steps)


def _stored(actions: tuple[Action, ...]) -> tuple[Action, ...]:
    """The actions as they come back from the log of a call."""
    return msgspec.json.decode(msgspec.json.encode(actions), type=tuple[Action, ...])


def words(action: Action) -> str:
    """An action as a line of text, with everything in it but its step."""
    match action:
        case Speak(piece=piece, interruptible=interruptible):
            return _line(f"say {_piece(piece)}", interruptible and "stops at a key")
        case Pause(seconds=seconds):
            return f"pause {seconds}"
        case CollectDigits(prompt=prompt, max_digits=most, wait=wait):
            keys = f"{'exactly' if action.fixed else 'up to'} {most}"
            rest = _line(f"wait {wait}", not action.interruptible and "prompt to the end")
            return f"collect {keys}, {rest}: {_pieces(prompt)}"
        case RecordVoice(max_seconds=seconds, quiet=quiet):
            return f"record {seconds}, quiet {quiet}"
        case PlayRecording(recording=recording):
            return f"play back {recording}"
        case Dial():
            return _dial(action)
        case JoinConference():
            return _conference(action)
        case StartRecording():
            return "start recording"
        case StopRecording():
            return "stop recording"
        case SendKeys(keys=keys):
            return f"send {keys}"
        case HangUp():
            return "hang up"
        case Fetch():
            return _fetch(action)
        case Notify(url=url, data=data):
            return f"notify {url} {_json(data)}"
        case OptOut(number=number, scope=scope):
            return f"opt out {number} {scope}"
        case CallBack(number=number, after=after, flow=flow_called, inputs=inputs):
            what = f"call back {number} in {after} s with {flow_called} {_json(inputs)}"
            return _line(what, f"from {action.shown or 'nobody'}")
        case DetectMachine(detection=how, prompt=prompt):
            key = f"listen for a key: {_pieces(prompt)}"
            return key if how.method == "dtmf" else f"listen for silence of {how.silence_seconds} s"
        case _:
            assert_never(action)


def _line(*parts: str | bool) -> str:
    return ", ".join(part for part in parts if isinstance(part, str))


def _piece(piece: Piece) -> str:
    language = "" if piece.language == "en-GB" else f"[{piece.language}] "
    voice = f"({piece.voice}) " if piece.voice else ""
    match piece:
        case Speech(text=text):
            return f"{language}{voice}{text}"
        case Audio(source=source, text=text, media=media):
            copy = f"#{media}" if media else ""
            return f"{language}{voice}<{source}{copy}> {text}".strip()
        case _:
            assert_never(piece)


def _pieces(pieces: tuple[Piece, ...]) -> str:
    return " | ".join(map(_piece, pieces))


def _dial(dial: Dial) -> str:
    return _line(
        f"dial {' '.join(dial.targets)}",
        f"ring {dial.ring}",
        f"from {dial.caller_id or 'nobody'}",
        bool(dial.whisper) and f"whisper {_pieces(dial.whisper)}",
        dial.music and "music",
        dial.record and "record",
        dial.max_seconds is not None and f"at most {dial.max_seconds}",
    )


def _conference(join: JoinConference) -> str:
    return _line(
        f"join {join.room}",
        bool(join.pin) and f"pin {join.pin}",
        join.welcome is not None and f"welcome {_piece(join.welcome)}",
        join.alone is not None and f"alone {_piece(join.alone)}",
        join.leave_when_alone and "leave when alone",
    )


def _fetch(fetch: Fetch) -> str:
    return _line(
        f"{fetch.method} {fetch.url}",
        bool(fetch.headers) and f"headers {_json(fetch.headers)}",
        fetch.has_json and f"json {_json(fetch.json)}",
        fetch.timeout != 2 and f"timeout {fetch.timeout:g}",
        bool(fetch.retries) and f"retries {fetch.retries}",
        fetch.patience != 3 and f"patience {fetch.patience:g}",
    )


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


class Case(NamedTuple):
    """A flow's steps, what happens after the call was offered, and all that comes of it.

    `way`: the steps entered. `ended`: the end reason, `""` while the call goes on. `run`: other flows' steps.
    """

    title: str
    steps: str
    happens: tuple[Event, ...] = ()
    told: tuple[str, ...] = ()
    saved: Mapping[str, Value] = {}
    way: str = ""
    ended: str = "completed"
    head: str = ""
    run: Mapping[str, str] = {}
    opened: Mapping[str, Any] = {}
