"""The API of a running server as the commands ask it: every failure becomes a sentence."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import aiohttp
import msgspec
from yarl import URL

from voiceapp.errors import OperatorError, VoiceappError
from voiceapp.settings import Settings

ANSWER_SECONDS = 20.0
"""The server asks a carrier for 8 seconds at most, and may have to wait in line before."""

PAUSES = (0.2, 0.6)
"""Seconds before each further try, as after a restart of the server."""

KEY_HEADER = "Idempotency-Key"

View = dict[str, Any]
"""A JSON object of the API."""


class ApiRefused(VoiceappError):
    """The server does not do what was asked. `lines`: why, field by field; `call`: what came of it so far."""

    def __init__(self, lines: Sequence[str], call: Mapping[str, Any]) -> None:
        super().__init__("; ".join(lines))
        self.lines = tuple(lines)
        self.call = dict(call)


class ApiClient:
    """Asks one server. Every method raises ApiRefused, or OperatorError when there is no answer to be had."""

    def __init__(self, session: aiohttp.ClientSession, url: URL, *, has_key: bool) -> None:
        self._session = session
        self._url = url
        self._has_key = has_key

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> View:
        """What is at `path`, which is quoted already."""
        return await self._ask("GET", self._at(path).with_query(query), None, {}, repeatable=True)

    async def post(self, path: str, body: object = None, *, key: str = "") -> View:
        """What came of it. With a `key` it is done once however often it has to be sent."""
        sent = b"" if body is None else msgspec.json.encode(body)
        headers = {"Content-Type": "application/json", **({KEY_HEADER: key} if key else {})}
        return await self._ask("POST", self._at(path), sent, headers, repeatable=bool(key))

    def _at(self, path: str) -> URL:
        return URL(f"{str(self._url).rstrip('/')}{path}", encoded=True)

    async def _ask(
        self, method: str, url: URL, body: bytes | None, headers: Mapping[str, str], *, repeatable: bool
    ) -> View:
        for pause in (*PAUSES, None):
            try:
                async with self._session.request(
                    method, url, data=body, headers=headers, allow_redirects=False
                ) as reply:
                    return self._read(reply.status, await reply.read())
            except aiohttp.ClientConnectorError as error:
                reason, sent = _reason(error.os_error), False
            except TimeoutError:
                reason, sent = f"nothing came within {ANSWER_SECONDS:.0f} s", True
            except aiohttp.ClientError as error:
                reason, sent = str(error) or type(error).__name__, True
            if pause is None or (sent and not repeatable):
                break
            await asyncio.sleep(pause)
        may_be_done = "; it may have been done all the same" if sent and method != "GET" else ""
        raise OperatorError(
            f"no server answers at {self._url}: {reason}{may_be_done}; "
            "start one with `voiceapp serve`, or name another with --url"
        )

    def _read(self, status: int, body: bytes) -> View:
        try:
            said = msgspec.json.decode(body)
        except ValueError:  # msgspec's errors, and bytes that are no UTF-8
            said = None
        if status == 401:
            raise OperatorError(self._wrong_key())
        if not isinstance(said, dict):
            raise OperatorError(
                f"what answers at {self._url} is no API of voiceapp: its answer (HTTP {status}) is no JSON object"
            )
        if status < 400:
            return said
        raise self._refused(status, said)

    def _wrong_key(self) -> str:
        if self._has_key:
            return (
                f"the server at {self._url} does not take the first key of VOICEAPP_API_KEYS: give it the server's"
            )
        return f"the server at {self._url} wants a key: set VOICEAPP_API_KEYS to the server's"

    def _refused(self, status: int, problem: View) -> VoiceappError:
        """ApiRefused for what is wrong with the request, or what a carrier said; else OperatorError."""
        detail = str(problem.get("detail") or problem.get("title") or f"HTTP {status}")
        errors = problem.get("errors")
        fields = [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []
        if not fields and (status >= 500 or status == 429):
            return OperatorError(f"the server at {self._url} cannot do it now: {detail}")
        if status >= 500:  # the detail says more than the carrier's own words, and is about one field
            lines = [f"{fields[0].get('field')}: {detail}"]
        else:
            lines = [f"{error.get('field')}: {error.get('reason')}" for error in fields] or [detail]
        call = problem.get("call")
        return ApiRefused(lines, call if isinstance(call, dict) else {})


@contextlib.asynccontextmanager
async def api_client(settings: Settings, url: str | None) -> AsyncIterator[ApiClient]:
    """A client for the server at `url` (None: where the settings would let one listen), with the first key of the
    settings. Raises OperatorError for what is no URL."""
    base = _address(url or f"http://{_reached(settings.host)}:{settings.port}")
    key = settings.api_keys[0].get_secret_value() if settings.api_keys else ""
    headers = {"User-Agent": "voiceapp", **({"Authorization": f"Bearer {key}"} if key else {})}
    timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
    async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
        yield ApiClient(session, base, has_key=bool(key))


def _reason(error: OSError) -> str:
    """In the system's words, without the address that asyncio adds."""
    return os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)


def _reached(host: str) -> str:
    """Where a server is reached that listens on `host`: everywhere is here, too."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - it is not listened on
    return f"[{here}]" if ":" in here else here


def _address(text: str) -> URL:
    try:
        url = URL(text)
        right = url.scheme in ("http", "https") and bool(url.host) and url.user is None and not url.query_string
    except ValueError:
        right = False
    if not right:
        raise OperatorError("--url: not an http or https URL of a server, as in http://127.0.0.1:8080")
    return url
