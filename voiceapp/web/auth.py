"""Who may post: CALLR by HTTP Basic, Routee by a secret in the query, API users by a key.

Each check looks at the head of a request only, and compares in constant time. With nothing configured at all
(development; `settings` then allows a loopback address only) everybody is let in; as soon as anything is
configured, what is not stays shut.

Sources: CALLR documents HTTP Basic as the only authentication of its posts; Routee documents none, so that
its secret is a part of the URL that it was given.
"""

import base64
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from voiceapp.settings import Settings

_BASIC = {"WWW-Authenticate": 'Basic realm="voiceapp", charset="UTF-8"'}
_BEARER = {"WWW-Authenticate": 'Bearer realm="voiceapp"'}


class Failures:
    """Counts failures per address and minute. Holds at most `addresses` of them, the oldest go first."""

    def __init__(
        self, limit: int = 20, *, addresses: int = 10_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = limit
        self._addresses = addresses
        self._clock = clock
        self._counts: dict[str, tuple[float, int]] = {}

    def failed(self, address: str) -> bool:
        """Note a failure; True when there were more than the limit in the minute that the first one began."""
        now = self._clock()
        began, count = self._counts.pop(address, (now, 0))
        if now - began >= 60:
            began, count = now, 0
        if len(self._counts) >= self._addresses:
            del self._counts[next(iter(self._counts))]
        self._counts[address] = began, count + 1
        return count >= self._limit


@dataclass(frozen=True)
class Credentials:
    """What callers of this server have to show. Bytes, since text is not comparable in constant time."""

    callr: bytes = field(default=b"", repr=False)
    """`login:password` in base64, as the header has it."""
    routee_secret: bytes = field(default=b"", repr=False)
    api_keys: tuple[bytes, ...] = field(default=(), repr=False)
    failures: Failures = field(default_factory=Failures, repr=False, compare=False)

    @classmethod
    def of(cls, settings: Settings) -> "Credentials":
        """The credentials among the settings."""
        password, secret = settings.callr_password, settings.routee_secret
        basic = f"{settings.callr_login}:{password.get_secret_value()}" if password else ""
        return cls(
            base64.b64encode(basic.encode()),
            secret.get_secret_value().encode() if secret else b"",
            tuple(key.get_secret_value().encode() for key in settings.api_keys),
        )

    @property
    def none(self) -> bool:
        """Nothing is configured."""
        return not (self.callr or self.routee_secret or self.api_keys)


def require_callr(request: web.BaseRequest, credentials: Credentials) -> None:
    """Let CALLR in; raises HTTPUnauthorized, or HTTPTooManyRequests after many failures."""
    if credentials.none:
        return
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    same = hmac.compare_digest(_bytes(given.strip()), credentials.callr)
    if not (same and credentials.callr and scheme.lower() == "basic"):
        raise denied(request, credentials, _BASIC)


def require_routee(request: web.BaseRequest, credentials: Credentials) -> None:
    """Let Routee in; raises HTTPUnauthorized, or HTTPTooManyRequests after many failures."""
    if credentials.none:
        return
    same = hmac.compare_digest(_bytes(request.query.get("secret", "")), credentials.routee_secret)
    if not (same and credentials.routee_secret):
        raise denied(request, credentials, {})


def require_api_key(request: web.BaseRequest, credentials: Credentials) -> None:
    """Let an API user in, by `Authorization: Bearer KEY` or `X-Api-Key: KEY`; raises as the others do."""
    if credentials.none:
        return
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    given = _bytes(bearer.strip() if scheme.lower() == "bearer" else request.headers.get("X-Api-Key", ""))
    # every key is compared, so that the time does not tell which one was nearly right
    if not sum(hmac.compare_digest(given, key) for key in credentials.api_keys):
        raise denied(request, credentials, _BEARER)


def denied(request: web.BaseRequest, credentials: Credentials, challenge: dict[str, str]) -> web.HTTPException:
    """429 in place of 401 for an address that keeps failing. Right credentials are never turned away: behind
    a proxy all share one address, and somebody's guesses must not cost a carrier its calls."""
    if credentials.failures.failed(request.remote or ""):
        return web.HTTPTooManyRequests(headers={"Retry-After": "60"})
    return web.HTTPUnauthorized(headers=challenge)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
