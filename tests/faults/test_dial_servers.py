"""Two servers on one database, and servers that are told to stop, while they place calls (F40, F47)."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.faults.dial_scene import MINUTE, a_call, ledger, number, reconciled, scene
from tests.faults.dial_verdict import read_attempts
from tests.faults.dialled_platform import PLACE
from tests.faults.dialling_server import NEXT_YEAR, Answered, wake
from tests.faults.waiting import until
from tests.store.databases import postgres_schema, sqlite_url
from voiceapp.attempt import Attempt, AttemptState
from voiceapp.emulators.platforms.faults import Late

pytestmark = pytest.mark.fault


@pytest.fixture
def postgres() -> Iterator[str]:
    """An empty database."""
    with postgres_schema() as url:
        yield url


def under_way(attempts: list[Attempt]) -> list[AttemptState]:
    """The states of those that will be dialled soon, or are being dialled."""
    going = (AttemptState.SCHEDULED, AttemptState.DIALING)
    return [each.state for each in attempts if each.state in going and each.order.to != NEXT_YEAR]


async def test_each_scheduled_call_is_dialled_by_one(tmp_path: Path, postgres: str) -> None:
    """Killed, or stopped, and started again before the calls are due. Then one of the two stands still with what
    it has claimed, so that the other takes all the rest; and goes on."""
    async with scene(tmp_path, postgres, postgres) as (platforms, (one, other)):
        await asyncio.gather(one.start(), other.start())
        at = (one.levers.now() + MINUTE).isoformat()
        for place in range(20):
            assert (await one.post(a_call(place, at=at))).status == 202
        os.kill(one.pid, signal.SIGKILL)
        await one.gone()
        assert await other.stop() == 0
        await asyncio.gather(one.start(), other.start())
        assert platforms.dialled("callr") == []
        one.levers.arm("claim: after", 1, "frozen")
        one.levers.skip(MINUTE)
        waking = [asyncio.create_task(wake(server)) for server in (one, other)]
        await until(lambda: one.levers.fired)
        await ledger(one, lambda attempts: under_way(attempts) == [AttemptState.DIALING] * 8)
        assert len(platforms.dialled("callr")) == 12
        for server in (one, other):
            os.kill(server.pid, signal.SIGCONT)
        await asyncio.gather(*waking)
        await ledger(one, lambda attempts: not under_way(attempts))
        assert sorted(each.number for each in platforms.dialled("callr")) == list(map(number, range(20)))


async def test_who_stood_still_too_long_dials_no_more(tmp_path: Path, postgres: str) -> None:
    """The other has found out meanwhile that nobody was called, and has called instead: the key may be used."""
    async with scene(tmp_path, postgres, postgres) as (platforms, (one, other)):
        await asyncio.gather(one.start(), other.start())
        one.levers.arm("put: after", 1, "frozen")
        waiting = asyncio.create_task(one.post(a_call(1), "key"))
        await until(lambda: one.levers.fired)
        await reconciled(other)
        again = await other.post(a_call(1), "key")
        assert again.status == 202
        os.kill(one.pid, signal.SIGCONT)
        late = await waiting
        assert [each.attempt for each in platforms.dialled("callr")] == [again.call["id"]]
        assert (late.status, late.body["code"], late.call["state"]) == (502, "late", "failed")


@pytest.mark.parametrize("seconds", [0.5, 60.0])
async def test_told_to_stop_while_it_places_a_call(tmp_path: Path, seconds: float) -> None:
    """What is answered soon is written down; what is not is looked up after the next start."""
    async with scene(tmp_path, sqlite_url(tmp_path)) as (platforms, (server,)):
        await server.start()
        faults = platforms.callr.faults
        faults.add(PLACE["callr"], Late(seconds))
        asking = asyncio.create_task(server.post(a_call(1), "key"))
        await faults.held.wait()
        began = asyncio.get_running_loop().time()
        assert await server.stop() == 0
        took = asyncio.get_running_loop().time() - began
        (asked,) = await asyncio.gather(asking, return_exceptions=True)
        assert isinstance(asked, aiohttp.ClientError | Answered)
        if isinstance(asked, Answered):
            assert asked.status == (202 if seconds < 1 else 504)
        await server.start()
        again = await server.post(a_call(1), "key")
        assert (again.status, len(platforms.dialled("callr"))) == (202, 1)
        await reconciled(server)
        (attempt,) = [each for each in read_attempts(server.settings["db"]) if each.id == again.call["id"]]
        assert attempt.state in (AttemptState.PLACED, AttemptState.OVER)
        assert [each.attempt for each in platforms.dialled("callr")] == [attempt.id]
        assert "Traceback" not in server.log.read_text()
        assert took < 6.0
