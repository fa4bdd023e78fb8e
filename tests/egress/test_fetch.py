"""What a fetch step makes of good, slow, huge, broken and failing servers."""

import asyncio
import gzip
import time
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from yarl import URL

from tests.egress.conftest import Listen, Listener, OpenEgress, Talk, says
from voiceapp.actions import Fetch
from voiceapp.call import secret_mark
from voiceapp.egress import health
from voiceapp.egress.fetch import Fetcher
from voiceapp.egress.guard import MAX_ANSWER
from voiceapp.events import FetchCompleted, FetchFailed

NOW = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
KEY = "0123456789abcdef"
SECRETS = {"TOKEN": "s3cret-canary", "ODD": "a&b=c/d+ é"}


async def trickles(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
    for _ in range(100):
        writer.write(b"1")
        await writer.drain()
        await asyncio.sleep(0.05)


async def never_answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def resets(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n")
    while True:
        writer.write(b"1" * 65536)
        await writer.drain()


async def not_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-canary\r\n")


BOMB = gzip.compress(b"1" * 50_000_000)
GZIP = "Content-Type: application/json\r\nContent-Encoding: gzip"
TEXT = "Content-Type: text/plain; charset=utf-8"
ANSWERS: dict[str, tuple[Talk, Any]] = {
    "object": (says(b'{"ready": true, "count": 3}'), {"ready": True, "count": 3}),
    "text in JSON": (says('"Καλημέρα"'.encode()), "Καλημέρα"),
    "nothing": (says(b"", "204 No Content"), None),
    "plain text": (says("ναι".encode(), head=TEXT), "ναι"),
    "leading zero stays text": (says(b"007", head=TEXT), "007"),
    "compressed": (says(gzip.compress(b"[1]"), head=GZIP), [1]),
    "largest": (says(b'"' + b"x" * (MAX_ANSWER - 2) + b'"'), "x" * (MAX_ANSWER - 2)),
}
FAILURES: dict[str, tuple[Talk, str]] = {
    "404": (says(b"canary", "404 Not Found"), "HTTP 404"),
    "500": (says(b"canary", "500 Oops"), "HTTP 500"),
    "redirect": (says(b"", "302 Found", "Location: /canary"), "HTTP 302"),
    "trickle": (trickles, "timed out"),
    "silence": (never_answers, "timed out"),
    "reset": (resets, "connection broken"),
    "not HTTP": (not_http, "connection broken"),
    "endless": (endless, "answer too long"),
    "one byte too long": (says(b'"' + b"x" * (MAX_ANSWER - 1) + b'"'), "answer too long"),
    "bomb": (says(BOMB, head=GZIP), "answer too long"),
    "broken gzip": (says(b"canary", head=GZIP), "connection broken"),
    "not JSON": (says(b"<html>canary"), "answer is not JSON"),
    "NaN": (says(b'{"a": NaN}'), "answer is not JSON"),
    "deep": (says(b"[" * 100_000), "answer is not JSON"),
    "lone surrogate": (says(b'"\\ud800"'), "answer is not JSON"),
    "UTF-16": (says('{"a": 1}'.encode("utf-16")), "answer is not JSON"),
    "text in no UTF-8": (says(b"\xff\xfe", head=TEXT), "answer is not text"),
}


async def fetch(
    open_egress: OpenEgress, action: Fetch, *, within: float = 1.0, allow: str = "127.0.0.1"
) -> FetchCompleted | FetchFailed:
    fetcher = Fetcher(await open_egress(allow), SECRETS, lambda: NOW)
    return await fetcher.fetch(action, within=within, key=KEY)


@pytest.mark.parametrize("name", ANSWERS)
async def test_answers(listen: Listen, open_egress: OpenEgress, name: str) -> None:
    talk, value = ANSWERS[name]
    listener = await listen(talk)
    event = await fetch(open_egress, Fetch(step="s", url=listener.url))
    assert event == FetchCompleted(at=NOW, value=value)
    assert msgspec.json.decode(msgspec.json.encode(event), type=FetchCompleted) == event


@pytest.mark.parametrize("name", FAILURES)
async def test_failures_in_time_and_in_fixed_words(listen: Listen, open_egress: OpenEgress, name: str) -> None:
    talk, reason = FAILURES[name]
    listener = await listen(talk)
    began = time.monotonic()
    event = await fetch(open_egress, Fetch(step="s", url=listener.url, timeout=0.5))
    assert event == FetchFailed(at=NOW, reason=reason)
    assert time.monotonic() - began < 10, "it did not wait for the other side"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://127.0.0.1:1/", "address not allowed"),
        ("http://example.com/", "address not allowed"),
        ("nonsense", "URL not valid"),
        ("http://127.0.0.2:1/", "no connection"),
    ],
)
async def test_places_that_are_not_reached(open_egress: OpenEgress, url: str, reason: str) -> None:
    event = await fetch(open_egress, Fetch(step="s", url=url), allow="127.0.0.2")
    assert event == FetchFailed(at=NOW, reason=reason)


@pytest.mark.parametrize(("within", "own"), [(0.3, 5.0), (5.0, 0.3)])
async def test_the_shorter_of_both_times_holds_retries_included(
    listen: Listen, open_egress: OpenEgress, within: float, own: float
) -> None:
    listener = await listen(never_answers)
    began = time.monotonic()
    event = await fetch(open_egress, Fetch(step="s", url=listener.url, timeout=own, retries=3), within=within)
    assert event == FetchFailed(at=NOW, reason="timed out")
    assert time.monotonic() - began < 4, "the longer of both times is 5 s"
    head = listener.requests[0].decode()
    said = int(head.partition("X-Deadline-Ms: ")[2].partition("\r\n")[0])
    assert 250 < said <= 300


