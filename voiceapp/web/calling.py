"""Applications call out here: calls, click-to-calls, and the webhooks that tell them what became of both."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from aiohttp import web

from voiceapp.attempt import Attempt, AttemptState, IdempotencyKey
from voiceapp.egress.guard import Egress
from voiceapp.errors import ExchangeFailed, PlatformError, RequestRefused, UnknownCall
from voiceapp.outbound.cancelling import Cancelling
from voiceapp.outbound.click_to_call import click_view
from voiceapp.outbound.dialer import Dialer, Fault, KeyTaken
from voiceapp.outbound.intake import Intake
from voiceapp.outbound.native_clicks import NativeClicks
from voiceapp.outbound.requests import CallRequest, ClickToCallRequest, read_request
from voiceapp.store.store import Store
from voiceapp.store.turns import LoggedTurn
from voiceapp.tolls.gate import Refused
from voiceapp.views import attempt_view, call_view, event_view, owed_view
from voiceapp.web.auth import Credentials, require_api_key
from voiceapp.web.guard import read_body
from voiceapp.web.problems import platform_problem, problem

_WRONG_FIELDS = {"no_sender": "from", "no_hidden_number": "from", "no_phone_number": "to"}
"""What a client refuses before it asks its carrier: code -> the field that is wrong."""

KEY_HEADER = "Idempotency-Key"
LONGEST_KEY = 255
_BODY_SECONDS = 3.0
_LISTED = 200


class Calling:
    """Every route needs an API key."""

    def __init__(
        self,
        *,
        store: Store,
        dialer: Dialer,
        intake: Intake,
        cancelling: Cancelling,
        native: NativeClicks | None,
        egress: Egress,
        credentials: Credentials,
        clock: Callable[[], datetime],
        wake_notifier: Callable[[], None],
    ) -> None:
        self._store = store
        self._dialer = dialer
        self._intake = intake
        self._cancelling = cancelling
        self._native = native
        self._egress = egress
        self._credentials = credentials
        self._clock = clock
        self._wake_notifier = wake_notifier

    def routes(self) -> list[web.RouteDef]:
        """All routes."""
        return [
            web.post("/v1/calls", self.place),
            web.delete("/v1/calls/{id}", self.end),
            web.post("/v1/click-to-call", self.click),
            web.get("/v1/click-to-call/{id}", self.click_status),
            web.delete("/v1/click-to-call/{id}", self.end_click),
            web.get("/v1/attempts", self.attempts),
            web.get("/v1/webhooks", self.webhooks),
            web.post("/v1/webhooks/{id}/resend", self.resend),
            web.get("/v1/carrier-events", self.carrier_events),
        ]

    async def place(self, request: web.Request) -> web.Response:
        """Calls somebody with a flow: 202 with the call."""
        body = await self._body(request)
        attempt = self._intake.call(read_request(CallRequest, body), self._clock())
        return await self._take(request, body, attempt, f"/v1/calls/{attempt.id}")

    async def click(self, request: web.Request) -> web.Response:
        """Connects two people: 202 with how far it is."""
        body = await self._body(request)
        attempt = self._intake.click(read_request(ClickToCallRequest, body), self._clock())
        return await self._take(request, body, attempt, f"/v1/click-to-call/{attempt.click}")

    async def _body(self, request: web.Request) -> bytes:
        require_api_key(request, self._credentials)
        return await read_body(request, within=_BODY_SECONDS)

    async def _take(self, request: web.Request, body: bytes, attempt: Attempt, location: str) -> web.Response:
        callback = attempt.order.terms.callback
        if callback is not None:
            try:
                self._egress.admit(callback.url)
            except ExchangeFailed as failure:
                raise RequestRefused(("callback.url", str(failure))) from None
        try:
            placed = await self._dialer.take(attempt, _key(request, body, self._clock()))
        except KeyTaken:
            detail = "the key was used for another request; nothing was dialled"
            return problem(409, detail, code="key_taken", errors=[(KEY_HEADER, detail)])
        found = placed.attempt
        if placed.known and found.click:
            location = f"/v1/click-to-call/{found.click}"
        elif placed.known:
            location = f"/v1/calls/{found.id}"
        view = await self._view(found)
        goes_on = bool(found.click) and view["state"] == "calling"  # with A's next number
        if placed.fault is not None and not goes_on:
            return _fault(placed.fault, found, view, location)
        return _json(view, status=202, headers={"Location": location})

    async def end(self, request: web.Request) -> web.Response:
        """Cancels a call that waits, hangs up one that is live."""
        require_api_key(request, self._credentials)
        call_id = request.match_info["id"]
        try:
            await self._cancelling.call(call_id)
        except PlatformError as error:
            return platform_problem(error, "id")
        return _json(await self.call_view(call_id), status=202)

    async def call_view(self, call_id: str) -> dict[str, Any]:
        """A call, whether or not it has begun. Raises UnknownCall."""
        try:
            return call_view((await self._store.call(call_id)).call)
        except UnknownCall:
            attempt = await self._store.ledger.attempt(call_id)
            if attempt is None:
                raise
            return attempt_view(attempt)

    async def click_status(self, request: web.Request) -> web.Response:
        """How far both sides of a click-to-call are."""
        require_api_key(request, self._credentials)
        attempts = await self._attempts(request)
        last = attempts[-1]
        native = last.order.click is not None and last.order.click.native
        if not native or self._native is None or not last.ref or last.state is AttemptState.CANCELLED:
            return _json(await self._click_view(attempts))
        try:
            return _json({**await self._click_view(attempts), **await self._native.sides(last)})
        except PlatformError as error:
            return platform_problem(error, "id")

    async def end_click(self, request: web.Request) -> web.Response:
        """Cancels a click-to-call, or hangs up."""
        require_api_key(request, self._credentials)
        try:
            await self._cancelling.click(await self._attempts(request))
        except PlatformError as error:
            return platform_problem(error, "id")
        return _json(await self._click_view(await self._attempts(request)), status=202)

    async def attempts(self, request: web.Request) -> web.Response:
        """Calls that were ordered, whether or not they have begun; of one `state` or of all."""
        require_api_key(request, self._credentials)
        state = _query(request, "state").get("state")
        if state is not None and state not in set(AttemptState):
            raise web.HTTPBadRequest(reason=f"state: there are {', '.join(AttemptState)}")
        found = await self._store.ledger.newest(_LISTED, None if state is None else AttemptState(state))
        return _json({"attempts": [attempt_view(attempt) for attempt in found]})

    async def webhooks(self, request: web.Request) -> web.Response:
        """What applications were told and are owed, of one `call` or of all."""
        require_api_key(request, self._credentials)
        call_id = _query(request, "call").get("call")
        owed = await self._store.ledger.notifications(_LISTED, call_id)
        return _json({"webhooks": [owed_view(each) for each in owed]})

    async def resend(self, request: web.Request) -> web.Response:
        """Sends a webhook again."""
        require_api_key(request, self._credentials)
        if not await self._store.ledger.resend(request.match_info["id"], self._clock()):
            raise RequestRefused(("id", "there is no such webhook"), status=404, code="unknown")
        self._wake_notifier()
        return _json({"id": request.match_info["id"], "state": "due"}, status=202)

    async def carrier_events(self, request: web.Request) -> web.Response:
        """What carriers told by webhooks, of one `type` or of all."""
        require_api_key(request, self._credentials)
        events = await self._store.ledger.events(_LISTED, _query(request, "type").get("type"))
        return _json({"events": [event_view(event) for event in events]})

    async def _attempts(self, request: web.Request) -> list[Attempt]:
        attempts = await self._store.ledger.of_click(request.match_info["id"]) if request.match_info["id"] else []
        if not attempts:
            raise RequestRefused(("id", "there is no such click-to-call"), status=404, code="unknown")
        return attempts

    async def _view(self, attempt: Attempt) -> dict[str, Any]:
        if attempt.click:
            return await self._click_view(await self._store.ledger.of_click(attempt.click))
        return await self.call_view(attempt.id)

    async def _click_view(self, attempts: list[Attempt]) -> dict[str, Any]:
        last, call, log = attempts[-1], None, list[LoggedTurn]()
        try:
            call = (await self._store.call(last.id)).call
            log = await self._store.turns(last.id)
        except UnknownCall:
            call = None
        return click_view(last.click, attempts, call, log)


def _fault(fault: Fault, attempt: Attempt, view: Mapping[str, Any], location: str) -> web.Response:
    match fault:
        case Refused(code=code, message=message):
            status = 429 if code == "cap" else 422
            field = "flow" if code in ("no_flow", "misfit") else "to"
            return problem(status, message, code=code, errors=[(field, message)], call=view, location=location)
        case PlatformError(code=code) if code in _WRONG_FIELDS:
            errors = [(_WRONG_FIELDS[code], fault.message)]
            return problem(422, fault.message, code=code, errors=errors, call=view, location=location)
        case PlatformError():
            return platform_problem(fault, "carrier", call=view, location=location)


def _key(request: web.Request, body: bytes, now: datetime) -> IdempotencyKey | None:
    key = request.headers.get(KEY_HEADER)
    if key is None:
        return None
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise RequestRefused((KEY_HEADER, f"has to have 1 to {LONGEST_KEY} characters"), status=400)
    try:
        same = msgspec.json.encode(msgspec.json.decode(body), order="deterministic")
    except (msgspec.DecodeError, UnicodeError):
        same = body
    digest = hashlib.blake2b(request.path.encode() + b"\n" + same, digest_size=16).hexdigest()
    return IdempotencyKey(key, digest, now)


def _query(request: web.Request, name: str) -> dict[str, str]:
    for given in request.query:
        if given != name:
            raise web.HTTPBadRequest(reason=f"unknown parameter; there is {name}")
    return dict(request.query)


def _json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    body = msgspec.json.encode(value)
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")
