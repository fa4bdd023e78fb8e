"""Nobody is called twice: whatever dies while calls are placed (F40), and however often somebody asks (F41)."""

import asyncio
import os
import signal
from pathlib import Path

import aiohttp
import pytest

from tests.faults.dial_kills import siege, sieges
from tests.faults.dial_scene import a_call, number, reconciled, scene
from tests.faults.dial_verdict import Verdict, read_attempts, table
from tests.faults.dialling_server import Answered, DiallingServer
from tests.store.databases import postgres_schema, sqlite_url
from voiceapp.attempt import AttemptState

pytestmark = pytest.mark.fault

KILLS = int(os.environ.get("VOICEAPP_TEST_DIAL_KILLS", "60"))
KEYS = int(os.environ.get("VOICEAPP_TEST_DIAL_KEYS", "200"))
COPIES = 5


def assert_right(verdict: Verdict) -> None:
    assert verdict.faults == {}, table([verdict], 0)
    assert verdict.unclear >= len(verdict.kills) // 4, "the kills hit nothing"
    assert verdict.dialled >= len(verdict.kills)
    assert len(verdict.unresolved) <= verdict.unclear / 100


async def test_f40_killed_with_four_calls_in_flight(tmp_path: Path) -> None:
    for verdict in await sieges(tmp_path, {"callr": KILLS * 3 // 5, "routee": KILLS // 5}, seed=1):
        assert_right(verdict)


async def test_f40_on_postgresql_with_webhooks(tmp_path: Path) -> None:
    with postgres_schema() as db:
        async with siege(tmp_path, db, "callr", seed=2, webhooks=True) as running:
            assert_right(await running.run(KILLS // 5))


async def test_f41_one_call_for_a_key_however_often_it_comes(tmp_path: Path) -> None:
    async with scene(tmp_path, sqlite_url(tmp_path)) as (platforms, (server,)):
        await server.start()
        at_once = asyncio.Semaphore(20)

        async def ask(place: int) -> str:
            async with at_once:
                copies = (answer(server, place) for _ in range(COPIES))
                answers = await asyncio.gather(*copies)
            assert {answered.status for answered in answers} == {202}
            (call_id,) = {answered.call["id"] for answered in answers}
            return str(call_id)

        ids = await asyncio.gather(*map(ask, range(KEYS)))
        assert sorted(each.attempt for each in platforms.dialled("callr")) == sorted(ids)
        other = await server.post(a_call(0, ring=45), "key 0")
        assert (other.status, other.body["code"]) == (409, "key_taken")
        assert len(platforms.dialled("callr")) == len(set(ids)) == KEYS


async def answer(server: DiallingServer, place: int) -> Answered:
    """What the server says in the end: it may be too busy for the database, or dead for a while."""
    while True:
        try:
            answered = await server.post(a_call(place), f"key {place}")
        except aiohttp.ClientError:
            await server.started.wait()
            continue
        if answered.status != 503:
            return answered


async def test_f41_the_server_killed_and_asked_again(tmp_path: Path) -> None:
    """The same keys again and again, over a kill: nobody is called twice. When it is clear which were never
    called, the same keys call them."""
    keys = KEYS // 2
    async with scene(tmp_path, sqlite_url(tmp_path)) as (platforms, (server,)):
        await server.start()
        some = asyncio.Semaphore(0)

        async def ask(place: int) -> None:
            assert (await answer(server, place)).status == 202
            some.release()

        asking = [asyncio.create_task(ask(place)) for place in range(keys) for _ in range(COPIES)]
        for _ in range(keys):
            await some.acquire()
        server.started.clear()
        os.kill(server.pid, signal.SIGKILL)
        await server.gone()
        await platforms.forgotten()
        await server.start()
        await asyncio.gather(*asking)
        await reconciled(server)
        failed = sum(attempt.state is AttemptState.FAILED for attempt in read_attempts(server.settings["db"]))
        assert len(platforms.dialled("callr")) == keys - failed
        for place in range(keys):
            assert (await server.post(a_call(place), f"key {place}")).status == 202
        assert sorted(each.number for each in platforms.dialled("callr")) == list(map(number, range(keys)))
