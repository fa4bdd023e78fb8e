"""The way to a carrier's API: one session, to addresses that the operator configured, and no faster than agreed.

Other than what flows ask for, these addresses may be private ones, so that a platform of one's own can be used;
without TLS only this machine is talked to.
"""

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import SimpleNamespace
from typing import NamedTuple, Self

import aiohttp
from aiolimiter import AsyncLimiter
from yarl import URL

from voiceapp.egress.allow import is_loopback
from voiceapp.egress.guard import judged
from voiceapp.errors import ExchangeFailed, OperatorError
from voiceapp.exchange import Answer, Request

MAX_ANSWER = 4 * 1024 * 1024
"""Bytes of an answer, after decompression, that are read at most: a list of calls is long."""
WITHIN = 8.0
"""Seconds that a request takes at most, from the first packet to the last."""
IN_LINE = 10.0
"""Seconds that a request waits in line at most; then it was not sent, and whoever wants it may come again."""
_CONNECT_SECONDS = 2.0
_SECONDS = re.compile(r"[0-9]{1,9}")


class Limit(NamedTuple):
    """Requests with this method and URL (query aside) go out `per_second` times a second at most."""

    method: str
    url: str
    per_second: float


class _Progress:
    """How far a request came; it may have been seen once its first byte was about to be written."""

    sent = False


class PlatformSession:
    """A session with one platform. `send` is a Send, and raises ExchangeFailed in fixed words."""

    def __init__(
        self, bases: tuple[URL, ...], per_second: float, limits: Sequence[Limit], within: float, in_line: float
    ) -> None:
        self._bases = bases
        self._in_line = in_line
        self._line = _line(per_second)
        self._lines = {(limit.method, URL(limit.url)): _line(limit.per_second) for limit in limits}
        self._timeout = aiohttp.ClientTimeout(total=within, sock_connect=_CONNECT_SECONDS)
        trace = aiohttp.TraceConfig()
        trace.on_request_headers_sent.append(_note_sent)
        self._session = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "voiceapp"},
            trace_configs=[trace],
            trust_env=False,
        )

    @classmethod
    async def open(
        cls,
        *bases: str,
        per_second: float,
        limits: Sequence[Limit] = (),
        within: float = WITHIN,
        in_line: float = IN_LINE,
    ) -> Self:
        """A session for this event loop, to URLs below `bases`. Raises OperatorError for a base that may not be.

        `per_second`: how many requests go out in a second at most, evenly spaced; who comes too early waits in
        line for `in_line` seconds at most, for which `within` does not count."""
        return cls(tuple(map(_base, bases)), per_second, limits, within, in_line)

    async def close(self) -> None:
        """Close all connections; answers on the way are lost."""
        await self._session.close()

    async def send(self, request: Request) -> Answer:
        """Wait in line, send once, read the answer; redirects are answers. Raises ExchangeFailed."""
        url = self._admitted(request.url)
        special = self._lines.get((request.method, url.with_query(None)))
        try:
            async with asyncio.timeout(self._in_line):
                for line in (special, self._line):
                    if line is not None:
                        await line.acquire()
        except TimeoutError:
            raise ExchangeFailed("too many requests wait") from None
        progress = _Progress()
        try:
            async with self._session.request(
                request.method,
                url,
                data=request.body,
                headers=request.headers,
                timeout=self._timeout,
                allow_redirects=False,
                trace_request_ctx=progress,
            ) as response:
                body = await _capped(response)
                return Answer(
                    status=response.status,
                    body=body,
                    retry_after=_retry_after(response.headers.get("Retry-After", "")),
                )
        except ExchangeFailed:
            raise
        except Exception as failure:
            reason = judged(failure)
            raise ExchangeFailed(str(reason), sent=progress.sent, theirs=reason.theirs) from None

    def _admitted(self, text: str) -> URL:
        try:
            url = URL(text)
        except ValueError:
            raise ExchangeFailed("URL not valid") from None
        for base in self._bases:
            if url.absolute and url.origin() == base.origin() and url.path.startswith(base.path):
                return url
        raise ExchangeFailed("address not allowed")


def _base(text: str) -> URL:
    """The URL of a platform as the operator wrote it; never quoted, since a secret may stand in its place."""
    try:
        url = URL(text)
        host = url.host if url.port is not None and url.user is None and not url.query_string else None
    except ValueError:
        host = None
    if not host or url.scheme not in {"http", "https"}:
        raise OperatorError("the URL of a carrier's API is no http or https URL")
    if url.scheme == "http" and not is_loopback(host):
        raise OperatorError("the URL of a carrier's API has to begin with https://, except on this machine")
    return url


def _line(per_second: float) -> AsyncLimiter:
    """Evenly spaced: a limiter that lets a second's worth through at once lets two through around a turn."""
    return AsyncLimiter(1, 1 / per_second)


async def _note_sent(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
    context.trace_request_ctx.sent = True


async def _capped(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    while piece := await response.content.readany():
        body += piece
        if len(body) > MAX_ANSWER:
            raise ExchangeFailed("answer too long", sent=True)
    return bytes(body)


def _retry_after(text: str) -> float | None:
    """Seconds, written as such or as a date (RFC 9110, 10.2.3)."""
    if _SECONDS.fullmatch(text):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
