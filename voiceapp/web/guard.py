"""Keeps the server alive among clients that are slow, greedy or broken; aiohttp alone has no limit for them.

- A client that does not finish its head, its body, or taking our answer is cut off, by one sweep per server
  over its connections: a request itself starts no timer and no task.
- A connection gives no more than about 128 KiB for one request; bodies end at 64 KiB and are never inflated.
- There is a limit of connections, in all and per address.
- What is not HTTP gets one fixed line. It is not logged: whoever can connect could fill the disk.
"""

import asyncio
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import HttpVersion11, web
from aiohttp.web_protocol import RequestHandler

from voiceapp.egress.allow import is_loopback
from voiceapp.errors import PostRefused
from voiceapp.web.refusals import Handler, Refuse

MAX_BODY = 64 * 1024
"""Bytes that a request's body may have."""

_MAX_TAKEN = 96 * 1024
_RECEIVE_BUFFER = 16 * 1024
_TICK = 0.25
_NAME = "voiceapp"  # in place of aiohttp's, which tells versions
_FULL = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True)
class Limits:
    """Seconds and connections. A client may take `head` to finish a request's head, `body` its body; it may
    leave our answer waiting for `answer`, and be silent between two requests for `idle`. `per_address` does
    not hold for loopback, where a proxy speaks for everybody."""

    head: float = 3.0
    body: float = 3.0
    answer: float = 10.0
    idle: float = 15.0
    connections: int = 800
    per_address: int = 200


async def read_body(request: web.BaseRequest, *, within: float) -> bytes:
    """The body, whole, in at most `within` seconds.

    Raises PostRefused: 413 above MAX_BODY, 408 when late, 415 when compressed, 400 when it breaks off."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise PostRefused(415, "compressed bodies are not read")
    if (request.content_length or 0) > MAX_BODY:
        raise PostRefused(413, "the body is too long")
    try:
        if request.content.is_eof():  # nearly always: it came with the head
            return _capped(request.content.read_nowait())
        body = b""
        async with asyncio.timeout(within):
            while chunk := await request.content.readany():
                body = _capped(body + chunk)
        return body
    except TimeoutError:
        raise PostRefused(408, "the body came too slowly") from None
    except (ConnectionError, web.RequestPayloadError):
        raise PostRefused(400, "the body is broken") from None


def _capped(body: bytes) -> bytes:
    if len(body) > MAX_BODY:
        raise PostRefused(413, "the body is too long")
    return body


class _Connection(RequestHandler):
    """One client. Knows what it is waiting for, which is all that the sweep asks."""

    __slots__ = ("_limits", "_partial", "_taken", "_wait", "_wait_began")

    def __init__(self, server: "_Server", limits: Limits, **options: Any) -> None:
        super().__init__(server, **options)
        self._limits = limits
        self._partial = False
        self._taken = 0
        self._wait: tuple[float, int] | None = None
        self._wait_began = 0.0

    def data_received(self, data: bytes) -> None:
        before = self._request_count
        super().data_received(data)
        if self._request_count != before:
            self._taken = len(data)
            self._partial = False
        elif data:
            self._taken += len(data)
            self._partial = not self._request_in_progress
            if self._taken > _MAX_TAKEN:
                self._take_no_more()

    def _take_no_more(self) -> None:
        if self._waiter is not None:  # there is no request yet that could be answered
            self.force_close()
        elif self.transport is not None:
            self.close()
            self.transport.pause_reading()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._wait = None

    def late(self, now: float) -> bool:
        """Whether the client has kept us waiting for the same thing too long. `now`: the loop's time."""
        allowed = self._waits_for()
        wait = None if allowed is None else (allowed, self._request_count)
        if wait is None or wait != self._wait:
            self._wait, self._wait_began = wait, now
            return False
        return now - self._wait_began > wait[0]

    def _waits_for(self) -> float | None:
        """How long what the client owes us may take, or None when it owes nothing."""
        if self.writing_paused:
            return self._limits.answer
        if self._current_request is not None:
            return None if self._current_request.content.is_eof() else self._limits.body
        if self._request_in_progress or self._messages:
            return None
        return self._limits.head if self._partial or not self._request_count else None

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """aiohttp's own page quotes the client, and shows tracebacks in debug mode."""
        if request.writer.output_size:
            raise ConnectionResetError("half an answer is out already")
        return _last_words(status, "this is not HTTP" if status == 400 else "internal error")


