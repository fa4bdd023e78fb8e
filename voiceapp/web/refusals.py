"""Whatever goes wrong in a handler, the client gets one short line: no traceback, no path, nothing it sent.

Text for carriers and browsers; RFC 9457 problem details below `/v1`. A fault of ours has an id, which is in
the answer and beside the trace in the log, so that the two can be brought together.
"""

import secrets
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from voiceapp.errors import PostRefused, RequestRefused, StoreUnavailable, UnknownCall
from voiceapp.web.problems import problem

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Refuse = Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]

_KEPT_HEADERS = ("Allow", "WWW-Authenticate", "Retry-After")
_UNREAD_BODY = frozenset({408, 413, 415})
_log = structlog.get_logger()


def make_refuse(count: Callable[[], None]) -> Refuse:
    """The outermost handler, which `guard.make_runner` puts around the whole application, routing included.

    `count` is called for every fault of ours (`Metrics.error`)."""

    async def refuse(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException as answer:
            if answer.status < 400:
                raise
            kept = {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers}
            return refusal(request, answer.status, answer.reason, kept)
        except PostRefused as refused:
            return refusal(request, refused.status, str(refused))
        except RequestRefused as refused:
            return problem(refused.status, str(refused), code=refused.code, errors=refused.errors)
        except UnknownCall:
            return refusal(request, 404, "no call has this id")
        except StoreUnavailable:
            return refusal(request, 503, "the store does not answer")
        except Exception as fault:
            if isinstance(fault, ConnectionError) and request.transport is None:
                raise  # the client has gone: nobody to answer, and nobody's fault
            return _fault(request, count)

    return refuse


def refusal(
    request: web.BaseRequest, status: int, detail: str, headers: dict[str, str] | None = None
) -> web.Response:
    """One line for the client. The connection is closed where its body was not read to the end."""
    if request.path.startswith("/v1/"):
        response = problem(status, detail)
        response.headers.update(headers or {})
    else:
        text = f"{status} {detail}\n".encode()
        response = web.Response(status=status, body=text, content_type="text/plain", headers=headers)
    if status in _UNREAD_BODY:
        response.force_close()
    return response


def _fault(request: web.Request, count: Callable[[], None]) -> web.Response:
    error_id = "e" + secrets.token_hex(5)
    count()
    _log.exception("server_fault", id=error_id, method=request.method)
    if request.writer.output_size:
        raise ConnectionResetError("half an answer is out already")
    return refusal(request, 500, f"internal error {error_id}")
