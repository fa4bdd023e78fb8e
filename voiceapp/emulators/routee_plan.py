"""Routee dialplans, read as strictly as the documentation allows.

Sources: docs.routee.net, pages "say-verb", "play-verb", "dial-verb", "collect-verb", "dialplans-verbs".
PAUSE's range of 1 to 60 s comes from a deployed application (github.com/buildingidgr/dialplan), not from
Routee. Inferred: that Routee refuses unknown fields, and text where the tables say bool although two
examples have `"true"`.
"""

from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

Language = Literal[
    "en-US",
    "de-DE",
    "fr-FR",
    "it-IT",
    "pt-BR",
    "es-ES",
    "es-LA",
    "en-GB",
    "el-GR",
    "bg-BG",
    "pl-PL",
    "hu-HU",
    "sv-SE",
    "ru-RU",
]

Text = Annotated[str, Meta(min_length=1)]
Url = Annotated[str, Meta(pattern=r"\Ahttps?://[^\s/]+\S*\Z")]
Repeat = Annotated[int, Meta(ge=-1)]
"""Repetitions beyond the first; -1 is for ever. "Beyond the first" is inferred from the default 0."""

Seconds = Annotated[int, Meta(ge=1)]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    pass


class Message(_Part, frozen=True):
    text: Text
    language: Language
    gender: Literal["male", "female"] | None = None


class Say(_Part, frozen=True, tag="SAY"):
    message: Message
    repeat: Repeat = 0
    barge_in: bool = False

    @property
    def heard(self) -> str:
        """What the caller hears, once."""
        return self.message.text


class Play(_Part, frozen=True, tag="PLAY"):
    file_url: Url = msgspec.field(name="fileURL")
    repeat: Repeat = 0
    barge_in: bool = False

    def __post_init__(self) -> None:
        if not urlsplit(self.file_url).path.endswith(".wav"):
            raise ValueError("`fileURL` is no .wav")

    @property
    def heard(self) -> str:
        """What the caller hears, once."""
        return f"[audio {urlsplit(self.file_url).path}]"


class Pause(_Part, frozen=True, tag="PAUSE"):
    """`duration` is in seconds."""

    duration: Annotated[int, Meta(ge=1, le=60)]


class Recipient(_Part, frozen=True):
    """Exactly one of a number, a SIP URI and a number with Viber."""

    phone: Annotated[str, Meta(pattern=r"\A\+[1-9][0-9]{1,14}\Z")] | None = None
    sip: Text | None = None
    viber: Text | None = None

    def __post_init__(self) -> None:
        if len(self._given) != 1:
            raise ValueError("Object needs exactly one of `phone`, `sip` and `viber`")

    @property
    def _given(self) -> list[str]:
        return [address for address in (self.phone, self.sip, self.viber) if address is not None]

    @property
    def address(self) -> str:
        """The one that is given."""
        return self._given[0]


class Callback(_Part, frozen=True):
    """The table says an object, two examples have a bare string: the object."""

    url: Url
    strategy: Literal["OnChange", "OnCompletion"]


class MachineDetection(_Part, frozen=True):
    strategy: Literal["Hangup", "Continue"]
    event_url: Url | None = None


class Dial(_Part, frozen=True, tag="DIAL"):
    """`hangup_delay` (for leg B to answer) and `max_duration` (of the talk) are in seconds."""

    from_: Text = msgspec.field(name="from")
    to: Recipient
    hangup_delay: Seconds | None = None
    max_duration: Seconds | None = None
    callback: Callback | None = None
    record: bool = False
    recording_format: Literal["MP3", "WAV"] = "MP3"
    recording_callback_url: Url | None = None
    machine_detection: MachineDetection | None = None


class Collect(_Part, frozen=True, tag="COLLECT"):
    event_url: Url
    max_digits: Annotated[int, Meta(ge=1)] = 30
    submit_on_hash: bool = False


Verb = Say | Play | Pause | Dial | Collect


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole document: `{"verbs": [...]}`, with one DIAL at most."""

    verbs: Annotated[tuple[Verb, ...], Meta(min_length=1)]

    def __post_init__(self) -> None:
        if sum(isinstance(verb, Dial) for verb in self.verbs) > 1:
            raise ValueError("Object has more than one DIAL")

    @property
    def first_collect(self) -> Collect | None:
        """The first COLLECT, wherever it stands."""
        return next((verb for verb in self.verbs if isinstance(verb, Collect)), None)


def parse_plan(body: bytes) -> Plan:
    """The plan in the body of a reply; raises msgspec.DecodeError saying where it is wrong."""
    return msgspec.json.decode(body, type=Plan)
