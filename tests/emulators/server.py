"""A server that knows nothing: fixed replies by path, and a record of what was asked."""

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple

from aiohttp import web

Reply = dict[str, Any] | bytes | int | web.Response | None
"""A JSON body, a raw one, a bare status, a whole response, or `None`: no reply before the test is over."""


class Asked(NamedTuple):
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: dict[str, Any]


class FakeServer:
    """Replies are used up in order, the last one of a path for ever; a path without any gets `{}`."""

    def __init__(self) -> None:
        self.replies: dict[str, list[Reply]] = {}
        self.asked: list[Asked] = []
        self.together: asyncio.Barrier | None = None
        self.over = asyncio.Event()
        self.url = ""
        self._changed = asyncio.Condition()

    async def until_asked(self, path: str, count: int = 1) -> None:
        """Return when so many requests have come in for a path."""
        async with asyncio.timeout(5), self._changed:
            await self._changed.wait_for(lambda: len(self.bodies(path)) >= count)

    def bodies(self, path: str) -> list[dict[str, Any]]:
        return [asked.body for asked in self.asked if asked.path == path]

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.json() if request.can_read_body else {}
        async with self._changed:
            self.asked.append(Asked(request.method, request.path, request.query, request.headers, body))
            self._changed.notify_all()
        if self.together is not None:
            await self.together.wait()
        replies = self.replies.get(request.path, [{}])
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        match reply:
            case None:
                await self.over.wait()
                return web.Response(status=503)
            case int():
                return web.Response(status=reply)
            case bytes():
                return web.Response(body=reply, content_type="application/json")
            case dict():
                return web.json_response(reply)
            case _:
                return reply
