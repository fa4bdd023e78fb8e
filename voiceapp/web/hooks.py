"""Carriers post here. Authenticate, read the body in time, hand it to the service, send what it says."""

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web

from voiceapp.carriers import Callr, Carrier, Routee
from voiceapp.carriers.base import Post
from voiceapp.carriers.routee.codec import HOOKS as ROUTEE_HOOKS
from voiceapp.carriers.routee.codec import PLAN
from voiceapp.service.service import Service
from voiceapp.web.auth import Credentials, require_callr, require_routee
from voiceapp.web.guard import read_body

BODY_SECONDS = {"callr": 1.0, "routee": 0.5}
"""What of the deadline a slow body may use up."""

_JSON = "application/json"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Hooks:
    """The routes of all carriers."""

    def __init__(
        self,
        service: Service,
        callr: Callr,
        routee: Routee,
        credentials: Credentials,
        clock: Callable[[], datetime],
    ) -> None:
        self._service = service
        self._callr = callr
        self._routee = routee
        self._credentials = credentials
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """One for CALLR; for Routee the plan's, and one for each of its other hooks with and without a turn."""
        routee = "/hooks/routee/{flow}"
        return [
            web.post("/hooks/callr/{flow}", self.callr),
            web.post(routee, self.routee),
            web.get(routee, self.routee, allow_head=False),
            *(web.post(f"{routee}/{{hook:{hook}}}", self.routee) for hook in ROUTEE_HOOKS),
            *(web.post(f"{routee}/{{hook:{hook}}}/{{turn}}", self.routee) for hook in ROUTEE_HOOKS),
        ]

    async def callr(self, request: web.Request) -> web.Response:
        """CALLR: every post of every call."""
        require_callr(request, self._credentials)
        return await self._answer(request, self._callr, "call")

    async def routee(self, request: web.Request) -> web.Response:
        """Routee: dial plans, tones, machine detection, status and recordings."""
        require_routee(request, self._credentials)
        return await self._answer(request, self._routee, request.match_info.get("hook", PLAN))

    async def _answer(self, request: web.Request, carrier: Carrier, hook: str) -> web.Response:
        flow = request.match_info["flow"]
        body = await read_body(request, within=BODY_SECONDS[carrier.name])
        query = {name: _clean(value) for name, value in request.query.items()} if request.query_string else {}
        if request.method == "GET" and "conversationTrackingId" not in query:
            # A plan that is fetched without saying for whom: the URLs in it will tell its call from others.
            query.setdefault("call", secrets.token_hex(16))
        post = Post(hook, body, self._clock(), request.match_info.get("turn", ""), query)
        reply = await self._service.answer(carrier, flow, post)
        return web.Response(body=reply, content_type=_JSON)


def _clean(value: str) -> str:
    """Without the lone surrogates that an ill-formed query leaves, which no database takes."""
    return value.encode("utf-8", "replace").decode()
