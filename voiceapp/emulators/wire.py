"""How an emulated carrier talks to the server: HTTP requests, a deadline, duplicates, a record of each."""

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Literal, Protocol

import aiohttp
import msgspec

from voiceapp.emulators.transcript import Exchange, Transcript

MAX_POSTS = 300
"""Requests after which an emulator gives a call up; a flow that needs more goes round in circles."""


class Reply(Protocol):
    """What of an answer an emulator reads."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def content_type(self) -> str:
        """The media type alone."""

    async def read(self) -> bytes:
        """The body."""


class Session(Protocol):
    """What of aiohttp's ClientSession an emulator uses, so that calls can also be made without a network."""

    def get(
        self, url: str, *, params: Mapping[str, Any], headers: Mapping[str, str], allow_redirects: bool
    ) -> AbstractAsyncContextManager[Reply]:
        """GET."""

    def post(
        self, url: str, *, data: bytes, headers: Mapping[str, str], allow_redirects: bool
    ) -> AbstractAsyncContextManager[Reply]:
        """POST."""


class Duplicates(msgspec.Struct, frozen=True):
    """Send every request `times` times, one after the other or all `at_once`; the replies have to be equal.

    No carrier documents that it repeats requests which need an answer; proxies and networks do it.
    """

    times: int = 1
    at_once: bool = False


class Wire:
    """The HTTP client of one call. `headers` go with every request; redirects are not followed."""

    def __init__(
        self,
        session: Session,
        transcript: Transcript,
        duplicates: Duplicates,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._session = session
        self._transcript = transcript
        self._duplicates = duplicates
        self._headers = {"Accept": "*/*", **(headers or {})}
        self.sent = 0

    async def send(
        self, url: str, body: dict[str, Any], *, deadline: float, method: Literal["GET", "POST"] = "POST"
    ) -> Exchange:
        """Send `body` (JSON; the query with GET) and return the first reply; `deadline` is in seconds.

        Every copy becomes an exchange, and replies that differ a defect. `sent` counts a request once.
        """
        self.sent += 1
        again = range(self._duplicates.times)
        if self._duplicates.at_once:
            copies = await asyncio.gather(*(self._once(method, url, body, deadline) for _ in again))
        else:
            copies = [await self._once(method, url, body, deadline) for _ in again]
        for copy in copies:
            self._transcript.exchanged(copy)
        first = (copies[0].status, copies[0].body)
        for number, copy in enumerate(copies[1:], start=2):
            if (copy.status, copy.body) != first:
                self._transcript.add("defect", f"copy {number} of a post got another reply than the first")
        return copies[0]

    async def _once(self, method: str, url: str, body: dict[str, Any], deadline: float) -> Exchange:
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            async with asyncio.timeout(deadline), self._request(method, url, body) as reply:
                data = await reply.read()
        except TimeoutError:
            failure = f"no reply within {deadline:g} s"
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError):  # whose text has the secrets of the URL
            failure = "no reply: not an http address"
        except aiohttp.ClientError as error:
            failure = f"no reply: {error}"
        else:
            return Exchange(
                url=url,
                request=body,
                seconds=clock() - began,
                status=reply.status,
                content_type=reply.content_type,
                body=data,
            )
        return Exchange(url=url, request=body, seconds=clock() - began, failure=failure)

    def _request(self, method: str, url: str, body: dict[str, Any]) -> AbstractAsyncContextManager[Reply]:
        if method == "GET":
            return self._session.get(url, params=body, headers=self._headers, allow_redirects=False)
        return self._session.post(
            url,
            data=msgspec.json.encode(body),
            headers={**self._headers, "Content-Type": "application/json"},
            allow_redirects=False,
        )
