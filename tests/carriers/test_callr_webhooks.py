"""CALLR's webhooks: who signed them, and what each of them tells."""

import base64
import hashlib
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceapp.carriers.callr.webhooks import (
    Algorithm,
    CallDetails,
    CallStarted,
    OtherEvent,
    Part,
    RecordingDetails,
    SmsReceived,
    SmsStatus,
    WebhookEvent,
    read_event,
    signed_by_us,
)
from voiceapp.errors import PostRefused

ALGORITHMS: tuple[Algorithm, ...] = get_args(Algorithm)
BLOCK = {"MD5": 64, "SHA1": 64, "SHA256": 64, "SHA512": 128}
SECRET, OLD, WRONG = "a secret of ours", "the secret before", "somebody else's"
BODY = b'{"type":"sms.mo","event_id":"e1","event_at":"2026-01-09T17:27:55.123Z","try":0,"data":{}}'
AT = datetime(2026, 1, 9, 17, 27, 55, 123000, tzinfo=UTC)


def raw_signature(body: bytes, secret: bytes, algorithm: Algorithm) -> bytes:
    """RFC 2104, step by step."""

    def digest(data: bytes) -> bytes:
        return hashlib.new(algorithm.lower(), data, usedforsecurity=False).digest()

    key = digest(secret) if len(secret) > BLOCK[algorithm] else secret
    key = key.ljust(BLOCK[algorithm], b"\0")
    inner = digest(bytes(byte ^ 0x36 for byte in key) + body)
    return digest(bytes(byte ^ 0x5C for byte in key) + inner)


def signature(body: bytes = BODY, secret: str = SECRET, algorithm: Algorithm = "SHA256") -> str:
    return base64.b64encode(raw_signature(body, secret.encode(), algorithm)).decode()


@pytest.mark.parametrize(
    ("algorithm", "digest"),
    [
        ("MD5", "750c783e6ab0b503eaa86e310a5db738"),  # RFC 2202, test case 2
        ("SHA1", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),  # RFC 2202, test case 2
        ("SHA256", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),  # RFC 4231, test case 2
        (
            "SHA512",  # RFC 4231, test case 2
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
            "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
        ),
    ],
)
def test_signatures_that_were_published(algorithm: Algorithm, digest: str) -> None:
    body, key = b"what do ya want for nothing?", "Jefe"
    assert raw_signature(body, key.encode(), algorithm).hex() == digest
    assert signed_by_us(body, base64.b64encode(bytes.fromhex(digest)).decode(), [key], algorithm)
    assert not signed_by_us(body, digest, [key], algorithm)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("secret", [SECRET, "12345678", "κλειδί με τόνους", "k" * 64, "k" * 65, "k" * 1024])
@pytest.mark.parametrize("body", [BODY, b"", b"\x00\xff\n", BODY + b"\n", b"x" * 100_000], ids=len)
def test_what_we_signed(algorithm: Algorithm, secret: str, body: bytes) -> None:
    assert signed_by_us(body, signature(body, secret, algorithm), [secret], algorithm)


@pytest.mark.parametrize(
    ("secrets", "signer", "ours"),
    [
        ([SECRET], SECRET, True),
        ([SECRET], OLD, False),
        ([SECRET, OLD], SECRET, True),
        ([SECRET, OLD], OLD, True),
        ((OLD, SECRET), SECRET, True),
        ([SECRET, OLD], WRONG, False),
        (["", SECRET], SECRET, True),
        ([], SECRET, False),
        ([], "", False),
        ([""], "", False),
        (["", SECRET], "", False),
    ],
)
def test_each_of_our_secrets_counts_and_no_other(secrets: Sequence[str], signer: str, ours: bool) -> None:
    assert signed_by_us(BODY, signature(secret=signer), secrets, "SHA256") is ours


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("other", ALGORITHMS)
def test_the_algorithm_is_ours_to_name(algorithm: Algorithm, other: Algorithm) -> None:
    assert signed_by_us(BODY, signature(algorithm=other), [SECRET], algorithm) is (algorithm == other)


