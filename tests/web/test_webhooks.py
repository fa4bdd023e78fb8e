"""CALLR's webhooks and Routee's status posts over HTTP: who is let in, what a call learns, in whatever order."""

import base64
import hmac
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.servers import API_KEY, Served, serving, write_flows
from tests.store.databases import sqlite_url
from voiceapp.attempt import Attempt, AttemptState, Click, DialOrder, derived_id
from voiceapp.emulators.caller import ScriptedCaller
from voiceapp.emulators.callr import CallrCall
from voiceapp.terms import CALLBACK_EVENTS, Callback, Terms

FLOW = """
flow: hello
languages: [en-GB]
steps:
  ask: {ask: Hello., answer: {digits: 1}, tries: 1, otherwise: end}
"""
NEW, OLD = "the-new-webhook-secret", "the-old-webhook-secret"
KEY = {"Authorization": f"Bearer {API_KEY}"}
PATH = "/webhooks/callr"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ATTEMPT = derived_id("an attempt")


def an_event(kind: str, name: str = "", **data: Any) -> bytes:
    event = {"type": kind, "event_id": name or kind, "event_at": "2026-03-02T12:00:00Z", "try": 0, "data": data}
    return msgspec.json.encode(event)


def hung_up(direction: str = "inbound", **changes: Any) -> bytes:
    """The record of a call that was answered for 42 seconds and cost 3 cents."""
    record = {
        "callid": 7,
        "duration": 50,
        "duration_answered": 42,
        "billing_customer_debit_eur": "3.00",
        "hangupcause": "16",
        "hangupsource": "CALLER",
    }
    return an_event(f"call.{direction}_hangup", **{**record, **changes})


STARTED = an_event("call.inbound_start", callid=7, cli_number="+33612345678")
RECORDED = an_event("media.recording.new", callid=7, hash="R1", url="https://r.example.com/1", url_exts=["mp3"])
READY = an_event(
    "media.recording.status_update", callid=7, hash="R1", url="https://r.example.com/1", url_exts=["mp3"]
)
SMS = an_event("sms.mo", hash="S1", text="Hello", **{"from": "+33612345678", "to": "+33123456789"})


def signed(body: bytes, secret: str = NEW, algorithm: str = "sha256") -> dict[str, str]:
    digest = hmac.digest(secret.encode(), body, algorithm)
    return {"X-CALLR-HmacSignature": base64.b64encode(digest).decode()}


async def tell(served: Served, *bodies: bytes) -> None:
    for body in bodies:
        assert await served.post(PATH, body, **signed(body)) == (200, b"ok\n")


def open_server(folder: Path, **settings: Any) -> Any:
    given = {"api_keys": API_KEY, "callr_login": "callr", "callr_password": "password", **settings}
    return serving(write_flows(folder / "flows", FLOW), sqlite_url(folder), **given)


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with open_server(
        tmp_path, callr_webhook_secrets=(NEW, OLD), routee_secret="the-secret-of-routee"
    ) as running:
        yield running


def a_call(served: Served, callid: int = 7, keys: str = "1", **options: Any) -> CallrCall:
    login = {"login": "callr", "password": "password"}
    return served.callr("hello", ScriptedCaller(keys), callid=callid, **login, **options)


async def view(served: Served, callid: int = 7) -> dict[str, Any]:
    """A call as the API shows it, without the trace."""
    call_id = (await served.stored("callr", callid)).call.id
    status, found = await served.get(f"/v1/calls/{call_id}", **KEY)
    assert status == 200
    return {name: value for name, value in found.items() if name not in ("trace", "id", "ref", "started_at")}


async def events(served: Served) -> list[dict[str, Any]]:
    """What was told, the newest first."""
    return list((await served.get("/v1/carrier-events", **KEY))[1]["events"])


# who is let in


UNSIGNED: dict[str, dict[str, str]] = {
    "no signature": {},
    "empty": {"X-CALLR-HmacSignature": ""},
    "another secret": signed(STARTED, "somebody-else's-secret"),
    "another body": signed(RECORDED),
    "another algorithm": signed(STARTED, algorithm="sha1"),
    "another header": {"X-Signature": signed(STARTED)["X-CALLR-HmacSignature"]},
    "an API key": KEY,
    "CALLR's own credentials": {"Authorization": "Basic Y2FsbHI6cGFzc3dvcmQ="},
}


async def test_what_is_not_signed_by_us_is_not_taken(served: Served) -> None:
    for name, headers in UNSIGNED.items():
        assert ((await served.post(PATH, STARTED, **headers))[0], name) == (401, name)
    assert await events(served) == []


