"""Signed webhooks: what is sent, what is made of the answer, and when to try again."""

import base64
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from tests.egress.conftest import Listen, Listener, OpenEgress, says
from voiceapp.call import secret_mark
from voiceapp.egress.notify import BACKOFF, Delivery, Message, Notifier, next_attempt

SIGNING_SECRET = "whsec_" + base64.b64encode(b"0123456789abcdefghijklmnopqrstuv").decode()
KEY = "0123456789abcdef"


def message(url: str) -> Message:
    at = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    data = {"patient": "007", "token": secret_mark(KEY, "TOKEN"), "name": "Ελένη"}
    return Message(id="msg_1", type="call.reported", at=at, url=url, data=data, key=KEY)


def sent(listener: Listener) -> tuple[dict[str, str], bytes]:
    head, _, body = listener.requests[-1].partition(b"\r\n\r\n")
    lines = [line.partition(": ") for line in head.decode().split("\r\n")[1:]]
    return {name.lower(): value for name, _, value in lines}, body


@pytest.mark.parametrize("late", [timedelta(0), timedelta(minutes=4)])
async def test_the_library_verifies_what_was_signed(
    listen: Listen, open_egress: OpenEgress, late: timedelta
) -> None:
    listener = await listen(says(b"", "202 Accepted"))
    notifier = Notifier(await open_egress("127.0.0.1"), {"TOKEN": "s3cret"}, SIGNING_SECRET)
    now = datetime.now(UTC) - late
    assert await notifier.deliver(message(listener.url), now=now) == Delivery("delivered")
    headers, body = sent(listener)
    assert headers["webhook-id"] == "msg_1"
    assert headers["content-type"] == "application/json"
    verified = Webhook(SIGNING_SECRET).verify(body, headers)
    assert verified == {
        "type": "call.reported",
        "timestamp": "2026-03-29T01:00:00Z",
        "data": {"patient": "007", "token": "s3cret", "name": "Ελένη"},
    }
    for broken in (body.replace(b"007", b"008"), body + b" "):
        with pytest.raises(WebhookVerificationError):
            Webhook(SIGNING_SECRET).verify(broken, headers)


async def test_without_a_secret_it_goes_unsigned(listen: Listen, open_egress: OpenEgress) -> None:
    listener = await listen(says(b""))
    notifier = Notifier(await open_egress("127.0.0.1"), {})
    assert await notifier.deliver(message(listener.url), now=datetime.now(UTC)) == Delivery("delivered")
    headers, body = sent(listener)
    assert "webhook-signature" not in headers
    assert {"webhook-id", "webhook-timestamp"} <= set(headers)
    assert msgspec.json.decode(body)["data"]["patient"] == "007"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("200 OK", Delivery("delivered")),
        ("204 No Content", Delivery("delivered")),
        ("302 Found", Delivery("retry", "HTTP 302")),
        ("404 Not Found", Delivery("retry", "HTTP 404")),
        ("410 Gone", Delivery("gave_up", "HTTP 410")),
        ("429 Too Many", Delivery("retry", "HTTP 429")),
        ("500 Oops", Delivery("retry", "HTTP 500")),
    ],
)
async def test_outcomes(listen: Listen, open_egress: OpenEgress, status: str, expected: Delivery) -> None:
    listener = await listen(says(b"", status, "Location: /elsewhere"))
    notifier = Notifier(await open_egress("127.0.0.1"), {})
    assert await notifier.deliver(message(listener.url), now=datetime.now(UTC)) == expected
    assert listener.hits == 1


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://10.0.0.1/", Delivery("gave_up", "address not allowed")),
        ("http://example.com/", Delivery("gave_up", "address not allowed")),
        ("nonsense", Delivery("gave_up", "URL not valid")),
        ("http://127.0.0.2:1/", Delivery("retry", "no connection")),
    ],
)
async def test_places_that_are_not_reached(open_egress: OpenEgress, url: str, expected: Delivery) -> None:
    notifier = Notifier(await open_egress("127.0.0.2"), {})
    assert await notifier.deliver(message(url), now=datetime.now(UTC)) == expected


def test_the_schedule_spreads_over_a_day_and_ends() -> None:
    waits = [next_attempt(number, "msg_1") for number in range(1, len(BACKOFF) + 1)]
    assert all(
        wait is not None and 0.8 * base <= wait <= 1.2 * base for wait, base in zip(waits, BACKOFF, strict=True)
    )
    assert 0.9 * 86400 < sum(BACKOFF) < 1.1 * 86400
    assert next_attempt(len(BACKOFF) + 1, "msg_1") is None


def test_the_schedule_is_pure_and_differs_by_message() -> None:
    assert next_attempt(3, "msg_1") == next_attempt(3, "msg_1")
    assert len({next_attempt(3, f"msg_{number}") for number in range(100)}) > 95
