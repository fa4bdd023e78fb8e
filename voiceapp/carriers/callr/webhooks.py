"""CALLR's webhooks: whether one is signed with our secret, and what it tells.

They say what Real-Time posts do not: the price of a call, why it ended, that a recording is ready, that a text
message came. Source: docs.callr.com, "Webhooks" and [OBJ] "JSON objects" (Webhook.Event, CDR.In, CDR.Out,
Media.Recording, SMS). Inferred: that a `call.*_start` brings the fields of the CDR known by then, and that
`sms.*` bring the SMS object.

A signed post is read tolerantly, since a refusal only makes CALLR post it again, up to ten times.
"""

import base64
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from voiceapp.carriers.callr.webhook_events import (
    CallDetails,
    CallStarted,
    HungUpBy,
    OtherEvent,
    Part,
    RecordingDetails,
    SmsReceived,
    SmsStatus,
    WebhookEvent,
)
from voiceapp.carriers.callr.wire import text
from voiceapp.errors import PostRefused
from voiceapp.events import Direction

__all__ = [
    "SIGNATURE_HEADER",
    "Algorithm",
    "CallDetails",
    "CallStarted",
    "HungUpBy",
    "OtherEvent",
    "Part",
    "RecordingDetails",
    "SmsReceived",
    "SmsStatus",
    "WebhookEvent",
    "read_event",
    "signed_by_us",
]

SIGNATURE_HEADER = "X-CALLR-HmacSignature"
"""Where the signature is; there is none unless the subscription has a secret [docs.callr.com, "Webhooks"]."""

Algorithm = Literal["MD5", "SHA1", "SHA256", "SHA512"]
"""`hmac_algo` of a subscription; SHA256 unless one is named [OBJ Webhook.Options]."""

_HUNG_UP_BY: Mapping[str, HungUpBy] = {"CALLER": "caller", "CALLEE": "callee", "GATEWAY": "gateway"}
_CURRENCY = "EUR"
"""Of `billing_customer_debit_eur`, the price in a CDR: it stands in the name of the field."""

_CENTS = 100
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_URL = re.compile(r"https?://[!-~]{1,2000}")
_EXTENSION = re.compile(r"[a-z0-9]{1,8}")
_MAX_SECONDS = 10**9
_MAX_ATTEMPT = 1000
_MAX_EXTENSIONS = 8
_MESSAGE_LENGTH = 4096


class _Posted(msgspec.Struct, frozen=True):
    event_id: Any = None
    type: Any = None
    event_at: Any = None
    attempt: Any = msgspec.field(name="try", default=None)
    data: Any = None


_decoder = msgspec.json.Decoder(_Posted)


def signed_by_us(body: bytes, signature: str | None, secrets: Sequence[str], algorithm: Algorithm) -> bool:
    """Whether `signature`, the header's value (None: there is none), is the base64 of the raw HMAC over this very
    body, by one of our secrets: there are two while one replaces the other. Without a secret nothing is, nor by
    an empty one."""
    given = (signature or "").encode("utf-8", "surrogatepass")
    # every secret is compared, so that the time does not tell which one was nearly right
    same = [hmac.compare_digest(_signature(body, secret, algorithm), given) for secret in secrets if secret]
    return any(same)


def read_event(body: bytes) -> WebhookEvent:
    """The event in a webhook's body. Unknown types and fields are fine, and a field of a wrong type is taken for
    an absent one. Raises PostRefused(400) for what is no JSON object with a type, an event's id and its time."""
    try:
        posted = _decoder.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise PostRefused(400, "the body is not a JSON object as CALLR's webhooks post it") from None
    event_id, at = text(posted.event_id), _time(posted.event_at)
    kind = text(posted.type) if isinstance(posted.type, str) else ""
    if not event_id or not kind or at is None:
        raise PostRefused(400, "the body has no type, no event_id or no event_at that is a time")
    return WebhookEvent(
        event_id, kind, at, _whole(posted.attempt, _MAX_ATTEMPT) or 0, _part(kind, posted.data, at)
    )


def _signature(body: bytes, secret: str, algorithm: Algorithm) -> bytes:
    return base64.b64encode(hmac.digest(secret.encode("utf-8", "surrogatepass"), body, algorithm.lower()))


