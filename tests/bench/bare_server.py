"""`python -m tests.bench.bare_server PORT [json]`: the floor, aiohttp with one handler and nothing else.

Parses the body with msgspec, which is the fastest way there is; with `json` as aiohttp's documentation does
it, `request.json()` and `json_response`.
"""

import asyncio
import sys

import msgspec
import uvloop
from aiohttp import web

from tests.bench.constant import REPLY

_BODY = msgspec.json.encode(REPLY)


async def fastest(request: web.Request) -> web.Response:
    """Raw bytes in, raw bytes out."""
    msgspec.json.decode(await request.read())
    return web.Response(body=_BODY, content_type="application/json")


async def usual(request: web.Request) -> web.Response:
    """As people write it."""
    await request.json()
    return web.json_response(REPLY)


async def main(port: int, handler: object) -> None:
    """Serves until it is killed; never writes an access log."""
    app = web.Application()
    app.add_routes([web.post("/hooks/callr/{flow}", usual if handler == "json" else fastest)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
        loop.run(main(int(sys.argv[1]), sys.argv[-1]))
