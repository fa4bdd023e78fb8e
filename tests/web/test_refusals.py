"""Every way a handler can fail, and the one line that comes of it."""

import asyncio
import json

import pytest
import structlog
from aiohttp import web

from tests.web.conftest import Serve
from voiceapp.errors import PostRefused, StoreUnavailable, UnknownCall

FAILURES: dict[str, tuple[Exception, int, str]] = {
    "not found": (web.HTTPNotFound(), 404, "Not Found"),
    "quotes the client": (
        web.HTTPExpectationFailed(text="Unknown Expect: canary"),
        417,
        "Expectation Failed",
    ),
    "own words": (web.HTTPBadRequest(reason="no such flow"), 400, "no such flow"),
    "post refused": (PostRefused(413, "the body is too long"), 413, "the body is too long"),
    "unknown call": (UnknownCall("canary"), 404, "no call has this id"),
    "store gone": (StoreUnavailable("canary.db is locked"), 503, "the store does not answer"),
    "fault": (RuntimeError("canary"), 500, "internal error e"),
    "time-out": (TimeoutError("canary"), 500, "internal error e"),
    "connection of somebody else": (ConnectionResetError("canary"), 500, "internal error e"),
}


@pytest.mark.parametrize("name", FAILURES)
@pytest.mark.parametrize("path", ["/hooks/x", "/v1/calls"])
async def test_one_line_without_internals(serve: Serve, name: str, path: str) -> None:
    failure, status, words = FAILURES[name]

    async def handler(request: web.Request) -> web.Response:
        raise failure

    served = await serve(web.get(path, handler))
    with structlog.testing.capture_logs() as logged:
        raw = f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode()
        answer = (await served.send(raw)).decode()
    head, _, body = answer.partition("\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ")
    assert "canary" not in answer
    if path.startswith("/v1"):
        assert "application/problem+json" in head
        problem = json.loads(body)
        assert problem["status"] == status
        assert problem["detail"].startswith(words)
        assert set(problem) == {"type", "title", "status", "detail"}
    else:
        assert "text/plain" in head
        assert body.startswith(f"{status} {words}")
        assert body.count("\n") == 1
    assert len(served.faults) == len(logged) == (status == 500)
    if logged:
        assert logged[0]["id"] in body


@pytest.mark.parametrize(
    ("raw", "status", "kept"),
    [
        (b"GET /hook HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"405", b"Allow: POST"),
        (b"GET /secret-canary HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"404", b""),
        (b"POST /hook HTTP/1.1\r\nHost: a\r\nExpect: canary\r\nConnection: close\r\n\r\n", b"417", b""),
        (b"CONNECT canary:443 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"40", b""),
    ],
)
async def test_what_the_router_refuses(serve: Serve, raw: bytes, status: bytes, kept: bytes) -> None:
    served = await serve()
    answer = await served.send(raw)
    assert answer.split()[1].startswith(status)
    assert kept in answer
    assert b"canary" not in answer


async def test_redirects_pass(serve: Serve) -> None:
    async def handler(request: web.Request) -> web.Response:
        raise web.HTTPFound("/elsewhere")

    served = await serve(web.get("/old", handler))
    answer = await served.send(b"GET /old HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert b"302" in answer
    assert b"Location: /elsewhere" in answer


async def test_a_fault_in_the_middle_of_an_answer_closes_it(serve: Serve) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"half")
        raise RuntimeError("canary")

    served = await serve(web.get("/half", handler))
    async with asyncio.timeout(2):
        answer = await served.send(b"GET /half HTTP/1.1\r\nHost: a\r\n\r\n")
    assert b"half" in answer
    assert answer.count(b"HTTP/1.1") == 1
    assert len(served.faults) == 1
