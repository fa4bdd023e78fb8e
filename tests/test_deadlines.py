"""What is late is cut off by one sweep; everything else goes on, cancelled by others or not."""

import asyncio

import pytest

from voiceapp.service.deadlines import Deadlines


async def _answer(deadlines: Deadlines, until: float, work: asyncio.Event) -> str:
    task = deadlines.begin(until)
    try:
        await work.wait()
    except asyncio.CancelledError:
        if not deadlines.taken_back(task):
            raise
        return "late"
    finally:
        deadlines.end(task)
    return "in time"


def _in(seconds: float) -> float:
    return asyncio.get_running_loop().time() + seconds


async def test_what_is_done_in_time_is_left_alone() -> None:
    done = asyncio.Event()
    done.set()
    assert await _answer(Deadlines(), _in(60), done) == "in time"


async def test_what_is_late_is_cut_off_and_nothing_else() -> None:
    deadlines, done = Deadlines(), asyncio.Event()
    late = asyncio.create_task(_answer(deadlines, _in(0), done))
    patient = asyncio.create_task(_answer(deadlines, _in(60), done))
    assert await late == "late"
    assert not patient.done()
    done.set()
    assert await patient == "in time"


async def test_a_task_that_was_late_can_be_awaited_and_waits_again() -> None:
    deadlines = Deadlines()

    async def twice() -> list[str]:
        first = await _answer(deadlines, _in(0), asyncio.Event())
        await asyncio.sleep(0)
        return [first, await _answer(deadlines, _in(0), asyncio.Event())]

    assert await asyncio.create_task(twice()) == ["late", "late"]


async def test_somebody_elses_cancel_is_passed_on() -> None:
    deadlines = Deadlines()
    task = asyncio.create_task(_answer(deadlines, _in(60), asyncio.Event()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await _answer(deadlines, _in(0), asyncio.Event()) == "late"
