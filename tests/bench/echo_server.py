"""`python -m tests.bench.echo_server PORT`: answers whatever comes without reading it, to find out how many
turns the load generator can make."""

import asyncio
import sys
from typing import cast

import msgspec
import uvloop

from tests.bench.constant import REPLY

_BODY = msgspec.json.encode(REPLY)
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(_BODY), _BODY)


class Echo(asyncio.Protocol):
    """One connection. A request of the generator is small enough to come in one piece."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass

    def data_received(self, data: bytes) -> None:
        self._transport.write(_ANSWER)


async def main(port: int) -> None:
    """Serves until it is killed."""
    server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
        loop.run(main(int(sys.argv[1])))