async def test_both_secrets_count_while_one_replaces_the_other(served: Served) -> None:
    for secret in (NEW, OLD):
        body = an_event("sms.mo", secret)
        assert (await served.post(PATH, body, **signed(body, secret)))[0] == 200
    assert {event["id"] for event in await events(served)} == {NEW, OLD}


@pytest.mark.parametrize("algorithm", ["MD5", "SHA512"])
async def test_the_algorithm_is_a_setting(tmp_path: Path, algorithm: str) -> None:
    async with open_server(tmp_path, callr_webhook_secrets=(NEW,), callr_webhook_algorithm=algorithm) as served:
        assert (await served.post(PATH, SMS, **signed(SMS)))[0] == 401
        assert (await served.post(PATH, SMS, **signed(SMS, algorithm=algorithm.lower())))[0] == 200


async def test_without_secrets_the_door_is_shut_unless_every_door_is_open(tmp_path: Path) -> None:
    async with open_server(tmp_path) as served:
        assert (await served.post(PATH, SMS, **signed(SMS, "")))[0] == 401
    nothing = {"api_keys": (), "callr_login": "", "callr_password": None}
    async with open_server(tmp_path, **nothing) as served:
        assert (await served.post(PATH, SMS))[0] == 200


NO_EVENTS = {
    "nothing": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "no type": b'{"event_id": "e", "event_at": "2026-03-02T12:00:00Z"}',
    "no id": b'{"type": "sms.mo", "event_at": "2026-03-02T12:00:00Z"}',
    "no time": b'{"type": "sms.mo", "event_id": "e", "event_at": "noon"}',
    "deep": b"[" * 10_000,
}


async def test_what_is_no_event(served: Served) -> None:
    for name, body in NO_EVENTS.items():
        assert ((await served.post(PATH, body, **signed(body)))[0], name) == (400, name)
    long = b" " * 70_000
    assert (await served.post(PATH, long, **signed(long)))[0] == 413
    assert (await served.get(PATH))[0] == 405
    assert (await events(served), served.count("voiceapp_errors_total")) == ([], 0)


async def test_odd_events_are_kept(served: Served) -> None:
    """A type never heard of, data that is none: to refuse them only makes CALLR post them again."""
    odd = [
        an_event("fax.new", pages=2),
        b'{"type":"sms.mo","event_id":"e","event_at":"2026-03-02 12:00:00","data":5}',
    ]
    await tell(served, *odd)
    assert sorted((event["type"], event["call"]) for event in await events(served)) == [
        ("fax.new", None),
        ("sms.mo", None),
    ]


# what a call learns


LEARNT = {"billed_seconds": 42, "price": 0.03, "hang_up_cause": "16", "hung_up_by": "caller"}


async def test_a_call_learns_what_it_cost(served: Served) -> None:
    await a_call(served).run()
    before = await view(served)
    assert [before[name] for name in LEARNT] == [None, None, "", ""]
    await tell(served, hung_up(), RECORDED)
    recordings = ["https://r.example.com/1.mp3"]
    assert await view(served) == {**before, **LEARNT, "recordings": recordings}
    call_id = (await served.stored("callr", 7)).call.id
    kept = await events(served)
    assert [(event["type"], event["call"]) for event in kept] == [
        ("media.recording.new", call_id),
        ("call.inbound_hangup", call_id),
    ]
    assert kept[1] == {
        "carrier": "callr",
        "id": "call.inbound_hangup",
        "type": "call.inbound_hangup",
        "at": "2026-03-02T12:00:00Z",
        "call": call_id,
        "body": msgspec.json.decode(hung_up()),
    }
    assert await served.replayed("callr", 7) == ()


async def test_what_is_told_again_changes_nothing(served: Served) -> None:
    await a_call(served).run()
    await tell(served, hung_up())
    first, log = await view(served), await served.log("callr", 7)
    for again in (hung_up(), hung_up(billing_customer_debit_eur="99.00")):  # the id is the same
        await tell(served, again)
    assert (await view(served), len(await served.log("callr", 7)), len(await events(served))) == (
        first,
        len(log),
        1,
    )
    counted = {
        result: served.count("voiceapp_carrier_events_total", carrier="callr", result=result)
        for result in ("taken", "repeated", "unknown_call")
    }
    assert counted == {"taken": 1, "repeated": 2, "unknown_call": 0}


TOLD = {"start": STARTED, "hang-up": hung_up(), "recording": RECORDED, "ready": READY}


