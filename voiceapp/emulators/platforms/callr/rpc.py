"""CALLR's JSON-RPC: the envelope, who may ask, and how a wrong request is refused.

Sources: docs.callr.com, "JSON-RPC" and "Authentication" (one URL, positional params only, no batches, no
notifications; Basic, `Api-Key` and `Session`), "JSON objects" (Session Token); messages from the vendor's .NET
tests; codes 150 and 151 from a third party's table. Inferred: the codes of a wrong envelope (JSON-RPC's own),
`PROPERTY_MISSING`, that code 151 goes with every other message, and that a trailing param may not be left out.
"""

import hmac
import inspect
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any, get_type_hints

import aiohttp
import msgspec
from aiohttp import web

from voiceapp.emulators.platforms.faults import ApiError, Faults
from voiceapp.emulators.platforms.records import ApiRequest

Method = Callable[..., object]
"""Its parameters are the params, by position; their annotations say what is accepted."""

MISSING_PROPERTY = 150
WRONG_PROPERTY = 151
PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601

_SESSION = timedelta(hours=1)
_REFRESH = timedelta(days=1)


class RpcError(Exception):
    """A request is refused: `code` and `message` as CALLR words them."""

    def __init__(self, message: str, code: int = WRONG_PROPERTY) -> None:
        super().__init__(message)
        self.error = ApiError(code, message)


def wrong_value(name: str) -> RpcError:
    """The value of a param or property is not possible."""
    return RpcError(f"PROPERTY_VALUE_ERROR [{name}]")


class Credentials:
    """Who may ask: a login with its password, an API key, and sessions."""

    def __init__(self, login: str, password: str, api_key: str, now: Callable[[], datetime]) -> None:
        self._accepted = {aiohttp.encode_basic_auth(login, password), f"Api-Key {api_key}"}
        self._sessions: dict[str, datetime] = {}
        self._now = now

    def accept(self, header: str) -> bool:
        """Whether this `Authorization` is known and still good."""
        scheme, _, token = header.partition(" ")
        if scheme == "Session":
            return token in self._sessions and self._now() < self._sessions[token]
        given = header.encode()
        return any(hmac.compare_digest(given, accepted.encode()) for accepted in self._accepted)

    def create_session(self) -> dict[str, str]:
        """`session.create`: a Session Token, good for an hour (made up)."""
        token = secrets.token_hex(20)
        self._sessions[token] = self._now() + _SESSION
        return {
            "token": token,
            "refresh_token": secrets.token_hex(20),
            "valid_until": f"{self._sessions[token]:%Y-%m-%d %H:%M:%S}",
            "refreshable_until": f"{self._now() + _REFRESH:%Y-%m-%d %H:%M:%S}",
        }

    def expire(self) -> None:
        """Let all sessions end now."""
        self._sessions.clear()


class Rpc:
    """The one URL of the API. `requests`: everything asked that was JSON, also what was refused."""

    def __init__(self, methods: Mapping[str, Method], credentials: Credentials, faults: Faults) -> None:
        self.requests: list[ApiRequest] = []
        self._methods = methods
        self._credentials = credentials
        self._faults = faults

    async def answer(self, request: web.Request) -> web.Response:
        """The handler. Refusals have HTTP status 200, but wrong credentials 401."""
        asked = _decoded(await request.read())
        envelope = asked if isinstance(asked, dict) else {}
        name = str(envelope.get("method", ""))
        self.requests.append(ApiRequest(name, envelope.get("params")))
        reply = partial(_reply, envelope.get("id"))
        return await self._faults.around(
            request,
            name,
            lambda: self._act(request.headers.get("Authorization", ""), asked, reply),
            lambda error: reply(error=error),
        )

    def _act(self, authorization: str, asked: object, reply: Callable[..., web.Response]) -> web.Response:
        if not self._credentials.accept(authorization):
            return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="CALLR"'})
        try:
            name, params = _checked(asked)
            if name not in self._methods:
                raise RpcError("METHOD_NOT_FOUND", METHOD_NOT_FOUND)
            method = self._methods[name]
            return reply(method(*_arguments(method, params)))
        except RpcError as error:
            return reply(error=error.error)


def _decoded(body: bytes) -> object:
    try:
        return msgspec.json.decode(body)
    except ValueError:  # msgspec's errors, and bytes that are no UTF-8
        return RpcError("PARSE_ERROR", PARSE_ERROR)


def _reply(request_id: Any, result: object = None, error: ApiError | None = None) -> web.Response:
    answer = {"result": result} if error is None else {"error": {"code": error.code, "message": error.message}}
    body = msgspec.json.encode({"jsonrpc": "2.0", "id": request_id} | answer)
    return web.Response(body=body, content_type="application/json", charset="utf-8")


def _checked(asked: object) -> tuple[str, list[Any]]:
    """The method and the params; raises RpcError."""
    match asked:
        case RpcError():
            raise asked
        case {"jsonrpc": "2.0", "id": str() | int(), "method": str(name), "params": list(params)}:
            return name, params
        case _:
            raise RpcError("INVALID_REQUEST", INVALID_REQUEST)


@cache
def _signature(function: Method) -> list[tuple[str, Any]]:
    hints = get_type_hints(function, include_extras=True)
    return [(name.rstrip("_"), hints[name]) for name in inspect.signature(function).parameters if name in hints]


def _arguments(method: Method, params: list[Any]) -> list[Any]:
    """The params as the method's annotations want them; raises RpcError."""
    expected = _signature(method)
    if len(params) > len(expected):
        raise RpcError("INVALID_PARAM_FORMAT [params]")
    if len(params) < len(expected):
        raise RpcError(f"PROPERTY_MISSING [{expected[len(params)][0]}]", MISSING_PROPERTY)
    return [convert(value, kind, name) for value, (name, kind) in zip(params, expected, strict=True)]


def convert(value: object, kind: Any, name: str) -> Any:
    """`value` as a `kind`; raises RpcError, in CALLR's words, on the property of `name` that is wrong."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise _refusal(str(error), name) from None


def _refusal(message: str, name: str) -> RpcError:
    """CALLR's words for msgspec's; a null is a wrong value there, and not a wrong type."""
    told, _, path = message.partition(" - at `$")
    place = name + path.removesuffix("`")
    if missing := re.search(r"missing required field `(\w+)`", told):
        return RpcError(f"PROPERTY_MISSING [{place}.{missing[1]}]", MISSING_PROPERTY)
    if unknown := re.search(r"unknown field `(\w+)`", told):
        return wrong_value(f"{place}.{unknown[1]}")
    type_is_wrong = ", got " in told and not told.endswith("got `null`")
    return RpcError(f"PROPERTY_TYPE_ERROR [{place}]") if type_is_wrong else wrong_value(place)
