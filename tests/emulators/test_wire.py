"""Deadlines, statuses, duplicates: what every emulated carrier does alike."""

import asyncio

import aiohttp
import pytest
from aiohttp import web

from tests.emulators.server import FakeServer, Reply
from voiceapp.emulators.transcript import Exchange, Line, Transcript
from voiceapp.emulators.wire import Duplicates, Wire


async def send(
    session: aiohttp.ClientSession,
    url: str,
    *,
    duplicates: Duplicates | None = None,
    deadline: float = 5.0,
) -> tuple[Exchange, Transcript]:
    transcript = Transcript()
    wire = Wire(session, transcript, duplicates or Duplicates(), {"X-Who": "me"})
    exchange = await wire.send(url, {"né": 2**63}, deadline=deadline)
    assert wire.sent == 1
    return exchange, transcript


async def test_a_post_is_json_and_is_kept(server: FakeServer, session: aiohttp.ClientSession) -> None:
    server.replies["/hook"] = [{"a": [1]}]
    exchange, transcript = await send(session, f"{server.url}/hook?secret=s")
    (asked,) = server.asked
    assert (asked.method, asked.path, asked.query["secret"]) == ("POST", "/hook", "s")
    assert asked.body == {"né": 2**63}
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.headers["Accept"] == "*/*"
    assert asked.headers["X-Who"] == "me"
    assert (exchange.status, exchange.reply, exchange.problem) == (200, {"a": [1]}, "")
    assert exchange.content_type == "application/json"
    assert 0 < exchange.seconds < 5
    assert transcript.exchanges == [exchange]


async def test_a_get_has_the_fields_in_its_query(server: FakeServer, session: aiohttp.ClientSession) -> None:
    wire = Wire(session, Transcript(), Duplicates())
    await wire.send(f"{server.url}/plan?secret=s", {"from": "+33 1"}, deadline=5, method="GET")
    (asked,) = server.asked
    assert (asked.method, dict(asked.query), asked.body) == ("GET", {"secret": "s", "from": "+33 1"}, {})


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        (None, "no reply within 0.05 s"),
        (500, "HTTP 500"),
        (204, "HTTP 204"),
        (web.Response(status=302, headers={"Location": "/elsewhere"}), "HTTP 302"),
    ],
)
async def test_what_makes_a_reply_useless(
    server: FakeServer, session: aiohttp.ClientSession, reply: Reply, problem: str
) -> None:
    server.replies["/hook"] = [reply]
    exchange, _ = await send(session, f"{server.url}/hook", deadline=0.05 if reply is None else 5)
    assert exchange.problem == problem
    assert exchange.reply is None
    assert len(server.asked) == 1


async def test_nobody_there(session: aiohttp.ClientSession, unused_tcp_port: int) -> None:
    exchange, _ = await send(session, f"http://127.0.0.1:{unused_tcp_port}/")
    assert exchange.status is None
    assert exchange.problem.startswith("no reply: Cannot connect to host")


async def test_duplicates_with_equal_replies(server: FakeServer, session: aiohttp.ClientSession) -> None:
    _, transcript = await send(session, f"{server.url}/", duplicates=Duplicates(times=3))
    assert [asked.body for asked in server.asked] == [{"né": 2**63}] * 3
    assert (len(transcript.exchanges), transcript.defects) == (3, [])


@pytest.mark.parametrize("second", [b'{"a":1 }', {"a": 2}, 500])
async def test_duplicates_with_other_replies(
    server: FakeServer, session: aiohttp.ClientSession, second: Reply
) -> None:
    server.replies["/"] = [b'{"a":1}', second]
    exchange, transcript = await send(session, f"{server.url}/", duplicates=Duplicates(times=2))
    assert exchange.body == b'{"a":1}'
    assert transcript.defects == ["copy 2 of a post got another reply than the first"]


async def test_duplicates_at_once(server: FakeServer, session: aiohttp.ClientSession) -> None:
    server.together = asyncio.Barrier(3)
    _, transcript = await send(session, f"{server.url}/", duplicates=Duplicates(times=3, at_once=True))
    assert [exchange.status for exchange in transcript.exchanges] == [200, 200, 200]


def test_a_transcript_is_a_page() -> None:
    transcript = Transcript()
    transcript.add("hears", "Hello")
    transcript.exchanged(Exchange(url="/", request={}, seconds=0.1, status=200))
    shown: list[str] = []
    transcript.show_to(shown.append)
    transcript.add("hangs up", "caller")
    assert transcript.text() == "hears      Hello\nhangs up   caller\n"
    assert shown == transcript.text().splitlines()
    assert transcript.lines == [("hears", "Hello"), Line("hangs up", "caller")]
    assert (transcript.heard, transcript.of("hangs up")) == (["Hello"], ["caller"])
