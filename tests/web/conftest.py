"""A guarded server on a free loopback port, and a client that sends exactly the bytes it is given."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from voiceapp.web.guard import Limits, Runner, make_runner, read_body
from voiceapp.web.refusals import make_refuse


@dataclass
class Served:
    """A running server: its port, the bodies its one POST handler has read, and its faults."""

    port: int
    runner: Runner
    bodies: list[bytes] = field(default_factory=list)
    faults: list[None] = field(default_factory=list)

    async def send(self, raw: bytes, *, within: float = 5.0) -> bytes:
        """Send `raw` and read until the server closes."""
        async with asyncio.timeout(within):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                writer.write(raw)
                return await read_to_end(reader)
            finally:
                writer.close()


async def read_to_end(reader: asyncio.StreamReader) -> bytes:
    """All that came before the connection was closed, in whatever manner."""
    received = b""
    try:
        while piece := await reader.read(65536):
            received += piece
    except ConnectionError:
        return received
    return received


Serve = Callable[..., Awaitable[Served]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Start a server: `POST /hook` answers with the length of the body; more routes and limits on demand."""
    async with AsyncExitStack() as stack:

        async def start(*routes: web.RouteDef, limits: Limits | None = None, within: float = 1.0) -> Served:
            faults: list[None] = []
            bodies: list[bytes] = []

            async def hook(request: web.Request) -> web.Response:
                bodies.append(await read_body(request, within=within))
                return web.Response(text=str(len(bodies[-1])))

            app = web.Application()
            app.add_routes([web.post("/hook", hook), *routes])
            runner = make_runner(app, refuse=make_refuse(lambda: faults.append(None)), limits=limits)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            return Served(site.port, runner, bodies, faults)

        yield start
