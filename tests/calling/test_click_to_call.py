"""Click-to-call, by the flow on both carriers and by CALLR itself: who is called when, and what is told of it."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.calling.house import House, open_house
from tests.servers import SHARED_FLOWS, Clock
from voiceapp.emulators.platforms.faults import ApiError
from voiceapp.emulators.platforms.people import People, Person

A, B, OTHER = "+33612345678", "+33198765432", "+33612345680"
BUSY, NOBODY, MACHINE = "+33612345601", "+33612345602", "+33612345603"
CARRIERS = ("callr", "routee")
LATER = (datetime.now(UTC) + timedelta(hours=1)).isoformat()


def platform(house: House, carrier: str) -> Any:
    return house.callr if carrier == "callr" else house.routee


def sides(view: dict[str, Any]) -> tuple[str | None, str | None]:
    return view["a_status"]["status"], view["b_status"]["status"]


async def clicked(house: House, **click: Any) -> str:
    status, view = await house.post("/v1/click-to-call", click)
    assert status == 202, view
    return f"/v1/click-to-call/{view['id']}"


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_a_is_called_and_then_b(tmp_path: Path, carrier: str) -> None:
    async with open_house(tmp_path, people=People(by_digits=True)) as house:
        inputs = {"whisper": "From the web site."} if carrier == "callr" else {}
        path = await clicked(house, a=[A], b=[B], carrier=carrier, inputs=inputs)
        await house.settled()
        (played,) = [call for call in platform(house, carrier).calls if call.number == A]
        assert played.transcript.heard == ["Please wait while we connect you."]
        assert played.transcript.of("dials") == [f"{B}: answered"]
        view = await house.until(path, lambda view: view["state"] == "over")
        assert sides(view) == ("HANGUP", "HANGUP")
        assert (view["a_status"]["number"], view["b_status"]["number"]) == (A, B)


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_the_next_of_a_is_called_when_one_does_not_answer(tmp_path: Path, carrier: str) -> None:
    async with open_house(tmp_path) as house:
        path = await clicked(house, a=[BUSY, NOBODY, A], b=[B], carrier=carrier, attempts=2)
        view = await house.until(path, lambda view: view["state"] == "over")
        await house.settled()
        assert [order.number for order in platform(house, carrier).originates][:3] == [BUSY, NOBODY, A]
        assert sides(view) == ("HANGUP", "HANGUP")
        assert len(view["calls"]) == 3


async def test_all_of_a_are_tried_again_after_the_pause(tmp_path: Path) -> None:
    clock = Clock()
    async with open_house(tmp_path, clock=clock) as house:
        path = await clicked(house, a=[BUSY, NOBODY], b=[B], carrier="callr", attempts=2, pause=60)
        view = await house.until(path, lambda view: len(view["calls"]) == 3)
        assert (view["state"], [order.number for order in house.callr.originates]) == ("calling", [BUSY, NOBODY])
        clock.skip(timedelta(seconds=61))
        house.served.server.dialer.wake()
        view = await house.until(path, lambda view: view["state"] == "over")
        assert [order.number for order in house.callr.originates] == [BUSY, NOBODY, BUSY, NOBODY]
        assert sides(view) == ("NOANSWER", None)
        assert view["a_status"]["try"] == 2


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_b_does_not_answer(tmp_path: Path, carrier: str) -> None:
    async with open_house(tmp_path) as house:
        path = await clicked(house, a=[A], b=[NOBODY], carrier=carrier)
        await house.settled()
        (played,) = [call for call in platform(house, carrier).calls if call.number == A]
        assert played.transcript.heard[-1] == "Nobody answers. Please try again later. Goodbye."
        view = await house.until(path, lambda view: view["state"] == "over")
        assert sides(view) == ("HANGUP", "NOANSWER")


async def test_a_leaves_a_message_when_b_does_not_answer(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        path = await clicked(house, a=[A], b=[BUSY, NOBODY], carrier="callr", voicemail=True, record=True)
        await house.settled()
        (played,) = [call for call in house.callr.calls if call.number == A]
        assert played.transcript.of("dials") == [f"{BUSY}: busy", f"{NOBODY}: no_answer"]
        assert played.transcript.of("recording") == ["on", "off"]
        assert played.transcript.of("records") == ["recording-1"]
        assert sides(await house.get(path)) == ("HANGUP", "NOANSWER")


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_a_is_a_machine(tmp_path: Path, carrier: str) -> None:
    async with open_house(tmp_path) as house:
        path = await clicked(house, a=[MACHINE], b=[B], carrier=carrier, machine_detection_a="hang_up")
        await house.settled()
        view = await house.until(path, lambda view: view["a_status"]["status"] == "VOICEMAIL_DETECTED")
        assert view["b_status"]["status"] is None
        assert [order.number for order in platform(house, carrier).originates] == [MACHINE]


async def test_b_is_a_machine_on_routee(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await clicked(house, a=[A], b=[MACHINE], carrier="routee", machine_detection_b="hang_up")
        await house.settled()
        replies = [exchange.reply for exchange in house.routee.calls[0].transcript.exchanges]
        dials = [verb for reply in replies if reply for verb in reply.get("verbs", ()) if verb["type"] == "DIAL"]
        assert dials[0]["machineDetection"] == {"strategy": "Hangup"}


async def test_callrs_own_click_to_call(tmp_path: Path) -> None:
    people = People({A: Person(), B: Person()}, by_digits=True)
    async with open_house(tmp_path, people=people) as house:
        path = await clicked(house, a=[A], b=[B], native=True, attempts=2, machine_detection_a="hang_up")
        await house.settled()
        started = [request for request in house.callr.requests if request.method == "clicktocall/calls.start_2"]
        assert len(started) == 1
        created = [request.params for request in house.callr.requests if request.method == "apps.create"]
        options = created[-1][2]["options"]
        assert (created[-1][0], options["A_attempts"]) == ("CLICKTOCALL10", 2)
        assert options["A_vms_detect"] == {
            "active": True,
            "method": "SILENCE",
            "dtmf_iterations": 2,
            "dtmf_timeout": 2,
            "silence_iterations": 1,
            "silence_ms": 1800,
            "silence_timeout": 3,
        }
        view = await house.get(path)
        assert view["native"] is True
        assert sides(view) == ("HANGUP", "HANGUP")
        assert view["a_status"]["number"] == A


@pytest.mark.parametrize("native", [False, True])
async def test_a_click_to_call_is_taken_back_before_its_time(tmp_path: Path, native: bool) -> None:
    async with open_house(tmp_path) as house:
        path = await clicked(house, a=[A], b=[B], carrier="callr", native=native, at=LATER)
        assert (await house.get(path))["state"] == "scheduled"
        status, view = await house.delete(path)
        assert (status, view["state"], sides(view)) == (202, "cancelled", ("ABORTED", None))
        assert house.callr.originates == []


async def test_a_click_to_call_is_ended_while_a_rings(tmp_path: Path) -> None:
    people = People({A: Person()})
    people.waits[A] = asyncio.Event()
    async with open_house(tmp_path, people=people) as house:
        path = await clicked(house, a=[A], b=[B], carrier="callr")
        assert sides(await house.get(path)) == ("DIALING", None)
        status, view = await house.delete(path)
        assert (status, view["state"]) == (202, "cancelled")
        people.waits[A].set()
        await house.settled()
        assert house.callr.calls[0].transcript.heard == []
        assert [order.number for order in house.callr.originates] == [A]


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_a_flow_of_ones_own_with_one_target(tmp_path: Path, carrier: str) -> None:
    own = (SHARED_FLOWS / "click_to_call.yaml").read_text()
    async with open_house(tmp_path, own) as house:
        await clicked(house, a=[A], b=[B], carrier=carrier, inputs={"greeting": "One moment."})
        await house.settled()
        (played,) = [call for call in platform(house, carrier).calls if call.number == A]
        assert played.transcript.heard == ["One moment."]
        assert played.transcript.of("dials") == [f"{B}: answered"]
        click = {"a": [A], "b": [B, OTHER], "carrier": carrier}
        status, problem = await house.post("/v1/click-to-call", click)
        assert (status, problem["errors"][0]["field"]) == (422, "b")


async def test_a_refused_number_lets_the_next_be_called(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        house.callr.faults.add("calls.realtime", ApiError(151, "PROPERTY_VALUE_ERROR [target.number]"))
        path = await clicked(house, a=[OTHER, A], b=[B], carrier="callr")
        view = await house.until(path, lambda view: view["state"] == "over")
        assert [order.number for order in house.callr.originates] == [A]
        assert (len(view["calls"]), sides(view)) == (2, ("HANGUP", "HANGUP"))


async def test_no_next_number_is_called_once_it_is_taken_back(tmp_path: Path) -> None:
    people = People({BUSY: Person("busy")}, by_digits=True)
    people.waits[BUSY] = asyncio.Event()
    async with open_house(tmp_path, people=people) as house:
        path = await clicked(house, a=[BUSY, A], b=[B], carrier="callr")
        status, view = await house.delete(path)
        assert (status, view["state"]) == (202, "cancelled")
        people.waits[BUSY].set()
        await house.settled()
        await house.served.server.reconciler.look()
        await house.served.server.dialer.dial_due()
        assert [order.number for order in house.callr.originates] == [BUSY]
        assert (await house.get(path))["state"] == "cancelled"


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_after_a_machine_the_next_number_is_called(tmp_path: Path, carrier: str) -> None:
    async with open_house(tmp_path) as house:
        path = await clicked(house, a=[MACHINE, A], b=[B], carrier=carrier, machine_detection_a="hang_up")
        await house.until(path, lambda view: len(view["calls"]) == 2)
        await house.until(path, lambda view: view["state"] == "over")
        assert [order.number for order in platform(house, carrier).originates] == [MACHINE, A]
