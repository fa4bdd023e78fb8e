"""A back end that is slow, never answers, or answers when nobody is there any more (F18)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.faults.lines import CallrLine, RouteeLine, state
from tests.servers import BackEnd, Served, back_end, serving, write_flows
from tests.store.databases import sqlite_url
from voiceapp.service.sweeper import LEFT_BEHIND
from voiceapp.web.app import utc_now

pytestmark = pytest.mark.fault

FLOW = """\
flow: {name}
languages: [en-GB]
on_hang_up: {on_hang_up}
steps:
  look: {{fetch: "https://crm.example.com/look", timeout: {timeout}, save: found, failed: sorry{meanwhile}}}
  told: {{end: "Found {{{{ found }}}}."}}
  sorry: {{end: Not now.}}
  after: {{fetch: "https://crm.example.com/after", timeout: {after}, failed: report}}
  report: {{notify: "https://crm.example.com/report"}}
"""


def flow(name: str, *, timeout: float = 15, meanwhile: str = "", on_hang_up: str = "report") -> str:
    said = f", meanwhile: {meanwhile}" if meanwhile else ""
    return FLOW.format(name=name, timeout=timeout, meanwhile=said, after=1.7, on_hang_up=on_hang_up)


FLOWS = (
    flow("words", meanwhile="One moment."),
    flow("silence"),
    flow("hasty", timeout=0.2),
    flow("after_hang_up", timeout=0.2, on_hang_up="after"),
    flow("plan", timeout=1.7).replace("/report", "/plan"),
)


class Slow:
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()

    async def __call__(self) -> Any:
        await self.may_answer.wait()
        return "gold"


@pytest.fixture
async def slow() -> Slow:
    return Slow()


@pytest.fixture
async def asked(slow: Slow) -> AsyncIterator[BackEnd]:
    async with back_end() as running:
        running.answers = {"/look": slow, "/after": slow, "/report": {}, "/plan": {}}
        yield running
        slow.may_answer.set()


@pytest.fixture
async def served(tmp_path: Path, asked: BackEnd) -> AsyncIterator[Served]:
    flows = write_flows(tmp_path / "flows", *map(asked.flow, FLOWS))
    async with serving(flows, sqlite_url(tmp_path), callr_deadline=4.0, routee_deadline=1.0) as running:
        yield running


async def test_words_until_the_answer_is_there(served: Served, slow: Slow, asked: BackEnd) -> None:
    """As long as it takes, in turns that are each answered well before the caller thinks the line is dead."""
    line = CallrLine(served, 1, flow="words")
    loop = asyncio.get_running_loop()
    for _ in range(3):
        began = loop.time()
        post = await line.next()
        assert post.said["params"] == {"media_id": "TTS|TTS_EN-GB_SERENA|One moment."}
        assert loop.time() - began < 3.0
    slow.may_answer.set()
    assert (await line.next()).said["params"]["media_id"] == "TTS|TTS_EN-GB_SERENA|Found gold."
    assert [one.path for one in asked.asked] == ["/look"]
    assert 0 < int(asked.headers[0]["X-Deadline-Ms"]) <= 15_000
    assert await served.replayed("callr", 1) == ()


async def test_silence_is_a_wait_and_never_a_missed_deadline(served: Served, slow: Slow) -> None:
    line = CallrLine(served, 1, flow="silence")
    began = asyncio.get_running_loop().time()
    post = await line.next()
    assert (post.said["command"], post.said["params"]) == ("wait", {"seconds": 1})
    assert asyncio.get_running_loop().time() - began < 4.0
    slow.may_answer.set()
    assert (await line.next()).said["params"]["media_id"].endswith("Found gold.")
    assert await served.replayed("callr", 1) == ()


@pytest.mark.parametrize("copies", [1, 3])
async def test_an_answer_that_never_comes(served: Served, asked: BackEnd, copies: int) -> None:
    line = CallrLine(served, 1, flow="hasty")
    posts = [CallrLine.next(line) for _ in range(copies)]
    assert {post.reply for post in await asyncio.gather(*posts)} == {line.sent[0].reply}
    assert line.sent[0].said["params"]["media_id"].endswith("Not now.")
    assert len(asked.asked) == 1


async def test_a_plan_cannot_wait(served: Served) -> None:
    line = RouteeLine(served, "1", flow="plan")
    began = asyncio.get_running_loop().time()
    post = await line.next()
    assert asyncio.get_running_loop().time() - began < 1.0
    assert [verb["message"]["text"] for verb in post.said["verbs"]] == ["Not now."]


async def test_hung_up_while_it_is_asked(served: Served, slow: Slow, asked: BackEnd) -> None:
    """The answer, when it comes, is nobody's: the call is over and stays so."""
    line = CallrLine(served, 1, flow="words")
    await line.next()
    await line.hang_up()
    slow.may_answer.set()
    await asked.until_asked(2)
    call, log = await state(served, line)
    assert (call.phase, log, call.saved) == ("ended", 2, {})


