"""Slow, greedy and broken clients against a real server, byte by byte."""

import asyncio
import contextlib
import time
import zlib
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import http_parser, web, web_protocol

from tests.web.conftest import Serve, Served, read_to_end
from voiceapp.web.guard import MAX_BODY, Limits

HEAD = b"POST /hook HTTP/1.1\r\nHost: a\r\n"
GOOD = HEAD + b"Content-Length: 2\r\n\r\n{}"
LAST = GOOD.replace(b"Host: a", b"Host: a\r\nConnection: close")
CANARY = b"canary"


def chunked(body: bytes, size: int = 8192) -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


BROKEN = {
    "length and chunked": HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunked and length": HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "two lengths": HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "two equal lengths": HEAD + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
    "length list": HEAD + b"Content-Length: 2, 2\r\n\r\n{}",
    "length +2": HEAD + b"Content-Length: +2\r\n\r\n{}",
    "length -2": HEAD + b"Content-Length: -2\r\n\r\n{}",
    "length 0x2": HEAD + b"Content-Length: 0x2\r\n\r\n{}",
    "length 2_0": HEAD + b"Content-Length: 2_0\r\n\r\n{}",
    "length empty": HEAD + b"Content-Length:\r\n\r\n{}",
    "length of 30 digits": HEAD + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n{}",
    "unknown coding": HEAD + b"Transfer-Encoding: canary\r\n\r\n{}",
    "chunked not last": HEAD + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
    "chunked twice": HEAD + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "chunk size not hex": HEAD + b"Transfer-Encoding: chunked\r\n\r\ncanary\r\n{}\r\n0\r\n\r\n",
    "chunk size signed": HEAD + b"Transfer-Encoding: chunked\r\n\r\n+2\r\n{}\r\n0\r\n\r\n",
    "chunk longer than said": HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{canary}\r\n0\r\n\r\n",
    "bare LF": b"POST /hook HTTP/1.1\nHost: a\nX-Canary: canary\n\n",
    "space before colon": HEAD + b"Content-Length : 2\r\n\r\n{}",
    "space in name": HEAD + b"X canary: 1\r\n\r\n",
    "name missing": HEAD + b": canary\r\n\r\n",
    "colon missing": HEAD + b"canary\r\n\r\n",
    "folded line": HEAD + b"X-A: 1\r\n canary\r\n\r\n",
    "first line folded": b"POST /hook HTTP/1.1\r\n canary: a\r\n\r\n",
    "NUL in value": HEAD + b"X-A: canary\x00\r\n\r\n",
    "CR in value": HEAD + b"X-A: canary\rX-B: 1\r\n\r\n",
    "two hosts": b"POST /hook HTTP/1.1\r\nHost: a\r\nHost: canary\r\nContent-Length: 2\r\n\r\n{}",
    "header of 9 kB": HEAD + b"X-A: " + b"canary" * 1500 + b"\r\n\r\n",
    "path of 9 kB": b"GET /" + b"canary" * 1500 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "200 headers": HEAD + b"".join(b"X-%d: canary\r\n" % n for n in range(200)) + b"\r\n",
    "HTTP/9.9": b"POST /hook HTTP/9.9\r\nHost: canary\r\n\r\n",
    "http in small letters": b"POST /hook http/1.1\r\nHost: canary\r\n\r\n",
    "no version": b"POST /canary\r\n\r\n",
    "HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03canary\r\n\r\n",
    "SSH": b"SSH-2.0-canary\r\n",
    "strange method": b"CAN@RY /hook HTTP/1.1\r\nHost: a\r\n\r\n",
}