def _part(kind: str, data: Any, at: datetime) -> Part | None:
    read = _READERS.get(kind)
    if read is None:
        return OtherEvent()
    return read(data, at) if isinstance(data, dict) else None


def _started(direction: Direction, data: Mapping[str, Any]) -> CallStarted:
    return CallStarted(
        direction=direction,
        app=text(data.get("scenario_hash")),
        ref=_call_id(data.get("callid")),
        field=text(data.get("customer_field")),
        parent=_call_id(data.get("callid_in")),
        number=text(data.get("did_intl_number" if direction == "inbound" else "number")),
        caller=text(data.get("cli_number")),
        started_at=_time(data.get("start")),
    )


def _details(direction: Direction, data: Mapping[str, Any]) -> CallDetails:
    price = _euros(data.get("billing_customer_debit_eur"))
    return CallDetails(
        **msgspec.structs.asdict(_started(direction, data)),
        seconds=_whole(data.get("duration")),
        answered_seconds=_whole(data.get("duration_answered")),
        price=price,
        currency="" if price is None else _CURRENCY,
        cause=text(data.get("hangupcause")),
        hung_up_by=_HUNG_UP_BY.get(_word(data.get("hangupsource")), ""),
        dial_status=_word(data.get("dialstatus")),
        answered_at=_time(data.get("answer")),
        ended_at=_time(data.get("hangup")),
    )


def _recording(data: Mapping[str, Any]) -> RecordingDetails:
    url, extensions = data.get("url"), data.get("url_exts")
    listed = extensions[:_MAX_EXTENSIONS] if isinstance(extensions, list) else []
    return RecordingDetails(
        ref=_call_id(data.get("callid")),
        recording_id=text(data.get("hash")),
        url=url if isinstance(url, str) and _URL.fullmatch(url) else "",
        extensions=tuple(item for item in listed if isinstance(item, str) and _EXTENSION.fullmatch(item)),
        seconds=_whole(data.get("duration")),
        status=_word(data.get("status")),
        kind=_word(data.get("type")),
    )


def _sms_received(data: Mapping[str, Any], at: datetime) -> SmsReceived:
    return SmsReceived(
        sms_id=text(data.get("hash")),
        sender=text(data.get("from")),
        to=text(data.get("to")),
        text=_word(data.get("text"), limit=_MESSAGE_LENGTH),
        at=_time(data.get("date_received")) or at,
    )


def _sms_status(data: Mapping[str, Any], at: datetime) -> SmsStatus:
    return SmsStatus(
        sms_id=text(data.get("hash")),
        sender=text(data.get("from")),
        to=text(data.get("to")),
        status=_word(data.get("status")),
        error=_word(data.get("status_error"), limit=512),
        field=text(data.get("user_data")),
        at=_time(data.get("date_update")) or at,
    )


_READERS: Mapping[str, Callable[[Mapping[str, Any], datetime], Part]] = {
    "call.inbound_start": lambda data, _: _started("inbound", data),
    "call.outbound_start": lambda data, _: _started("outbound", data),
    "call.inbound_hangup": lambda data, _: _details("inbound", data),
    "call.outbound_hangup": lambda data, _: _details("outbound", data),
    "media.recording.new": lambda data, _: _recording(data),
    "media.recording.status_update": lambda data, _: _recording(data),
    "sms.mo": _sms_received,
    "sms.mt.status_update": _sms_status,
}


def _call_id(value: Any) -> str:
    """A call's id, 64 bits, as text; 0 and null stand for none."""
    found = text(value)
    return "" if found == "0" else found


def _word(value: Any, *, limit: int = 64) -> str:
    return text(value, limit=limit) if isinstance(value, str) else ""


def _whole(value: Any, most: int = _MAX_SECONDS) -> int | None:
    good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most
    return value if good else None


def _euros(value: Any) -> float | None:
    """CALLR writes amounts as text, in cents with two decimals: "1000.00" is 10 euros [OBJ, format amount]."""
    return float(value) / _CENTS if isinstance(value, str) and _AMOUNT.fullmatch(value) else None


def _time(value: Any) -> datetime | None:
    """A time in either of CALLR's forms; one without a zone is in UTC [OBJ, formats datetime, datetime_ms_iso]."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
