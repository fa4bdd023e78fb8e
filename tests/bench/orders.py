"""What the benchmark tells the load generator, and what it hears back."""

import contextlib
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Literal

import msgspec

from tests.bench.servers import LOGIN, PASSWORD, Server

CONNECTIONS = 64


class Order(msgspec.Struct, kw_only=True):
    """What to do. `call`: whole calls. `open`: `count` calls ring and stay open. `answer`: a menu in each of
    those, in turn. At `rate` turns a second, 0: as fast as the server answers."""

    do: Literal["call", "open", "answer"]
    port: int
    flow: str
    login: str = LOGIN
    password: str = PASSWORD
    connections: int = CONNECTIONS
    seconds: float
    count: int = 0
    rate: int = 0


class Result(msgspec.Struct, kw_only=True):
    """What came of it, see `loads.Made`; `busy` is the part of the time in which the generator itself used a
    processor."""

    turns: int = 0
    answered: int = 0
    apologies: int = 0
    seconds: float = 0.0
    busy: float = 0.0
    latencies: dict[str, float] = {}
    problem: str = ""


class Generator:
    """The other process. `answered`: replies had so far, by port; `apologies`: those that gave a call up."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.answered: Counter[int] = Counter()
        self.apologies: Counter[int] = Counter()

    def carry_out(self, order: Order) -> Result:
        """Returns when it is done; ends the benchmark when a reply was wrong."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(msgspec.json.encode(order) + b"\n")
        self._process.stdin.flush()
        result = msgspec.json.decode(self._process.stdout.readline(), type=Result)
        if result.problem:
            raise SystemExit(f"{order.do} {order.flow}: {result.problem}")
        self.answered[order.port] += result.answered
        self.apologies[order.port] += result.apologies
        return result

    def load(self, server: Server, flow: str, seconds: float) -> "Sample":
        """Whole calls as fast as the server answers."""
        return self.sample(server, Order(do="call", port=server.port, flow=flow, seconds=seconds))

    def sample(self, server: Server, order: Order) -> "Sample":
        """One measurement of a server."""
        before = server.cpu()
        result = self.carry_out(order)
        return Sample(
            result.turns / result.seconds,
            1e6 * (server.cpu() - before) / result.turns,
            result.busy,
            result.turns,
            result.latencies,
        )


class Sample(msgspec.Struct, frozen=True):
    """One measurement: turns a second, microseconds of processor time that the server spent on a turn, how
    busy the generator was (0 to 1), turns, latencies in milliseconds."""

    rate: float
    cpu: float
    busy: float
    turns: int
    latencies: dict[str, float]


@contextlib.contextmanager
def generator() -> Iterator[Generator]:
    """A load generator; it ends with us, since it ends with its stdin."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.generator"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        yield Generator(process)
