"""Kills a server while it places calls, starts it again, and holds its ledger against what the carrier did.

`python -m tests.faults.dial_kills 200` does it so many times and prints a table.
"""

import asyncio
import contextlib
import itertools
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from tests.faults.dial_clients import IN_FLIGHT, Clients
from tests.faults.dial_verdict import Kill, Verdict, judge, read_attempts, table, unclear
from tests.faults.dialled_platform import PLACE, CarrierName, Platforms, dialled_platforms
from tests.faults.dialling_server import DiallingServer, dead, dialling_server, wake
from tests.faults.levers import Levers, Point, Who
from tests.faults.waiting import SECONDS, until
from tests.servers import write_flows
from tests.store.databases import sqlite_url
from voiceapp.attempt import AttemptState
from voiceapp.emulators.platforms.faults import ApiError, CutAfter, CutBefore, FailAfter, Fault, Late, Refuse
from voiceapp.web.app import STORE_PATIENCE

STEP = timedelta(minutes=2)
"""How far the clock goes on after each kill: what was left unclear can be settled from then on."""

FLOW = "flow: call\nlanguages: [en-GB]\nsteps:\n  bye: {end: Goodbye.}\n"

Outside = Literal["any moment", "request on its way", "accepted, not answered"]
POSTED: tuple[Point | Outside, ...] = (
    *("any moment", "request on its way", "accepted, not answered"),
    *("put: before", "put: after", "settle: before", "settle: after"),
    *("put: writer before", "put: writer after", "settle: writer before", "settle: writer after"),
)
SCHEDULED: tuple[Point | Outside, ...] = (
    *("any moment", "request on its way", "accepted, not answered"),
    *("claim: before", "claim: after", "settle: before", "settle: after"),
    *("claim: writer before", "claim: writer after", "settle: writer before", "settle: writer after"),
)
WHO: tuple[Who, ...] = ("all", "server", "writer")

_LATE = 0.15
_REFUSALS: Mapping[CarrierName, ApiError] = {
    "callr": ApiError(151, "CREDIT_TOO_LOW"),
    "routee": ApiError(400_001_009, "Insufficient Balance"),
}


