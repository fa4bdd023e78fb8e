"""Those who ask a dying server for calls, each for one number with one key, and what they were told."""

import asyncio
import itertools
import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp

from tests.faults.dialled_platform import CarrierName
from tests.faults.dialling_server import Answered, DiallingServer
from tests.faults.waiting import until

IN_FLIGHT = 4
_ANSWERS = (202, 502, 503, 504)


@dataclass
class Wish:
    """A call that somebody wants; `acknowledged`: the ids of the calls that were made of it."""

    number: str
    key: str
    acknowledged: set[str] = field(default_factory=set)


class Clients:
    """Four at most at the same time. `in_flight`: the numbers that are asked for now, or were when the server
    died; `left_open`: those of which the server said that it does not know what became of them."""

    def __init__(self, server: DiallingServer, carrier: CarrierName, chance: random.Random) -> None:
        self.wishes: list[Wish] = []
        self.in_flight: set[str] = set()
        self.left_open: set[str] = set()
        self._server = server
        self._carrier = carrier
        self._chance = chance
        self._numbers = itertools.count()
        self._again: list[Wish] = []
        self._heard = 0
        self._stopping = False
        self._tasks: list[asyncio.Task[None]] = []

    async def begin(self, heard: int) -> None:
        """Ask for one call after the other; return when so many answers have come."""
        wanted, self._stopping = self._heard + heard, False
        self._tasks = [asyncio.create_task(self._ask_on()) for _ in range(IN_FLIGHT)]
        await until(lambda: self._heard >= wanted)

    async def end(self) -> set[str]:
        """Ask no more; the numbers that were in flight."""
        in_flight = set(self.in_flight)
        self._stopping = True
        await asyncio.gather(*self._tasks)
        self.in_flight.clear()
        return in_flight

    async def schedule(self, due: timedelta) -> set[str]:
        """Ask for four calls that are due then; their numbers."""
        at = (self._server.levers.now() + due).isoformat()
        wishes = [self._wish() for _ in range(IN_FLIGHT)]
        for wish in wishes:
            self._hear(wish, await self._server.post(self._body(wish, at=at), wish.key))
        return {wish.number for wish in wishes}

    async def _ask_on(self) -> None:
        while not self._stopping:
            wish = self._again.pop() if self._again else self._wish()
            self.in_flight.add(wish.number)
            try:
                answered = await self._server.post(self._body(wish), wish.key)
            except aiohttp.ClientError:
                self._stopping = True
                self._maybe_again(wish)
                return
            self.in_flight.discard(wish.number)
            self._hear(wish, answered)

    def _hear(self, wish: Wish, answered: Answered) -> None:
        assert answered.status in _ANSWERS, answered
        self._heard += 1
        call = answered.call
        if call:
            wish.acknowledged.add(call["id"])
        if answered.status == 504 or not call:
            self.left_open.add(wish.number)
        if answered.status != 202:
            self._maybe_again(wish)

    def _maybe_again(self, wish: Wish) -> None:
        if self._chance.random() < 0.5:
            self._again.append(wish)

    def _wish(self) -> Wish:
        number = next(self._numbers)
        wish = Wish(f"+33612{number:06}", f"key {number}")
        self.wishes.append(wish)
        return wish

    def _body(self, wish: Wish, **more: Any) -> dict[str, Any]:
        return {"flow": "call", "to": wish.number, "carrier": self._carrier, **more}
