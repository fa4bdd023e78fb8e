"""Real servers on loopback that behave as badly as asked, and sessions that may or may not reach them."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from voiceapp.egress.allow import AllowList
from voiceapp.egress.guard import Egress

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Listener:
    """A TCP server: how often it was connected to, and the requests it got."""

    port: int
    hits: int = 0
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


class Names(AbstractResolver):
    """A resolver of made-up names; each look-up of a name gives the next of its addresses. Names that are
    not known are loopback, and odd spellings of numbers what the C library makes of them."""

    def __init__(self, known: dict[str, list[str]] | None = None) -> None:
        self._known = known or {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if host in self._known:
            addresses = self._known[host]
            address = addresses.pop(0) if len(addresses) > 1 else addresses[0]
        else:
            try:
                address = socket.inet_ntoa(socket.inet_aton(host))
            except (OSError, UnicodeError):
                address = "127.0.0.1"
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=0)]

    async def close(self) -> None:
        return None


async def read_request(reader: asyncio.StreamReader) -> bytes:
    """A request with its body, by content length."""
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return head + await reader.readexactly(int(line.partition(b":")[2]))
    return head


def says(body: bytes, status: str = "200 OK", head: str = "Content-Type: application/json") -> Talk:
    """A server that answers this to everything, and closes."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        said = f"HTTP/1.1 {status}\r\n{head}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(said.encode() + body)
        await writer.drain()

    return talk


Listen = Callable[[Talk], Awaitable[Listener]]


@pytest.fixture
async def listen() -> AsyncIterator[Listen]:
    """Start a server on a free loopback port; it notes each request, then does what it is told."""
    async with AsyncExitStack() as stack:

        async def start(talk: Talk) -> Listener:
            listener = Listener(0)

            async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                listener.hits += 1
                try:
                    listener.requests.append(await read_request(reader))
                    await talk(reader, writer)
                except (ConnectionError, asyncio.IncompleteReadError):
                    return
                finally:
                    writer.close()

            server = await asyncio.start_server(connected, "127.0.0.1", 0)
            listener.port = server.sockets[0].getsockname()[1]
            stack.callback(server.close)
            return listener

        yield start


OpenEgress = Callable[..., Awaitable[Egress]]


@pytest.fixture
async def open_egress() -> AsyncIterator[OpenEgress]:
    """Open a session that may reach `allow` besides public places, with made-up names."""
    async with AsyncExitStack() as stack:

        async def start(*allow: str, names: dict[str, list[str]] | None = None) -> Egress:
            egress = await Egress.open(AllowList.parse(allow), resolver=Names(names))
            stack.push_async_callback(egress.close)
            return egress

        yield start
