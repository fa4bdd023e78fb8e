"""What is measured, one function a part of the table. Servers are loaded in turn, round after round, so that
whatever else the machine does falls on all of them; a ratio is taken within a round."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.checking import measured
from tests.bench.flows import write_flow
from tests.bench.orders import Generator, Order, Sample
from tests.bench.servers import Server, comparison, voiceapp
from tests.bench.table import Lines, Row

WARMING = 1.0
RATE = 1000
OPENING_MOST = 90.0
"""Seconds that opening the live calls may take; when they are over, there are fewer."""

FLOOR = "bare aiohttp, request.json()"
FAST_FLOOR = "bare aiohttp, msgspec"
FASTAPI = "FastAPI + uvicorn"
VOICEAPP = "voiceapp"
"""Serves in one process like the others, and writes to disk in a second, whose processor time counts as well."""


@dataclass(frozen=True)
class Extent:
    """How much is measured: rounds, and seconds of one measurement."""

    rounds: int
    seconds: float
    latency_rounds: int
    latency_seconds: float
    live: Sequence[int]
    steps: Sequence[int] = (10, 100, 1000)


FULL = Extent(7, 2.5, 3, 6.0, (0, 10_000, 100_000))
QUICK = Extent(3, 1.0, 1, 3.0, (0, 10_000), (10, 1000))


@dataclass
class Bench:
    """What every section needs."""

    folder: Path
    generator: Generator
    extent: Extent
    say: Callable[[str], None]
    running: contextlib.ExitStack
    voiceapps: list[Server] = field(default_factory=list)

    def voiceapp(self, name: str) -> Server:
        """Another voiceapp with a database of its own."""
        db = self.folder / f"{name}.db"
        server = self.running.enter_context(voiceapp(name, self.folder / "flows", db))
        self.voiceapps.append(server)
        return server

    def flow(self, steps: int) -> str:
        """A flow of so many steps; has to be asked for before the server starts."""
        return write_flow(self.folder / "flows", steps)


def ceiling(bench: Bench) -> Lines:
    """How many turns the generator could make: a server that does nothing."""
    server = bench.running.enter_context(comparison("echo", "echo_server"))
    samples = [bench.generator.load(server, "x", bench.extent.seconds) for _ in range(3)]
    return [Row("generator against a server that does nothing", samples)]


def throughput(bench: Bench) -> Lines:
    """The whole application next to handlers that do nothing."""
    flow = bench.flow(100)
    enter = bench.running.enter_context
    servers = {
        FAST_FLOOR: enter(comparison(FAST_FLOOR, "bare_server")),
        FLOOR: enter(comparison(FLOOR, "bare_server", "json")),
        FASTAPI: enter(comparison(FASTAPI, "fastapi_server")),
        VOICEAPP: bench.voiceapp("throughput"),
    }
    samples = _rounds(bench, {name: _calls(bench, server, flow) for name, server in servers.items()})
    return [
        Row(name, found, {"bare": samples[FLOOR], "bare msgspec": samples[FAST_FLOOR]})
        for name, found in samples.items()
    ]


def latency(bench: Bench) -> Lines:
    """Latencies at a fixed rate, from the moment at which a turn was due."""
    flow = bench.flow(100)
    servers = {
        FLOOR: bench.running.enter_context(comparison(FLOOR, "bare_server", "json")),
        VOICEAPP: bench.voiceapp("latency"),
    }
    for server in servers.values():
        bench.generator.load(server, flow, WARMING)
    samples: dict[str, list[Sample]] = {name: [] for name in servers}
    for _ in range(bench.extent.latency_rounds):
        for name, server in servers.items():
            seconds = bench.extent.latency_seconds
            order = Order(do="call", port=server.port, flow=flow, seconds=seconds, rate=RATE)
            samples[name].append(bench.generator.sample(server, order))
    return [Row(f"{name} at {RATE:,}/s", found) for name, found in samples.items()]


def steps(bench: Bench) -> Lines:
    """Flows of different sizes, on one server."""
    flows = {f"{count:,} steps": bench.flow(count) for count in bench.extent.steps}
    server = bench.voiceapp("steps")
    samples = _rounds(bench, {name: _calls(bench, server, flow) for name, flow in flows.items()})
    return _against_first(samples)


def live(bench: Bench) -> Lines:
    """Servers that hold different numbers of open calls, all the time; then turns in these very calls."""
    flow = bench.flow(100)
    load: dict[str, Callable[[], Sample]] = {}
    for wanted in bench.extent.live:
        server = bench.voiceapp(f"live{wanted}")
        opened = 0
        if wanted:
            order = Order(do="open", port=server.port, flow=flow, seconds=OPENING_MOST, count=wanted)
            opened = bench.generator.carry_out(order).turns
            bench.say(f"{opened:,} calls opened, {server.memory():.0f} MiB")
        load[f"{opened:,} live calls"] = _calls(bench, server, flow)
        if wanted == max(bench.extent.live):
            load[f"{opened:,} live calls, turns in these"] = _answers(bench, server, flow)
    return _against_first(_rounds(bench, load))


def check(bench: Bench) -> Lines:
    """`voiceapp check` of a large flow."""
    return measured(bench.folder / "checked", bench.extent.rounds)


SECTIONS: Mapping[str, Callable[[Bench], Lines]] = {
    "ceiling": ceiling,
    "throughput": throughput,
    "latency": latency,
    "steps": steps,
    "live": live,
    "check": check,
}


def _rounds(bench: Bench, load: Mapping[str, Callable[[], Sample]]) -> dict[str, list[Sample]]:
    for measure in load.values():
        measure()  # warms up
    samples: dict[str, list[Sample]] = {name: [] for name in load}
    for _ in range(bench.extent.rounds):
        for name, measure in load.items():
            samples[name].append(measure())
    return samples


def _calls(bench: Bench, server: Server, flow: str) -> Callable[[], Sample]:
    return lambda: bench.generator.load(server, flow, bench.extent.seconds)


def _answers(bench: Bench, server: Server, flow: str) -> Callable[[], Sample]:
    order = Order(do="answer", port=server.port, flow=flow, seconds=bench.extent.seconds)
    return lambda: bench.generator.sample(server, order)


def _against_first(samples: Mapping[str, list[Sample]]) -> Lines:
    first = next(iter(samples))
    return [Row(name, found, {first: samples[first]}) for name, found in samples.items()]
