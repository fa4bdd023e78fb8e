"""The process that writes: killed, stopped, interrupted, told more than a socket holds, left behind."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.processes import alive, children
from tests.store.databases import opened, sqlite_url
from tests.store.samples import NOON, a_call, a_turn
from voiceapp.actions import Notify
from voiceapp.errors import StoreUnavailable, TurnConflict
from voiceapp.store.store import Store

PATIENCE = 0.3

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes in /proc")


@pytest.fixture(autouse=True)
def before() -> Iterator[set[int]]:
    """Processes that are there already: none of ours, and none of ours is left."""
    known = set(children(os.getpid()))
    yield known
    assert set(children(os.getpid())) <= known


@pytest.fixture
async def impatient(tmp_path: Path) -> AsyncIterator[Store]:
    async with opened(sqlite_url(tmp_path), patience=PATIENCE) as store:
        yield store


def writing(known: set[int]) -> int:
    (pid,) = set(children(os.getpid())) - known
    return pid


async def until_ended(pid: int) -> None:
    deadline = time.monotonic() + 20
    while alive(pid):
        assert time.monotonic() < deadline
        await asyncio.sleep(0)


async def test_killed_it_is_started_again_and_told_again(before: set[int], store: Store) -> None:
    for number in range(1, 6):
        pid = writing(before)
        waiting = asyncio.gather(*(store.commit(a_turn(a_call(f"{number}.{at}"))) for at in range(50)))
        await asyncio.sleep(0)
        os.kill(pid, signal.SIGKILL)
        await waiting
        assert writing(before) != pid
    assert await store.count_live() == 250


async def test_a_turn_that_was_on_disk_when_it_was_killed_is_a_conflict(before: set[int], store: Store) -> None:
    """As it would be told again when it was killed between its commit and its answer; `answered` tells then."""
    turn = a_turn(a_call())
    await store.commit(turn)
    os.kill(writing(before), signal.SIGKILL)
    with pytest.raises(TurnConflict):
        await store.commit(turn)
    answered = await store.answered(turn.call.id, turn.key)
    assert answered is not None
    assert answered.reply == turn.reply


async def test_stopped_it_costs_one_patience_and_goes_on_where_it_was(before: set[int], impatient: Store) -> None:
    pid = writing(before)
    os.kill(pid, signal.SIGSTOP)
    try:
        with pytest.raises(StoreUnavailable, match=r"did not answer in 0\.3 s"):
            await impatient.commit(a_turn(a_call()))
        for number in range(20):
            with pytest.raises(StoreUnavailable, match="does not answer"):
                await impatient.commit(a_turn(a_call(str(number))))
        assert await impatient.count_live() == 0, "reading goes on"
    finally:
        os.kill(pid, signal.SIGCONT)
    while not await impatient.count_live():
        pass
    await impatient.commit(a_turn(a_call(), 2))


async def test_stopped_for_ever_it_does_not_keep_the_server_from_ending(before: set[int], tmp_path: Path) -> None:
    async with opened(sqlite_url(tmp_path), patience=PATIENCE):
        pid = writing(before)
        os.kill(pid, signal.SIGSTOP)
    assert not alive(pid)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_what_stops_a_server_is_not_meant_for_it(before: set[int], store: Store, number: int) -> None:
    pid = writing(before)
    os.kill(pid, number)
    await store.commit(a_turn(a_call()))
    assert writing(before) == pid


async def test_more_than_a_socket_holds(store: Store) -> None:
    reply = b"x" * 100_000
    await asyncio.gather(*(store.commit(a_turn(a_call(str(number)), reply=reply)) for number in range(100)))
    owed = [Notify(step="s", url="https://example.org", data={"text": "y" * 1000}) for _ in range(1000)]
    await store.commit(a_turn(a_call(), actions=tuple(owed)))
    assert len(await store.due_notifications(NOON + timedelta(days=1), 1000)) == 1000
    assert len((await store.turns("call-99"))[0].reply) == len(reply)


PROGRAM = """
import asyncio, sys
from tests.store.databases import opened

async def main():
    async with opened(sys.argv[1]):
        print("open", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_it_ends_with_a_server_that_is_killed(tmp_path: Path) -> None:
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, sqlite_url(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert server.stdout is not None
    assert await server.stdout.readline() == b"open\n"
    (pid,) = children(server.pid)
    server.kill()
    await server.wait()
    await until_ended(pid)


async def test_a_process_that_does_not_come_up_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(StoreUnavailable, match=r"^--db: the process that writes has ended$"):
        await Store(sqlite_url(tmp_path)).open()
