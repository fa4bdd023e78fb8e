"""Routee's posts, read tolerantly: dial plan, tones, machine detection, status and recording callbacks.

Sources: Routee's documentation (webhooks-callbacks, voice-conversation-callbacks) for the four base fields and
the status body; the field `collectedTones` from a deployed application, see docs/carriers.md.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from voiceapp.errors import PostRefused


class RouteePost(BaseModel):
    """Every field of every post; each may be absent or of another JSON type."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False, hide_input_in_errors=True)

    message_id: Any = Field(default=None, alias="messageId")
    conversation: Any = Field(default=None, alias="conversationTrackingId")
    from_: Any = Field(default=None, alias="from")
    to: Any = None
    tones: Any = Field(default=None, alias="collectedTones")
    status: Any = None
    direction: Any = None
    duration: Any = None
    price: Any = None
    url: Any = None
    tracking_id: Any = Field(default=None, alias="trackingId")


def read_post(body: bytes) -> RouteePost:
    """The post in a request's body; an empty body (a GET) is one without fields. Raises PostRefused(400)."""
    if not body.strip():
        return RouteePost()
    try:
        return RouteePost.model_validate_json(body)
    except ValidationError:
        raise PostRefused(400, "the body is not a JSON object as Routee posts it") from None


def number(value: Any) -> float | None:
    """A JSON number that is not negative, else None."""
    good = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e12
    return float(value) if good else None


def status_name(value: Any) -> str:
    """`status.name`, or a status given as bare text."""
    if isinstance(value, dict):
        value = value.get("name")
    return value[:32] if isinstance(value, str) else ""


def phone(value: Any) -> str:
    """A number with its plus; a name or SIP address as it is. `to` may be `{"phone": …}`."""
    if isinstance(value, dict):
        value = value.get("phone") or value.get("sip")
    if not isinstance(value, str):
        return ""
    return f"+{value}" if value.isdecimal() and len(value) > 6 else value[:128]