GOOD = signature()
RAW = raw_signature(BODY, SECRET.encode(), "SHA256")
MALFORMED = {
    "absent": None,
    "empty": "",
    "hex": RAW.hex(),
    "base64 of the hex": base64.b64encode(RAW.hex().encode()).decode(),
    "raw": RAW.decode("latin-1"),
    "raw, as a header arrives": RAW.decode("utf-8", "surrogateescape"),
    "cut": GOOD[:-1],
    "without its padding": GOOD.rstrip("="),
    "too long": GOOD + GOOD,
    "a prefix only": GOOD[:16],
    "in small letters": GOOD.lower(),
    "another alphabet": base64.urlsafe_b64encode(b"\xff" * 32).decode(),
    "a named algorithm": f"sha256={GOOD}",
    "a line more": f"{GOOD}\n",
    "not ASCII": f"{GOOD[:-1]}＝",
    "half a character": "\ud800",
    "zero bytes": "\x00" * 44,
    "the secret": SECRET,
}


@pytest.mark.parametrize("given_", MALFORMED.values(), ids=list(MALFORMED))
def test_what_is_no_signature(given_: str | None) -> None:
    assert not signed_by_us(BODY, given_, [SECRET, OLD], "SHA256")


@pytest.mark.parametrize("at", range(0, len(BODY), 7))
def test_a_body_that_was_touched(at: int) -> None:
    touched = BODY[:at] + bytes([BODY[at] ^ 1]) + BODY[at + 1 :]
    assert not any(signed_by_us(body, GOOD, [SECRET], "SHA256") for body in (touched, BODY[:at], BODY[at + 1 :]))


def test_a_body_written_anew_is_another_body() -> None:
    assert not signed_by_us(json.dumps(json.loads(BODY)).encode(), GOOD, [SECRET], "SHA256")
    assert not signed_by_us(BODY + b" ", GOOD, [SECRET], "SHA256")


def posted(kind: Any, data: Any, **other: Any) -> bytes:
    event = {"type": kind, "event_id": "8f14e45f", "event_at": "2026-01-09T17:27:55.123Z", "hook_hash": "H00K"}
    return json.dumps({**event, "try": 0, "data": data, **other}).encode()


CDR_IN = {
    "answer": "2026-01-09 17:27:01",
    "billing_customer_cost_label": "France",
    "billing_customer_credit_eur": "7.00",
    "billing_customer_debit_eur": "1.50",
    "callid": 18446744073709551615,
    "cli_country_code": "FR",
    "cli_name": "",
    "cli_number": "+33612345678",
    "cli_number_type": "MOBILE",
    "cli_pres": "allowed_passed_screen",
    "customer_field": "",
    "did_hash": "D1D",
    "did_intl_number": "+33123456789",
    "duration": 54,
    "duration_answered": 53,
    "duration_billed": 60,
    "hangup": "2026-01-09 17:27:54",
    "hangupcause": 16,
    "hangupsource": "CALLER",
    "package_name": "REALTIME10",
    "scenario_hash": "4346423A",
    "scenario_name": "clinic",
    "start": "2026-01-09 17:27:00",
}
CDR_OUT = {
    "answer": None,
    "billing_customer_debit_eur": "0.00",
    "callid": 9007199254740993,
    "callid_in": 9007199254740995,
    "cli_number": "+33123456789",
    "customer_field": "0123456789abcdef0123456789abcdef",
    "dialstatus": "NOANSWER",
    "duration": 30,
    "duration_answered": 0,
    "hangup": "2026-01-09 17:27:30",
    "hangupcause": 19,
    "hangupsource": "GATEWAY",
    "number": "+302310123456",
    "number_country_code": "GR",
    "scenario_hash": "4346423A",
    "start": "2026-01-09 17:27:00",
}
STARTED = {"callid": 421890, "callid_in": 0, "number": "+302310123456", "scenario_hash": "4346423A"}
RECORDING = {
    "callid": 18446744073709551614,
    "cli_number": "+33612345678",
    "date": "2026-01-09 17:28:00",
    "duration": 12,
    "file_size_total": 96000,
    "hash": "REC1",
    "read": False,
    "status": "READY",
    "type": "CALL",
    "url": "https://media.example.com/r/REC1",
    "url_exts": ["mp3", "wav"],
}
SMS = {
    "date_received": "2026-01-09 17:20:00",
    "date_update": "2026-01-09 17:21:00",
    "from": "+33612345678",
    "hash": "SMS1",
    "status": "RECEIVED",
    "status_error": "",
    "text": "ΝΑΙ, merci 👍",
    "to": "84433",
    "user_data": "order42",
}


