"""Two ways to load a server: as fast as it answers, and at a fixed rate whatever it does."""

import asyncio
import statistics
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import NamedTuple

from tests.bench.calls import Call
from tests.bench.lines import Line, connected

Next = Callable[[Call | None, bool], Call | None]
"""The call to go on with after a turn of the one given, on the same connection. False: bring it to an end."""

_PATIENCE = 30.0


class Made(NamedTuple):
    """`turns` in `seconds`; `answered` are all replies, those behind the time measured too, `apologies` those
    among them that gave the call up. Latencies are in milliseconds."""

    turns: int
    seconds: float
    answered: int
    apologies: int
    latencies: Mapping[str, float]


async def closed_loop(port: int, connections: int, seconds: float, following: Next) -> Made:
    """Every connection posts again when it has its reply. What was begun when the time is over goes on to its
    end, and is not counted among the turns."""
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    turns, total, apologies, idle, last = 0, 0, 0, 0, 0.0

    def go_on(line: Line, before: Call | None, going: bool) -> None:
        nonlocal idle
        call = following(before, going)
        if call is not None:
            line.post(call)
            return
        idle += 1
        if idle == connections and not done.done():
            done.set_result(None)

    def answered(line: Line) -> None:
        nonlocal turns, total, apologies, last
        total += 1
        apologies += line.call.apologised
        now = time.perf_counter()
        going = now < until
        if going:
            turns, last = turns + 1, now
        go_on(line, line.call, going)

    lines = await connected(port, connections, answered, _failing(done))
    began = time.perf_counter()
    until = began + seconds
    for line in lines:
        go_on(line, None, True)
    await _end(done, lines, seconds)
    return Made(turns, last - began, total, apologies, {})


async def fixed_rate(port: int, connections: int, rate: int, seconds: float, following: Next) -> Made:
    """`rate` turns a second. Latencies in milliseconds, from the moment at which a turn was due: one that had
    to wait because the server was late with others is late itself."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()
    total = round(rate * seconds)
    due: deque[float] = deque()
    idle: deque[tuple[Line, Call | None]] = deque()
    latencies: list[float] = []
    apologies = 0

    def pump() -> None:
        while due and idle:
            line, before = idle.popleft()
            line.due = due.popleft()
            call = following(before, True)
            assert call is not None
            line.post(call)

    def tick(at: float) -> None:
        due.append(at)
        pump()

    def answered(line: Line) -> None:
        nonlocal apologies
        apologies += line.call.apologised
        latencies.append(time.perf_counter() - line.due)
        idle.append((line, line.call))
        pump()
        if len(latencies) == total and not done.done():
            done.set_result(None)

    def pace() -> None:
        # a thread, since timers of an event loop are only good to a millisecond
        began = time.perf_counter() + 0.05
        for number in range(total):
            at = began + number / rate
            time.sleep(max(0.0, at - time.perf_counter()))
            if done.done():
                return
            loop.call_soon_threadsafe(tick, at)

    lines = await connected(port, connections, answered, _failing(done))
    idle.extend((line, None) for line in lines)
    pacer = threading.Thread(target=pace, daemon=True)
    pacer.start()
    try:
        await _end(done, lines, seconds)
    finally:
        await asyncio.to_thread(pacer.join)
    return Made(total, seconds, total, apologies, _percentiles(latencies))


def _failing(done: "asyncio.Future[None]") -> Callable[[Exception], None]:
    return lambda problem: None if done.done() else done.set_exception(problem)


async def _end(done: "asyncio.Future[None]", lines: list[Line], seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds + _PATIENCE):
            await done
    finally:
        for line in lines:
            line.close()


def _percentiles(latencies: list[float]) -> dict[str, float]:
    """Latencies in seconds as a few figures in milliseconds."""
    cuts = statistics.quantiles(latencies, n=1000, method="inclusive")
    figures = {"p50": cuts[499], "p90": cuts[899], "p99": cuts[989], "p99.9": cuts[998], "max": max(latencies)}
    return {name: 1000 * seconds for name, seconds in figures.items()}
