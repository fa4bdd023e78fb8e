import asyncio
import threading
import time
from collections.abc import AsyncIterator
from functools import partial

import pytest

from voiceapp.errors import StoreUnavailable
from voiceapp.store.threads import Threads

PATIENCE = 0.2


@pytest.fixture
async def release() -> AsyncIterator[threading.Event]:
    """What a stuck job waits for; it never outlives its test."""
    event = threading.Event()
    yield event
    event.set()


def wait_while_stuck(threads: Threads) -> None:
    while threads.stuck:
        time.sleep(0)


def fail() -> None:
    raise ZeroDivisionError


async def get_stuck(threads: Threads, release: threading.Event) -> None:
    """Until a thread has taken a job: on a busy machine it may come to none within the patience."""
    while not threads.stuck:
        with pytest.raises(StoreUnavailable):
            await threads.run(release.wait)


async def test_a_job_returns_or_raises_to_whoever_waits() -> None:
    threads = Threads("test", 2, 30)
    answers = await asyncio.gather(*(threads.run(partial(abs, -number)) for number in range(20)))
    assert answers == list(range(20))
    with pytest.raises(ZeroDivisionError):
        await threads.run(fail)
    assert await threads.run(threading.get_ident) != threading.get_ident()
    assert await threads.close()


async def test_a_stuck_thread_is_waited_for_once(release: threading.Event) -> None:
    threads = Threads("test", 1, PATIENCE)
    await get_stuck(threads, release)
    with pytest.raises(StoreUnavailable, match="does not answer"):
        await threads.run(lambda: None)
    assert not await threads.close()


async def test_a_thread_that_came_back_serves_again(release: threading.Event) -> None:
    threads = Threads("test", 1, PATIENCE)
    with pytest.raises(StoreUnavailable):
        await threads.run(release.wait)
    release.set()
    await asyncio.to_thread(wait_while_stuck, threads)
    assert await threads.run(lambda: "well") == "well"
    assert await threads.close()


async def test_one_stuck_thread_of_two_stops_nobody(release: threading.Event) -> None:
    threads = Threads("test", 2, PATIENCE)
    with pytest.raises(StoreUnavailable, match="did not answer"):
        await threads.run(release.wait)
    assert await threads.run(lambda: "well") == "well"
    release.set()
    assert await threads.close()


async def test_a_job_whose_caller_left_before_it_began_is_not_done(release: threading.Event) -> None:
    threads = Threads("test", 1, 30)
    first = asyncio.create_task(threads.run(release.wait))
    done: list[int] = []
    second = asyncio.create_task(threads.run(lambda: done.append(1)))
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    release.set()
    assert await first
    assert await threads.close()
    assert done == []
