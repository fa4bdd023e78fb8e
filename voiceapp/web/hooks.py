"""Carriers post here. Authenticate, read the body in time, hand it to the service, send what it says."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial

from aiohttp import web

from voiceapp.carriers import Callr, Routee
from voiceapp.carriers.base import Post
from voiceapp.carriers.routee.codec import HOOKS as ROUTEE_HOOKS
from voiceapp.carriers.routee.codec import PLAN
from voiceapp.service.service import Service
from voiceapp.web.auth import Credentials, require_callr, require_routee
from voiceapp.web.guard import read_body

BODY_SECONDS = {"callr": 1.0, "routee": 0.5}
"""What of the deadline a slow body may use up."""

_CALLR = "/hooks/callr/"
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
            web.post(f"{_CALLR}{{flow}}", self.callr),
            web.post(routee, self.routee),
            web.get(routee, self.routee, allow_head=False),
            *(web.post(f"{routee}/{{hook:{hook}}}", self.routee) for hook in ROUTEE_HOOKS),
            *(web.post(f"{routee}/{{hook:{hook}}}/{{turn}}", self.routee) for hook in ROUTEE_HOOKS),
        ]

    def straight(self, request: web.Request) -> Handler | None:
        """The handler of nearly every post there is, a plain one of CALLR's, by the looks of its path; None for
        what has to be routed, which takes as long as reading the post."""
        flow = request.raw_path.removeprefix(_CALLR)
        if request.method != "POST" or not flow.isidentifier() or "Expect" in request.headers:
            return None
        return partial(self._callr_post, flow=flow)

    async def callr(self, request: web.Request) -> web.Response:
        """CALLR: every post of every call."""
        query = {name: _clean(value) for name, value in request.query.items()}
        return await self._callr_post(request, request.match_info["flow"], query)

    async def _callr_post(self, request: web.Request, flow: str, query: Mapping[str, str] = {}) -> web.Response:
        require_callr(request, self._credentials)
        body = await read_body(request, within=BODY_SECONDS["callr"])
        reply = await self._service.answer(self._callr, flow, Post("call", body, self._clock(), "", query))
        return web.Response(body=reply, content_type=_JSON)

    async def routee(self, request: web.Request) -> web.Response:
        """Routee: dial plans, tones, machine detection, status and recordings."""
        require_routee(request, self._credentials)
        body = await read_body(request, within=BODY_SECONDS["routee"])
        found = request.match_info
        query = {name: _clean(value) for name, value in request.query.items()}
        if request.method == "GET" and "conversationTrackingId" not in query:
            # A plan that is fetched without saying for whom: the URLs in it will tell its call from others.
            query.setdefault("call", secrets.token_hex(16))
        post = Post(found.get("hook", PLAN), body, self._clock(), found.get("turn", ""), query)
        reply = await self._service.answer(self._routee, found["flow"], post)
        return web.Response(body=reply, content_type=_JSON)


def _clean(value: str) -> str:
    """Without the lone surrogates that an ill-formed query leaves, which no database takes."""
    return value.encode("utf-8", "replace").decode()