async def test_no_time_left_asks_nobody(listen: Listen, open_egress: OpenEgress) -> None:
    listener = await listen(says(b"{}"))
    event = await fetch(open_egress, Fetch(step="s", url=listener.url), within=0.0)
    assert event == FetchFailed(at=NOW, reason="timed out")
    assert listener.hits == 0


def fails_first(times: int, then: Talk) -> Talk:
    """A server that says 503 so many times."""
    left = [times]

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        left[0] -= 1
        await (then if left[0] < 0 else says(b"", "503 Busy"))(reader, writer)

    return talk


@pytest.mark.parametrize(
    ("method", "retries", "hits"),
    [
        ("GET", 0, 1),
        ("GET", 1, 2),
        ("HEAD", 1, 2),
        ("PUT", 1, 2),
        ("DELETE", 1, 2),
        ("POST", 1, 1),
        ("PATCH", 1, 1),
    ],
)
async def test_only_what_may_be_repeated_is(
    listen: Listen, open_egress: OpenEgress, method: str, retries: int, hits: int
) -> None:
    listener = await listen(fails_first(1, says(b"")))
    event = await fetch(open_egress, Fetch(step="s", url=listener.url, method=method, retries=retries))
    assert isinstance(event, FetchCompleted) is (hits == 2)
    assert listener.hits == hits


async def test_a_refusal_is_not_repeated(listen: Listen, open_egress: OpenEgress) -> None:
    listener = await listen(says(b"", "404 Not Found"))
    await fetch(open_egress, Fetch(step="s", url=listener.url, retries=3))
    assert listener.hits == 1


async def test_a_failing_host_is_left_alone_and_comes_back(
    listen: Listen, open_egress: OpenEgress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "PAUSE", 0.5)
    working = [False]

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await (says(b"1") if working[0] else says(b"", "503 Busy"))(reader, writer)

    listener = await listen(talk)
    fetcher = Fetcher(await open_egress("127.0.0.1"), {}, lambda: NOW)
    action = Fetch(step="s", url=listener.url, retries=1)
    events = [await fetcher.fetch(action, within=1.0, key=KEY) for _ in range(60)]
    assert events[-1] == FetchFailed(at=NOW, reason="host is failing")
    assert listener.hits <= 6
    working[0] = True
    await asyncio.sleep(0.5)
    assert isinstance(await fetcher.fetch(action, within=1.0, key=KEY), FetchCompleted)


async def test_retries_are_a_tenth_of_the_requests(listen: Listen, open_egress: OpenEgress) -> None:
    turn = [0]

    async def every_other(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        turn[0] += 1
        await (says(b"", "503 Busy") if turn[0] % 2 else says(b"1"))(reader, writer)

    listener = await listen(every_other)
    fetcher = Fetcher(await open_egress("127.0.0.1"), {}, lambda: NOW)
    for _ in range(40):
        await fetcher.fetch(Fetch(step="s", url=listener.url, retries=1), within=1.0, key=KEY)
    assert 40 < listener.hits <= 40 * 1.1 + health.RETRY_STORE


def sent(listener: Listener) -> tuple[str, str]:
    head, _, body = listener.requests[-1].decode().partition("\r\n\r\n")
    return head, body


async def test_secrets_are_filled_in_at_the_last_moment(listen: Listen, open_egress: OpenEgress) -> None:
    listener = await listen(says(b"{}"))
    token, odd = secret_mark(KEY, "TOKEN"), secret_mark(KEY, "ODD")
    action = Fetch(
        step="s",
        url=f"{listener.url}{odd}?a={odd}&b=1",
        method="POST",
        headers={"authorization": f"Bearer {token}"},
        json={"a": [token, 1, {"b": f"x{odd}"}], token: None},
        has_json=True,
    )
    event = await fetch(open_egress, action)
    assert isinstance(event, FetchCompleted)
    head, body = sent(listener)
    asked = URL(head.split()[1])
    assert asked.parts == ("/", SECRETS["ODD"])
    assert dict(asked.query) == {"a": SECRETS["ODD"], "b": "1"}
    assert "authorization: Bearer s3cret-canary" in head
    assert "Content-Type: application/json" in head
    assert msgspec.json.decode(body) == {"a": ["s3cret-canary", 1, {"b": "x" + SECRETS["ODD"]}], token: None}


async def test_marks_of_another_call_stay_marks(listen: Listen, open_egress: OpenEgress) -> None:
    listener = await listen(says(b"{}"))
    foreign = secret_mark("another call's key", "TOKEN")
    await fetch(open_egress, Fetch(step="s", url=f"{listener.url}?a={foreign}"))
    assert "canary" not in sent(listener)[0]


@pytest.mark.parametrize(
    "action",
    [
        Fetch(step="s", url=f"https://{secret_mark(KEY, 'TOKEN')}.invalid:bad/"),
        Fetch(step="s", url=f"http://127.0.0.2:1/{secret_mark(KEY, 'TOKEN')}"),
        Fetch(step="s", url="http://127.0.0.2:1/", headers={"X": f"{secret_mark(KEY, 'TOKEN')}\r\n"}),
        Fetch(step="s", url="http://127.0.0.2:1/", method=f"G {secret_mark(KEY, 'TOKEN')}"),
    ],
)
async def test_failures_tell_no_secret(open_egress: OpenEgress, action: Fetch) -> None:
    event = await fetch(open_egress, action, allow="127.0.0.2")
    assert isinstance(event, FetchFailed)
    assert "canary" not in str(event)
    assert "127" not in str(event)
