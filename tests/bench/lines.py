"""The generator's connections: HTTP/1.1 keep-alive, one post at a time, no more read than is needed."""

import asyncio
from collections.abc import Callable
from typing import cast

from tests.bench.calls import BadReply, Call, Reply, head_of

Answered = Callable[["Line"], None]


class Line(asyncio.Protocol):
    """One connection. `due` is when its present post should have left, by `time.perf_counter`."""

    call: Call
    due = 0.0

    def __init__(self, answered: Answered, failed: Callable[[Exception], None]) -> None:
        self._answered = answered
        self._failed = failed
        self._head: Reply | None = None
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass

    def post(self, call: Call) -> None:
        """Send the call's next post; `answered` is called when its reply is there."""
        self.call = call
        self._transport.write(call.next_post())

    def data_received(self, data: bytes) -> None:
        data = self._data + data if self._data else data
        try:
            head = self._head = self._head or head_of(data)
            if head is None or len(data) < head.size:
                self._data = data
                return
            self._head, self._data = None, b""
            self.call.take(head, data)
        except BadReply as problem:
            self._failed(problem)
            return
        self._answered(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._failed(BadReply("the server closed the connection"))

    def close(self) -> None:
        """Hang up, and tell nobody."""
        self._failed = lambda _: None
        self._transport.abort()


async def connected(port: int, count: int, answered: Answered, failed: Callable[[Exception], None]) -> list[Line]:
    """So many open connections."""
    loop = asyncio.get_running_loop()
    lines: list[Line] = []
    for _ in range(count):
        _, line = await loop.create_connection(lambda: Line(answered, failed), "127.0.0.1", port)
        lines.append(line)
    return lines
