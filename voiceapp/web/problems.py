"""Problems as RFC 9457 has them: what is wrong, in which field, and whether anything was dialled."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import msgspec
from aiohttp import web

from voiceapp.errors import PlatformError

_CREDENTIALS = frozenset({401, 403})


def problem(
    status: int,
    detail: str,
    *,
    code: str = "",
    errors: Sequence[tuple[str, str]] = (),
    call: Mapping[str, Any] | None = None,
    location: str = "",
    retry_after: float | None = None,
) -> web.Response:
    """A problem+json. `errors`: (field, reason); `call`: what came of it so far, to be asked for at `location`."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if code:
        body["code"] = code
    if errors:
        body["errors"] = [{"field": field, "reason": reason} for field, reason in errors]
    if call is not None:
        body["call"] = call
    headers = {"Location": location} if location else {}
    if retry_after is not None:
        headers["Retry-After"] = str(max(1, round(retry_after)))
    return web.Response(
        status=status, body=msgspec.json.encode(body), headers=headers, content_type="application/problem+json"
    )


def platform_problem(
    error: PlatformError, field: str, *, call: Mapping[str, Any] | None = None, location: str = ""
) -> web.Response:
    """What a carrier's API did not do. `field`: what of the request it was about."""
    retry_after = error.retry_after
    if error.unclear:
        status, detail = 504, f"{error}; the phone may be ringing: ask for the call before you place it again"
    elif error.status in _CREDENTIALS:
        status, detail = 502, f"the carrier refuses this server's credentials ({error}); nothing was dialled"
    elif error.status == 429 or error.message == "too many requests wait":
        status, detail, retry_after = 503, f"{error}; nothing was dialled", retry_after or 1.0
    else:
        status, detail = 502, f"{error}; nothing was dialled"
    return problem(
        status,
        detail,
        code=error.code or "no_answer",
        errors=[(field, detail)],
        call=call,
        location=location,
        retry_after=retry_after,
    )
