"""CALLR's click-to-call: who is called when, and what its status says."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.emulators.platforms.clients import CallrClient, Hooks, callr_client
from voiceapp.emulators.platforms.people import People, Person

ANSWERS, OTHER, BUSY, NOBODY, MACHINE = (f"+336000000{digits}" for digits in ("10", "11", "01", "02", "03"))
DETECT = {"active": True, "method": "SILENCE"}


def targets(*numbers: str) -> list[dict[str, Any]]:
    return [{"number": number, "timeout": 20} for number in numbers]


async def start(
    callr: CallrClient, a: list[str], b: list[str], params: dict[str, Any] | None = None, **options: str
) -> str:
    app = await callr("apps.create", "CLICKTOCALL10", "click", params)
    hash_: str = await callr("clicktocall/calls.start_2", app["hash"], targets(*a), targets(*b), options)
    return hash_


async def parties(callr: CallrClient, hash_: str) -> tuple[tuple[str, str, int], tuple[str, str, int]]:
    await callr.platform.idle()
    call = await callr("clicktocall/calls.get_status", hash_)
    a, b = ((one["number"], one["status"], one["try"]) for one in (call["a_status"], call["b_status"]))
    return a, b


NEVER = ("", "ABORTED", 0)
CASES: dict[str, tuple[list[str], list[str], dict[str, Any], Any, list[str]]] = {
    "both": ([ANSWERS], [OTHER], {}, ((ANSWERS, "HANGUP", 1), (OTHER, "HANGUP", 1)), [ANSWERS, OTHER]),
    "the second of A": (
        [BUSY, ANSWERS],
        [OTHER],
        {},
        ((ANSWERS, "HANGUP", 1), (OTHER, "HANGUP", 1)),
        [BUSY, ANSWERS, OTHER],
    ),
    "nobody of A, thrice": (
        [BUSY, NOBODY],
        [OTHER],
        {"options": {"A_attempts": 3}},
        ((NOBODY, "NOANSWER", 3), NEVER),
        [BUSY, NOBODY] * 3,
    ),
    "nobody of B": (
        [ANSWERS],
        [BUSY, NOBODY],
        {"options": {"A_attempts": 3}},
        ((ANSWERS, "HANGUP", 1), (NOBODY, "NOANSWER", 1)),
        [BUSY, NOBODY, ANSWERS],
    ),
    "a machine at A's, found out": (
        [MACHINE],
        [OTHER],
        {"options": {"A_vms_detect": DETECT}},
        ((MACHINE, "VOICEMAIL_DETECTED", 1), NEVER),
        [MACHINE],
    ),
    "a machine at A's, taken for A": (
        [MACHINE],
        [OTHER],
        {"options": {"A_vms_detect": {"active": False}}},
        ((MACHINE, "HANGUP", 1), (OTHER, "HANGUP", 1)),
        [MACHINE, OTHER],
    ),
    "a machine at B's, found out": (
        [ANSWERS],
        [MACHINE],
        {"options": {"B_vms_detect": DETECT}},
        ((ANSWERS, "HANGUP", 1), (MACHINE, "VOICEMAIL_DETECTED", 1)),
        [MACHINE, ANSWERS],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_who_is_reached(
    callr: CallrClient, case: tuple[list[str], list[str], dict[str, Any], Any, list[str]]
) -> None:
    a, b, params, statuses, dialled = case
    hash_ = await start(callr, a, b, params, cdr_field="click")
    assert await parties(callr, hash_) == statuses
    records = await callr.records()
    assert [(cdr["number"], cdr["customer_field"]) for cdr in records] == [(number, "click") for number in dialled]
    assert [(one.number, one.reference, one.cdr_field) for one in callr.platform.originates] == [
        (a[0], hash_, "click")
    ]


async def test_what_the_status_shows(callr: CallrClient) -> None:
    hash_ = await start(callr, [ANSWERS], [OTHER], {"options": {"record_calls": True}}, cli="+33999999999")
    await callr.platform.idle()
    call = await callr("clicktocall/calls.get_status", hash_)
    records = {cdr["number"]: cdr for cdr in await callr.records()}
    assert call["a_status"]["callid"] == records[ANSWERS]["callid"]
    assert (records[ANSWERS]["cli_number"], records[OTHER]["cli_number"]) == ("+33999999999", ANSWERS)
    assert (call["hash"], call["cli"], call["app"]["package"]["name"]) == (hash_, "+33999999999", "CLICKTOCALL10")
    assert (call["a_targets"], call["b_targets"]) == (targets(ANSWERS), targets(OTHER))
    assert call["date_started"] >= call["date_creation"]


async def test_the_call_can_be_recorded(callr: CallrClient, hooks: Hooks) -> None:
    await callr("webhooks.subscribe", "media.recording.new", hooks.told_url, None)
    await start(callr, [ANSWERS], [OTHER], {"options": {"record_calls": True}})
    await callr.platform.idle()
    assert [event["data"]["type"] for event in hooks.told] == ["CALL"]


async def test_a_hangs_up_on_the_welcome(callr: CallrClient, people: People) -> None:
    people.persons[ANSWERS] = Person(drops_at="audio 7")
    hash_ = await start(callr, [ANSWERS], [OTHER], {"medias": {"A_welcome": 7}})
    assert await parties(callr, hash_) == ((ANSWERS, "HANGUP", 1), NEVER)
    assert [cdr["hangupsource"] for cdr in await callr.records()] == ["CALLEE"]


@pytest.mark.parametrize(
    ("waits", "statuses", "dialstatuses"),
    [
        (ANSWERS, ((ANSWERS, "ABORTED", 1), NEVER), ["CANCEL"]),
        (OTHER, ((ANSWERS, "HANGUP", 1), (OTHER, "ABORTED", 1)), ["CANCEL", "ANSWER"]),
    ],
)
async def test_hung_up_while_somebody_is_called(
    callr: CallrClient, people: People, hooks: Hooks, waits: str, statuses: Any, dialstatuses: list[str]
) -> None:
    people.waits[waits] = asyncio.Event()
    await callr("webhooks.subscribe", "call.outbound_start", hooks.told_url, None)
    hash_ = await start(callr, [ANSWERS, MACHINE], [OTHER])
    await hooks.server.until_asked("/told", 1 if waits == ANSWERS else 2)
    call = await callr("clicktocall/calls.get_status", hash_)
    assert "DIALING" in (call["a_status"]["status"], call["b_status"]["status"])
    assert await callr.error("clicktocall/calls.cancel", hash_) == (151, "PROPERTY_VALUE_ERROR [hash]")
    assert await callr("calls.hangup", call["a_status"]["callid"], {}) is True
    assert await parties(callr, hash_) == statuses
    assert [cdr["dialstatus"] for cdr in await callr.records()] == dialstatuses


@pytest.mark.parametrize(("schedule", "later"), [("2026-03-02 10:00:01", True), ("2026-03-02 10:00:00", False)])
async def test_a_call_that_is_scheduled(schedule: str, later: bool) -> None:
    async with callr_client(now=lambda: datetime(2026, 3, 2, 10, tzinfo=UTC)) as callr:
        hash_ = await start(callr, [ANSWERS], [OTHER], schedule=schedule)
        assert ((await parties(callr, hash_))[0] == ("", "", 0)) == later
        if later:
            callr.platform.run_scheduled()
        assert (await parties(callr, hash_))[1] == (OTHER, "HANGUP", 1)
        callr.platform.run_scheduled()
        await callr.platform.idle()
        assert len(await callr.records()) == 2


async def test_a_call_that_is_cancelled(callr: CallrClient) -> None:
    hash_ = await start(callr, [ANSWERS], [OTHER], schedule="2090-01-01 00:00:00")
    assert await callr("clicktocall/calls.cancel", hash_) is True
    callr.platform.run_scheduled()
    assert await parties(callr, hash_) == (NEVER, NEVER)
    assert (await callr.records(), len(callr.platform.originates)) == ([], 1)
    assert await callr.error("clicktocall/calls.cancel", hash_) == (151, "PROPERTY_VALUE_ERROR [hash]")


async def test_what_is_refused(callr: CallrClient) -> None:
    realtime = await callr.realtime_app("http://x.example")
    click = (await callr("apps.create", "CLICKTOCALL10", "click", None))["hash"]
    one = targets(ANSWERS)
    cases: list[tuple[tuple[Any, ...], str]] = [
        ((realtime, one, one, None), "BAD_APP_TYPE"),
        ((click, [], one, None), "PROPERTY_VALUE_ERROR [a_targets]"),
        ((click, one, [], None), "PROPERTY_VALUE_ERROR [b_targets]"),
        ((click, one, targets("336"), None), "PROPERTY_VALUE_ERROR [b_targets[0].number]"),
        ((click, one, one, {"cdr_field": None}), "PROPERTY_VALUE_ERROR [options.cdr_field]"),
        ((click, one, one, {"schedule": "soon"}), "PROPERTY_VALUE_ERROR [options.schedule]"),
    ]
    for params, message in cases:
        assert await callr.error("clicktocall/calls.start_2", *params) == (151, message)
    assert callr.platform.originates == []
