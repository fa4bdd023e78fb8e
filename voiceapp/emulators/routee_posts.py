"""The bodies that Routee posts.

Sources: docs.routee.net, "webhooks-callbacks" (four fields, status callbacks) and
"voice-conversation-callbacks". Inferred: `Voice` as `originatingService`; a recording callback has the fields
of a `recordings[]` item of the conversation look-up.
"""

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
        """A status callback; `seconds` is the duration so far, the price a made-up cent a minute."""
        return self.base() | {
            "status": {"name": name, "updatedDate": _iso(at)},
            "direction": self.direction,
            "originatingService": "Voice",
            "respectQuietHours": False,
            "duration": seconds,
            "price": round(-(-seconds // 60) * 0.01, 2),
        }

    def recording(self, start: datetime, end: datetime) -> dict[str, Any]:
        """A recording callback."""
        tracking = str(uuid4())
        return {
            "trackingId": tracking,
            "start": _iso(start),
            "end": _iso(end),
            "from": self.sender,
            "to": self.recipient,
            "url": f"https://connect.routee.net/recordings/my/downloads/{tracking}",
            "voiceTrackingIds": [self.message],
            "conversationTrackingId": self.conversation,
            "duration": int((end - start).total_seconds()),
        }


def _iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
