"""Actions -> CALLR's commands. Names and ranges of parameters: [PHP] Realtime/Command, the newest list."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, assert_never

from msgspec.structs import replace

from voiceapp.actions import (
    Audio,
    CarrierAction,
    CollectDigits,
    DetectMachine,
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
from voiceapp.carriers.callr.voices import voice_name

Params = dict[str, Any]
NO_MEDIA = 0
LEAD_IN = 0
"""`wait` of a CollectDigits that only lets a key interrupt what is said before the question."""

_MIN_TIMEOUT_MS, _MAX_TIMEOUT_MS = 100, 30_000
_MAX_WAIT_SECONDS = 30
_TONE_MS = 500


@dataclass(frozen=True)
class CallrOptions:
    """What CALLR's sources contradict each other on, or do not say."""

    wait_parameter: Literal["seconds", "wait"] = "seconds"
    conference_id: Literal["number", "text"] = "number"
    voices: Mapping[str, str] = field(default_factory=dict)


def expanded(actions: tuple[CarrierAction, ...]) -> tuple[CarrierAction, ...]:
    """Each action as what one command can hold: one media, 30 s of silence, recording apart from dialling."""
    small: list[CarrierAction] = []
    for action in actions:
        small += _expanded(action, actions)
    return tuple(_joined(small) if len(small) > 1 else small)


def _keys_asked_next(actions: tuple[CarrierAction, ...]) -> int:
    return next((action.max_digits for action in actions if isinstance(action, CollectDigits)), 1)


def _expanded(action: CarrierAction, among: tuple[CarrierAction, ...]) -> list[CarrierAction]:
    match action:
        case CollectDigits(interruptible=True, prompt=prompt) if len(prompt) < 2:
            return [action]
        case Speak(piece=piece, interruptible=True):
            most = _keys_asked_next(among)
            return [CollectDigits(step=action.step, prompt=(piece,), max_digits=most, wait=LEAD_IN)]
        case CollectDigits(interruptible=False, prompt=prompt):
            told: list[CarrierAction] = [Speak(step=action.step, piece=piece) for piece in merged(prompt)]
            return [*told, replace(action, prompt=(), interruptible=True)]
        case CollectDigits(prompt=prompt):
            *lead, last = merged(prompt)
            return [
                *(replace(action, prompt=(piece,), wait=LEAD_IN) for piece in lead),
                replace(action, prompt=(last,)),
            ]
        case Dial(record=True):
            return [StartRecording(step=action.step), replace(action, record=False)]
        case Pause(seconds=seconds) if seconds > _MAX_WAIT_SECONDS:
            whole, rest = divmod(seconds, _MAX_WAIT_SECONDS)
            parts = [_MAX_WAIT_SECONDS] * whole + ([rest] if rest else [])
            return [replace(action, seconds=part) for part in parts]
        case _:
            return [action]


def _joined(actions: list[CarrierAction]) -> list[CarrierAction]:
    """Sentences spoken by one step with one voice, joined into one command: no gap between them."""
    joined: list[CarrierAction] = []
    for action in actions:
        last = joined[-1] if joined else None
        if isinstance(action, Speak) and isinstance(last, Speak) and last.step == action.step:
            pieces = merged((last.piece, action.piece))
            if len(pieces) == 1:
                joined[-1] = replace(last, piece=pieces[0])
                continue
        joined.append(action)
    return joined


