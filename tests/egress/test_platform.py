"""The way to a carrier's API: what may have been seen by it, how fast it is asked, and where nothing is sent."""

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from tests.egress.conftest import Listen, Listener, Talk, read_request, says
from voiceapp.egress.platform import MAX_ANSWER, Limit, PlatformSession
from voiceapp.errors import ExchangeFailed, OperatorError
from voiceapp.exchange import Answer, Request

Open = Callable[..., Awaitable[PlatformSession]]
ONE_AN_HOUR = 1 / 3600


@pytest.fixture
async def open_session() -> AsyncIterator[Open]:
    """Open a session; fast, unless a test says otherwise."""
    async with AsyncExitStack() as stack:

        async def start(*bases: str, per_second: float = 10_000.0, **options: Any) -> PlatformSession:
            options.setdefault("in_line", 100_000.0)
            session = await PlatformSession.open(*bases, per_second=per_second, **options)
            stack.push_async_callback(session.close)
            return session

        yield start


class Clock:
    """The event loop's clock, whose hands can be moved."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._offset = 0.0
        loop = asyncio.get_running_loop()
        real = loop.time
        monkeypatch.setattr(loop, "time", lambda: real() + self._offset)

    def skip(self, seconds: float) -> None:
        self._offset += seconds
        asyncio.get_running_loop().call_soon(lambda: None)


def post(url: str) -> Request:
    return Request(method="POST", url=url, body=b"{}")


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def cut_halfway(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
    await writer.drain()


async def no_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail.example.org\r\n\r\n")
    await writer.drain()


BOMB = gzip.compress(b"0" * (MAX_ANSWER + 1))


async def test_what_is_sent_and_what_comes_back(listen: Listen, open_session: Open) -> None:
    listener = await listen(says(b'{"a":1}'))
    session = await open_session(listener.url)
    request = Request(method="POST", url=f"{listener.url}a?b=c%26d", headers={"X-A": "1"}, body=b"words")
    assert await session.send(request) == Answer(status=200, body=b'{"a":1}')
    head, _, body = listener.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /a?b=c%26d HTTP/1.1\r\n")
    assert b"User-Agent: voiceapp\r\n" in head
    assert b"X-A: 1" in head
    assert body == b"words"


BROKEN: dict[str, tuple[Talk, str]] = {
    "no answer": (silent, "timed out"),
    "cut": (cut, "connection broken"),
    "cut halfway": (cut_halfway, "connection broken"),
    "no HTTP": (no_http, "connection broken"),
    "too long": (says(b"0" * (MAX_ANSWER + 1)), "answer too long"),
    "a bomb": (says(BOMB, head="Content-Encoding: gzip"), "answer too long"),
}


@pytest.mark.parametrize(("talk", "words"), BROKEN.values(), ids=BROKEN)
async def test_what_may_have_been_seen(listen: Listen, open_session: Open, talk: Talk, words: str) -> None:
    listener = await listen(talk)
    session = await open_session(listener.url, within=0.3)
    with pytest.raises(ExchangeFailed, match=words) as failed:
        await session.send(post(listener.url))
    assert failed.value.sent
    assert len(listener.requests) == 1


async def test_a_long_answer_is_read(listen: Listen, open_session: Open) -> None:
    listener = await listen(says(b"0" * MAX_ANSWER))
    answer = await (await open_session(listener.url)).send(post(listener.url))
    assert len(answer.body) == MAX_ANSWER


async def test_nobody_there(open_session: Open) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        with pytest.raises(ExchangeFailed, match="no connection") as failed:
            await (await open_session(url)).send(post(url))
    assert not failed.value.sent


@pytest.mark.parametrize(
    ("talk", "words"), [(silent, "timed out"), (no_http, "TLS failed"), (cut, "no connection")]
)
async def test_without_tls_nothing_was_seen(open_session: Open, talk: Talk, words: str) -> None:
    tasks = set[asyncio.Task[None]]()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await talk(reader, writer)
        except ConnectionError:
            return
        finally:
            writer.close()

    async with await asyncio.start_server(connected, "127.0.0.1", 0) as server:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        with pytest.raises(ExchangeFailed, match=words) as failed:
            await (await open_session(url, within=0.3)).send(post(url))
        await asyncio.gather(*tasks)
    assert not failed.value.sent


async def test_a_post_is_not_sent_again_when_a_kept_connection_breaks(listen: Listen, open_session: Open) -> None:
    seen: list[bytes] = []

    async def answers_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        seen.append(await read_request(reader))

    listener = await listen(answers_once)
    session = await open_session(listener.url)
    await session.send(post(listener.url))
    with pytest.raises(ExchangeFailed, match="connection broken") as failed:
        await session.send(post(listener.url))
    assert failed.value.sent
    assert (listener.hits, len(seen)) == (1, 1)


RETRY: dict[str, tuple[str, float | None]] = {
    "seconds": ("120", 120.0),
    "zero": ("0", 0.0),
    "a day that is over": ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
    "words": ("soon", None),
    "negative": ("-5", None),
    "a fraction": ("1.5", None),
    "very large": ("9" * 400, None),
    "empty": ("", None),
}


@pytest.mark.parametrize(("written", "seconds"), RETRY.values(), ids=RETRY)
async def test_retry_after(listen: Listen, open_session: Open, written: str, seconds: float | None) -> None:
    listener = await listen(says(b"", "429 Too Many Requests", f"Retry-After: {written}"))
    answer = await (await open_session(listener.url)).send(post(listener.url))
    assert answer == Answer(status=429, retry_after=seconds)


async def test_retry_after_a_date(listen: Listen, open_session: Open) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    listener = await listen(says(b"", "503 Busy", f"Retry-After: {date}"))
    answer = await (await open_session(listener.url)).send(post(listener.url))
    assert answer.retry_after is not None
    assert 3000 < answer.retry_after <= 3600


async def test_redirects_are_answers(listen: Listen, open_session: Open) -> None:
    inner = await listen(says(b"{}"))
    outer = await listen(says(b"", "307 Temporary", f"Location: {inner.url}"))
    session = await open_session(outer.url, inner.url)
    assert (await session.send(post(outer.url))).status == 307
    assert inner.hits == 0


async def test_no_proxy(listen: Listen, open_session: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy, listener = await listen(says(b"")), await listen(says(b""))
    for name in ("http_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url)
    await (await open_session(listener.url)).send(post(listener.url))
    assert (proxy.hits, listener.hits) == (0, 1)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:1/api/x", "address not allowed"),
        ("http://127.0.0.1:PORT/other", "address not allowed"),
        ("http://127.0.0.1:PORT/api/../other", "address not allowed"),
        ("http://localhost:PORT/api/x", "address not allowed"),
        ("https://127.0.0.1:PORT/api/x", "address not allowed"),
        ("/api/x", "address not allowed"),
        ("", "address not allowed"),
        ("http://127.0.0.1:99999/", "URL not valid"),
    ],
)
async def test_only_what_is_configured_is_asked(listen: Listen, open_session: Open, url: str, words: str) -> None:
    listener = await listen(says(b""))
    session = await open_session(f"{listener.url}api/")
    with pytest.raises(ExchangeFailed, match=words) as failed:
        await session.send(post(url.replace("PORT", str(listener.port))))
    assert not failed.value.sent
    assert listener.hits == 0


@pytest.mark.parametrize(
    "base", ["http://127.0.0.1:1", "http://localhost/x", "http://[::1]:1/", "https://10.0.0.1/"]
)
async def test_bases(open_session: Open, base: str) -> None:
    await open_session(base)


@pytest.mark.parametrize(
    "base",
    [
        *(
            "http://api.example.org/",
            "http://10.0.0.1/",
            "http://1.1.1.1/",
            "ftp://127.0.0.1/",
            "api.example.org",
            "",
        ),
        *("https://", "https://user:canary@api.example.org/", "https://api.example.org/?canary", "https://[::1"),
    ],
)
async def test_wrong_bases(open_session: Open, base: str) -> None:
    with pytest.raises(OperatorError) as refused:
        await open_session(base)
    assert "canary" not in str(refused.value)


async def until_heard(listener: Listener, session: PlatformSession, times: int = 3) -> None:
    """Ask elsewhere a few times: what could have been sent by now has been."""
    for _ in range(times):
        await session.send(Request(method="GET", url=listener.url))


async def test_who_comes_too_early_waits_in_line(
    listen: Listen, open_session: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    listener, other = await listen(says(b"")), await listen(says(b""))
    session, free = await open_session(listener.url, per_second=ONE_AN_HOUR), await open_session(other.url)
    first, second, third = [asyncio.create_task(session.send(post(listener.url))) for _ in range(3)]
    await first
    await until_heard(other, free)
    assert listener.hits == 1
    clock.skip(3600)
    await second
    await until_heard(other, free)
    assert listener.hits == 2
    third.cancel()
    await asyncio.gather(third, return_exceptions=True)


async def test_nobody_waits_in_line_for_ever(listen: Listen, open_session: Open) -> None:
    listener = await listen(says(b""))
    session = await open_session(listener.url, per_second=1 / 3600, in_line=0.05)
    await session.send(post(listener.url))
    with pytest.raises(ExchangeFailed, match="too many requests wait") as failed:
        await session.send(post(listener.url))
    assert not failed.value.sent
    assert listener.hits == 1


async def test_one_request_has_a_line_of_its_own(
    listen: Listen, open_session: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    listener = await listen(says(b""))
    calls = f"{listener.url}voice/conversation"
    session = await open_session(listener.url, limits=[Limit("POST", calls, ONE_AN_HOUR)])
    await session.send(post(calls))
    second = asyncio.create_task(session.send(post(f"{calls}?a=b")))
    await session.send(Request(method="GET", url=calls))
    await session.send(post(f"{calls}/1/talk"))
    await until_heard(listener, session)
    assert (listener.hits, second.done()) == (6, False)
    clock.skip(3600)
    await second
    assert listener.hits == 7