@pytest.mark.parametrize("live", [True, False], ids=["while it lasts", "afterwards"])
async def test_whatever_the_order_the_call_is_the_same(served: Served, live: bool) -> None:
    views = []
    for callid, order in enumerate(permutations(TOLD), 100):
        call = a_call(served, callid)
        await (call.start() if live else call.run())
        for name in order:
            # each call's own events, with its own id
            body = TOLD[name].replace(b'"callid":7', b'"callid":%d' % callid)
            await tell(served, body.replace(b'"event_id":"', b'"event_id":"%d-' % callid))
        if live:
            await call.run()
        found = await view(served, callid)
        views.append(
            {name: value for name, value in found.items() if not name.endswith("_at") and name != "seconds"}
        )
        assert await served.replayed("callr", callid) == ()
    assert all(found == views[0] for found in views)
    assert {name: views[0][name] for name in LEARNT} == LEARNT
    assert (views[0]["state"], views[0]["recordings"]) == ("ended", ["https://r.example.com/1.mp3"])


async def test_the_record_of_a_leg_is_kept_and_not_taken_for_the_call(served: Served) -> None:
    await a_call(served).run()
    before = await view(served)
    leg = hung_up("outbound", callid=8, callid_in=7, number="+33123456780")
    await tell(served, leg, an_event("call.outbound_start", callid=8, callid_in=7))
    assert await view(served) == before
    assert {event["call"] for event in await events(served)} == {(await served.stored("callr", 7)).call.id}


async def test_a_recording_is_there_when_it_is_ready(served: Served) -> None:
    await a_call(served).run()
    told = {"callid": 7, "hash": "R1", "url": "https://r.example.com/1", "url_exts": ["mp3"]}
    for status in ("PENDING", "RECORDING", "PROCESSING", "ERROR"):
        await tell(served, an_event("media.recording.status_update", status, status=status, **told))
        assert (await view(served))["recordings"] == []
    await tell(served, an_event("media.recording.status_update", "READY", status="READY", **told))
    assert (await view(served))["recordings"] == ["https://r.example.com/1.mp3"]
    assert len(await events(served)) == 5


async def test_what_is_about_none_of_our_calls(served: Served) -> None:
    await tell(served, hung_up(callid=999), RECORDED, SMS)
    assert {(event["type"], event["call"]) for event in await events(served)} == {
        ("call.inbound_hangup", None),
        ("media.recording.new", None),
        ("sms.mo", None),
    }
    assert served.count("voiceapp_carrier_events_total", carrier="callr", result="unknown_call") == 3
    _, page = await served.get("/v1/calls", **KEY)
    assert page["calls"] == []
    _, messages = await served.get("/v1/carrier-events?type=sms.mo", **KEY)
    assert [event["id"] for event in messages["events"]] == ["sms.mo"]


# calls out


def an_attempt(state: AttemptState = AttemptState.PLACED, *, url: str = "", click: Click | None = None) -> Attempt:
    callback = Callback(url or "https://crm.example.com/told", CALLBACK_EVENTS)
    return Attempt(
        id=ATTEMPT,
        order=DialOrder(
            flow="hello",
            to="+33612345678",
            carrier="callr",
            terms=Terms(callback=callback, click="click" if click else ""),
            click=click,
        ),
        state=state,
        created_at=NOON,
        due_at=NOON,
        requested_at=NOON,
    )


def owed(answer: Any) -> list[str]:
    """The types of what is owed, in the order in which it happened."""
    return sorted((each["type"] for each in answer["webhooks"]), key=CALLBACK_EVENTS.index)


async def test_an_application_is_owed_what_became_known_of_its_call(served: Served) -> None:
    await served.store.ledger.put(an_attempt())
    call = a_call(served, first_status="UP", cdr_field=ATTEMPT)
    await call.run()
    await tell(served, hung_up("outbound", dialstatus="ANSWER", customer_field=ATTEMPT), RECORDED, RECORDED, READY)
    status, found = await served.get(f"/v1/webhooks?call={ATTEMPT}", **KEY)
    assert (status, owed(found)) == (200, ["call.answered", "call.ended", "call.recorded", "call.updated"])
    assert {name: (await view(served))[name] for name in LEARNT} == LEARNT


async def test_a_record_that_is_first_is_learned_by_the_call_that_comes_after(served: Served) -> None:
    await served.store.ledger.put(an_attempt())
    await tell(served, hung_up("outbound", dialstatus="BUSY", customer_field=ATTEMPT))
    await a_call(served, first_status="BUSY", cdr_field=ATTEMPT).run()
    found = await served.until(f"/v1/calls/{ATTEMPT}", lambda found: found["price"] is not None, **KEY)
    assert (found["state"], found["end_reason"]) == ("unreached", "busy")
    assert {name: found[name] for name in ("price", "billed_seconds")} == {"price": 0.03, "billed_seconds": 42}
    assert [event["call"] for event in await events(served)] == [ATTEMPT]


async def test_inbound_calls_owe_nobody_anything(served: Served) -> None:
    await a_call(served).run()
    await tell(served, hung_up(), RECORDED)
    assert (await served.get("/v1/webhooks", **KEY))[1] == {"webhooks": []}


