"""Servers that place calls on one database, between two platforms and a test."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.faults.dial_kills import FLOW
from tests.faults.dial_verdict import read_attempts, unclear
from tests.faults.dialled_platform import Platforms, dialled_platforms
from tests.faults.dialling_server import DiallingServer, dialling_server, wake
from tests.faults.levers import Levers
from tests.faults.waiting import until
from tests.servers import write_flows
from voiceapp.attempt import Attempt

MINUTE = timedelta(minutes=1)

Scene = tuple[Platforms, tuple[DiallingServer, ...]]


@asynccontextmanager
async def scene(folder: Path, *databases: str) -> AsyncIterator[Scene]:
    """Both platforms, and a server on each of these databases, not started yet: carriers know the first. They all
    go by one clock."""
    async with AsyncExitStack() as stack:
        flows = write_flows(folder / "flows", FLOW)
        platforms = await stack.enter_async_context(dialled_platforms(Levers(folder / "levers").now))
        servers: list[DiallingServer] = []
        for db in databases:
            more = {"public_url": f"http://127.0.0.1:{servers[0].settings['port']}"} if servers else {}
            opening = dialling_server(folder, flows, db, **platforms.settings, **more)
            servers.append(await stack.enter_async_context(opening))
        await platforms.connect(servers[0].settings, "call")
        yield platforms, tuple(servers)


def number(place: int) -> str:
    """The number of one of the calls."""
    return f"+33612{place:06}"


def a_call(place: int, **more: Any) -> dict[str, Any]:
    """The body of a POST to /v1/calls."""
    return {"flow": "call", "to": number(place), "carrier": "callr", **more}


async def ledger(server: DiallingServer, holds: Callable[[list[Attempt]], object]) -> None:
    """Return when the ledger is as wanted."""
    await until(lambda: holds(read_attempts(server.settings["db"])))


async def reconciled(server: DiallingServer) -> None:
    """Return when the ledger knows of every call whether it was placed; minutes pass."""
    server.levers.skip(3 * MINUTE)
    await wake(server)
    await until(lambda: not unclear(server.settings["db"]))
