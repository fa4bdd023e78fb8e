"""One HTTP exchange as values: what is asked of somebody else's server, and what it said.

Whoever knows the words of an API writes a Request and reads an Answer; whoever owns a connection is a Send.
"""

from collections.abc import Awaitable, Callable, Mapping

import msgspec


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """`url` with its query; `body` None: none. `reads`: changes nothing, so that it may be sent again."""

    method: str
    url: str
    headers: Mapping[str, str] = {}
    body: bytes | None = None
    reads: bool = False


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An HTTP answer, body decompressed. `retry_after`: seconds its header asks to wait, None without one."""

    status: int
    body: bytes = b""
    retry_after: float | None = None


Send = Callable[[Request], Awaitable[Answer]]
"""Sends a request once. Raises ExchangeFailed when no answer came."""
