"""Routee's voice conversations: placed, looked up, and controlled while they last.

Sources: Routee's pages perform-a-voice-conversation, retrieve-conversation-by-trackingid, -dial-tracking and
voicemessagetracking, and the pages on controlling a call. A conversation has legs, one for each party; a leg goes
by its `messageId`.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec

from voiceapp.carriers.asking import amount, record, records, word
from voiceapp.carriers.routee.rest import Rest, anything, segment
from voiceapp.carriers.routee.wire import phone
from voiceapp.errors import PlatformError

PLACE = "/voice/conversation"
PLACES_PER_SECOND = 1.0
"""Calls that may be placed in a second (perform-a-voice-conversation page)."""

_ALMOST_A_SECOND = timedelta(microseconds=999_999)
"""Times are written in whole seconds; the last one is not to be cut off."""
_PAGE = 100
_PAGES = 10
_TONES = re.compile(r"[A-D0-9#*,wW]+")


class Conversation(msgspec.Struct, frozen=True):
    """A conversation as it was asked for."""

    ref: str
    plan_url: str


class Leg(msgspec.Struct, frozen=True, kw_only=True):
    """One party. `status` as Routee has it (Ringing, Completed, …); `seconds` long, `price` in the account's
    currency; `answered_by` HUMAN, MACHINE, UNKNOWN or `""`."""

    ref: str
    conversation: str
    to: str
    status: str
    seconds: float | None
    price: float | None
    answered_by: str


class Conversations:
    """Calls, by the id of a conversation (`ref`) or of a leg (`leg`)."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    async def perform(self, body: Mapping[str, object]) -> str:
        """Place a call; the id of its conversation. Sent again only with a new token."""
        return await self._rest.call(
            "POST", PLACE, lambda said: word(record(said).get("trackingId")) or None, body=body
        )

    async def get(self, ref: str) -> Conversation:
        """A conversation as it was asked for."""
        return await self._rest.call("GET", f"{PLACE}/{segment(ref)}", _conversation, reads=True)

    async def legs(self, ref: str) -> tuple[Leg, ...]:
        """The legs of a conversation."""
        return await self._rest.call("GET", f"/voice/tracking/conversation/{segment(ref)}", _page, reads=True)

    async def leg(self, leg: str) -> Leg:
        """One leg."""
        return await self._rest.call("GET", f"/voice/tracking/{segment(leg)}", _leg, reads=True)

    async def to(self, recipient: str, since: datetime, until: datetime) -> tuple[Leg, ...]:
        """The legs to a recipient between two aware times, a thousand at most. How the times are written, and that
        the filters are an array as for SMS, is inferred."""
        body = [{"fieldName": "recipient", "searchOperator": "is", "searchTerm": recipient}]
        found: tuple[Leg, ...] = ()
        for page in range(_PAGES):
            query: dict[str, str | int] = {
                "from": _written(since),
                "to": _written(until + _ALMOST_A_SECOND),
                "page": page,
                "size": _PAGE,
            }
            legs = await self._rest.call("POST", "/voice/tracking", _page, body=body, query=query, reads=True)
            found += legs
            if len(legs) < _PAGE:
                break
        return found

    async def hang_up(self, leg: str) -> None:
        """End a leg that talks."""
        await self._control("PUT", leg, "", {"action": "hangup"})

    async def reject(self, leg: str) -> None:
        """End a leg that is not answered yet."""
        await self._control("PUT", leg, "", {"action": "reject"})

    async def transfer(
        self,
        leg: str,
        *,
        sender: str,
        to: str,
        ring: int | None = None,
        max_seconds: int | None = None,
        status_url: str = "",
    ) -> None:
        """Connect a leg with somebody else: `to` E.164 or `sip:`, `sender` is shown there."""
        body: dict[str, object] = {"from": sender, "to": recipient(to)}
        if ring is not None:
            body["hangupDelay"] = ring
        if max_seconds is not None:
            body["maxDuration"] = max_seconds
        if status_url:
            body["callback"] = {"url": status_url, "strategy": "OnChange"}
        await self._control("POST", leg, "/transfer", body)

    async def talk(
        self,
        leg: str,
        text: str,
        *,
        language: str,
        gender: Literal["", "female", "male"] = "",
        mixed: bool = False,
    ) -> None:
        """Say a text to a leg; `mixed`: while the others go on talking."""
        body = {"text": text, "language": language, "multiplex": mixed}
        await self._control("POST", leg, "/talk", body | {"gender": gender} if gender else body)

    async def stop_talk(self, leg: str) -> None:
        """Stop what is said."""
        await self._control("DELETE", leg, "/talk")

    async def dtmf(self, leg: str, keys: str) -> None:
        """Send tones: keys and A to D; `,` and `w` wait for half a second, `W` for a whole one."""
        if not _TONES.fullmatch(keys):
            raise PlatformError("Routee sends the tones A to D, 0 to 9, # and * only", code="no_tones")
        await self._control("POST", leg, "/dtmf", {"dtmf": keys})

    async def play(self, leg: str, url: str, *, mixed: bool = False) -> None:
        """Play a sound to a leg; `mixed`: while the others go on talking."""
        await self._control("POST", leg, "/file", {"fileURL": url, "multiplex": mixed})

    async def stop_play(self, leg: str) -> None:
        """Stop the sound."""
        await self._control("DELETE", leg, "/file")

    async def record(
        self, leg: str, *, max_seconds: int | None = None, format_: Literal["MP3", "WAV"] = "MP3"
    ) -> None:
        """Begin to record a leg."""
        longest = {} if max_seconds is None else {"duration": max_seconds}
        await self._control("POST", leg, "/record", {**longest, "format": format_})

    async def stop_record(self, leg: str) -> None:
        """Stop recording."""
        await self._control("DELETE", leg, "/record")

    def recording_url(self, recording: str) -> str:
        """Where the file of a recording is; it takes a token to get it."""
        return self._rest.url(f"/recordings/my/downloads/{segment(recording)}")

    async def _control(self, method: str, leg: str, what: str, body: Mapping[str, object] | None = None) -> None:
        await self._rest.call(method, f"{PLACE}/{segment(leg)}{what}", anything, body=body)


def recipient(to: str) -> dict[str, str]:
    """`to` as a conversation has it."""
    return {"sip": to.removeprefix("sip:")} if to.startswith("sip:") else {"phone": to}


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _conversation(said: object) -> Conversation | None:
    told = record(said)
    ref = word(told.get("trackingId"))
    return Conversation(ref, word(told.get("dialPlanUrl"))) if ref else None


def _page(said: object) -> tuple[Leg, ...] | None:
    """The legs on a page; a bare array is taken too."""
    content = record(said).get("content") if isinstance(said, dict) else said
    return tuple(filter(None, map(_leg, records(content)))) if isinstance(content, list) else None


def _leg(said: Any) -> Leg | None:
    """Tracking has `status.status` where the callbacks have `status.name`."""
    told = record(said)
    status = told.get("status")
    named = record(status)
    ref = word(told.get("messageId"))
    if not ref:
        return None
    return Leg(
        ref=ref,
        conversation=word(told.get("conversationTrackingId")),
        to=phone(told.get("to")),
        status=word(named.get("status")) or word(named.get("name")) or word(status),
        seconds=amount(told.get("duration")),
        price=amount(told.get("price")),
        answered_by=word(told.get("answeredBy")),
    )