def _last_words(status: int, text: str) -> web.Response:
    response = web.Response(status=status, text=f"{status} {text}\n", headers={"Server": _NAME})
    response.force_close()
    return response


Straight = Callable[[web.Request], Handler | None]
"""Which handler a request has that needs no routing; None for one that does."""


def routed(request: web.Request) -> None:
    """No handler: every request is routed."""


def _is_strict(request: web.BaseRequest) -> bool:
    """aiohttp's C parser sees to this; its Python one, where there is no wheel, takes `chunked, chunked`."""
    coding = request.headers.get("Transfer-Encoding")
    return (coding is None or coding.lower() == "chunked") and request.version <= HttpVersion11


class _Server(web.Server):
    """Makes guarded connections, counts them, and sweeps over them while there are any."""

    def __init__(self, stock: web.Server, refuse: Refuse, limits: Limits, straight: Straight) -> None:
        application = stock.request_handler

        async def handle(request: Any) -> web.StreamResponse:
            if not _is_strict(request):
                return _last_words(400, "this is not HTTP")
            try:
                return self._signed(await refuse(request, straight(request) or application))
            except web.HTTPException as answer:
                self._signed(answer)
                raise

        super().__init__(handle, request_factory=stock.request_factory, handler_cancellation=False)
        self._limits = limits
        self._addresses: Counter[str] = Counter()
        self._sweeper: asyncio.TimerHandle | None = None
        self._stopping = False

    def __call__(self) -> RequestHandler:
        return _Connection(
            self,
            self._limits,
            loop=self._loop,
            keepalive_timeout=self._limits.idle,
            access_log=None,
            debug=False,
            auto_decompress=False,
            max_headers=64,
            lingering_time=0.5,
            read_bufsize=_RECEIVE_BUFFER,
        )

    def connection_made(self, handler: RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        address = _address(handler)
        self._addresses[address] += 1
        crowded = self._addresses[address] > self._limits.per_address and not is_loopback(address)
        if crowded or len(self._connections) > self._limits.connections:
            transport.write(_FULL)
            handler.force_close()
            return
        connected = transport.get_extra_info("socket")
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        if self._sweeper is None:
            self._sweeper = self._loop.call_later(_TICK, self._sweep)

    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        address = _address(handler)
        self._addresses[address] -= 1
        if not self._addresses[address]:
            del self._addresses[address]
        super().connection_lost(handler, exc)

    def say_goodbye(self) -> None:
        """From now on every answer asks its client to close the connection."""
        self._stopping = True

    def _signed(self, response: web.StreamResponse) -> web.StreamResponse:
        response.headers["Server"] = _NAME
        if self._stopping:
            response.headers["Connection"] = "close"
        return response

    def _sweep(self) -> None:
        now = self._loop.time()
        for connection in self.connections:
            if isinstance(connection, _Connection) and connection.late(now) and connection.transport:
                connection.transport.abort()
        self._sweeper = self._loop.call_later(_TICK, self._sweep) if self._connections else None

    def pre_shutdown(self) -> None:
        super().pre_shutdown()
        if self._sweeper is not None:
            self._sweeper.cancel()


def _address(handler: RequestHandler) -> str:
    """The client's address, `""` on a socket that has none."""
    peer = handler.peername
    return str(peer[0]) if isinstance(peer, tuple) else ""


class Runner(web.AppRunner):
    """aiohttp's runner with a guarded server. Stops within 6 s, telling clients to close meanwhile."""

    def __init__(self, app: web.Application, refuse: Refuse, limits: Limits, straight: Straight) -> None:
        # aiohttp waits twice: for handlers to end, then for those it has told that the client is gone
        super().__init__(app, shutdown_timeout=3.0)
        self._refuse = refuse
        self._limits = limits
        self._straight = straight

    async def _make_server(self) -> web.Server:
        return _Server(await super()._make_server(), self._refuse, self._limits, self._straight)

    async def cleanup(self) -> None:
        if isinstance(self.server, _Server):
            self.server.say_goodbye()
        await super().cleanup()


def make_runner(
    app: web.Application, *, refuse: Refuse, limits: Limits | None = None, straight: Straight = routed
) -> Runner:
    """The runner for `serve`: set it up, give it a site, clean it up, as any of aiohttp's."""
    return Runner(app, refuse, limits or Limits(), straight)