def utc(minute: int, second: int = 0) -> datetime:
    return datetime(2026, 1, 9, 17, minute, second, tzinfo=UTC)


INBOUND = CallDetails(
    direction="inbound",
    app="4346423A",
    ref="18446744073709551615",
    field="",
    parent="",
    number="+33123456789",
    caller="+33612345678",
    started_at=utc(27),
    seconds=54,
    answered_seconds=53,
    price=0.015,
    currency="EUR",
    cause="16",
    hung_up_by="caller",
    dial_status="",
    answered_at=utc(27, 1),
    ended_at=utc(27, 54),
)
OUTBOUND = CallDetails(
    direction="outbound",
    app="4346423A",
    ref="9007199254740993",
    field="0123456789abcdef0123456789abcdef",
    parent="9007199254740995",
    number="+302310123456",
    caller="+33123456789",
    started_at=utc(27),
    seconds=30,
    answered_seconds=0,
    price=0.0,
    currency="EUR",
    cause="19",
    hung_up_by="gateway",
    dial_status="NOANSWER",
    answered_at=None,
    ended_at=utc(27, 30),
)
BEGUN = CallStarted(
    direction="outbound",
    app="4346423A",
    ref="421890",
    field="",
    parent="",
    number="+302310123456",
    caller="",
    started_at=None,
)
ARRIVED = CallStarted(
    direction="inbound",
    app="4346423A",
    ref="18446744073709551615",
    field="",
    parent="",
    number="+33123456789",
    caller="+33612345678",
    started_at=utc(27),
)
RECORDED = RecordingDetails(
    ref="18446744073709551614",
    recording_id="REC1",
    url="https://media.example.com/r/REC1",
    extensions=("mp3", "wav"),
    seconds=12,
    status="READY",
    kind="CALL",
)
MESSAGE = SmsReceived(sms_id="SMS1", sender="+33612345678", to="84433", text="ΝΑΙ, merci 👍", at=utc(20))
DELIVERY = SmsStatus(
    sms_id="SMS1",
    sender="+33612345678",
    to="84433",
    status="RECEIVED",
    error="",
    field="order42",
    at=utc(21),
)

TOLD: dict[str, tuple[Any, Part]] = {
    "call.inbound_start": (CDR_IN, ARRIVED),
    "call.outbound_start": (STARTED, BEGUN),
    "call.inbound_hangup": (CDR_IN, INBOUND),
    "call.outbound_hangup": (CDR_OUT, OUTBOUND),
    "media.recording.new": (RECORDING, RECORDED),
    "media.recording.status_update": (RECORDING, RECORDED),
    "sms.mo": (SMS, MESSAGE),
    "sms.mt.status_update": (SMS, DELIVERY),
    "media.library.status_update": ({"status": "READY"}, OtherEvent()),
    "job.status_update": ({"status": "DONE"}, OtherEvent()),
    "did.assigned": ({}, OtherEvent()),
    "did.unassigned": ({}, OtherEvent()),
    "billing.credit": ({"balance": "1000.00"}, OtherEvent()),
    "billing.credit_warning": ([], OtherEvent()),
    "billing.credit_shutdown": (None, OtherEvent()),
    "call.something_new": ({"callid": 1}, OtherEvent()),
}


@pytest.mark.parametrize("kind", TOLD)
def test_what_an_event_tells(kind: str) -> None:
    data, part = TOLD[kind]
    assert read_event(posted(kind, data)) == WebhookEvent("8f14e45f", kind, AT, 0, part)


