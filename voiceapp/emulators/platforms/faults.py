"""What goes wrong between a platform and whoever asks it: ordered beforehand, one request at a time."""

import asyncio
import contextlib
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from typing import assert_never

import msgspec
from aiohttp import web

ANY = "*"
"""The method of a fault that strikes the next request, whatever it asks."""


class Refuse(msgspec.Struct, frozen=True):
    """Answer with an HTTP status and do nothing: 401, 429 with `Retry-After` in `headers`, 500, 503."""

    status: int
    headers: Mapping[str, str] = {}
    body: bytes = b""


class ApiError(msgspec.Struct, frozen=True):
    """Answer with an error in the platform's own words and do nothing."""

    code: int
    message: str


class Late(msgspec.Struct, frozen=True):
    """Do it, and answer so many `seconds` later; with `acts_last` wait first and do it then."""

    seconds: float
    acts_last: bool = False


class CutBefore(msgspec.Struct, frozen=True):
    """Break the connection and do nothing."""


class CutAfter(msgspec.Struct, frozen=True):
    """Do it, and break the connection instead of answering."""


class FailAfter(msgspec.Struct, frozen=True):
    """Do it, and answer with an HTTP status that says it failed."""

    status: int = 500


Fault = Refuse | ApiError | Late | CutBefore | CutAfter | FailAfter


class Faults:
    """The faults that wait for their requests, first come, first served for each method.

    `held` is set while an answer is held back.
    """

    def __init__(self) -> None:
        self.held = asyncio.Event()
        self._waiting: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._closed = asyncio.Event()

    def add(self, method: str, *faults: Fault) -> None:
        """The next requests of `method` (or ANY) meet these faults, one each.

        A method is what `requests` of the platform has: `calls.realtime`, or `POST /voice/conversation`.
        """
        self._waiting[method].extend(faults)

    def close(self) -> None:
        """Let all late answers go now."""
        self._closed.set()

    async def around(
        self,
        request: web.Request,
        method: str,
        act: Callable[[], web.Response],
        refuse: Callable[[ApiError], web.Response],
    ) -> web.Response:
        """Answer a request: `act` does what it asks, unless a fault comes before it."""
        match self._take(method):
            case None:
                return act()
            case Refuse() as fault:
                return web.Response(status=fault.status, headers=fault.headers, body=fault.body)
            case ApiError() as fault:
                return refuse(fault)
            case Late(seconds, acts_last):
                if acts_last:
                    await self._wait(seconds)
                    return act()
                answer = act()
                await self._wait(seconds)
                return answer
            case CutBefore():
                return _cut(request)
            case CutAfter():
                act()
                return _cut(request)
            case FailAfter(status):
                act()
                return web.Response(status=status)
            case never:
                assert_never(never)

    def _take(self, method: str) -> Fault | None:
        waiting = self._waiting[method] or self._waiting[ANY]
        return waiting.popleft() if waiting else None

    async def _wait(self, seconds: float) -> None:
        self.held.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closed.wait()
        self.held.clear()


def _cut(request: web.Request) -> web.Response:
    """Break the connection; the response is written to nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
