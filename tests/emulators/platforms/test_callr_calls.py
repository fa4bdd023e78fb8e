"""Calls that CALLR's API is asked for, from the order to the record, with the vendor's own SDK."""

import asyncio
import base64
from decimal import Decimal

import pytest

from tests.emulators.callr_replies import HANG_UP, HELLO, command, dialout, read
from tests.emulators.platforms.clients import (
    HOOK,
    TARGET,
    TOLD,
    CallrClient,
    Hooks,
    Undecided,
    callr_client,
    reached,
)
from voiceapp.emulators.caller import ScriptedCaller
from voiceapp.emulators.platforms.people import People, Person

NUMBER = TARGET["number"]


async def order(callr: CallrClient, hooks: Hooks, number: str = str(NUMBER), **options: str) -> str:
    app = await callr.realtime_app(hooks.url)
    hash_: str = await callr("calls.realtime", app, {"number": number, "timeout": 30}, options)
    return hash_


async def test_a_conversation_from_the_order_to_the_record(
    callr: CallrClient, hooks: Hooks, people: People
) -> None:
    people.persons[str(NUMBER)] = Person(keys="042#")
    hooks.reply(read(), HANG_UP)
    app = await callr.realtime_app(hooks.url, login="jo", password="pw")
    request = await callr("calls.realtime", app, TARGET, {"cdr_field": "a1B2", "cli": "+33999999999"})
    await callr.platform.idle()

    first, second, last = hooks.posts
    assert {name: first[name] for name in ("app", "request_hash", "cdr_field", "number", "cli_number")} == {
        "app": app,
        "request_hash": request,
        "cdr_field": "a1B2",
        "number": NUMBER,
        "cli_number": "+33999999999",
    }
    assert (second["command_result"], last["call_status"]) == ("042", "HANGUP")
    assert first["callid"] >= 2**63
    basic = "Basic " + base64.b64encode(b"jo:pw").decode()
    assert hooks.server.asked[0].headers["Authorization"] == basic

    (cdr,) = await callr.records()
    assert cdr["callid"] == first["callid"]
    assert (cdr["dialstatus"], cdr["hangupcause"], cdr["hangupsource"]) == ("ANSWER", 16, "GATEWAY")
    assert (cdr["customer_field"], cdr["scenario_hash"], cdr["number"]) == ("a1B2", app, NUMBER)
    assert cdr["duration"] == cdr["duration_answered"] + 5
    assert cdr["billing_customer_debit_eur"] == "1.00"
    assert await callr("billing.get_prepaid_credit") == "9999.00"

    (accepted,) = callr.platform.originates
    assert (accepted.number, accepted.cdr_field, accepted.app, accepted.reference) == (
        NUMBER,
        "a1B2",
        app,
        request,
    )
    assert [played.number for played in callr.platform.calls] == [NUMBER]
    assert callr.platform.calls[0].transcript.of("presses") == ["042#"]


@pytest.mark.parametrize(
    ("number", "status", "dialstatus", "cause"),
    [
        ("+33600000001", "BUSY", "BUSY", 17),
        ("+33600000002", "NOANSWER", "NOANSWER", 19),
        ("+33600000004", "CONGESTION", "CONGESTION", 34),
    ],
)
async def test_nobody_is_reached(
    callr: CallrClient, hooks: Hooks, number: str, status: str, dialstatus: str, cause: int
) -> None:
    await order(callr, hooks, number)
    await callr.platform.idle()
    assert [post["call_status"] for post in hooks.posts] == [status]
    (cdr,) = await callr.records()
    assert (cdr["dialstatus"], cdr["hangupcause"], cdr["duration_answered"]) == (dialstatus, cause, 0)
    assert (cdr["answer"], cdr["billing_customer_debit_eur"]) == ("", "0.00")


async def test_who_picks_up_too_late_is_not_reached(callr: CallrClient, hooks: Hooks, people: People) -> None:
    people.persons[str(NUMBER)] = Person(rings=31)
    await order(callr, hooks)
    await callr.platform.idle()
    assert [post["call_status"] for post in hooks.posts] == ["NOANSWER"]


async def test_an_account_without_credit_is_rejected(hooks: Hooks) -> None:
    async with callr_client(credit=Decimal(0)) as callr:
        await order(callr, hooks)
        await callr.platform.idle()
        assert [post["call_status"] for post in hooks.posts] == ["REJECTED"]
        assert [cdr["dialstatus"] for cdr in await callr.records()] == ["NODIAL"]


async def test_a_machine_talks_on_and_presses_nothing(callr: CallrClient, hooks: Hooks) -> None:
    silence = command("wait_for_silence", silence_ms=1800, iterations=1, timeout=20)
    hooks.reply(silence, read(), HANG_UP)
    await order(callr, hooks, "+33600000003")
    await callr.platform.idle()
    assert [post["command_result"] for post in hooks.posts[1:3]] == ["TIMEOUT", "TIMEOUT"]


async def test_a_phone_rings_until_it_is_answered(callr: CallrClient, hooks: Hooks, people: People) -> None:
    people.waits[str(NUMBER)] = asyncio.Event()
    await order(callr, hooks)
    assert hooks.posts == []
    people.waits[str(NUMBER)].set()
    await callr.platform.idle()
    assert [post["call_status"] for post in hooks.posts] == ["UP", "HANGUP"]