@pytest.mark.parametrize("kind", TOLD)
def test_fields_that_are_not_known_change_nothing(kind: str) -> None:
    data, part = TOLD[kind]
    more = {**data, "new": {"deep": [1]}} if isinstance(data, dict) else data
    assert read_event(posted(kind, more, new=1)).data == part


def test_every_part_has_its_case() -> None:
    assert {type(part) for _, part in TOLD.values()} == set(get_args(Part))


@pytest.mark.parametrize("kind", [kind for kind, (_, part) in TOLD.items() if not isinstance(part, OtherEvent)])
@pytest.mark.parametrize("data", [None, [], [{}], "text", 5, True])
def test_an_event_without_an_object_tells_nothing(kind: str, data: Any) -> None:
    assert read_event(posted(kind, data)).data is None


HUGE = 10**70
WRONG_VALUES: list[Any] = [None, [], {}, True, False, -1, 1.5, HUGE, "", "x", [[]], {"a": 1}]


@pytest.mark.parametrize("value", WRONG_VALUES, ids=repr)
def test_a_call_of_wrong_types_is_all_unknown(value: Any) -> None:
    names = set(CDR_OUT) - {"number", "callid", "callid_in", "customer_field", "scenario_hash", "cli_number"}
    names -= {"hangupcause"} if isinstance(value, int | str) else set()
    names -= {"dialstatus"} if isinstance(value, str) else set()
    part = read_event(posted("call.outbound_hangup", CDR_OUT | dict.fromkeys(names, value))).data
    assert isinstance(part, CallDetails)
    assert (part.seconds, part.answered_seconds, part.price, part.currency) == (None, None, None, "")
    assert (part.started_at, part.answered_at, part.ended_at, part.hung_up_by) == (None, None, None, "")
    assert part.ref == OUTBOUND.ref


@pytest.mark.parametrize("value", [None, [], {}, True, False, 1.5, 10**100, ["X"]], ids=repr)
@pytest.mark.parametrize("kind", [kind for kind, (_, part) in TOLD.items() if not isinstance(part, OtherEvent)])
def test_wrong_types_everywhere_are_as_if_nothing_was_told(kind: str, value: Any) -> None:
    data, _ = TOLD[kind]
    assert read_event(posted(kind, dict.fromkeys(data, value))) == read_event(posted(kind, {}))


@pytest.mark.parametrize(
    ("field", "value", "name", "read"),
    [
        ("callid", 0, "ref", ""),
        ("callid", "421890", "ref", "421890"),
        ("callid", 2**64 - 1, "ref", "18446744073709551615"),
        ("callid_in", None, "parent", ""),
        ("callid_in", 0, "parent", ""),
        ("callid_in", 2**53 + 1, "parent", "9007199254740993"),
        ("billing_customer_debit_eur", "1000.00", "price", 10.0),
        ("billing_customer_debit_eur", "12", "price", 0.12),
        ("billing_customer_debit_eur", "0.25", "price", 0.0025),
        ("billing_customer_debit_eur", "-1.00", "price", None),
        ("billing_customer_debit_eur", "NaN", "price", None),
        ("billing_customer_debit_eur", "inf", "price", None),
        ("billing_customer_debit_eur", "1e3", "price", None),
        ("billing_customer_debit_eur", "1_000", "price", None),
        ("billing_customer_debit_eur", "١", "price", None),
        ("billing_customer_debit_eur", "1.00\n", "price", None),
        ("billing_customer_debit_eur", 1.5, "price", None),
        ("duration", 0, "seconds", 0),
        ("duration", "30", "seconds", None),
        ("duration", 2**40, "seconds", None),
        ("hangupcause", 0, "cause", "0"),
        ("hangupcause", "17", "cause", "17"),
        ("hangupsource", "CALLEE", "hung_up_by", "callee"),
        ("hangupsource", "callee", "hung_up_by", ""),
        ("hangupsource", "NOBODY", "hung_up_by", ""),
        ("dialstatus", "NEWWORD", "dial_status", "NEWWORD"),
        ("answer", "0000-00-00 00:00:00", "answered_at", None),
        ("answer", "2026-02-30 00:00:00", "answered_at", None),
        ("answer", "2026-01-09 17:27", "answered_at", None),
        ("answer", "2026-01-09", "answered_at", None),
        ("answer", "2026-01-09 17:27:05\n", "answered_at", None),
        ("answer", "２026-01-09 17:27:05", "answered_at", None),
        ("answer", "2026-01-09T19:27:05+02:00", "answered_at", utc(27, 5)),
        ("number", "+" + "3" * 200, "number", "+" + "3" * 127),
    ],
)
def test_a_field_of_a_call(field: str, value: Any, name: str, read: object) -> None:
    part = read_event(posted("call.outbound_hangup", CDR_OUT | {field: value})).data
    assert isinstance(part, CallDetails)
    assert getattr(part, name) == read
    assert (part.currency == "") is (part.price is None)