def merged(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Neighbouring texts of one voice as one text; sounds that CALLR has no copy of as the text they say."""
    if len(pieces) == 1:
        return (_speakable(pieces[0]),)
    done: list[Piece] = []
    for piece in map(_speakable, pieces):
        last = done[-1] if done else None
        if (
            isinstance(piece, Speech)
            and isinstance(last, Speech)
            and (last.language, last.voice) == (piece.language, piece.voice)
        ):
            done[-1] = replace(last, text=f"{last.text} {piece.text}")
        else:
            done.append(piece)
    return tuple(done)


def _speakable(piece: Piece) -> Piece:
    if isinstance(piece, Audio) and not piece.media:
        return Speech(piece.text, piece.language, piece.voice)
    return piece


def media(piece: Piece | None, options: CallrOptions) -> int | str:
    """A reference in the format rt_media: a library id, `TTS|VOICE|text`, or 0 for none [SVC, PHP].

    Only the first two `|` separate; how to write one in the text is not documented, so none is left."""
    match piece:
        case Speech() | Audio(media=""):
            text = " ".join(piece.text.replace("|", " ").split())
            return f"TTS|{voice_name(piece.language, piece.voice, options.voices)}|{text}" if text else NO_MEDIA
        case Audio():
            return int(piece.media)
        case None:
            return NO_MEDIA
        case _:
            assert_never(piece)


def command_of(action: CarrierAction, options: CallrOptions) -> tuple[str, Params]:
    """The command and its parameters."""
    match action:
        case Speak(piece=piece):
            return "play", {"media_id": media(piece, options)}
        case CollectDigits():
            return "read", _read(action, options)
        case Pause(seconds=seconds):
            return "wait", {options.wait_parameter: seconds}
        case RecordVoice(max_seconds=longest, quiet=quiet):
            return "record", {"max_duration": longest, "silence": quiet}
        case PlayRecording(recording=recording):
            return "play_record", {"media_file": recording}
        case Dial():
            return "dialout", _dialout(action, options)
        case JoinConference():
            return "conference", _conference(action, options)
        case StartRecording():
            return "start_call_recording", {"announce": NO_MEDIA}
        case StopRecording():
            return "stop_call_recording", {"announce": NO_MEDIA}
        case SendKeys(keys=keys):
            return "send_dtmf", {"digits": keys, "duration_ms": _TONE_MS, "timeout_ms": _TONE_MS}
        case DetectMachine():
            return _detect(action, options)
        case HangUp():
            return "hangup", {}
        case _:
            assert_never(action)


def _detect(action: DetectMachine, options: CallrOptions) -> tuple[str, Params]:
    """Real-Time has no detection of its own, but what its App.Param.VmsDetect is made of: waiting for the silence
    after a person's hello, or for a key."""
    how = action.detection
    if how.method == "dtmf":
        return "read", {
            "media_id": media(merged(action.prompt)[0] if action.prompt else None, options),
            "max_digits": 1,
            "attempts": how.dtmf_iterations,
            "timeout_ms": how.dtmf_timeout * 1000,
        }
    return "wait_for_silence", {
        "silence_ms": round(how.silence_seconds * 1000),
        "iterations": how.silence_iterations,
        "timeout": how.silence_timeout,
    }


def _read(action: CollectDigits, options: CallrOptions) -> Params:
    piece = merged(action.prompt)[0] if action.prompt else None
    wait_ms = min(max(action.wait * 1000, _MIN_TIMEOUT_MS), _MAX_TIMEOUT_MS)
    return {
        "media_id": media(piece, options),
        "max_digits": action.max_digits,
        "attempts": 1,
        "timeout_ms": wait_ms,
    }


def _dialout(action: Dial, options: CallrOptions) -> Params:
    whisper = merged(action.whisper)
    return {
        "targets": [{"number": target, "timeout": action.ring} for target in action.targets],
        "cli": action.caller_id or "BLOCKED",
        "ringtone": "MUSIC" if action.music else "RING",
        "whisper": media(whisper[0] if whisper else None, options),
        "cdr_field": "",
    }


def _conference(action: JoinConference, options: CallrOptions) -> Params:
    room: int | str = action.room
    if options.conference_id == "number":
        room = (
            int(action.room)
            if action.room.isdecimal() and len(action.room) < 10
            else zlib.crc32(action.room.encode()) >> 1
        )
    return {
        "id": room,
        "welcome": media(action.welcome, options),
        "waiting": media(action.alone, options),
        "pin_code": action.pin,
        "auto_leave_when_alone": action.leave_when_alone,
    }
