"""CALLR Real-Time commands, read as strictly as the documentation allows.

Sources: names, parameters, ranges and the rt_media format from the vendor's PHP SDK (THECALLR/sdk-php,
`src/CALLR/Realtime/Command.php`); voices from the "JSON objects" reference of docs.callr.com. Inferred: that
CALLR refuses what is beyond these ranges, an unknown parameter, and a missing one that every SDK sends.
"""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

VOICES = (
    "TTS_DE-DE_ANNA",
    "TTS_DE-DE_YANNICK",
    "TTS_EN-GB_DANIEL",
    "TTS_EN-GB_SERENA",
    "TTS_FR-FR_AUDREY",
    "TTS_FR-FR_SEBASTIEN",
    "TTS_FR-FR_THOMAS",
    "TTS_FR-FR_VIRGINIE",
    "TTS_IT-IT_PAOLO",
    "TTS_IT-IT_SILVIA",
    "TTS_NL-BE_ELLEN",
    "TTS_NL-NL_CLAIRE",
    "TTS_NL-NL_XANDER",
)

MediaText = Annotated[str, Meta(pattern=rf"\A([0-9]+|TTS\|({'|'.join(VOICES)})\|(?s:.+))\Z")]
Media = Annotated[int, Meta(ge=0)] | MediaText
"""A library id (a number, or its digits as text), `TTS|VOICE|text`, or 0 for none."""

E164 = r"\+[1-9][0-9]{1,14}"
Keys = Annotated[str, Meta(pattern=r"\A[0-9*#]+\Z")]
PositiveSeconds = Annotated[int, Meta(ge=1, le=30)]


class _Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Play(_Command, frozen=True):
    media_id: Media


class PlayRecord(_Command, frozen=True):
    media_file: str


class Read(_Command, frozen=True):
    """`timeout_ms` is in milliseconds. All four are required: every vendor example sends them."""

    media_id: Media
    max_digits: Annotated[int, Meta(ge=1, le=20)]
    attempts: Annotated[int, Meta(ge=1, le=10)]
    timeout_ms: Annotated[int, Meta(ge=100, le=30_000)]


class Record(_Command, frozen=True):
    """Both are in seconds; 0 is off."""

    max_duration: Annotated[int, Meta(ge=0, le=300)]
    silence: Annotated[int, Meta(ge=0, le=20)]


class SendDtmf(_Command, frozen=True):
    """Durations are in milliseconds."""

    digits: Keys
    duration_ms: Annotated[int, Meta(ge=1, le=5000)] = 500
    timeout_ms: Annotated[int, Meta(ge=0, le=10_000)] = 500


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody to dial; `timeout` is in seconds."""

    number: Annotated[str, Meta(pattern=rf"\A{E164}\Z")]
    timeout: Annotated[int, Meta(ge=5, le=300)]


class Dialout(_Command, frozen=True):
    """`targets` are tried one after another until one answers."""

    targets: Annotated[tuple[Target, ...], Meta(min_length=1)]
    cli: Annotated[str, Meta(pattern=rf"\A({E164}|BLOCKED)\Z")] = "BLOCKED"
    ringtone: Annotated[str, Meta(pattern=r"\A(RING|MUSIC)\Z")] = "RING"
    whisper: Media = 0
    cdr_field: Annotated[str, Meta(pattern=r"\A[0-9A-Za-z]{0,32}\Z")] = ""


class Conference(_Command, frozen=True):
    """`id` is a number in one SDK and text in another; `pin_wait` is in seconds."""

    id: int | str
    welcome: Media = 0
    waiting: Media = 0
    pin_prompt: Media = 0
    pin_error: Media = 0
    pin_valid: Media = 0
    pin_code: Annotated[str, Meta(pattern=r"\A[0-9]*\Z")] = ""
    pin_max_tries: Annotated[int, Meta(ge=1, le=10)] = 3
    pin_wait: Annotated[int, Meta(ge=0, le=30)] = 5
    auto_leave_when_alone: bool = False
    auto_leave_announce: Media = 0
    user_join: Media = 0
    user_leave: Media = 0


class StartCallRecording(_Command, frozen=True):
    announce: Media = 0


class StopCallRecording(_Command, frozen=True):
    announce: Media = 0


class Wait(_Command, frozen=True):
    """The PHP SDK says `seconds`, the .NET one `wait`: one of them, or both alike."""

    seconds: PositiveSeconds | UnsetType = UNSET
    wait: PositiveSeconds | UnsetType = UNSET

    def __post_init__(self) -> None:
        given = {value for value in (self.seconds, self.wait) if value is not UNSET}
        if len(given) != 1:
            raise ValueError("Object needs `seconds` or `wait`, and not two different values")

    @property
    def length(self) -> int:
        """Seconds to wait."""
        return next(value for value in (self.seconds, self.wait) if isinstance(value, int))


class WaitForSilence(_Command, frozen=True):
    """`silence_ms` is in milliseconds, `timeout` in seconds; 0 is off. One SDK allows 10 iterations, one 3."""

    silence_ms: Annotated[int, Meta(ge=1, le=5000)]
    iterations: Annotated[int, Meta(ge=1, le=3)]
    timeout: Annotated[int, Meta(ge=0, le=300)]


class Hangup(_Command, frozen=True):
    pass


PlainCommand = Play | SendDtmf | StartCallRecording | StopCallRecording | Wait | Hangup
"""The commands whose result does not depend on anybody."""

Command = PlainCommand | PlayRecord | Read | Record | Dialout | Conference | WaitForSilence

COMMANDS: dict[str, type[Command]] = {
    "play": Play,
    "play_record": PlayRecord,
    "read": Read,
    "record": Record,
    "send_dtmf": SendDtmf,
    "dialout": Dialout,
    "conference": Conference,
    "start_call_recording": StartCallRecording,
    "stop_call_recording": StopCallRecording,
    "wait": Wait,
    "wait_for_silence": WaitForSilence,
    "hangup": Hangup,
}
"""What the emulator can do. Left out, because no source tells their results: play_wav_data,
play_talk_detect, simple_conference and hangup_callid."""


def parse(name: str, params: object) -> Command:
    """The command `name` (a key of COMMANDS); raises msgspec.ValidationError naming the wrong parameter."""
    return msgspec.convert(params, COMMANDS[name])


def spoken(media: int | str) -> str:
    """What the caller hears of a media: a text, `[audio 42]`, or `""` for none."""
    if isinstance(media, str) and media.startswith("TTS|"):
        return media.split("|", 2)[2]
    return "" if int(media) == 0 else f"[audio {int(media)}]"


def reply_problem(reply: Any) -> str:
    """What keeps `reply` from being an RT.Response with a known command, `""` when nothing does."""
    if not isinstance(reply, dict):
        return "the reply is not a JSON object"
    name = reply.get("command")
    return "" if isinstance(name, str) and name in COMMANDS else f"unknown command {name!r}"