@pytest.mark.parametrize(
    ("field", "value", "name", "read"),
    [
        ("callid", None, "ref", ""),
        ("url", "javascript:alert(1)", "url", ""),
        ("url", "https://media.example.com/a b", "url", ""),
        ("url", "https://media.example.com/\n", "url", ""),
        ("url", "https://" + "a" * 3000, "url", ""),
        ("url_exts", None, "extensions", ()),
        ("url_exts", "mp3", "extensions", ()),
        ("url_exts", ["mp3", 5, None, "../x", "MP3", ["wav"], "ogg"], "extensions", ("mp3", "ogg")),
        ("url_exts", ["a"] * 1000, "extensions", ("a",) * 8),
        ("status", "SOMETHING", "status", "SOMETHING"),
        ("type", 5, "kind", ""),
        ("duration", None, "seconds", None),
    ],
)
def test_a_field_of_a_recording(field: str, value: Any, name: str, read: object) -> None:
    part = read_event(posted("media.recording.new", RECORDING | {field: value})).data
    assert isinstance(part, RecordingDetails)
    assert getattr(part, name) == read


@pytest.mark.parametrize("value", [None, "", "soon", 5])
def test_a_message_without_its_own_time_came_when_the_event_says(value: Any) -> None:
    received = read_event(posted("sms.mo", SMS | {"date_received": value})).data
    status = read_event(posted("sms.mt.status_update", SMS | {"date_update": value})).data
    assert isinstance(received, SmsReceived)
    assert isinstance(status, SmsStatus)
    assert received.at == status.at == AT


def test_a_message_is_kept_up_to_4096_characters() -> None:
    part = read_event(posted("sms.mo", SMS | {"text": "é" * 10_000})).data
    assert isinstance(part, SmsReceived)
    assert part.text == "é" * 4096


@pytest.mark.parametrize(
    ("field", "value", "name", "read"),
    [
        ("try", 9, "attempt", 9),
        ("try", None, "attempt", 0),
        ("try", "3", "attempt", 0),
        ("try", -1, "attempt", 0),
        ("try", True, "attempt", 0),
        ("try", HUGE, "attempt", 0),
        ("event_id", 9007199254740993, "event_id", "9007199254740993"),
        ("event_at", "2026-01-09T17:27:55.123+00:00", "at", AT),
        ("event_at", "2026-01-09T18:27:55.123+01:00", "at", AT),
        ("event_at", "2026-01-09 17:27:55.123", "at", AT),
        ("event_at", "2026-01-09T17:27:55Z", "at", utc(27, 55)),
        ("hook_hash", None, "attempt", 0),
    ],
)
def test_the_head_of_an_event(field: str, value: Any, name: str, read: object) -> None:
    event = read_event(posted("sms.mo", SMS, **{field: value}))
    assert getattr(event, name) == read
    assert event.at.utcoffset() == UTC.utcoffset(None)


def test_times_are_utc_wherever_the_server_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as away:
        away.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        event = read_event(posted("call.inbound_hangup", CDR_IN))
    time.tzset()
    assert event == WebhookEvent("8f14e45f", "call.inbound_hangup", AT, 0, INBOUND)


def headless(**other: Any) -> bytes:
    return posted("sms.mo", SMS, **other)


