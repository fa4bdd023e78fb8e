"""What a platform does by itself after it has answered: the calls in progress, and how the API breaks into one."""

import asyncio
from collections.abc import Coroutine
from typing import Generic, TypeVar

import aiohttp

Result = TypeVar("Result")
Order = TypeVar("Order")


class Background:
    """Tasks that nobody waits for but `idle`, and the HTTP client they share."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None
        self._failures: list[BaseException] = []

    @property
    def session(self) -> aiohttp.ClientSession:
        """The client; made when first asked for, inside the running loop."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session

    def spawn(self, work: Coroutine[object, object, None]) -> None:
        """Begin a task."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failures.append(error)

    async def idle(self) -> None:
        """Return when nothing runs any more; raises what a task raised."""
        while self._tasks:
            await asyncio.wait(self._tasks)
        if self._failures:
            raise self._failures.pop(0)

    async def close(self) -> None:
        """Give up what still runs, and close the client."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None


class BrokenInto(Exception):
    """What ran on a line was cut short by an order."""


class Control(Generic[Order]):
    """Lets the API break into what one call does just now."""

    def __init__(self) -> None:
        self._given = asyncio.Event()
        self._orders: list[Order] = []

    def give(self, order: Order) -> None:
        """Break into the call."""
        self._orders.append(order)
        self._given.set()

    def take(self) -> Order:
        """The order that broke into it."""
        order = self._orders.pop(0)
        if not self._orders:
            self._given.clear()
        return order

    async def run(self, work: Coroutine[object, object, Result]) -> Result:
        """Do `work`; raises BrokenInto when an order comes first."""
        task = asyncio.ensure_future(work)
        given = asyncio.ensure_future(self._given.wait())
        try:
            await asyncio.wait({task, given}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
        finally:
            task.cancel()
            given.cancel()
            await asyncio.gather(task, given, return_exceptions=True)
        raise BrokenInto
