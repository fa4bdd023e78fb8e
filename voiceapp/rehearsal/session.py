"""What an emulated carrier takes for HTTP: its requests go to a rehearsed server, and no network is there."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from voiceapp.carriers.base import Post
from voiceapp.carriers.routee.codec import PLAN
from voiceapp.errors import PostRefused
from voiceapp.rehearsal.clock import Clock
from voiceapp.rehearsal.server import RehearsalServer

FAILURE = "rehearsed failure"
"""What a carrier says that is to fail."""


@dataclass(frozen=True)
class LocalReply:
    """An answer."""

    status: int
    content_type: str
    body: bytes

    async def read(self) -> bytes:
        """The body."""
        return self.body


class LocalSession:
    """Takes what `web.hooks` takes, by the same URLs."""

    def __init__(self, server: RehearsalServer, clock: Clock, fails: str = "") -> None:
        """`fails`: the step whose first command CALLR then says it could not do."""
        self._server = server
        self._clock = clock
        self._fails = fails

    def get(
        self, url: str, *, params: Mapping[str, Any], headers: Mapping[str, str], allow_redirects: bool
    ) -> AbstractAsyncContextManager[LocalReply]:
        """GET."""
        return self._answered(url, b"", {name: str(value) for name, value in params.items()})

    def post(
        self, url: str, *, data: bytes, headers: Mapping[str, str], allow_redirects: bool
    ) -> AbstractAsyncContextManager[LocalReply]:
        """POST."""
        return self._answered(url, data, {})

    @asynccontextmanager
    async def _answered(self, url: str, body: bytes, query: Mapping[str, str]) -> AsyncIterator[LocalReply]:
        parts = urlsplit(url)
        _, _, carrier, _, *rest = parts.path.split("/")
        named = {**dict(parse_qsl(parts.query, keep_blank_values=True)), **query}
        if carrier == "callr":
            post = Post("call", self._failed(body), self._clock.now, "", named)
        else:
            hook, turn, *_ = [*rest, "", ""]
            post = Post(hook or PLAN, body, self._clock.now, turn, named)
        try:
            yield LocalReply(200, "application/json", self._server.reply(post))
        except PostRefused as refused:
            yield LocalReply(refused.status, "application/json", b"")

    def _failed(self, body: bytes) -> bytes:
        """A post of CALLR's, with the failure in it that is due."""
        told = None if self._server.call is None else self._server.call.told
        if not self._fails or told is None or told.step != self._fails:
            return body
        self._fails = ""
        return msgspec.json.encode({**msgspec.json.decode(body), "command_result": "", "command_error": FAILURE})
