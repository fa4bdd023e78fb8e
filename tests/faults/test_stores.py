"""The database is locked or too slow (F05, F20, F21), and calls that nobody hangs up (F09)."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import create_engine, make_url, text

from tests.faults.lines import FLOW, SORRY, CallrLine, RouteeLine, a_line, send, state
from tests.servers import Clock, Served, serving, write_flows
from voiceapp.emulators.caller import ScriptedCaller

pytestmark = pytest.mark.fault

CARRIERS = ["callr", "routee"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def served(tmp_path: Path, database_url: str, clock: Clock) -> AsyncIterator[Served]:
    async with serving(write_flows(tmp_path / "flows", FLOW), database_url, clock=clock) as running:
        yield running


@contextlib.contextmanager
def locked(url: str) -> Iterator[None]:
    """Somebody else holds the lock that every commit needs."""
    sqlite = url.startswith("sqlite")
    engine = create_engine(make_url(url), connect_args={"isolation_level": None} if sqlite else {})
    try:
        with engine.connect() as connection:
            lock = "BEGIN IMMEDIATE" if sqlite else "LOCK TABLE calls, turns IN ACCESS EXCLUSIVE MODE"
            connection.execute(text(lock))
            yield
    finally:
        engine.dispose()


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_f20_a_locked_database(served: Served, database_url: str, carrier: str) -> None:
    """A caller hears `on_error` and in time; nothing counts as stored; then the call goes on where it was."""
    line, new = a_line(carrier, served, 1), a_line(carrier, served, 2)
    await line.next()
    await line.next()
    before = await state(served, line)
    waiting = line.upcoming()
    loop = asyncio.get_running_loop()
    with locked(database_url):
        began = loop.time()
        replies = await asyncio.gather(send(served, waiting), send(served, new.upcoming()))
        assert loop.time() - began < (4.0 if carrier == "callr" else 2.2)
    assert all(SORRY in reply for reply in replies)
    assert served.count("voiceapp_fallbacks_total", carrier=carrier, reason="store") == 2
    assert await state(served, line) == before
    await line.next()
    await new.next()
    assert not [post for post in (line.sent[-1], new.sent[-1]) if SORRY in post.reply]
    assert (await state(served, line))[1] == before[1] + 1


async def test_f20_a_farewell_is_said_once(served: Served, database_url: str) -> None:
    """Its result comes back with its own id, and then there is nothing left but to hang up, store or no store."""
    line = CallrLine(served, 1)
    with locked(database_url):
        await line.next()
        assert SORRY in line.sent[-1].reply
        assert (await line.next()).said["command"] == "hangup"
    assert (await line.next()).said["command"] == "hangup"
    assert await served.store.find_call("callr", line.app, str(line.callid)) is None


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_f20_a_hang_up_that_cannot_be_stored(served: Served, database_url: str, carrier: str) -> None:
    line = a_line(carrier, served, 1)
    await line.next()
    with locked(database_url):
        assert SORRY not in (await line.hang_up()).reply
    await line.hang_up()
    assert (await state(served, line))[0].phase == "ended"
    assert served.count("voiceapp_fallbacks_total", carrier=carrier, reason="store") == 0


async def test_f20_whole_conversations_after_an_outage(served: Served, database_url: str) -> None:
    with locked(database_url):
        during = await served.callr("line", ScriptedCaller("42 42"), callid=1).run()
    assert (during.heard, during.defects) == (["We are sorry."], [])
    for callid in range(2, 6):
        caller = ScriptedCaller("42 42 .", parties={"+33123456780": "no_answer"})
        after = await served.callr("line", caller, callid=callid).run()
        assert (after.heard[-1], after.defects) == ("Goodbye.", [])
        assert await served.replayed("callr", callid) == ()


async def test_f05_a_carrier_that_does_not_wait(served: Served, database_url: str) -> None:
    """The first try is given up by the carrier while it waits for the database; the second gets its answer."""
    line = CallrLine(served, 1)
    await line.next()
    post = line.upcoming()
    impatient = aiohttp.ClientTimeout(total=0.1)
    with locked(database_url), pytest.raises(TimeoutError):
        async with served.session.post(served.url + post.path, json=post.body, timeout=impatient) as reply:
            await reply.read()
    answers = [await send(served, post) for _ in range(3)]
    assert len(set(answers[1:])) == 1
    await line.next()
    assert line.sent[-1].reply == answers[-1]
    assert (await state(served, line))[1] == 2


async def test_f09_calls_that_nobody_hangs_up(served: Served, clock: Clock) -> None:
    lost = [CallrLine(served, number) for number in range(100)]
    await asyncio.gather(*(line.next() for line in lost))
    clock.skip(timedelta(hours=3, minutes=59))
    assert await served.server.sweeper.sweep() == 0
    live = [RouteeLine(served, str(number)) for number in range(20)]
    await asyncio.gather(*(line.next() for line in live))
    clock.skip(timedelta(minutes=2))
    assert await served.server.sweeper.sweep() == 100
    assert await served.server.sweeper.sweep() == 0
    assert served.count("voiceapp_live_calls") == 20
    assert {(await state(served, line))[0].phase for line in lost} == {"lost"}
    assert {(await state(served, line))[0].phase for line in live} == {"in_flow"}

    before = await state(served, lost[0])
    assert await send(served, lost[0].sent[0]) == lost[0].sent[0].reply
    assert (await lost[0].next()).said["command"] == "end"
    await live[0].next()
    assert await state(served, lost[0]) == before
    assert await served.replayed("callr", lost[0].callid) == ()