@pytest.fixture(params=["C parser", "Python parser"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    name = str(request.param)
    if name == "Python parser":
        monkeypatch.setattr(web_protocol, "HttpRequestParser", http_parser.HttpRequestParserPy)
    return name


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("name", BROKEN)
async def test_what_is_not_http_gets_one_fixed_line_and_is_closed(serve: Serve, name: str) -> None:
    served = await serve(limits=Limits(head=0.5, body=0.5), within=0.3)
    second = b"POST /hook HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nsmuggled"
    answer = await served.send(BROKEN[name] + second)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.split()[1] in {b"400", b"413"}
    assert b"canary" not in answer.lower()
    assert b"aiohttp" not in answer.lower()
    assert b"Traceback" not in answer
    assert answer.count(b"Server: ") == 1
    assert len(body) < 50
    assert b"smuggled" not in b"".join(served.bodies)


async def test_honest_requests_share_one_connection(serve: Serve) -> None:
    served = await serve()
    answer = await served.send(GOOD + GOOD + LAST)
    assert answer.count(b"200 OK") == 3
    assert served.bodies == [b"{}"] * 3
    assert b"Server: voiceapp\r\n" in answer


SLOW = {
    "silent": (b"", b""),
    "half a line": (b"POST /ho", b""),
    "half a head": (HEAD, b""),
    "head by the byte": (HEAD, b"X"),
    "half a body": (HEAD + b"Content-Length: 100\r\n\r\n{", b""),
    "body by the byte": (HEAD + b"Content-Length: 100\r\n\r\n{", b"1"),
    "body of an unknown path": (HEAD.replace(b"hook", b"nowhere") + b"Content-Length: 100\r\n\r\n{", b"1"),
    "chunks by the byte": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n1\r\n"),
    "empty lines for a second head": (GOOD, b"\r\n"),
    "upgrade, then silence": (HEAD + b"Connection: upgrade\r\nUpgrade: x\r\nContent-Length: 9\r\n\r\n", b""),
}


async def drip(served: Served, first: bytes, then: bytes) -> float:
    """Send `first`, then `then` every 100 ms; returns the seconds until the server closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    began = time.monotonic()

    async def dripping() -> None:
        writer.write(first)
        while then:
            await asyncio.sleep(0.1)
            writer.write(then)

    dripper = asyncio.create_task(dripping())
    try:
        async with asyncio.timeout(10):
            await read_to_end(reader)
        return time.monotonic() - began
    finally:
        dripper.cancel()
        writer.close()


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_fifty_slow_sockets_are_closed_within_4_s_while_honest_requests_go_on(
    serve: Serve, client: aiohttp.ClientSession
) -> None:
    served = await serve(within=10.0)
    slow = [asyncio.create_task(drip(served, *SLOW[name])) for name in list(SLOW) * 5]
    answered = 0
    while not all(task.done() for task in slow):
        async with client.post(f"http://127.0.0.1:{served.port}/hook", data=b"{}") as answer:
            assert answer.status == 200
        answered += 1
        await asyncio.sleep(0.01)
    assert max(task.result() for task in slow) < 4.0
    assert answered > 50


async def test_a_client_that_takes_no_answer_is_cut_off(serve: Serve) -> None:
    cut_off = asyncio.Event()

    async def flood(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b"x" * 65536)
        finally:
            cut_off.set()

    served = await serve(web.get("/flood", flood), limits=Limits(answer=0.3))
    _, writer = await asyncio.open_connection("127.0.0.1", served.port, limit=1024)
    writer.write(b"GET /flood HTTP/1.1\r\nHost: a\r\n\r\n")
    async with asyncio.timeout(5):
        await cut_off.wait()
    writer.close()
    await served.send(LAST)
    assert served.faults == []


async def test_a_handler_that_takes_its_time_is_not_the_clients_fault(serve: Serve) -> None:
    async def slow(request: web.Request) -> web.Response:
        await asyncio.sleep(1.2)
        return web.Response(text="done")

    served = await serve(web.get("/slow", slow), limits=Limits(head=0.3, body=0.3, answer=0.3))
    answer = await served.send(b"GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert answer.endswith(b"done")


async def test_between_two_requests_a_client_may_be_silent_longer(serve: Serve) -> None:
    served = await serve(limits=Limits(head=0.3, idle=1.2))
    took = await drip(served, GOOD, b"")
    assert 1.0 < took < 2.0


TOO_LONG = {
    "said": (HEAD + b"Content-Length: 65537\r\n\r\n", b"x" * 65537),
    "100 MB": (HEAD + b"Content-Length: 104857600\r\n\r\n", b"x" * 4_000_000),
    "chunked": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", chunked(b"x" * 4_000_000)),
}


@pytest.mark.parametrize("name", TOO_LONG)
async def test_a_long_body_is_refused_and_not_read(
    serve: Serve, name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    taken = []
    stock = web_protocol.RequestHandler.data_received

    def counting(self: web_protocol.RequestHandler, data: bytes) -> None:
        taken.append(len(data))
        stock(self, data)

    monkeypatch.setattr(web_protocol.RequestHandler, "data_received", counting)
    served = await serve()
    answer = await served.send(b"".join(TOO_LONG[name]))
    assert b"413" in answer.split(b"\r\n")[0]
    assert b"Connection: close" in answer
    assert served.bodies == []
    assert sum(taken) <= 192 * 1024
    assert caplog.records == []


@pytest.mark.parametrize("body", [b"", b"{}", b"x" * MAX_BODY])
@pytest.mark.parametrize("form", ["length", "chunked"])
async def test_bodies_up_to_the_limit_arrive_whole(serve: Serve, body: bytes, form: str) -> None:
    served = await serve()
    head = HEAD + b"Connection: close\r\n"
    said = b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
    raw = said if form == "length" else b"Transfer-Encoding: chunked\r\n\r\n" + chunked(body)
    assert (await served.send(head + raw)).endswith(b"\r\n\r\n%d" % len(body))
    assert served.bodies == [body]


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "GZIP", "x-canary", "gzip, gzip"])
async def test_compressed_bodies_are_refused(serve: Serve, coding: str) -> None:
    served = await serve()
    bomb = zlib.compress(b"0" * 10_000_000)
    raw = HEAD + b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n%s" % (coding.encode(), len(bomb), bomb)
    answer = await served.send(raw)
    assert b"415" in answer.split(b"\r\n")[0]
    assert served.bodies == []


async def test_a_late_body_is_told_so(serve: Serve) -> None:
    served = await serve(within=0.2)
    answer = await served.send(HEAD + b"Content-Length: 10\r\n\r\n{")
    assert answer.startswith(b"HTTP/1.1 408")


async def test_a_client_that_leaves_in_the_middle_is_no_fault(serve: Serve) -> None:
    served = await serve()
    _, writer = await asyncio.open_connection("127.0.0.1", served.port)
    writer.write(HEAD + b"Content-Length: 10\r\n\r\n{")
    await writer.drain()
    writer.close()
    await served.send(LAST)
    assert served.faults == []


async def test_connections_are_limited_in_all(serve: Serve) -> None:
    served = await serve(limits=Limits(connections=3))
    held = [await asyncio.open_connection("127.0.0.1", served.port) for _ in range(3)]
    assert (await served.send(b"")).startswith(b"HTTP/1.1 503")
    for _, writer in held:
        writer.close()
    async with asyncio.timeout(2):
        while b"503" in (answer := await served.send(LAST)):
            continue
    assert b"200 OK" in answer


@pytest.mark.parametrize(("address", "refused"), [("127.0.0.1", False), ("198.51.100.7", True)])
async def test_connections_are_limited_per_address_but_not_on_loopback(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, address: str, refused: bool
) -> None:
    monkeypatch.setattr(web_protocol.RequestHandler, "peername", (address, 1))
    served = await serve(limits=Limits(per_address=2))
    held = [await asyncio.open_connection("127.0.0.1", served.port) for _ in range(2)]
    answer = await served.send(LAST)
    assert answer.startswith(b"HTTP/1.1 503" if refused else b"HTTP/1.1 200")
    for _, writer in held:
        writer.close()


async def test_no_traceback_with_asyncio_in_debug_mode(serve: Serve) -> None:
    async def broken(request: web.Request) -> web.Response:
        raise RuntimeError("secret canary")

    asyncio.get_running_loop().set_debug(True)
    served = await serve(web.get("/broken", broken))
    for accept in (b"text/html", b"*/*"):
        raw = b"GET /broken HTTP/1.1\r\nHost: a\r\nAccept: %s\r\nConnection: close\r\n\r\n" % accept
        answer = await served.send(raw)
        assert answer.startswith(b"HTTP/1.1 500")
        assert CANARY not in answer
        assert b"Traceback" not in answer
    assert len(served.faults) == 2


async def test_stopping_tells_clients_and_lets_them_finish(serve: Serve) -> None:
    began, go_on = asyncio.Event(), asyncio.Event()

    async def slow(request: web.Request) -> web.Response:
        began.set()
        await go_on.wait()
        return web.Response(text="done")

    served = await serve(web.get("/slow", slow))
    sent = asyncio.create_task(served.send(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"))
    await began.wait()
    stopped = asyncio.create_task(served.runner.cleanup())
    asyncio.get_running_loop().call_later(0.1, go_on.set)
    answer = await sent
    assert answer.endswith(b"done")
    assert b"Connection: close" in answer
    async with asyncio.timeout(2):
        await stopped


async def test_a_client_that_goes_away_while_its_body_is_skipped_is_not_logged(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    served = await serve()
    for _ in range(20):
        _, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.write(HEAD + b"Content-Length: 104857600\r\n\r\n" + b"x" * 20_000)
        await writer.drain()
        writer.transport.abort()
    await served.send(LAST)
    await served.runner.cleanup()
    assert caplog.records == []
    assert served.faults == []


async def test_a_head_without_end_is_cut_off(serve: Serve) -> None:
    served = await serve()
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    async with asyncio.timeout(2):
        with contextlib.suppress(ConnectionError):
            writer.write(HEAD)
            while not reader.at_eof():
                writer.write(b"X-A: " + b"x" * 4000 + b"\r\n")
                await writer.drain()
        await read_to_end(reader)
    writer.close()
