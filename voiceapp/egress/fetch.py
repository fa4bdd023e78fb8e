"""What a `fetch` step does: ask, within the time a carrier leaves us, and say what came back as an event."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec
from multidict import CIMultiDict

from voiceapp.actions import Fetch
from voiceapp.call import fill_secrets
from voiceapp.egress.guard import Answer, Egress
from voiceapp.egress.health import Health, Healths
from voiceapp.egress.target import Target
from voiceapp.errors import ExchangeFailed
from voiceapp.events import FetchCompleted, FetchFailed

IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE"})
RETRY_AFTER = 0.1
_MIN_SECONDS = 0.05


class Fetcher:
    """Does fetch steps, for all calls of one server. `secrets`: NAME -> value, put in place of their marks at
    the last moment and nowhere else; `clock` gives the aware UTC time that the events carry."""

    def __init__(self, egress: Egress, secrets: Mapping[str, str], clock: Callable[[], datetime]) -> None:
        self._egress = egress
        self._secrets = secrets
        self._url_secrets = {name: quote(value, safe="") for name, value in secrets.items()}
        self._clock = clock
        self._healths = Healths()

    async def fetch(self, action: Fetch, *, within: float, key: str) -> FetchCompleted | FetchFailed:
        """Never raises. Takes at most `within` seconds and the step's own time-out, retries included.
        `key` is the call's, to which the marks of secrets are bound."""
        until = asyncio.get_running_loop().time() + min(within, action.timeout)
        try:
            answer = await self._ask(self._filled(action, key), until)
            value = _value(answer)
        except ExchangeFailed as failure:
            return FetchFailed(at=self._clock(), reason=str(failure))
        return FetchCompleted(at=self._clock(), value=value)

    def _filled(self, action: Fetch, key: str) -> Fetch:
        return msgspec.structs.replace(
            action,
            url=fill_secrets(action.url, key, self._url_secrets),
            headers={name: fill_secrets(text, key, self._secrets) for name, text in action.headers.items()},
            json=fill_json(action.json, key, self._secrets),
        )

    async def _ask(self, action: Fetch, until: float) -> Answer:
        """Ask until there is an answer, or no right or no time to ask again. Raises ExchangeFailed."""
        target = self._egress.admit(action.url)
        health = self._healths.of(target.url.authority)
        health.asked()
        tries_left = action.retries
        while True:
            try:
                return await self._try(target, action, health, until)
            except ExchangeFailed as failure:
                again = failure.theirs and (not failure.sent or action.method in IDEMPOTENT)
                if not (again and tries_left and health.grants_retry()):
                    raise
            tries_left -= 1
            await asyncio.sleep(RETRY_AFTER)

    async def _try(self, target: Target, action: Fetch, health: Health, until: float) -> Answer:
        """One request, and what it tells about the host. Raises ExchangeFailed."""
        now = asyncio.get_running_loop().time
        left = until - now()
        if left < _MIN_SECONDS:
            raise ExchangeFailed("timed out")
        if not health.admits(now()):
            raise ExchangeFailed("host is failing")
        body = msgspec.json.encode(action.json) if action.has_json else None
        headers = CIMultiDict(action.headers)
        headers.setdefault("Accept", "application/json")
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        headers["X-Deadline-Ms"] = str(int(left * 1000))
        try:
            answer = await self._egress.exchange(
                target, within=left, method=action.method, headers=headers, body=body
            )
            if not 200 <= answer.status < 300:
                raise ExchangeFailed(f"HTTP {answer.status}", sent=True, theirs=answer.status >= 500)
        except ExchangeFailed as failure:
            if failure.theirs:
                health.failed(now())
            elif failure.sent:
                health.succeeded()
            raise
        health.succeeded()
        return answer


def fill_json(value: Any, key: str, secrets: Mapping[str, str]) -> Any:
    """`value` with the marks in all of its texts filled; the names of its fields stay."""
    match value:
        case str():
            return fill_secrets(value, key, secrets)
        case dict():
            return {name: fill_json(item, key, secrets) for name, item in value.items()}
        case list() | tuple():
            return [fill_json(item, key, secrets) for item in value]
        case _:
            return value


def _value(answer: Answer) -> Any:
    """JSON, read strictly; a text where it is none and says so; None for nothing. Raises ExchangeFailed."""
    if not answer.body:
        return None
    try:
        return msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        if not answer.content_type.startswith("text/"):
            raise ExchangeFailed("answer is not JSON") from None
    try:
        return answer.body.decode()
    except UnicodeDecodeError:
        raise ExchangeFailed("answer is not text") from None
