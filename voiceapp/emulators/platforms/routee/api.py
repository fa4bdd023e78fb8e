"""Routee's REST API: tokens, errors, pages, and what every request goes through.

Sources: docs.routee.net, "get-authenticated", "authentication", "error-codes"; paging and field names from its
reference; the two bodies of a failed authentication from the vendor's Java SDK. Inferred: the module and sequence
digits of errors about voice and numbers, the code of a refused token and of too many requests, that both
documented statuses of an expired token may be answered with 401.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qs

import aiohttp
import msgspec
from aiohttp import web

from voiceapp.emulators.platforms.faults import ApiError, Faults
from voiceapp.emulators.platforms.records import ApiRequest

INVALID = 400_000_000
NO_BALANCE = 400_001_009
NOT_FOUND = 404_013_000
TOO_MANY = 429_000_000
UNAUTHORIZED = 401_000_000

_TOKEN_LIFE = timedelta(seconds=3600)
_PAGE_SIZE = 20

T = TypeVar("T")


class RouteeError(Exception):
    """A request is refused: `code` is nine digits, the HTTP status first."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.error = ApiError(code, message)


class Asked(NamedTuple):
    """What a request says: the variable parts of its path, its query, and its body."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes

    def read(self, kind: type[T]) -> T:
        """The JSON body; raises RouteeError naming what is wrong."""
        try:
            return msgspec.json.decode(self.body, type=kind)
        except ValueError as error:  # msgspec's errors, and bytes that are no UTF-8
            raise RouteeError(INVALID, f"Validation Error. {error}") from None

    def number(self, name: str, default: int) -> int:
        """A number of the query."""
        text = self.query.get(name, str(default))
        if not (text.isascii() and text.isdigit()):
            raise RouteeError(INVALID, f"Validation Error. {name}: {text}")
        return int(text)


Act = Callable[[Asked], object]
"""Does what a request asks, and returns the JSON of the answer."""


class Tokens:
    """The access tokens of one application."""

    def __init__(self, app_id: str, app_secret: str, now: Callable[[], datetime]) -> None:
        self._basic = aiohttp.encode_basic_auth(app_id, app_secret)
        self._now = now
        self._until: dict[str, datetime] = {}

    def issue(self, authorization: str, body: bytes) -> web.Response:
        """`POST /oauth/token`."""
        if not secrets.compare_digest(authorization.encode(), self._basic.encode()):
            answer = {"error": "Unauthorized", "message": "Bad credentials"}
            return web.json_response(answer, status=401)
        if parse_qs(body.decode(errors="replace")).get("grant_type") != ["client_credentials"]:
            answer = {"error": "unsupported_grant_type", "error_description": "Unsupported grant type"}
            return web.json_response(answer, status=400)
        token = secrets.token_hex(16)
        self._until[token] = self._now() + _TOKEN_LIFE
        life = int(_TOKEN_LIFE.total_seconds())
        return web.json_response(
            {
                "access_token": token,
                "token_type": "bearer",
                "expires_in": life,
                "scope": "voice",
                "permissions": ["MT_ROLE_VOICE", "MT_ROLE_NUMBERS"],
            }
        )

    def accept(self, authorization: str) -> bool:
        """Whether this is a token, and still good."""
        scheme, _, token = authorization.partition(" ")
        return scheme.lower() == "bearer" and token in self._until and self._now() < self._until[token]

    def expire(self) -> None:
        """Let all tokens end now."""
        self._until.clear()


class Api:
    """What every request goes through. `requests`: all of them, as `POST /path` with the body or the query."""

    def __init__(self, tokens: Tokens, faults: Faults) -> None:
        self.requests: list[ApiRequest] = []
        self._tokens = tokens
        self._faults = faults

    def route(self, verb: str, path: str, act: Act) -> web.RouteDef:
        """A resource that needs a token; a fault's method is `verb` and `path`, with the braces."""

        async def handle(request: web.Request) -> web.Response:
            asked = Asked(request.match_info, request.query, await self._seen(request))
            authorization = request.headers.get("Authorization", "")
            return await self._faults.around(
                request, f"{verb} {path}", lambda: self._act(authorization, asked, act), _refused
            )

        return web.route(verb, path, handle)

    def token_route(self) -> web.RouteDef:
        """Where tokens are issued."""

        async def handle(request: web.Request) -> web.Response:
            body = await self._seen(request)
            authorization = request.headers.get("Authorization", "")
            return await self._faults.around(
                request, "POST /oauth/token", lambda: self._tokens.issue(authorization, body), _refused
            )

        return web.post("/oauth/token", handle)

    async def _seen(self, request: web.Request) -> bytes:
        body = await request.read()
        try:
            said: Any = msgspec.json.decode(body) if body else dict(request.query)
        except ValueError:  # a form, or nonsense
            said = body.decode(errors="replace")
        self.requests.append(ApiRequest(f"{request.method} {request.path}", said))
        return body

    def _act(self, authorization: str, asked: Asked, act: Act) -> web.Response:
        if not self._tokens.accept(authorization):
            return _refused(ApiError(UNAUTHORIZED, "Invalid access token"))
        try:
            body = msgspec.json.encode(act(asked))
        except RouteeError as error:
            return _refused(error.error)
        return web.Response(body=body, content_type="application/json")


def _refused(error: ApiError) -> web.Response:
    answer = {"code": str(error.code), "developerMessage": error.message}
    return web.json_response(answer, status=error.code // 1_000_000)


def page(items: Sequence[object], asked: Asked) -> dict[str, object]:
    """The page of `items` that is asked for."""
    number, size = asked.number("page", 0), max(1, asked.number("size", _PAGE_SIZE))
    content = items[number * size : (number + 1) * size]
    pages = -(-len(items) // size)
    return {
        "content": content,
        "totalPages": pages,
        "totalElements": len(items),
        "last": number >= pages - 1,
        "first": number == 0,
        "number": number,
        "numberOfElements": len(content),
        "size": size,
    }
