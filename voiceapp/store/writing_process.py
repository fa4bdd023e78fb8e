"""The process that writes: the server's side of it. Started, told what to write, started again when it ends.

A process, because the rows, the driver and SQLite take a third of what a turn takes, and in a thread they would
take it from the turns: Python runs one thread at a time.
"""

import asyncio
import contextlib
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from typing import cast

import structlog
from sqlalchemy import URL

from voiceapp.errors import StoreUnavailable
from voiceapp.store.orders import LENGTH, Answer, Order, Serve, message, read_answer

_STARTING = 30.0
_PAUSE = 1.0

_log = structlog.get_logger()


class _Ended(StoreUnavailable):
    """The process that writes ended before it answered."""

    def __init__(self) -> None:
        super().__init__("--db: the process that writes has ended")


class WritingProcess:
    """Carries out orders one after the other. `patience`: seconds that an order may take."""

    def __init__(self, url: URL, patience: float) -> None:
        self._url = url
        self._patience = patience
        self._loop = asyncio.get_running_loop()
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: asyncio.Future[_Channel] = self._loop.create_future()
        self._restarting: asyncio.Task[None] | None = None
        self._closing = False

    async def start(self) -> None:
        """Return when it takes orders. Raises StoreUnavailable when it does not come to that."""
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = _launched(theirs)
        channel = _Channel(self._lost)
        await self._loop.create_unix_connection(lambda: channel, sock=ours)
        try:
            async with asyncio.timeout(_STARTING):
                await channel.send(message(Serve(self._url.render_as_string(hide_password=False))))
        except TimeoutError:
            channel.close()
            raise StoreUnavailable(f"--db: the process that writes did not start in {_STARTING:g} s") from None
        except BaseException:
            channel.close()
            raise
        if channel.closed:  # ended right after it answered, which nobody was told of
            raise _Ended
        self._channel.set_result(channel)

    async def ask(self, order: Order) -> Answer:
        """What came of the order; once sent it is carried out whether or not anyone waits. When the process ends
        meanwhile, the next one is told again: a turn that is on disk already is then a conflict, and the other
        orders may be carried out twice. Raises StoreUnavailable when it takes longer than `patience`, and at
        once while another one does."""
        if self._channel.done() and self._channel.result().busy_for > self._patience:
            raise StoreUnavailable("--db: the database does not answer")
        try:
            async with asyncio.timeout(self._patience):
                answer = read_answer(await self._sent(message(order)))
        except TimeoutError:
            raise StoreUnavailable(f"--db: the database did not answer in {self._patience:g} s") from None
        if answer.unavailable:
            raise StoreUnavailable(answer.unavailable)
        if answer.fault:
            raise RuntimeError(answer.fault)
        return answer

    async def _sent(self, order: bytes) -> bytes:
        while True:
            ready = self._channel.done()
            channel = self._channel.result() if ready else await asyncio.shield(self._channel)
            with contextlib.suppress(_Ended):
                return await channel.send(order)

    async def close(self) -> None:
        """End it when it has done what it was told; what takes longer than `patience` is cut off."""
        self._closing = True
        if self._restarting is not None:
            self._restarting.cancel()
            await asyncio.wait([self._restarting])
        if self._channel.done():
            self._channel.result().close()
        if self._process is not None:
            await asyncio.to_thread(_end, self._process, self._patience)

    def _lost(self) -> None:
        """The channel is closed: the process has ended, or will."""
        if self._channel.done():
            self._channel = self._loop.create_future()
            if not self._closing:
                _log.error("the process that writes has ended; it is started again")
                self._restarting = self._loop.create_task(self._restart(), name="writing-process")

    async def _restart(self) -> None:
        while not self._channel.done():
            if self._process is not None:
                await asyncio.to_thread(_end, self._process, self._patience)
            try:
                await self.start()
            except (StoreUnavailable, OSError) as error:
                _log.error("the process that writes does not start", reason=str(error))
                await asyncio.sleep(_PAUSE)
        self._restarting = None


class _Channel(asyncio.Protocol):
    """Orders out, answers in, in the same order."""

    def __init__(self, lost: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._lost = lost
        self._transport: asyncio.WriteTransport | None = None
        self._received = bytearray()
        self._asked: deque[asyncio.Future[bytes]] = deque()
        self._since = 0.0

    @property
    def busy_for(self) -> float:
        """Seconds that its present order has taken so far; 0 when it has none."""
        return self._loop.time() - self._since if self._asked else 0.0

    @property
    def closed(self) -> bool:
        """Nothing can be sent any more."""
        return self._transport is None

    def send(self, order: bytes) -> "asyncio.Future[bytes]":
        """The answer, when it comes; StoreUnavailable when the process ends before."""
        future: asyncio.Future[bytes] = self._loop.create_future()
        if self._transport is None:
            future.set_exception(_Ended())
            return future
        if not self._asked:
            self._since = self._loop.time()
        self._asked.append(future)
        self._transport.write(order)
        return future

    def close(self) -> None:
        """No more orders: the process ends when it has carried out those it has."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        while len(self._received) >= LENGTH:
            end = LENGTH + int.from_bytes(self._received[:LENGTH], "big")
            if len(self._received) < end:
                return
            future, self._since = self._asked.popleft(), self._loop.time()
            if not future.done():
                future.set_result(bytes(self._received[LENGTH:end]))
            del self._received[:end]

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        for future in self._asked:
            if not future.done():
                future.set_exception(_Ended())
        self._asked.clear()
        self._lost()


def _launched(channel: socket.socket) -> "subprocess.Popen[bytes]":
    """The process, with the channel as its stdin."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "voiceapp.store.write_orders"],
        stdin=channel.fileno(),
        start_new_session=True,  # a Ctrl-C at the terminal is for the server, which then closes the channel
    )


def _end(process: "subprocess.Popen[bytes]", patience: float) -> None:
    """Waits for it, and kills it when it takes longer than `patience` seconds."""
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
