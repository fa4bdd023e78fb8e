"""The only way out: a session that reaches public addresses by https, and what the operator listed.

The address is checked when its socket is made, behind every name look-up, redirect or odd spelling of an
address: whatever a name means now, that is what is judged. (A check in the resolver would not do: aiohttp
asks none for a URL with an address in it.) Failures are fixed phrases, without addresses or contents.
"""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver

from voiceapp.egress.allow import AllowList, is_public
from voiceapp.egress.target import Target, admit
from voiceapp.errors import ExchangeFailed

MAX_ANSWER = 256 * 1024
"""Bytes of an answer, after decompression, that are read at most."""

_CONNECT_SECONDS = 1.0
_OURS = frozenset(
    {"connection", "content-length", "expect", "host", "keep-alive", "proxy-authorization", "te", "trailer"}
    | {"transfer-encoding", "upgrade"}
)


class _NotAllowed(OSError):
    """An address that nothing may be sent to."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, body decompressed. `content_type` without parameters, lower case."""

    status: int
    content_type: str
    body: bytes


class Egress:
    """Two sessions: one for places that the operator listed, one for the rest of the world."""

    def __init__(self, allow: AllowList, resolver: AbstractResolver | None) -> None:
        self._allow = allow
        self._public = _session(self._public_socket, resolver)
        self._listed = _session(_any_socket, resolver)

    @classmethod
    async def open(cls, allow: AllowList | None = None, *, resolver: AbstractResolver | None = None) -> Self:
        """Make the sessions for this event loop. `resolver`: aiohttp's own by default."""
        return cls(allow or AllowList(), resolver)

    async def close(self) -> None:
        """Close all connections; answers on the way are lost."""
        await self._public.close()
        await self._listed.close()

    def admit(self, url: str) -> Target:
        """Judge a URL by its looks; raises ExchangeFailed. Its address is judged when it is connected to."""
        return admit(url, self._allow)

    async def exchange(
        self,
        target: Target,
        *,
        within: float,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """One request, in `within` seconds altogether; no redirect is followed. Raises ExchangeFailed."""
        session = self._listed if target.listed else self._public
        if not _OURS.isdisjoint(name.lower() for name in headers or ()):
            raise ExchangeFailed("header not allowed")
        timeout = aiohttp.ClientTimeout(total=within, sock_connect=_CONNECT_SECONDS)
        try:
            async with session.request(
                method, target.url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                return Answer(response.status, response.content_type.lower(), await _capped(response))
        except ExchangeFailed:
            raise
        except Exception as failure:
            raise judged(failure) from None

    def _public_socket(self, info: aiohttp.AddrInfoType) -> socket.socket:
        address = ip_address(str(info[4][0]).partition("%")[0])
        if not is_public(address) and not self._allow.lists_address(address):
            raise _NotAllowed("address not allowed")
        return _any_socket(info)


def _session(
    socket_factory: aiohttp.SocketFactoryType, resolver: AbstractResolver | None
) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(socket_factory=socket_factory, resolver=resolver),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": "voiceapp"},
        trust_env=False,
    )


def _any_socket(info: aiohttp.AddrInfoType) -> socket.socket:
    family, kind, protocol, _, _ = info
    return socket.socket(family, kind, protocol)


async def _capped(response: aiohttp.ClientResponse) -> bytes:
    body = b""
    while piece := await response.content.readany():
        body += piece
        if len(body) > MAX_ANSWER:
            raise ExchangeFailed("answer too long", sent=True)
    return body


def judged(failure: Exception) -> ExchangeFailed:
    """What went wrong in fixed words: aiohttp's own quote hosts, headers and addresses."""
    match failure:
        case aiohttp.ClientConnectorError(os_error=_NotAllowed()):
            return ExchangeFailed("address not allowed")
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientConnectorSSLError():
            return ExchangeFailed("TLS failed", theirs=True)
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return ExchangeFailed("no connection", theirs=True)
        case TimeoutError():
            return ExchangeFailed("timed out", sent=True, theirs=True)
        case aiohttp.InvalidURL() | ValueError() | TypeError():
            return ExchangeFailed("request not valid")
        case _:
            return ExchangeFailed("connection broken", sent=True, theirs=True)
