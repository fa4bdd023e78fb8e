"""An API on loopback that says what a test wants, and notes what it was asked; and the way there."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, assert_never

import msgspec
from aiohttp import web

from voiceapp.egress.platform import PlatformSession

SOON, PLENTY = 1.0, 60.0
"""Seconds within which an API answers: where one never does, and where it only has to get its turn."""
"""Seconds after which an answer is late here."""


class Asked(NamedTuple):
    """A request, its body as bytes."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return msgspec.json.decode(self.body)


class Says(NamedTuple):
    """An answer; `body` bytes, or a value that becomes JSON."""

    body: Any = b""
    status: int = 200
    headers: Mapping[str, str] = {}


class Cut(NamedTuple):
    """The connection breaks when the body was read."""


class Late(NamedTuple):
    """No answer comes in time."""


Reply = Says | Cut | Late


@dataclass
class Api:
    """What was asked, oldest first, and who answers. `deaf`: connections break before a body is read."""

    answer: Callable[[Asked], Reply]
    url: str = ""
    deaf: bool = False
    asked: list[Asked] = field(default_factory=list)
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.BaseRequest) -> web.Response:
        if self.deaf:
            self.asked.append(Asked(request.method, request.path_qs, request.headers, b""))
            _abort(request)
            return web.Response()
        asked = Asked(request.method, request.path_qs, request.headers, await request.read())
        self.asked.append(asked)
        match self.answer(asked):
            case Says(body=body, status=status, headers=headers):
                content = body if isinstance(body, bytes) else msgspec.json.encode(body)
                return web.Response(body=content, status=status, headers=headers)
            case Cut():
                _abort(request)
            case Late():
                await self._over.wait()
            case never:
                assert_never(never)
        return web.Response()

    def close(self) -> None:
        """Let late answers go."""
        self._over.set()


def _abort(request: web.BaseRequest) -> None:
    assert request.transport is not None
    request.transport.abort()


@contextlib.asynccontextmanager
async def listening(
    answer: Callable[[Asked], Reply], replies: Iterable[object] = ()
) -> AsyncIterator[tuple[Api, PlatformSession]]:
    """An API, and a session with it; `replies`: those among which may be late ones."""
    api = Api(answer)
    runner = web.ServerRunner(web.Server(api.handle), shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    try:
        await site.start()
        host, port = runner.addresses[0][:2]
        api.url = f"http://{host}:{port}"
        within = SOON if any(isinstance(reply, Late) for reply in replies) else PLENTY
        session = await PlatformSession.open(api.url, per_second=10_000.0, within=within)
        try:
            yield api, session
        finally:
            await session.close()
    finally:
        api.close()
        await runner.cleanup()
