"""The bodies that Routee posts.

Sources: docs.routee.net, "webhooks-callbacks" (four fields, status callbacks) and
"voice-conversation-callbacks". Inferred: `Voice` as `originatingService`; a recording callback has the fields
of a `recordings[]` item of the conversation look-up.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

import msgspec

Direction = Literal["Inbound", "Outbound"]


class Leg(msgspec.Struct, frozen=True, kw_only=True):
    """One leg of a conversation: the caller's own, or the one that a DIAL starts."""

    conversation: str
    sender: str
    recipient: str
    direction: Direction
    message: str = msgspec.field(default_factory=lambda: str(uuid4()))

    def base(self) -> dict[str, Any]:
        """The four fields that every request has."""
        return {
            "messageId": self.message,
            "conversationTrackingId": self.conversation,
            "from": self.sender,
            "to": self.recipient,
        }

    def status(self, name: str, at: datetime, seconds: int) -> dict[str, Any]:
        """A status callback; `seconds` is the duration so far."""
        return self.base() | {
            "status": {"name": name, "updatedDate": iso(at)},
            "direction": self.direction,
            "originatingService": "Voice",
            "respectQuietHours": False,
            "duration": seconds,
            "price": price(seconds),
        }

    def recording(self, start: datetime, end: datetime, host: str) -> dict[str, Any]:
        """A recording callback; `host` is where the file can be had."""
        tracking = str(uuid4())
        return {
            "trackingId": tracking,
            "start": iso(start),
            "end": iso(end),
            "from": self.sender,
            "to": self.recipient,
            "url": f"{host}/recordings/my/downloads/{tracking}",
            "voiceTrackingIds": [self.message],
            "conversationTrackingId": self.conversation,
            "duration": int((end - start).total_seconds()),
        }


@dataclass
class LegRecord:
    """What is known of a leg by now: its last status, since when, the seconds so far, all tones submitted."""

    leg: Leg
    status: str
    at: datetime
    seconds: int = 0
    tones: str = ""
    recordings: list[dict[str, Any]] = field(default_factory=list)


def price(seconds: int) -> float:
    """A made-up cent a minute begun."""
    return round(-(-seconds // 60) * 0.01, 2)


def iso(at: datetime) -> str:
    """A time as Routee writes it."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
