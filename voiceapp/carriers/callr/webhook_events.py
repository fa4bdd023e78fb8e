"""What CALLR's webhooks tell: a closed union, which `webhooks` reads, with the sources.

Times are aware UTC datetimes, durations seconds, prices euros. What CALLR did not tell is `""` where it is a text,
None where it is anything else.
"""

from datetime import datetime
from typing import Literal

import msgspec

from voiceapp.events import Direction

HungUpBy = Literal["caller", "callee", "gateway", ""]


class _Leg(msgspec.Struct, frozen=True, kw_only=True):
    """`ref`: the call id, as on Real-Time posts; `parent`: that of the inbound call which dialled it; `app`: the
    app's hash; `field`: our `cdr_field`; `number`: who was called, `caller`: whose number was shown."""

    direction: Direction
    app: str
    ref: str
    field: str
    parent: str
    number: str
    caller: str
    started_at: datetime | None


class CallStarted(_Leg, frozen=True, kw_only=True):
    """A call, or one leg of it, began."""


class CallDetails(_Leg, frozen=True, kw_only=True):
    """A call, or one leg of it, ended. `seconds` in all, `answered_seconds` connected, `price` what it cost us;
    `cause`: ISDN cause code; `dial_status`: CALLR's word, such as ANSWER or NOANSWER, `""` on inbound calls."""

    seconds: int | None
    answered_seconds: int | None
    price: float | None
    currency: str
    cause: str
    hung_up_by: HungUpBy
    dial_status: str
    answered_at: datetime | None
    ended_at: datetime | None


class RecordingDetails(msgspec.Struct, frozen=True, kw_only=True):
    """A recording and how far it is. `ref`: the call it belongs to, `""` if none. `url` lacks a dot and one of
    `extensions`, mostly mp3. `status`: PENDING, RECORDING, PROCESSING, READY or ERROR; `kind`: CALL, CONFERENCE,
    RECORDING or VOICEMAIL."""

    ref: str
    recording_id: str
    url: str
    extensions: tuple[str, ...]
    seconds: int | None
    status: str
    kind: str


class SmsReceived(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody sent us a text message; `at`: when it came."""

    sms_id: str
    sender: str
    to: str
    text: str
    at: datetime


class SmsStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What became of our text message by `at`: SENT, RECEIVED (it was delivered), FAILED, EXPIRED, ERROR and so
    on. `field`: the `user_data` that we sent it with; `error`: CALLR's words for people."""

    sms_id: str
    sender: str
    to: str
    status: str
    error: str
    field: str
    at: datetime


class OtherEvent(msgspec.Struct, frozen=True):
    """An event of a type that we do not read."""


Part = CallStarted | CallDetails | RecordingDetails | SmsReceived | SmsStatus | OtherEvent


class WebhookEvent(msgspec.Struct, frozen=True):
    """`event_id` is the same on every attempt (`attempt` 0 is the first): an event is to be taken once. `data` is
    None when the type is one we read and what it brings is no object."""

    event_id: str
    type: str
    at: datetime
    attempt: int
    data: Part | None
