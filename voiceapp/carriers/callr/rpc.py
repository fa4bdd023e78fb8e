"""CALLR's JSON-RPC 2.0: one method, one POST. Sources: CALLR's pages on JSON-RPC and authentication, its SDKs.

Parameters are positional and never left out (null stands for an absent one); there are no batches. An error comes
with HTTP 200, and proves that the method did nothing; wrong credentials give HTTP 401.
"""

from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal, TypeVar, assert_never

import msgspec

from voiceapp.carriers.asking import ask, decoded, one_line, record, records, refusal, unreadable
from voiceapp.carriers.callr.wire import text
from voiceapp.errors import PlatformError
from voiceapp.exchange import Request, Send

T = TypeVar("T")
API_URL = "https://api.callr.com/json-rpc/v1.1/"
PER_SECOND = 1.0
"""Requests a second. CALLR documents no limit; its own sample keeps to this one."""
SWITCHED_OFF = "2027-06-30"
"""The day after which CALLR answers no JSON-RPC any more (README of its Python SDK)."""


@dataclass(frozen=True)
class Basic:
    """Login and password of the account."""

    login: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class ApiKey:
    """A key made by `api-key.create`."""

    token: str = field(repr=False)


@dataclass(frozen=True)
class Session:
    """A token made by `session.create`, good for a while; nothing here renews it."""

    token: str = field(repr=False)


Credentials = Basic | ApiKey | Session


def authorization(credentials: Credentials) -> str:
    """The header that shows these credentials."""
    match credentials:
        case Basic(login=login, password=password):
            return f"Basic {b64encode(f'{login}:{password}'.encode()).decode()}"
        case ApiKey(token=token):
            return f"Api-Key {token}"
        case Session(token=token):
            return f"Session {token}"
        case _:
            assert_never(credentials)


class Rpc:
    """CALLR's API. `secrets`: what no message may hold, besides the credentials."""

    def __init__(
        self, send: Send, credentials: Credentials, *, url: str = API_URL, secrets: Iterable[str] = ()
    ) -> None:
        self._send = send
        self._url = url
        self._headers = {
            "Authorization": authorization(credentials),
            "Content-Type": "application/json-rpc; charset=utf-8",
        }
        shown = credentials.password if isinstance(credentials, Basic) else credentials.token
        self._secrets = (shown, self._headers["Authorization"].partition(" ")[2], *secrets)
        self._ids = count(1)

    async def call(
        self, method: str, params: Sequence[object], read: Callable[[Any], T | None], *, reads: bool = False
    ) -> T:
        """Call a method once. `read` makes of its result what is wanted, or None when it is something else;
        `reads`: the method changes nothing. Raises PlatformError."""
        number = next(self._ids)
        body = msgspec.json.encode({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        request = Request(method="POST", url=self._url, headers=self._headers, body=body, reads=reads)
        answer = await ask(self._send, request)
        said = record(decoded(answer.body))
        code, message = self._error(said)
        if answer.status != 200:
            raise refusal(request, answer, code=code, message=message)
        if said.get("error") is not None:
            raise PlatformError(
                message or "no reason given", code=code, status=200, retry_after=answer.retry_after
            )
        result = read(said["result"]) if "result" in said and text(said.get("id")) == str(number) else None
        if result is None:
            raise unreadable(request, answer, method)
        return result

    def _error(self, said: Any) -> tuple[str, str]:
        """Code and message; `data` is a part of the message where it is a text."""
        error = record(said.get("error"))
        words = (one_line(error.get(name), self._secrets) for name in ("message", "data"))
        return one_line(text(error.get("code")), self._secrets), ": ".join(filter(None, words))


def a_text(result: object) -> str | None:
    """An id as text; a number is one too."""
    return text(result) or None


def a_number(result: object) -> int | None:
    """A whole number, also one written as text."""
    found = text(result)
    return int(found) if found.isdecimal() and found.isascii() else None


def a_list(result: object) -> tuple[Any, ...] | None:
    """The objects in an array."""
    return records(result) if isinstance(result, list) else None


def done(result: object) -> Literal[True] | None:
    """Anything but false: methods that change something give true, or what they changed."""
    return None if result is False else True
