"""Users look at calls here; operators and their machines at the server's health."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from voiceapp.errors import StoreUnavailable, UnknownCall
from voiceapp.metrics import Metrics
from voiceapp.store.store import Store
from voiceapp.views import call_view, trace_view
from voiceapp.web.auth import Credentials, require_api_key

MAX_LIMIT = 500
DEFAULT_LIMIT = 50
_FILTERS = ("limit", "before", "flow", "live", "caller")


class Api:
    """`/v1/…` needs an API key, and so does `/metrics`; `/healthz` and `/readyz` tell nothing and need none."""

    def __init__(
        self,
        store: Store,
        metrics: Metrics,
        credentials: Credentials,
        call_view: Callable[[str], Awaitable[dict[str, Any]]],
    ) -> None:
        """`call_view`: a call by its id, whether or not it has begun; raises UnknownCall."""
        self._call_view = call_view
        self._store = store
        self._metrics = metrics
        self._credentials = credentials

    def routes(self) -> list[web.RouteDef]:
        """All routes."""
        return [
            web.get("/v1/calls", self.calls),
            web.get("/v1/calls/{id}", self.call),
            web.get("/healthz", self.healthz),
            web.get("/readyz", self.readyz),
            web.get("/metrics", self.metrics),
        ]

    async def calls(self, request: web.Request) -> web.Response:
        """A page of calls, newest first: `{"calls": […], "next": cursor or null}`."""
        require_api_key(request, self._credentials)
        query = _query(request)
        try:
            page = await self._store.calls(
                limit=_limit(query.get("limit")),
                before=query.get("before"),
                flow=query.get("flow"),
                live=_live(query.get("live")),
                caller=_number(query.get("caller")),
            )
        except ValueError as error:
            raise web.HTTPBadRequest(reason=str(error)) from None
        return _json({"calls": [call_view(call) for call in page.calls], "next": page.next})

    async def call(self, request: web.Request) -> web.Response:
        """One call, with its trace; one that was placed and has not begun has none yet."""
        require_api_key(request, self._credentials)
        call_id = request.match_info["id"]
        view = await self._call_view(call_id)
        try:
            trace = trace_view(await self._store.turns(call_id))
        except UnknownCall:
            trace = []
        return _json({**view, "trace": trace})

    async def healthz(self, request: web.Request) -> web.Response:
        """The process answers."""
        return web.Response(text="ok\n")

    async def readyz(self, request: web.Request) -> web.Response:
        """The process can take calls: its database answers and flows are loaded."""
        try:
            await self._store.ping()
        except StoreUnavailable:
            return web.Response(status=503, text="the store does not answer\n")
        return web.Response(text="ready\n")

    async def metrics(self, request: web.Request) -> web.Response:
        """Counters for Prometheus."""
        require_api_key(request, self._credentials)
        body, content_type = self._metrics.render()
        return web.Response(body=body, headers={"Content-Type": content_type})


def _json(value: Any) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), content_type="application/json")


def _query(request: web.Request) -> dict[str, str]:
    for name in request.query:
        if name not in _FILTERS:
            raise web.HTTPBadRequest(reason=f"unknown parameter; there are {', '.join(_FILTERS)}")
    return dict(request.query)


def _limit(text: str | None) -> int:
    if text is None:
        return DEFAULT_LIMIT
    if not text.isdecimal() or not text.isascii() or len(text) > 6 or not 1 <= int(text) <= MAX_LIMIT:
        raise ValueError(f"limit: has to be a number from 1 to {MAX_LIMIT}")
    return int(text)


def _number(text: str | None) -> str | None:
    """`+33…` in a query means a space and the digits, and so it is written nearly always."""
    return f"+{text[1:]}" if text and text.startswith(" ") else text


def _live(text: str | None) -> bool | None:
    if text not in (None, "true", "false"):
        raise ValueError("live: has to be true or false")
    return None if text is None else text == "true"
