"""Routee's tokens, searches, numbers and recordings, and requests that go wrong."""

from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from tests.emulators.plans import plan, say
from tests.emulators.platforms.clients import Hooks, RouteeClient, routee_client
from voiceapp.emulators.platforms.faults import ApiError, CutAfter, CutBefore, FailAfter, Fault, Refuse
from voiceapp.emulators.platforms.records import silent_wav

ORDERED = "/voice/conversation"
HELLO = plan(say("Hello"))


def body(number: str = "+33611111110", **fields: Any) -> dict[str, Any]:
    return {"from": "a", "to": {"phone": number}, "dialPlan": HELLO, **fields}


async def test_tokens() -> None:
    clock = [datetime(2026, 3, 2, tzinfo=UTC)]
    async with routee_client(now=lambda: clock[0]) as routee:
        form = {"grant_type": "client_credentials"}
        status, answer = await routee.ask_token(("app", "secret"), form)
        assert (status, answer["token_type"].lower(), answer["expires_in"]) == (200, "bearer", 3600)
        status, answer = await routee.ask_token(("app", "wrong"), form)
        assert (status, set(answer)) == (401, {"error", "message"})
        status, answer = await routee.ask_token(("app", "secret"), {"grant_type": "password"})
        assert (status, set(answer)) == (400, {"error", "error_description"})

        balance = "/accounts/me/balance"
        clock[0] += timedelta(seconds=3599)
        assert (await routee("GET", balance))[0] == 200
        clock[0] += timedelta(seconds=1)
        assert (await routee("GET", balance))[0] == 401
        await routee.log_in()
        assert (await routee("GET", balance))[0] == 200
        routee.platform.expire_tokens()
        status, answer = await routee("POST", ORDERED, body())
        assert (status, set(answer)) == (401, {"code", "developerMessage"})
        assert routee.platform.originates == []
        routee.token = "unknown"
        assert (await routee("GET", balance))[0] == 401


ANSWERED: dict[str, tuple[Fault, int, int]] = {
    "429": (Refuse(429, {"Retry-After": "2"}), 429, 0),
    "in its own words": (ApiError(400000000, "Validation Error"), 400, 0),
    "done, and 500": (FailAfter(), 500, 1),
}


@pytest.mark.parametrize("case", ANSWERED.values(), ids=ANSWERED)
async def test_a_request_goes_wrong(routee: RouteeClient, case: tuple[Fault, int, int]) -> None:
    fault, status, originates = case
    routee.platform.faults.add(f"POST {ORDERED}", fault)
    assert (await routee("POST", ORDERED, body()))[0] == status
    assert len(routee.platform.originates) == originates
    assert (await routee("POST", ORDERED, body()))[0] == 200
    await routee.platform.idle()


@pytest.mark.parametrize(("fault", "originates"), [(CutBefore(), 0), (CutAfter(), 1)])
async def test_the_connection_breaks(routee: RouteeClient, fault: Fault, originates: int) -> None:
    routee.platform.faults.add(f"POST {ORDERED}", fault)
    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await routee("POST", ORDERED, body())
    await routee.platform.idle()
    assert (len(routee.platform.originates), len(routee.platform.calls)) == (originates, originates)


async def test_faults_are_ordered_by_the_form_of_a_path(routee: RouteeClient) -> None:
    routee.platform.faults.add("GET /voice/tracking/{id}", Refuse(503))
    routee.platform.faults.add("POST /oauth/token", Refuse(500))
    assert (await routee("GET", "/voice/tracking/conversation/x"))[0] == 404
    assert [(await routee("GET", "/voice/tracking/x"))[0] for _ in range(2)] == [503, 404]
    with pytest.raises(aiohttp.ContentTypeError):
        await routee.ask_token(("app", "secret"), {"grant_type": "client_credentials"})
    assert routee.platform.requests[-1].params == "grant_type=client_credentials"


