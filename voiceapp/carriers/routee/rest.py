"""Routee's REST API: a token that is fetched when needed, and what its errors look like.

Sources: Routee's pages get-authenticated, authentication and error-codes. A token is good for an hour unless the
application was made otherwise; an API that does not take it any more answers 401 or 403, and did nothing.
"""

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import msgspec

from voiceapp.carriers.asking import Kept, Lock, amount, ask, decoded, one_line, record, refusal, unreadable, word
from voiceapp.errors import PlatformError
from voiceapp.exchange import Answer, Request, Send

T = TypeVar("T")
API_URL = "https://connect.routee.net"
AUTH_URL = "https://auth.routee.net"

_TOKEN_SECONDS = 3600.0
"""How long a token is good when its answer does not say."""
_MARGIN_SECONDS = 60.0
"""How long before its end a token is not used any more; a tenth of its time when that is less."""


@dataclass(frozen=True)
class Access:
    """An application of the account, and where the API is."""

    app_id: str
    app_secret: str = field(repr=False)
    api_url: str = API_URL
    auth_url: str = AUTH_URL


class _Token(msgspec.Struct, frozen=True):
    text: str
    good_until: float


class Rest:
    """Routee's API. `now`: any clock that only goes forward, in seconds; `lock`: a lock of its own, so that a
    token is fetched once however many need it; `secrets`: what no message may hold, besides the credentials."""

    def __init__(
        self, send: Send, access: Access, *, lock: Lock, now: Callable[[], float], secrets: Iterable[str] = ()
    ) -> None:
        self._send = send
        self._access = access
        self._now = now
        self._basic = b64encode(f"{access.app_id}:{access.app_secret}".encode()).decode()
        self._secrets = (access.app_secret, self._basic, *secrets)
        self._tokens = Kept[_Token](lock, self._new_token, self._good)

    async def call(
        self,
        method: str,
        path: str,
        read: Callable[[Any], T | None],
        *,
        body: object = None,
        query: Mapping[str, str | int] | None = None,
        reads: bool = False,
    ) -> T:
        """One request, and one more with a new token when the first was refused for its token. `read` makes of the
        answer what is wanted, or None when it is something else; `reads`: it changes nothing. Raises
        PlatformError."""
        token = await self._tokens.get()
        request = self._request(method, path, token, body=body, query=query or {}, reads=reads)
        answer = await ask(self._send, request)
        if answer.status in (401, 403):
            self._tokens.drop(token)
            token = await self._tokens.get()
            request = self._request(method, path, token, body=body, query=query or {}, reads=reads)
            answer = await ask(self._send, request)
        said = decoded(answer.body)
        if not 200 <= answer.status < 300:
            raise self._refused(request, answer, said, token)
        result = read(said)
        if result is None:
            raise unreadable(request, answer, f"{method} {path}")
        return result

    def url(self, path: str, query: Mapping[str, str | int] | None = None) -> str:
        """A URL of the API; `path` begins with `/` and is quoted already, see `segment`."""
        return f"{self._access.api_url.rstrip('/')}{path}{'?' if query else ''}{urlencode(query or {})}"

    def _request(
        self,
        method: str,
        path: str,
        token: _Token,
        *,
        body: object,
        query: Mapping[str, str | int],
        reads: bool,
    ) -> Request:
        headers = {"Authorization": f"Bearer {token.text}", "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        return Request(
            method=method,
            url=self.url(path, query),
            headers=headers,
            body=None if body is None else msgspec.json.encode(body),
            reads=reads,
        )

    def _refused(self, request: Request, answer: Answer, said: object, token: _Token | None) -> PlatformError:
        """`code` and `developerMessage` of the API; the server of tokens has `error` and words of its own."""
        secrets = (*self._secrets, token.text if token else "")
        error = record(said)
        code = error.get("code", error.get("error"))
        words = (error.get(name) for name in ("developerMessage", "error_description", "message"))
        message = next((line for line in (one_line(each, secrets) for each in words) if line), "")
        return refusal(request, answer, code=one_line(str(code or ""), secrets), message=message)

    def _good(self, token: _Token) -> bool:
        return self._now() < token.good_until

    async def _new_token(self) -> _Token:
        request = Request(
            method="POST",
            url=f"{self._access.auth_url.rstrip('/')}/oauth/token",
            headers={
                "Authorization": f"Basic {self._basic}",
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "application/json",
            },
            body=b"grant_type=client_credentials",
            reads=True,
        )
        asked_at = self._now()
        answer = await ask(self._send, request)
        said = record(decoded(answer.body))
        if not 200 <= answer.status < 300:
            raise self._refused(request, answer, said, None)
        text = word(said.get("access_token"))
        if not text:
            raise unreadable(request, answer, "the request for a token")
        seconds = amount(said.get("expires_in")) or _TOKEN_SECONDS
        return _Token(text, asked_at + seconds - min(_MARGIN_SECONDS, seconds / 10))


def segment(text: str) -> str:
    """A text as a part of a path."""
    return quote(text, safe="")


def anything(_: object) -> bool:
    """Reads an answer of which only the status counts."""
    return True
