"""What both platforms keep of the calls they make, and the few facts about numbers and time they share."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

from voiceapp.emulators.transcript import Transcript

Show = Callable[[str], object]

COUNTRIES = {
    "+1": "US",
    "+30": "GR",
    "+31": "NL",
    "+32": "BE",
    "+33": "FR",
    "+34": "ES",
    "+39": "IT",
    "+44": "GB",
    "+49": "DE",
}
"""ISO 3166-1 codes by prefix, of the few countries that examples are about."""

_CHARACTER_SECONDS = 0.06
_TALK_SECONDS = 30
_OTHER_SECONDS = 3


class Originate(msgspec.Struct, frozen=True, kw_only=True):
    """An accepted order to call somebody. `reference` is what the API returned: CALLR's request hash, Routee's
    conversation. `app` is CALLR's, `url` where the call's first request goes; `at` an aware UTC time."""

    number: str
    reference: str
    at: datetime
    cdr_field: str = ""
    app: str = ""
    url: str = ""


class ApiRequest(NamedTuple):
    """A request that a platform read: JSON-RPC's method and params, or `POST /path` and the body."""

    method: str
    params: Any


class Played(NamedTuple):
    """A call that runs or ran; `number` is the other party's."""

    number: str
    transcript: Transcript


def utc_now() -> datetime:
    """The clock of a platform that is given none."""
    return datetime.now(UTC)


def country_of(number: str) -> str:
    """The country of a number, `""` when unknown."""
    return next((country for prefix, country in COUNTRIES.items() if number.startswith(prefix)), "")


def shown(played: Played, show: Show | None) -> Played:
    """Let `show` see each line of a call as it comes, with the number in front."""
    if show is not None:
        played.transcript.show_to(lambda line: show(f"{played.number} {line}"))
    return played


def talked(transcript: Transcript) -> int:
    """About how many seconds a call took since it was answered; a guess, since no call takes any time."""
    seconds = 0.0
    for kind, detail in transcript.lines:
        match kind:
            case "hears":
                seconds += len(detail) * _CHARACTER_SECONDS
            case "silence" | "pause":
                seconds += float(detail.split()[0]) if detail[0].isdigit() else _OTHER_SECONDS
            case "dials":
                seconds += _TALK_SECONDS if detail.endswith(": answered") else _OTHER_SECONDS
            case "presses" | "records" | "joins":
                seconds += _OTHER_SECONDS
            case _:
                pass
    return max(1, round(seconds))


def silent_wav(seconds: float = 1.0) -> bytes:
    """A WAV file without a sound: PCM, 16 bits, 8 kHz, mono."""
    rate, width = 8000, 2
    data = bytes(int(seconds * rate) * width)
    numbers = ((16, 4), (1, 2), (1, 2), (rate, 4), (rate * width, 4), (width, 2), (8 * width, 2))
    head = b"".join(number.to_bytes(size, "little") for number, size in numbers)
    body = b"WAVEfmt " + head + b"data" + len(data).to_bytes(4, "little") + data
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def present(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None}