async def test_searches() -> None:
    clock = [datetime(2026, 3, 2, 10, tzinfo=UTC)]
    async with routee_client(now=lambda: clock[0]) as routee:
        for digit in range(3):
            await routee.ok("POST", ORDERED, body(f"+3361111111{digit}"))
            await routee.platform.idle()
            clock[0] += timedelta(minutes=1)
        await routee.ok("POST", ORDERED, body("+447700900000", **{"from": "other"}))
        await routee.platform.idle()
        times = "from=2026-03-02T10:01:00Z&to=2026-03-02T10:02:00Z"
        french = {"fieldName": "country", "searchTerm": "FR", "searchOperator": "is"}
        cases: list[tuple[str, list[dict[str, str]], list[str]]] = [
            ("", [], ["0", "1", "2", "0"]),
            (times, [], ["1", "2"]),
            ("from=2026-03-02T10:02:30", [], ["0"]),
            ("", [french], ["0", "1", "2"]),
            ("", [french | {"searchOperator": "is_not"}], ["0"]),
            ("", [{"fieldName": "recipient", "searchTerm": "+33611111112", "searchOperator": "is"}], ["2"]),
            ("", [{"fieldName": "recipient", "searchTerm": "11112", "searchOperator": "ends_with"}], ["2"]),
            ("", [{"fieldName": "recipient", "searchTerm": "+44", "searchOperator": "starts_with"}], ["0"]),
            ("", [{"fieldName": "from", "searchTerm": "the", "searchOperator": "contains"}], ["0"]),
            ("", [{"fieldName": "status.status", "searchTerm": "Busy", "searchOperator": "is"}], []),
            (times, [{"fieldName": "status.status", "searchTerm": "Completed"}], ["1", "2"]),
        ]
        for query, filters, ends in cases:
            found = await routee.ok("POST", f"/voice/tracking?{query}", filters)
            assert [leg["to"][-1] for leg in found["content"]] == ends, (query, filters)
        page = await routee.ok("POST", "/voice/tracking?page=1&size=3", [])
        assert page.pop("content")[0]["to"] == "+447700900000"
        assert page == {
            "totalPages": 2,
            "totalElements": 4,
            "last": True,
            "first": False,
            "number": 1,
            "numberOfElements": 1,
            "size": 3,
        }
        refused: list[tuple[str, Any]] = [
            ("page=x", []),
            ("from=now", []),
            ("", [{"fieldName": "name", "searchTerm": "", "searchOperator": "is"}]),
            ("", french),
        ]
        for query, filters in refused:
            assert (await routee("POST", f"/voice/tracking?{query}", filters))[0] == 400, (query, filters)


async def test_numbers(routee: RouteeClient) -> None:
    rented = await routee.ok("POST", "/numbers/my", {"msisdn": "+302101234567"})
    assert (rented["msisdn"], rented["country"]) == ("+302101234567", "GR")
    assert (await routee("POST", "/numbers/my", {"msisdn": "+302101234567"}))[0] == 400
    strategy = {"dialplanUrl": "http://a.example/plan"}
    path = "/numbers/my/302101234567"
    await routee.ok("PUT", path, {"voiceInboundStrategy": strategy})
    shown = await routee.ok("PUT", path, {"inboundVoiceCallbackUrl": "http://a.example/status"})
    assert shown["voiceInboundStrategy"] == strategy
    mine = await routee.ok("GET", "/numbers/my")
    assert [number["msisdn"] for number in mine["content"]] == ["+33123456789", "+302101234567"]
    assert mine["content"][1] == shown
    assert (await routee("PUT", "/numbers/my/331", {}))[0] == 404
    assert (await routee("PUT", path, {"voiceInboundStrategy": {"dialplanUrl": "x"}}))[0] == 400


async def test_recordings_can_be_had(hooks: Hooks) -> None:
    async with routee_client(public_url="http://routee.example") as routee:
        dial = {
            "type": "DIAL",
            "from": "me",
            "to": {"phone": "+33600000009"},
            "record": True,
            "recordingCallbackUrl": hooks.told_url,
        }
        await routee.ok("POST", ORDERED, body(dialPlan=plan(dial)))
        await routee.platform.idle()
        url = hooks.told[0]["url"].replace("http://routee.example", routee.url)
        headers = {"Authorization": f"Bearer {routee.token}"}
        async with aiohttp.ClientSession() as session:
            async with session.get(url, headers=headers) as reply:
                assert (reply.status, await reply.read()) == (200, silent_wav())
            async with session.get(url) as reply:
                assert reply.status == 401
            async with session.get(url + "x", headers=headers) as reply:
                assert reply.status == 404
