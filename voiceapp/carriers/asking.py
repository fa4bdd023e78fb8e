"""What the clients of all platforms do alike: ask, judge what an answer proves, read it, keep what many need."""

import math
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from http import HTTPStatus
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import msgspec

from voiceapp.errors import ExchangeFailed, PlatformError
from voiceapp.exchange import Answer, Request, Send

T = TypeVar("T")
Lock = AbstractAsyncContextManager[object]
"""Lets one in at a time, as asyncio.Lock does."""

_PHRASES = {status.value: status.phrase for status in HTTPStatus}
_LONGEST = 300
"""Characters of a carrier's message that are kept."""


async def ask(send: Send, request: Request) -> Answer:
    """Send a request, once. Raises PlatformError when no answer came."""
    try:
        return await send(request)
    except ExchangeFailed as failure:
        raise PlatformError(str(failure), unclear=failure.sent and not request.reads) from None


def refusal(request: Request, answer: Answer, *, code: str = "", message: str = "") -> PlatformError:
    """The error that an answer without success is; the status stands in for what the carrier does not say.

    A 4xx proves that nothing was done; any other status does not."""
    status = answer.status
    phrase = _PHRASES.get(status, "no success")
    return PlatformError(
        message or phrase,
        code=code or str(status),
        status=status,
        unclear=not request.reads and not 400 <= status < 500,
        retry_after=answer.retry_after,
    )


def unreadable(request: Request, answer: Answer, what: str) -> PlatformError:
    """The error that a success is which does not say what was done; `what` was asked for."""
    message = f"the answer to {what} cannot be read"
    return PlatformError(message, code="unreadable", status=answer.status, unclear=not request.reads)


def decoded(body: bytes) -> Any:
    """JSON as a value, None for what is none."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def one_line(value: object, secrets: Iterable[str]) -> str:
    """What a carrier says, in one short line; our secrets, plain or as a URL has them, become `…`."""
    text = value if isinstance(value, str) else ""
    forms = {form for secret in secrets if secret for form in (secret, quote(secret, safe=""))}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, "…")
    return " ".join(text.split())[:_LONGEST]


def record(value: object) -> Mapping[str, Any]:
    """A JSON object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def records(value: object) -> tuple[Mapping[str, Any], ...]:
    """The JSON objects in an array; none for anything else."""
    return tuple(item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()


def word(value: object) -> str:
    """A text; the empty one for anything else."""
    return value if isinstance(value, str) else ""


def amount(value: object) -> float | None:
    """A finite number, also one written as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


class Kept(Generic[T]):
    """A value that is fetched when it is first needed, once however many need it then, and kept while it is good.

    Who comes while it is being fetched gets what that gives, error or value; when the one who fetches is
    cancelled, the next in line fetches."""

    def __init__(self, lock: Lock, fetch: Callable[[], Awaitable[T]], good: Callable[[T], bool]) -> None:
        self._lock = lock
        self._fetch = fetch
        self._good = good
        self._outcome: tuple[T] | PlatformError | None = None
        self._fetches = 0

    async def get(self) -> T:
        """The value. Raises what `fetch` raises."""
        if isinstance(self._outcome, tuple) and self._good(self._outcome[0]):
            return self._outcome[0]
        fetches = self._fetches
        async with self._lock:
            if self._outcome is None or self._fetches == fetches:
                self._outcome = await self._fetched()
                self._fetches += 1
            outcome = self._outcome
        if isinstance(outcome, PlatformError):
            raise outcome
        return outcome[0]

    def drop(self, value: T) -> None:
        """This value is good no more; nothing happens when another has taken its place."""
        if isinstance(self._outcome, tuple) and self._outcome[0] is value:
            self._outcome = None

    async def _fetched(self) -> tuple[T] | PlatformError:
        try:
            return (await self._fetch(),)
        except PlatformError as error:
            return error
