"""Calls that wait: until their time, over a restart, or until somebody takes them back; and `call_back`."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.calling.house import SURVEY, open_house, open_platforms
from tests.servers import Clock
from tests.store.databases import sqlite_url
from voiceapp.emulators.caller import ScriptedCaller
from voiceapp.emulators.platforms.people import People, Person

PERSON = "+33612345678"
CARRIERS = ("callr", "routee")
CALL = {"flow": "survey", "to": PERSON, "inputs": {"name": "Ann"}}

ASKS_BACK = """
flow: asks_back
languages: [en-GB]
steps:
  hello:
    menu: Press 1 to be called back.
    keys: {1: later}
    tries: 1
  later:
    call_back: true
    after: 600
    flow: survey
    with: {name: "{{ caller | last }}"}
  bye:
    end: We will call you.
"""


async def test_a_call_is_placed_at_its_time_and_not_before(tmp_path: Path) -> None:
    clock = Clock()
    async with open_house(tmp_path, SURVEY, clock=clock) as house:
        at = clock() + timedelta(minutes=30)
        call = await house.placed(**CALL, carrier="callr", at=at.isoformat())
        assert (call["state"], call["due_at"]) == ("scheduled", at.isoformat().replace("+00:00", "Z"))
        clock.skip(timedelta(minutes=29))
        await house.served.server.dialer.dial_due()
        assert house.callr.originates == []
        clock.skip(timedelta(minutes=2))
        house.served.server.dialer.wake()
        await house.until(f"/v1/calls/{call['id']}", lambda view: view["state"] == "ended")
        assert [order.number for order in house.callr.originates] == [PERSON]


async def test_a_call_in_the_past_is_placed_now(tmp_path: Path) -> None:
    async with open_house(tmp_path, SURVEY) as house:
        await house.placed(**CALL, at="2020-01-01T09:00:00+01:00", carrier="callr")
        await house.settled()
        assert len(house.callr.originates) == 1


async def test_a_restart_forgets_no_call_that_waits(tmp_path: Path) -> None:
    clock, database = Clock(), sqlite_url(tmp_path)
    async with open_platforms() as platform:
        async with open_house(tmp_path, SURVEY, clock=clock, database=database, platform=platform) as house:
            at = clock() + timedelta(hours=3)
            call = await house.placed(**CALL, carrier="callr", at=at.isoformat())
            assert house.served.server.accounts.callr is not None
            (app,) = await house.served.server.accounts.callr.apps.get_list(with_dids=False)
        clock.skip(timedelta(hours=3, minutes=50))
        kept: dict[str, Any] = {"clock": clock, "database": database, "platform": platform, "connect": False}
        async with open_house(tmp_path, SURVEY, callr_app=app.hash, **kept) as house:
            await house.until(f"/v1/calls/{call['id']}", lambda view: view["state"] != "scheduled")
        assert [order.cdr_field for order in platform.callr.originates] == [call["id"]]


async def test_a_call_that_waits_is_cancelled(tmp_path: Path) -> None:
    clock = Clock()
    async with open_house(tmp_path, SURVEY, clock=clock) as house:
        at = (clock() + timedelta(minutes=5)).isoformat()
        callback = {"url": f"{house.application.url}/told", "events": ["call.cancelled"]}
        call = await house.placed(**CALL, carrier="callr", at=at, callback=callback)
        status, view = await house.delete(f"/v1/calls/{call['id']}")
        assert (status, view["state"]) == (202, "cancelled")
        clock.skip(timedelta(minutes=10))
        await house.served.server.dialer.dial_due()
        assert house.callr.originates == []
        assert [told["type"] for told in await house.told(1)] == ["call.cancelled"]
        assert (await house.delete(f"/v1/calls/{call['id']}"))[1]["state"] == "cancelled"


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_a_call_that_rings_is_taken_back(tmp_path: Path, carrier: str) -> None:
    people = People({PERSON: Person()})
    people.waits[PERSON] = asyncio.Event()
    async with open_house(tmp_path, SURVEY, people=people) as house:
        call = await house.placed(**CALL, carrier=carrier)
        status, view = await house.delete(f"/v1/calls/{call['id']}")
        assert (status, view["state"]) == (202, "cancelled")
        people.waits[PERSON].set()
        await house.settled()
        platform = house.callr if carrier == "callr" else house.routee
        assert [played.transcript.heard for played in platform.calls] == [[]]


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_a_live_call_is_hung_up(tmp_path: Path, carrier: str) -> None:
    class Slow(ScriptedCaller):
        """Never answers a question."""

        async def hears(self, text: str) -> bool:
            listening.set()
            await asyncio.Event().wait()
            return True

    listening = asyncio.Event()
    people = People(callers={PERSON: Slow})
    async with open_house(tmp_path, SURVEY, people=people) as house:
        call = await house.placed(**CALL, carrier=carrier)
        async with asyncio.timeout(10):
            await listening.wait()
        path = f"/v1/calls/{call['id']}"
        await house.until(path, lambda view: view["state"] in ("in_flow", "leaving"))
        status, _ = await house.delete(path)
        assert status == 202
        await house.settled()
        view = await house.until(path, lambda view: view["state"] == "ended")
        assert view["end_reason"] in ("hung_up", "completed")


async def test_an_unknown_call_cannot_be_taken_back(tmp_path: Path) -> None:
    async with open_house(tmp_path, SURVEY) as house:
        status, problem = await house.delete("/v1/calls/" + "0" * 32)
        assert (status, problem["detail"]) == (404, "no call has this id")
        status, problem = await house.delete("/v1/click-to-call/" + "0" * 32)
        assert status == 404


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_who_asks_to_be_called_back_is(tmp_path: Path, carrier: str) -> None:
    clock = Clock()
    people = People({PERSON: Person(keys="1")})
    async with open_house(tmp_path, SURVEY, ASKS_BACK, clock=clock, people=people) as house:
        query = "?secret=the-secret-of-routee"
        call = (
            house.served.callr(
                "asks_back", ScriptedCaller("1"), cli_number=PERSON, login="callr", password="password"
            )
            if carrier == "callr"
            else house.served.routee(
                "asks_back" + query,
                ScriptedCaller("1"),
                from_number=PERSON,
                status_url=house.served.hook("routee", "asks_back", "/status" + query),
            )
        )
        transcript = await call.run()
        assert transcript.heard[-1] == "We will call you."
        platform = house.callr if carrier == "callr" else house.routee
        assert platform.originates == []
        clock.skip(timedelta(seconds=601))
        house.served.server.dialer.wake()
        await house.until("/v1/calls", lambda page: page["calls"][0]["direction"] == "outbound")
        await house.settled()
        assert [order.number for order in platform.originates] == [PERSON]
        assert platform.calls[-1].transcript.heard == ["Hello 8, order 0. Press 1 to confirm.", "Thank you."]


async def test_a_call_whose_time_is_long_past_is_not_placed_any_more(tmp_path: Path) -> None:
    clock = Clock()
    async with open_house(tmp_path, SURVEY, clock=clock) as house:
        call = await house.placed(**CALL, carrier="callr", at=(clock() + timedelta(hours=1)).isoformat())
        clock.skip(timedelta(hours=2, minutes=1))
        house.served.server.dialer.wake()
        view = await house.until(f"/v1/calls/{call['id']}", lambda view: view["state"] == "failed")
        assert view["reason"].startswith("late: ")
        assert house.callr.originates == []


async def test_a_call_that_was_taken_back_is_hung_up_however_often_it_asks(tmp_path: Path) -> None:
    people = People({PERSON: Person()})
    people.waits[PERSON] = asyncio.Event()
    async with open_house(tmp_path, SURVEY, people=people) as house:
        call = await house.placed(**CALL, carrier="callr")
        await house.delete(f"/v1/calls/{call['id']}")
        answered = house.served.callr(
            "survey", first_status="UP", cdr_field=call["id"], callid=7, login="callr", password="password"
        )
        first, again = await answered.post(), await answered.post()
        assert first.reply["command"] == "hangup"
        assert again.body == first.body
        assert await house.served.replayed("callr", 7) == ()
