"""What was told, by us to applications and by carriers to us: what is answered about it, and what is told."""

from datetime import datetime
from typing import Literal

from pydantic import JsonValue

from voiceapp.web.openapi.answers import Answer, AttemptView, CallView


class WebhookView(Answer):
    """What an application was told, or is owed. What it says is its receiver's alone."""

    id: str
    """the `webhook-id` that it is sent with"""
    call: str
    type: str
    """the event; `call.notify` for what a flow's `notify` step sends"""
    state: Literal["due", "delivered", "given_up"]
    attempts: int
    next_at: datetime | None
    delivered_at: datetime | None
    error: str
    """of the last attempt"""


class WebhookList(Answer):
    """The newest 200 at most."""

    webhooks: list[WebhookView]


class Resent(Answer):
    """It goes out at once."""

    id: str
    state: Literal["due"]


class CarrierEventView(Answer):
    """What a carrier told by webhook."""

    carrier: str
    id: str
    type: str
    """in the carrier's words"""
    at: datetime
    call: str | None
    """null when it was about none of ours"""
    body: JsonValue
    """as it came"""


class CarrierEventList(Answer):
    """The newest 200 at most."""

    events: list[CarrierEventView]


class AttemptNews(Answer):
    """What is told before a call has begun, or of one that only its carrier knows of."""

    type: Literal["call.placed", "call.failed", "call.unknown", "call.cancelled", "call.unreached", "call.ended"]
    timestamp: datetime
    """when this attempt to tell was made"""
    data: AttemptView


class CallNews(Answer):
    """What is told of a call that has begun."""

    type: Literal["call.answered", "call.machine", "call.unreached", "call.ended", "call.recorded", "call.updated"]
    timestamp: datetime
    """when this attempt to tell was made"""
    data: CallView
