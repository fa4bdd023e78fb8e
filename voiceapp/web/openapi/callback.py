"""What is posted to `callback.url`: which events there are, how it is signed, what an answer leads to."""

from collections.abc import Mapping, Sequence

from voiceapp.web.openapi import examples
from voiceapp.web.openapi.operations import Parameter

EVENTS: Mapping[str, str] = {
    "call.placed": "the carrier has taken the order, and will let it ring",
    "call.failed": "nobody was called; `reason` says why",
    "call.unknown": "the carrier's answer was lost: it may ring; nobody dials it again",
    "call.cancelled": "it was taken back before it began",
    "call.answered": "somebody, or something, picked up",
    "call.machine": "an answering machine has it",
    "call.unreached": "busy, no answer and the like; `end_reason` says which",
    "call.ended": "it is over, with what the flow saved",
    "call.recorded": "a recording can be had",
    "call.updated": "the carrier told duration, price or cause, mostly after the end",
}
"""What each of `terms.CALLBACK_EVENTS` means."""

_TEXT = """\
Sent to `callback.url` for each of these that `callback.events` names:

{events}

Any answer 2xx within 10 seconds takes it. Else it comes again with the same `webhook-id`, eleven times in about a
day; 410 ends that at once. Events may come twice, and not in order.

It is signed as Standard Webhooks has it (https://www.standardwebhooks.com): `webhook-signature` is `v1,` and, in
base64, HMAC-SHA256 of `webhook-id`, `webhook-timestamp` and the body as it came, with dots between. The key is
what stands in base64 behind `whsec_` in `VOICEAPP_NOTIFY_SECRET`; without that setting nothing is signed."""

ABOUT = _TEXT.format(events="\n".join(f"- `{name}`: {about}" for name, about in EVENTS.items()))

ANSWERS: Mapping[str, str] = {
    "2XX": "Taken.",
    "410": "Not wanted: it is given up.",
    "default": "It comes again later.",
}
"""HTTP status -> what an application's answer leads to."""

CHECK = """\
import base64, hashlib, hmac, time

def is_genuine(secret, headers, body):
    # secret: whsec_...; headers: by their names in small letters; body: bytes
    sent = headers["webhook-timestamp"]
    if abs(time.time() - int(sent)) > 300:
        return False
    signed = f"{headers['webhook-id']}.{sent}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    expected = "v1," + base64.b64encode(digest).decode()
    given = headers["webhook-signature"].split()
    return any(hmac.compare_digest(expected, each) for each in given)
"""
"""How an application checks in Python that it was us."""

HEADERS: Sequence[Parameter] = (
    Parameter(
        name="webhook-id",
        where="header",
        about="the same at every attempt: keep it, and what comes twice is known",
        example=examples.WEBHOOK_ID,
    ),
    Parameter(
        name="webhook-timestamp",
        where="header",
        about="seconds since 1970 of this attempt; refuse what is older than five minutes",
        example="1772526600",
    ),
    Parameter(
        name="webhook-signature", where="header", about="`v1,` and the signature; several have spaces between"
    ),
)