ENDS: list[tuple[dict[str, Any], str, bool]] = [
    ({"dialstatus": "BUSY", "duration_answered": 0}, "busy", True),
    ({"dialstatus": "NOANSWER", "duration_answered": 0}, "no_answer", True),
    ({"dialstatus": "CANCEL", "duration_answered": None}, "no_answer", True),
    ({"dialstatus": "CONGESTION", "duration_answered": 0}, "failed", True),
    ({"dialstatus": "", "duration_answered": 0}, "failed", True),
    ({"dialstatus": "ANSWER", "duration_answered": 42}, "answered", False),
    ({"dialstatus": "ANSWER", "duration_answered": 0}, "answered", False),
    ({"dialstatus": "", "duration_answered": 42}, "answered", False),
]
A = ("+33612345678", "+33612345679")
LATER = Click(a=A, b=("+33123456789",))


async def test_a_call_of_which_only_the_record_reached_us(served: Served) -> None:
    """It is over all the same, and where it reached nobody, a click-to-call goes on."""
    for place, (record, reason, goes_on) in enumerate(ENDS):
        attempt_id, click = derived_id("attempt", place), f"click-{place}"
        order = msgspec.structs.replace(an_attempt().order, terms=Terms(click=click), click=LATER)
        await served.store.ledger.put(msgspec.structs.replace(an_attempt(), id=attempt_id, order=order))
        body = an_event("call.outbound_hangup", click, callid=1000 + place, customer_field=attempt_id, **record)
        await tell(served, body, body)
        first, *rest = await served.store.ledger.of_click(click)
        assert (first.state, first.reason) == (AttemptState.OVER, reason)
        assert [after.order.to for after in rest] == ([A[1]] if goes_on else [])


@pytest.mark.parametrize("state", [state for state in AttemptState if state.settled])
async def test_an_attempt_that_is_settled_stays_so(served: Served, state: AttemptState) -> None:
    await served.store.ledger.put(an_attempt(state))
    await tell(served, hung_up("outbound", dialstatus="BUSY", customer_field=ATTEMPT))
    found = await served.store.ledger.attempt(ATTEMPT)
    assert found is not None
    assert (found.state, found.reason) == (state, "")


async def test_the_legs_of_callrs_own_click_to_call_do_not_end_it(served: Served) -> None:
    await served.store.ledger.put(an_attempt(click=Click(a=A, b=A, native=True)))
    await tell(served, hung_up("outbound", dialstatus="BUSY", duration_answered=0, customer_field=ATTEMPT))
    assert [each.state for each in await served.store.ledger.of_click("click")] == [AttemptState.PLACED]


# Routee tells by status posts


def statuses(*posts: tuple[str, Any, Any]) -> Sequence[dict[str, Any]]:
    base = {"conversationTrackingId": "c1", "from": "+33612345678", "to": "+33123456789", "direction": "Inbound"}
    return [
        {**base, "messageId": "m1", "status": {"name": name}, "price": price, "duration": duration}
        for name, price, duration in posts
    ]


async def test_routees_status_posts_tell_price_and_seconds(served: Served) -> None:
    base = statuses(("InProgress", None, None))[0]
    secret = "secret=the-secret-of-routee"
    assert (await served.post(f"/hooks/routee/hello?{secret}", base))[0] == 200
    for body in statuses(("Completed", 0.021, 12), ("Completed", 0.042, 30), ("Ringing", 0.0, 0)):
        for _ in range(2):
            assert (await served.post(f"/hooks/routee/hello/status?{secret}", body))[0] == 200
    call = (await served.stored("routee", "c1")).call
    _, found = await served.get(f"/v1/calls/{call.id}", **KEY)
    assert (found["state"], found["live"]) == ("ended", False)
    # a status of one name counts once: what Routee tells again is a duplicate
    assert (found["billed_seconds"], found["price"]) == (12, 0.021)
    assert await served.replayed("routee", "c1") == ()


async def test_a_status_after_the_end_still_counts(served: Served) -> None:
    secret = "secret=the-secret-of-routee"
    await served.post(f"/hooks/routee/hello?{secret}", statuses(("InProgress", None, None))[0])
    for name, price, seconds in (("Completed", None, None), ("Terminated", 0.5, 60)):
        (body,) = statuses((name, price, seconds))
        await served.post(f"/hooks/routee/hello/status?{secret}", body)
    call = (await served.stored("routee", "c1")).call
    assert (call.bill.price, call.bill.seconds, call.phase.over) == (0.5, 60, True)
    assert call.ended_at is not None
    assert call.ended_at < datetime.now(UTC) + timedelta(minutes=1)