async def test_asked_after_the_hang_up(served: Served, slow: Slow, asked: BackEnd) -> None:
    """Routee tells the end of a call several times; `on_hang_up` asks once, and goes on with the answer."""
    line = RouteeLine(served, "1", flow="after_hang_up")
    await line.next()
    for copy in range(3):
        body = line.body | {"status": {"name": "Completed"}, "messageId": f"leg {copy}"}
        assert (await served.post("/hooks/routee/after_hang_up/status", body))[0] == 200
    await asked.until_asked(2)
    assert (await state(served, line))[0].phase == "closing"
    slow.may_answer.set()
    await asked.until_asked(3)
    assert [one.path for one in asked.asked] == ["/look", "/after", "/report"]
    call, _ = await state(served, line)
    assert (call.phase, call.saved) == ("ended", {"after": "gold"})
    assert await served.replayed("routee", "1") == ()


async def test_killed_while_it_is_asked_after_the_hang_up(
    tmp_path: Path, served: Served, slow: Slow, asked: BackEnd
) -> None:
    """Another server finds the call, asks again and goes on: here beside the first, which then is too late."""
    line = CallrLine(served, 1, flow="after_hang_up")
    await line.next()
    await line.hang_up()
    await asked.until_asked(2)
    now = utc_now()
    flows, url = tmp_path / "flows", sqlite_url(tmp_path)
    with capture_logs() as logs:
        async with serving(flows, url, clock=lambda: now) as other:
            await other.server.sweeper.sweep()
            assert logs == [], "it may still be waited for"
            younger = CallrLine(served, 2, flow="after_hang_up")
            await younger.next()
            await younger.hang_up()
            await asked.until_asked(4)
            now += LEFT_BEHIND
            await other.server.sweeper.sweep()
            assert [(entry["log_level"], entry["calls"]) for entry in logs] == [("info", 1)], (
                "the younger one is not left"
            )
            await asked.until_asked(5)
            slow.may_answer.set()
            await asked.until_asked(7)
            paths = Counter(one.path for one in asked.asked)
            assert paths == {"/look": 2, "/after": 3, "/report": 2}
            line.server = other
            call, _ = await state(other, line)
            assert (call.phase, call.saved) == ("ended", {"after": "gold"})
            assert await other.replayed("callr", 1) == ()


async def test_stopped_while_it_is_asked_after_the_hang_up(tmp_path: Path, asked: BackEnd) -> None:
    """The server does not wait for a back end longer than a moment, and still owes what follows its failure."""
    url = sqlite_url(tmp_path)
    flows = write_flows(tmp_path / "flows", *map(asked.flow, FLOWS))
    loop = asyncio.get_running_loop()
    async with serving(flows, url, routee_deadline=1.0) as served:
        line = RouteeLine(served, "1", flow="after_hang_up")
        await line.next()
        await line.hang_up()
        await asked.until_asked(2)
        began = loop.time()
    assert loop.time() - began < 6.0
    async with serving(flows, url) as again:
        line.server = again
        assert (await state(again, line))[0].phase == "ended"
        await asked.until_asked(3)
        assert asked.asked[-1].path == "/report"
