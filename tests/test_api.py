"""What users and operators may ask a running server: calls, one call, health, counters."""

import base64
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.servers import API_KEY, Clock, Served, serving, write_flows
from tests.store.databases import sqlite_url
from voiceapp.emulators.caller import ScriptedCaller
from voiceapp.errors import StoreUnavailable

FLOW = """\
flow: {name}
languages: [en-GB]
steps:
  hello: {{say: Hello.}}
  pin: {{ask: Your PIN., answer: {{digits: 2}}, personal: true}}
  bye: {{end: Goodbye.}}
"""
OTHER_KEY = "another-key-of-the-api"
KEY = {"Authorization": f"Bearer {API_KEY}"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@contextlib.asynccontextmanager
async def serving_flows(folder: Path, url: str, clock: Clock) -> AsyncIterator[Served]:
    flows = write_flows(folder / "flows", FLOW.format(name="first"), FLOW.format(name="second"))
    keys = {"api_keys": f"{OTHER_KEY},{API_KEY}", "callr_login": "callr", "callr_password": "password"}
    async with serving(flows, url, clock=clock, **keys) as running:
        yield running


@pytest.fixture
async def served(tmp_path: Path, clock: Clock) -> AsyncIterator[Served]:
    async with serving_flows(tmp_path, sqlite_url(tmp_path), clock) as running:
        yield running


@pytest.fixture
async def on_both(tmp_path: Path, database_url: str, clock: Clock) -> AsyncIterator[Served]:
    """The same, once on each database."""
    async with serving_flows(tmp_path, database_url, clock) as running:
        yield running


async def call(
    served: Served, callid: int, flow: str = "first", *, keys: str | None = "42", **options: Any
) -> None:
    """A call that is played to its end, or that has only begun (`keys` None)."""
    calling = served.callr(flow, callid=callid, login="callr", password="password", **options)
    if keys is None:
        await calling.start()
    else:
        await calling.run(ScriptedCaller(keys))


async def test_a_page_of_calls_newest_first(on_both: Served, clock: Clock) -> None:
    for callid in (1, 2, 3):
        await call(on_both, callid)
        clock.skip(timedelta(minutes=1))
    status, page = await on_both.get("/v1/calls", **KEY)
    assert (status, [one["ref"] for one in page["calls"]], page["next"]) == (200, ["3", "2", "1"], None)


async def test_pages(on_both: Served, clock: Clock) -> None:
    for callid in (1, 2, 3):
        await call(on_both, callid, keys=None)
        clock.skip(timedelta(minutes=1))
    _, first = await on_both.get("/v1/calls?limit=2", **KEY)
    await call(on_both, 4, keys=None)
    _, second = await on_both.get(f"/v1/calls?limit=2&before={first['next']}", **KEY)
    assert [[one["ref"] for one in page["calls"]] for page in (first, second)] == [["3", "2"], ["1"]]
    assert second["next"] is None


async def test_filters(on_both: Served, clock: Clock) -> None:
    await call(on_both, 1)
    await call(on_both, 2, "second", cli_number="+33698765432")
    await call(on_both, 3, keys=None)
    expected = {
        "flow=first": ["1", "3"],
        "flow=second": ["2"],
        "flow=third": [],
        "live=true": ["3"],
        "live=false": ["1", "2"],
        "caller=%2B33698765432": ["2"],
        "caller=+33698765432": ["2"],
        "caller=%2B33698765432&live=true": [],
        "limit=1&live=true&flow=first": ["3"],
    }
    found = {}
    for query in expected:
        _, page = await on_both.get(f"/v1/calls?{query}", **KEY)
        found[query] = sorted(one["ref"] for one in page["calls"])
    assert found == expected


async def test_one_call_with_its_trace(on_both: Served, clock: Clock) -> None:
    before = clock()
    await call(on_both, 2**64 - 1)
    after = clock()
    stored = (await on_both.stored("callr", 2**64 - 1)).call
    status, view = await on_both.get(f"/v1/calls/{stored.id}", **KEY)
    trace = view.pop("trace")
    assert status == 200
    assert view == {
        "id": stored.id,
        "carrier": "callr",
        "ref": str(2**64 - 1),
        "app": "4346423A",
        "flow": "first",
        "version": stored.version,
        "direction": "inbound",
        "caller": "+33612345678",
        "called": "+33123456789",
        "caller_name": "",
        "field": "",
        "language": "en-GB",
        "started_at": view["started_at"],
        "answered_at": view["started_at"],
        "ended_at": view["ended_at"],
        "end_reason": "completed",
        "partial": "",
        "turn": 4,
        "state": "ended",
        "live": False,
        "seconds": view["seconds"],
        "step": "bye",
        "answers": {"pin": "42"},
        "machine": False,
        "billed_seconds": None,
        "price": None,
        "hang_up_cause": "",
        "hung_up_by": "",
        "recordings": [],
        "click_to_call": None,
    }
    started, ended = (datetime.fromisoformat(view[end]) for end in ("started_at", "ended_at"))
    assert before <= started <= ended <= after
    assert [[event["event"] for event in turn["events"]] for turn in trace] == [
        ["CallOpened", "CallOffered"],
        ["ActionCompleted"],
        ["DigitsCollected"],
        ["ActionCompleted"],
        ["CallHungUp"],
    ]
    assert [turn["steps"] for turn in trace] == [["hello", "pin"], [], ["bye"], [], []]
    assert [turn["reply"]["command"] for turn in trace] == ["play", "read", "play", "hangup", "end"]


async def test_a_trace_does_not_give_away_how_tokens_are_made(served: Served, clock: Clock) -> None:
    await call(served, 1)
    stored = (await served.stored("callr", 1)).call
    async with served.session.get(f"{served.url}/v1/calls/{stored.id}", headers=KEY) as reply:
        assert stored.key not in await reply.text()


@pytest.mark.parametrize("call_id", ["nobody", "0" * 32, "%00", "..", "%27%3B--", "x" * 2000])
async def test_no_such_call(served: Served, call_id: str) -> None:
    async with served.session.get(f"{served.url}/v1/calls/{call_id}", headers=KEY) as reply:
        assert (reply.status, reply.content_type) == (404, "application/problem+json")
        problem = await reply.json()
    assert (problem["title"], problem["status"]) == ("Not Found", 404)


def cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


BAD_QUERIES: dict[str, str] = {
    "limit=0": "limit: has to be a number from 1 to 500",
    "limit=501": "limit: has to be a number from 1 to 500",
    "limit=-1": "limit: has to be a number from 1 to 500",
    "limit=ten": "limit: has to be a number from 1 to 500",
    "limit=%D9%A3": "limit: has to be a number from 1 to 500",
    f"limit={'9' * 5000}": "limit: has to be a number from 1 to 500",
    "live=maybe": "live: has to be true or false",
    "live=": "live: has to be true or false",
    "before=x": "not a cursor of this list of calls",
    "before=%C3%A9": "not a cursor of this list of calls",
    f"before={cursor('[]')}": "not a cursor of this list of calls",
    f"before={cursor('[1, 2]')}": "not a cursor of this list of calls",
    f"before={cursor('{')}": "not a cursor of this list of calls",
    "state=live": "unknown parameter; there are limit, before, flow, live, caller",
    "Limit=1": "unknown parameter; there are limit, before, flow, live, caller",
}


@pytest.mark.parametrize("query", BAD_QUERIES, ids=lambda query: query[:30])
async def test_a_wrong_parameter_is_a_problem_with_its_name(served: Served, query: str) -> None:
    async with served.session.get(f"{served.url}/v1/calls?{query}", headers=KEY) as reply:
        assert (reply.status, reply.content_type) == (400, "application/problem+json")
        assert await reply.json() == {
            "type": "about:blank",
            "title": "Bad Request",
            "status": 400,
            "detail": BAD_QUERIES[query],
        }


async def test_a_cursor_without_a_time_zone(served: Served) -> None:
    before = cursor('["2026-01-01T00:00:00","x"]')
    status, _ = await served.get(f"/v1/calls?before={before}", **KEY)
    assert status == 400


HEADERS: dict[str, tuple[dict[str, str], int]] = {
    "a bearer": (KEY, 200),
    "the other key": ({"Authorization": f"Bearer {OTHER_KEY}"}, 200),
    "a header of its own": ({"X-Api-Key": API_KEY}, 200),
    "lower case": ({"Authorization": f"bearer {API_KEY}"}, 200),
    "nothing": ({}, 401),
    "an empty one": ({"Authorization": "Bearer "}, 401),
    "half a key": ({"Authorization": f"Bearer {API_KEY[:-1]}"}, 401),
    "two keys in one": ({"Authorization": f"Bearer {OTHER_KEY},{API_KEY}"}, 401),
    "another scheme": ({"Authorization": f"Basic {API_KEY}"}, 401),
    "a carrier's credentials": ({"Authorization": aiohttp.encode_basic_auth("callr", "password")}, 401),
}


@pytest.mark.parametrize(("headers", "expected"), HEADERS.values(), ids=HEADERS)
async def test_keys(served: Served, headers: dict[str, str], expected: int) -> None:
    for path in ("/v1/calls", "/metrics"):
        async with served.session.get(served.url + path, headers=headers) as reply:
            assert reply.status == expected
            if expected == 401:
                assert reply.headers["WWW-Authenticate"].startswith("Bearer ")


async def test_who_may_not_know_calls_may_not_know_that_they_exist(served: Served) -> None:
    status, problem = await served.get("/v1/calls/nobody")
    assert (status, problem["status"]) == (401, 401)


async def test_health_needs_no_key_and_tells_nothing(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await served.get("/healthz") == (200, "ok\n")
    assert await served.get("/readyz") == (200, "ready\n")

    async def gone() -> None:
        raise StoreUnavailable("--db: the database on db.internal does not answer")

    monkeypatch.setattr(served.store, "ping", gone)
    assert await served.get("/healthz") == (200, "ok\n")
    assert await served.get("/readyz") == (503, "the store does not answer\n")


async def test_counters_name_nobody(served: Served, clock: Clock) -> None:
    await call(served, 987654321)
    _, text = await served.get("/metrics", **KEY)
    assert 'voiceapp_turns_total{carrier="callr",outcome="answered"} 5.0' in text
    assert 'voiceapp_calls_started_total{carrier="callr",flow="first"} 1.0' in text
    assert not [secret for secret in ("33612345678", "987654321", "42", API_KEY) if f'"{secret}' in text]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_the_list_of_calls_is_not_written(served: Served, method: str) -> None:
    async with served.session.request(method, f"{served.url}/v1/calls", headers=KEY) as reply:
        assert reply.status == 405