NO_WEBHOOKS: dict[str, bytes] = {
    "nothing": b"",
    "spaces": b"  \n",
    "a text": b'"sms.mo"',
    "null": b"null",
    "a number": b"5",
    "an array": b"[" + BODY + b"]",
    "an empty object": b"{}",
    "cut": BODY[:-1],
    "more behind it": BODY + BODY,
    "a form": b"type=sms.mo&event_id=e1",
    "not UTF-8": BODY.replace(b"e1", b"\xff\xfe"),
    "half a character": BODY.replace(b"e1", b"\\ud800"),
    "a byte order mark": b"\xef\xbb\xbf" + BODY,
    "UTF-16": BODY.decode().encode("utf-16"),
    "a zero byte": b"\x00" + BODY,
    "NaN": BODY.replace(b"{}", b'{"duration":NaN}'),
    "Infinity": BODY.replace(b"{}", b'{"duration":-Infinity}'),
    "1e999": BODY.replace(b"{}", b'{"duration":1e999}'),
    "nesting in data": BODY.replace(b"{}", b"[" * 50_000 + b"]" * 50_000),
    "nesting of objects": BODY.replace(b"{}", b'{"a":' * 50_000 + b"1" + b"}" * 50_000),
    "nesting that never closes": b'{"data":' * 100_000,
    "nesting in an unknown field": BODY.replace(b'"try":0', b'"new":' + b"[" * 100_000),
    "an integer of 100,000 digits": BODY.replace(b"{}", b'{"callid":' + b"9" * 100_000 + b"}"),
    "no type": headless(type=None),
    "an empty type": headless(type=""),
    "a type that is a number": headless(type=5),
    "a type that is an array": headless(type=["sms.mo"]),
    "no id": headless(event_id=None),
    "an empty id": headless(event_id=""),
    "an id that is an object": headless(event_id={"a": 1}),
    "no time": headless(event_at=None),
    "a time that is a number": headless(event_at=1767979675),
    "a time that is none": headless(event_at="yesterday"),
    "a day that is none": headless(event_at="2026-02-30T00:00:00.000Z"),
    "a zone that is none": headless(event_at="2026-01-09T17:27:55.123+99:00"),
    "before all times": headless(event_at="0001-01-01T00:00:00+23:00"),
    "after all times": headless(event_at="9999-12-31T23:59:59-23:00"),
    "the push of another service": b'{"type":"CONFERENCE10_EVENT","datetime":"2026-01-09 17:27:55","try":1}',
    "a Real-Time post": b'{"app":"4346423A","callid":421890,"call_status":"UP","command_id":1,"variables":{}}',
}


@pytest.mark.parametrize("body", NO_WEBHOOKS.values(), ids=list(NO_WEBHOOKS))
def test_what_is_no_webhook(body: bytes) -> None:
    with pytest.raises(PostRefused) as caught:
        read_event(body)
    assert caught.value.status == 400
    assert len(str(caught.value)) < 100


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([HUGE, -HUGE, "1.00"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
NAMES = sorted({*CDR_IN, *CDR_OUT, *RECORDING, *SMS})


def read_or_refused(body: bytes) -> WebhookEvent | int:
    """The event, or the status of the refusal."""
    try:
        return read_event(body)
    except PostRefused as refused:
        return refused.status


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(list(TOLD)) | JSON,
    st.dictionaries(st.sampled_from(NAMES), JSON) | JSON,
    st.dictionaries(st.sampled_from(["event_id", "event_at", "try", "hook_hash"]), JSON),
)
def test_whatever_is_posted_is_read_or_refused(kind: Any, data: Any, head: dict[str, Any]) -> None:
    found = read_or_refused(posted(kind, data, **head))
    assert found == 400 or (isinstance(found, WebhookEvent) and found.type and found.event_id)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200), st.text(max_size=100))
def test_whatever_is_signed_is_not_ours(body: bytes, given_: str) -> None:
    assert not signed_by_us(body, given_, [SECRET, OLD], "SHA256")
    assert read_or_refused(body) == 400
