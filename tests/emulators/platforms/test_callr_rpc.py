"""CALLR's envelope, who may ask, and what can go wrong with one request."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.error import HTTPError

import aiohttp
import callr as sdk  # type: ignore[import-untyped]
import pytest

from tests.emulators.platforms.clients import TARGET, CallrClient, Hooks, callr_client, reached
from voiceapp.emulators.platforms.faults import (
    ANY,
    ApiError,
    CutAfter,
    CutBefore,
    FailAfter,
    Fault,
    Late,
    Refuse,
)

ASKED = {"jsonrpc": "2.0", "id": 7, "method": "system.get_timestamp", "params": []}
START = datetime(2026, 3, 2, 10, tzinfo=UTC)

WRONG: dict[str, tuple[object, int]] = {
    "a batch": ([ASKED], -32600),
    "a notification": ({name: value for name, value in ASKED.items() if name != "id"}, -32600),
    "an id of null": (ASKED | {"id": None}, -32600),
    "named params": (ASKED | {"params": {}}, -32600),
    "params null": (ASKED | {"params": None}, -32600),
    "no params": ({name: value for name, value in ASKED.items() if name != "params"}, -32600),
    "another version": (ASKED | {"jsonrpc": "1.0"}, -32600),
    "no method": (ASKED | {"method": 1}, -32600),
    "an unknown method": (ASKED | {"method": "system.shut_down"}, -32601),
    "no JSON": (b"{", -32700),
    "no UTF-8": (b'"\xff"', -32700),
}


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG)
async def test_a_wrong_envelope(callr: CallrClient, case: tuple[object, int]) -> None:
    body, code = case
    status, answer = await callr.post(body)
    assert (status, answer["error"]["code"]) == (200, code)


async def test_the_url_may_lack_its_slash() -> None:
    async with callr_client(now=lambda: START) as callr:
        for url in (callr.url, callr.url.rstrip("/")):
            callr.url = url
            assert await callr.post(ASKED) == (200, {"jsonrpc": "2.0", "id": 7, "result": 1772445600})
        assert [request.method for request in callr.platform.requests] == ["system.get_timestamp"] * 2


async def test_who_may_ask() -> None:
    clock = [START]
    async with callr_client(api_key="k" * 100, now=lambda: clock[0]) as callr:
        token = (await callr("session.create"))["token"]
        accepted = [f"Api-Key {'k' * 100}", f"Session {token}", aiohttp.encode_basic_auth("login", "password")]
        refused = ["Api-Key k", "Session x", "Basic x", aiohttp.encode_basic_auth("login", "x"), "é"]
        assert [(await callr.post(ASKED, header))[0] for header in accepted] == [200] * 3
        assert [(await callr.post(ASKED, header))[0] for header in refused] == [401] * 5
        clock[0] += timedelta(hours=1)
        assert (await callr.post(ASKED, f"Session {token}"))[0] == 401
        token = (await callr("session.create"))["token"]
        callr.platform.expire_sessions()
        assert (await callr.post(ASKED, f"Session {token}"))[0] == 401


async def test_the_sdk_with_a_wrong_password(callr: CallrClient) -> None:
    api = sdk.Api("login", "wrong")
    api.set_api_url(callr.url)
    with pytest.raises(sdk.CallrException) as refused:
        await asyncio.to_thread(api.call, "apps.get_list", False)
    assert refused.value.data["http_code"] == 401
    assert isinstance(refused.value.__context__, HTTPError)
    refused.value.__context__.close()  # the SDK leaves its connection open


async def order(callr: CallrClient, hooks: Hooks) -> tuple[int, Any]:
    params = [await callr.realtime_app(hooks.url), TARGET, None]
    return await callr.post(ASKED | {"method": "calls.realtime", "params": params})


ANSWERED: dict[str, tuple[Fault, int, int]] = {
    "401": (Refuse(401), 401, 0),
    "429": (Refuse(429, {"Retry-After": "3"}), 429, 0),
    "503": (Refuse(503, body=b'"overloaded"'), 503, 0),
    "in its own words": (ApiError(1000, "ROUTING_ERROR"), 200, 0),
    "late": (Late(0.01), 200, 1),
    "late, and done late": (Late(0.01, acts_last=True), 200, 1),
    "done, and 500": (FailAfter(), 500, 1),
    "done, and 502": (FailAfter(502), 502, 1),
}


@pytest.mark.parametrize("case", ANSWERED.values(), ids=ANSWERED)
async def test_a_request_goes_wrong(callr: CallrClient, hooks: Hooks, case: tuple[Fault, int, int]) -> None:
    fault, status, originates = case
    callr.platform.faults.add("calls.realtime", fault)
    answered, body = await order(callr, hooks)
    assert answered == status
    if isinstance(fault, ApiError):
        assert body["error"] == {"code": 1000, "message": "ROUTING_ERROR"}
    await callr.platform.idle()
    assert (len(callr.platform.originates), len(hooks.posts)) == (originates, 2 * originates)
    assert (await order(callr, hooks))[0] == 200
    assert len(callr.platform.originates) == originates + 1


@pytest.mark.parametrize(("fault", "originates"), [(CutBefore(), 0), (CutAfter(), 1)])
async def test_the_connection_breaks(callr: CallrClient, hooks: Hooks, fault: Fault, originates: int) -> None:
    callr.platform.faults.add("calls.realtime", fault)
    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await order(callr, hooks)
    await callr.platform.idle()
    assert len(callr.platform.originates) == originates
    assert callr.platform.requests[-1].params[1] == TARGET


@pytest.mark.parametrize(("acts_last", "originates"), [(False, 1), (True, 0)])
async def test_an_answer_that_comes_too_late(
    callr: CallrClient, hooks: Hooks, acts_last: bool, originates: int
) -> None:
    callr.platform.faults.add("calls.realtime", Late(60, acts_last=acts_last))
    asking = asyncio.create_task(order(callr, hooks))
    await reached(callr.platform.faults.held)
    assert (asking.done(), len(callr.platform.originates)) == (False, originates)
    callr.platform.faults.close()
    assert (await asking)[0] == 200
    assert len(callr.platform.originates) == 1


async def test_faults_of_one_method_leave_the_others_alone(callr: CallrClient, hooks: Hooks) -> None:
    callr.platform.faults.add("calls.hangup", Refuse(500), Refuse(503))
    assert (await callr.post(ASKED))[0] == 200
    hang_up = ASKED | {"method": "calls.hangup", "params": [1, {}]}
    assert [(await callr.post(hang_up))[0] for _ in range(3)] == [500, 503, 200]
    callr.platform.faults.add(ANY, Refuse(500))
    assert [(await callr.post(ASKED))[0] for _ in range(2)] == [500, 200]