async def test_hung_up_while_it_rings(callr: CallrClient, hooks: Hooks, people: People) -> None:
    people.waits[str(NUMBER)] = asyncio.Event()
    await callr("webhooks.subscribe", "call.outbound_start", hooks.told_url, None)
    await order(callr, hooks)
    await hooks.server.until_asked(TOLD)
    callid = hooks.told[0]["data"]["callid"]
    assert await callr("calls.hangup", callid, {}) is True
    await callr.platform.idle()
    assert [(post["call_status"], post["command_id"]) for post in hooks.posts] == [("HANGUP", 0)]
    assert [cdr["dialstatus"] for cdr in await callr.records()] == ["CANCEL"]
    assert await callr("calls.hangup", callid, {}) is False


async def test_hung_up_while_it_runs(callr: CallrClient, hooks: Hooks, people: People) -> None:
    caller = Undecided("1")
    people.callers[str(NUMBER)] = lambda: caller
    hooks.reply(read(), HANG_UP)
    await order(callr, hooks)
    await reached(caller.asked)
    assert await callr("calls.hangup", hooks.posts[0]["callid"], {}) is True
    await callr.platform.idle()
    assert [(post["call_status"], post["command"]) for post in hooks.posts] == [("UP", ""), ("HANGUP", "read")]
    assert callr.platform.calls[0].transcript.of("hangs up") == ["carrier"]


async def test_too_late_to_hang_up(callr: CallrClient, hooks: Hooks) -> None:
    hooks.reply(HANG_UP, None)
    await order(callr, hooks)
    await hooks.server.until_asked(HOOK, 2)
    assert await callr("calls.hangup", hooks.posts[0]["callid"], {}) is False
    hooks.server.over.set()
    await callr.platform.idle()
    assert [post["call_status"] for post in hooks.posts] == ["UP", "HANGUP"]


async def test_a_command_can_be_broken(callr: CallrClient, hooks: Hooks, people: People) -> None:
    caller = Undecided("1")
    people.callers[str(NUMBER)] = lambda: caller
    hooks.reply(command("play", media_id=HELLO), read(), HANG_UP)
    await order(callr, hooks)
    await reached(caller.asked)
    callid = hooks.posts[0]["callid"]
    assert await callr("calls.realtime_break", callid, {}) is True
    await callr.platform.idle()
    steps = [(post["call_status"], post["command"], post["command_result"]) for post in hooks.posts]
    assert steps == [("UP", "", ""), ("UP", "play", "0"), ("UP", "read", ""), ("HANGUP", "hangup", "")]
    assert await callr("calls.realtime_break", callid, {}) is False


async def test_a_dialout_has_records_of_its_own(callr: CallrClient, hooks: Hooks) -> None:
    dial = dialout("+33600000001", "+33600000009")
    dial["params"]["cdr_field"] = "leg"
    hooks.reply(dial)
    await order(callr, hooks, cdr_field="whole")
    await callr.platform.idle()
    records = await callr.records()
    whole = next(cdr for cdr in records if cdr["customer_field"] == "whole")
    legs = [(cdr["number"], cdr["dialstatus"], cdr["callid_in"]) for cdr in records if cdr is not whole]
    assert legs == [("+33600000001", "BUSY", whole["callid"]), ("+33600000009", "ANSWER", whole["callid"])]
    assert whole["callid_in"] == 0
    assert len(callr.platform.originates) == 1


async def test_an_inbound_call(callr: CallrClient, hooks: Hooks) -> None:
    app = await callr.realtime_app(hooks.url, login="jo", password="pw")
    with pytest.raises(LookupError):
        await callr.platform.call_in("+33123456789", "+33612345678")
    (did,) = await callr("apps.get_dids", True)
    assert await callr("apps.assign_did", app, did["hash"]) is True
    hooks.reply(read(), HANG_UP)
    transcript = await callr.platform.call_in("+33123456789", "+33612345678", ScriptedCaller("5"))
    assert transcript.of("presses") == ["5"]
    first = hooks.posts[0]
    assert (first["call_status"], first["request_hash"], first["app"]) == ("INCOMING_CALL", None, app)
    assert (first["number"], first["cli_number"]) == ("+33123456789", "+33612345678")
    (cdr,) = await callr.records("IN")
    assert (cdr["callid"], cdr["did_hash"], cdr["cli_number"]) == (
        first["callid"],
        did["hash"],
        "+33612345678",
    )
    assert (await callr.records(), callr.platform.originates) == ([], [])


@pytest.mark.parametrize(
    ("number", "heard", "status"),
    [("+33600000009", ["Hello", "[audio 42]"] * 2, "HANGUP"), ("+33600000001", [], "NOANSWER")],
)
async def test_a_broadcast(callr: CallrClient, number: str, heard: list[str], status: str) -> None:
    options = {"loop": 2, "cdr_field": "b"}
    target = {"number": number, "timeout": 20}
    request = await callr("calls.broadcast_1", target, [HELLO, 42], options)
    await callr.platform.idle()
    assert callr.platform.calls[0].transcript.heard == heard
    assert await callr("calls.get_status_1", request) == status
    (cdr,) = await callr.records()
    assert cdr["customer_field"] == "b"
    assert await callr("calls.hangup", cdr["callid"], {}) is False