class Siege:
    """One server, one carrier, one database."""

    def __init__(
        self, server: DiallingServer, platforms: Platforms, carrier: CarrierName, db: str, seed: int
    ) -> None:
        self._server = server
        self._platforms = platforms
        self._carrier = carrier
        self._db = db
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._clients = Clients(server, carrier, self._chance)
        self._known: set[str] = set()
        self._deaths: list[tuple[bool, Point | Outside, Who]] = []
        self._kills: list[Kill] = []

    async def run(self, kills: int) -> Verdict:
        """So many kills, and what is to be said of them when all is reconciled."""
        for _ in range(kills):
            scheduled, point, who = self._next_death()
            if not self._server.lives:
                await self._server.start()
            self._server.levers.disarm()
            self._server.levers.skip(STEP)
            in_flight = await (self._scheduled(point, who) if scheduled else self._posted(point, who))
            if not self._server.lives:
                died_at = self._server.levers.now()
                await self._restart()
                if scheduled:  # those that were not claimed are dialled now
                    await self._begun(in_flight, died_at)
            self._note(point, who, in_flight)
        await self._reconciled()
        wishes = self._clients.wishes
        return judge(
            kills=self._kills,
            calls=len(wishes),
            acknowledged={each for wish in wishes for each in wish.acknowledged},
            dialled=self._platforms.dialled(self._carrier),
            attempts=read_attempts(self._db),
        )

    async def _restart(self) -> None:
        """Return when it has done, by the clock at which it died, whatever it may do when it starts."""
        await self._server.start()
        await wake(self._server, self._carrier)
        await self._platforms.quiet()

    def _next_death(self) -> tuple[bool, Point | Outside, Who]:
        """Whether of scheduled calls, at which point, and of whom: each once before one comes again."""
        if not self._deaths:
            self._deaths += itertools.product((False,), POSTED, WHO)
            self._deaths += itertools.product((True,), SCHEDULED, WHO)
            self._chance.shuffle(self._deaths)
        return self._deaths.pop()

    def _note(self, point: str, who: Who, in_flight: set[str]) -> None:
        """What the kill has left unclear, before anything can have been looked up."""
        found = [attempt for attempt in unclear(self._db) if attempt.id not in self._known]
        self._known |= {attempt.id for attempt in found}
        told = self._clients.left_open
        strays = [f"{each.id} {each.state}" for each in found if each.order.to not in in_flight | told]
        left = sum(attempt.order.to in in_flight - told for attempt in found)
        self._kills.append(Kill(point, who, len(in_flight), left, tuple(strays)))
        told.clear()

    async def _posted(self, point: Point | Outside, who: Who) -> set[str]:
        """Four clients, each asking for one call after the other, until somebody dies; what was in flight."""
        if self._chance.random() < 0.4:
            self._platforms.faults(self._carrier).add(PLACE[self._carrier], self._a_fault())
        await self._clients.begin(self._chance.randint(0, 2 * IN_FLIGHT))
        writers = self._server.writers()  # who is there before anybody can die
        self._prepare(point, who)
        await self._death(point, who, writers)
        in_flight = await self._clients.end()
        if self._server.lives:
            await self._platforms.quiet()
        return in_flight

    async def _scheduled(self, point: Point | Outside, who: Who) -> set[str]:
        """Four calls that are due at the same time."""
        numbers = await self._clients.schedule(STEP / 2)
        writers = self._server.writers()
        self._prepare(point, who)
        self._server.levers.skip(STEP)
        began_at = self._server.levers.now()
        waking = asyncio.create_task(wake(self._server, self._carrier))
        await self._death(point, who, writers)
        await waking
        if self._server.lives:
            await self._begun(numbers, began_at)
        return numbers

    def _prepare(self, point: Point | Outside, who: Who) -> None:
        faults, place = self._platforms.faults(self._carrier), PLACE[self._carrier]
        match point:
            case "any moment":
                pass
            case "request on its way":
                faults.add(place, Late(_LATE, acts_last=True))
            case "accepted, not answered":
                faults.add(place, Late(_LATE))
            case _:
                hits = (
                    1 if point.startswith("claim") else self._chance.randint(1, IN_FLIGHT)
                )  # one claim takes all
                self._server.levers.arm(point, hits, who)

    async def _death(self, point: Point | Outside, who: Who, writers: list[int]) -> None:
        """Return when they are dead who were to die, and their requests are done."""
        match point:
            case "any moment":
                await asyncio.sleep(self._chance.uniform(0.0, 0.08))  # the moment is the case
                self._kill(who, writers)
            case "request on its way" | "accepted, not answered":
                async with asyncio.timeout(SECONDS):
                    await self._platforms.faults(self._carrier).held.wait()
                self._kill(who, writers)
            case _:
                await until(lambda: self._server.levers.fired)
        if who != "writer":
            await self._server.gone()
            await self._platforms.forgotten()
        await dead(writers)

    def _kill(self, who: Who, writers: list[int]) -> None:
        pids = {"all": [*writers, self._server.pid], "writer": writers}.get(who, [self._server.pid])
        for pid in pids:
            os.kill(pid, signal.SIGKILL)

    def _a_fault(self) -> Fault:
        faults = (CutAfter(), FailAfter(500), FailAfter(503), CutBefore(), Refuse(429), Refuse(503))
        return self._chance.choice((*faults, _REFUSALS[self._carrier]))

    async def _begun(self, numbers: set[str], since: datetime) -> None:
        """Return when these calls are placed, or will not be any more: whoever claimed them may have given up."""

        def none_is(state: AttemptState) -> bool:
            found = (each for each in read_attempts(self._db) if each.order.to in numbers and each.state is state)
            return not any(each.requested_at is None or each.requested_at >= since for each in found)

        await until(lambda: none_is(AttemptState.SCHEDULED))
        with contextlib.suppress(TimeoutError):
            await until(lambda: none_is(AttemptState.DIALING), 2 * STORE_PATIENCE)

    async def _reconciled(self) -> None:
        """Return when nothing is unclear any more, or time is up; ten minutes later by the clock."""
        self._server.levers.disarm()
        self._server.levers.skip(5 * STEP)
        await wake(self._server, self._carrier)
        with contextlib.suppress(TimeoutError):
            await until(lambda: not unclear(self._db))


@contextlib.asynccontextmanager
async def siege(
    folder: Path, db: str, carrier: CarrierName, seed: int, *, webhooks: bool = False
) -> AsyncIterator[Siege]:
    """A server and its carrier; `webhooks`: CALLR tells of calls that are over."""
    flows, levers = write_flows(folder / "flows", FLOW), Levers(folder / "levers")
    async with (
        dialled_platforms(levers.now) as platforms,
        dialling_server(folder, flows, db, **platforms.settings) as server,
    ):
        await platforms.connect(server.settings, "call", webhooks=webhooks)
        yield Siege(server, platforms, carrier, db, seed)


async def sieges(folder: Path, kills: Mapping[CarrierName, int], seed: int) -> list[Verdict]:
    """So many kills with each carrier at the same time, each on a SQLite file of its own."""

    async def one(carrier: CarrierName) -> Verdict:
        place = folder / carrier
        async with siege(place, sqlite_url(place), carrier, seed) as running:
            return await running.run(kills[carrier])

    return await asyncio.gather(*map(one, kills))


def main(kills: int, seed: int) -> None:
    """Three kills of four with CALLR; prints the table."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        verdicts = asyncio.run(sieges(Path(folder), {"callr": kills - kills // 4, "routee": kills // 4}, seed))
    sys.stdout.write(table(verdicts, time.monotonic() - began))


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 200, int(sys.argv[2]) if sys.argv[2:] else 40)
