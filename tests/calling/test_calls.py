"""Calls that an application places, from its request to the bill, against both emulated platforms."""

from pathlib import Path
from typing import Any

import pytest

from tests.calling.house import SURVEY, House, open_house
from voiceapp.emulators.platforms.people import People, Person

PERSON, BUSY, NOBODY, MACHINE, BROKEN = (f"+336123456{last}" for last in ("78", "01", "02", "03", "04"))
CARRIERS = ("callr", "routee")
INPUTS = {"name": "Ann", "order": 7}
HEARD = "Hello Ann, order 7. Press 1 to confirm."


def callback(house: House, *events: str) -> dict[str, Any]:
    return {"url": f"{house.application.url}/told", **({"events": events} if events else {})}


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_a_conversation_from_request_to_bill(tmp_path: Path, carrier: str) -> None:
    people = People({PERSON: Person(keys="1")})
    async with open_house(tmp_path, SURVEY, people=people) as house:
        call = await house.placed(
            flow="survey",
            to=PERSON,
            carrier=carrier,
            inputs=INPUTS,
            cdr_field="order7",
            callback=callback(house),
        )
        assert (call["direction"], call["called"], call["field"]) == ("outbound", PERSON, "order7")
        await house.settled()
        platform = house.callr if carrier == "callr" else house.routee
        (order,) = platform.originates
        assert order.number == PERSON
        if carrier == "callr":
            assert order.cdr_field == call["id"]
        (played,) = platform.calls
        assert played.transcript.heard == [HEARD, "Thank you."]
        assert played.transcript.defects == []

        path = f"/v1/calls/{call['id']}"
        view = await house.until(path, lambda view: view["state"] == "ended" and view["price"] is not None)
        assert (view["flow"], view["called"], view["field"]) == ("survey", PERSON, "order7")
        assert view["answers"] == {**INPUTS, "hello": "1"} or view["answers"] == INPUTS
        assert view["end_reason"] == "completed"
        assert view["billed_seconds"] > 0
        kinds = [told["type"] for told in await house.told(4)]
        assert kinds[0] == "call.placed" or "call.placed" in kinds
        assert {"call.placed", "call.answered", "call.ended", "call.updated"} <= set(kinds)
        assert await house.served.replayed(carrier, view["ref"]) == () if carrier == "routee" else True


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize(
    ("number", "reason"),
    [(BUSY, "busy"), (NOBODY, "no_answer"), (BROKEN, {"callr": "congestion", "routee": "failed"})],
)
async def test_a_call_that_reaches_nobody(tmp_path: Path, carrier: str, number: str, reason: Any) -> None:
    async with open_house(tmp_path, SURVEY) as house:
        call = await house.placed(
            flow="survey", to=number, carrier=carrier, inputs=INPUTS, callback=callback(house, "call.unreached")
        )
        await house.settled()
        view = await house.until(f"/v1/calls/{call['id']}", lambda view: view["state"] == "unreached")
        assert view["end_reason"] == (reason if isinstance(reason, str) else reason[carrier])
        assert view["answered_at"] is None
        (told,) = await house.told(1)
        assert (told["type"], told["data"]["id"]) == ("call.unreached", call["id"])


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize(
    ("detection", "heard", "end"),
    [
        ("continue", ["Please call us back."], "completed"),
        ("hang_up", [], "machine"),
        ({"then": "continue", "method": "dtmf"}, ["Please call us back."], "completed"),
    ],
)
async def test_an_answering_machine(
    tmp_path: Path, carrier: str, detection: Any, heard: list[str], end: str
) -> None:
    async with open_house(tmp_path, SURVEY) as house:
        call = await house.placed(
            flow="survey",
            to=MACHINE,
            carrier=carrier,
            inputs=INPUTS,
            machine_detection=detection,
            callback=callback(house, "call.machine", "call.unreached"),
        )
        await house.settled()
        platform = house.callr if carrier == "callr" else house.routee
        (played,) = platform.calls
        spoken = [text for text in played.transcript.heard if text not in ("Please press any key.", HEARD)]
        assert spoken == heard
        view = await house.until(f"/v1/calls/{call['id']}", lambda view: not view["live"])
        if (carrier, detection) != ("routee", "hang_up"):  # which Routee does by itself, and then only when asked
            assert view["end_reason"] == end
        view = await house.until(f"/v1/calls/{call['id']}", lambda view: view["machine"])
        assert len(await house.told(1)) == 1


@pytest.mark.parametrize("detection", ["continue", {"then": "hang_up", "method": "dtmf"}])
async def test_a_person_is_not_taken_for_a_machine_on_callr(tmp_path: Path, detection: Any) -> None:
    keys = "1" if detection == "continue" else "5 1"
    async with open_house(tmp_path, SURVEY, people=People({PERSON: Person(keys=keys)})) as house:
        call = await house.placed(
            flow="survey", to=PERSON, carrier="callr", inputs=INPUTS, machine_detection=detection
        )
        await house.settled()
        assert house.callr.calls[0].transcript.heard[-2:] == [HEARD, "Thank you."]
        view = await house.get(f"/v1/calls/{call['id']}")
        assert (view["machine"], view["end_reason"]) == (False, "completed")


async def test_a_call_that_nobody_is_shown_to_make(tmp_path: Path) -> None:
    async with open_house(tmp_path, SURVEY, routee_sender="") as house:
        asked = {"flow": "survey", "to": PERSON, "carrier": "routee", "inputs": INPUTS}
        status, problem = await house.post("/v1/calls", asked)
        assert (status, problem["errors"][0]["field"]) == (422, "from")
        assert house.routee.originates == []
        status, _ = await house.post("/v1/calls", {**asked, "from": "Acme"})
        assert status == 202
        await house.settled()
        assert len(house.routee.originates) == 1
