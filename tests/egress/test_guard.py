"""Nothing reaches a place it should not, however the place is written: a listener on loopback counts."""

import asyncio

import pytest

from tests.egress.conftest import Listen, OpenEgress, says
from voiceapp.errors import ExchangeFailed

LOOPBACK = """
127.0.0.1 127.1 127.0.1 0177.0.0.1 0x7f.0.0.1 0x7f.1 0x7f000001 2130706433 017700000001 127.0.0.1.
127.255.255.254 127.0.0.2 0 0.0.0.0 0x0 localhost LOCALHOST localhost. sub.localhost loop.example
①②⑦.⓪.⓪.① １２７.0.0.1 127。0。0。1 127．0．0．1 ⓛocalhost lo%63alhost [::1] [::] [0:0:0:0:0:0:0:1]
[::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [::7f00:1] [64:ff9b::7f00:1] [64:ff9b::127.0.0.1]
[64:ff9b:1::1] [2002:7f00:1::] [2002:7f00:0001::1] [2001:0:7f00:1::] [2001::1] [::ffff:0:127.0.0.1]
"""
NOT_PUBLIC = """
10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.254 192.168.0.1 169.254.169.254 0xa9fea9fe 2852039166
0251.0376.0251.0376 100.64.0.1 192.0.0.1 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1
239.255.255.250 240.0.0.1 255.255.255.255 192.88.99.1 0.0.0.1 [2001:db8::1] [fe80::1] [fe80::1%25lo]
[fc00::1] [fd00:ec2::254] [ff02::1] [100::1] [3fff::1] [5f00::1] [fec0::1] [::ffff:10.0.0.1]
"""
SPELLINGS = (LOOPBACK + NOT_PUBLIC).split()
URLS = [f"https://{spelling}:PORT/" for spelling in SPELLINGS] + [
    "http://127.0.0.1:PORT/",
    "http://1.1.1.1:PORT/",
    "http://loop.example:PORT/",
    "HTTP://127.0.0.1:PORT/",
    "https://user:password@127.0.0.1:PORT/",
    "https://1.1.1.1@127.0.0.1:PORT/",
    "https://1.1.1.1:443@127.0.0.1:PORT/",
    "https://127.0.0.1:PORT#@1.1.1.1/",
    "https://127.0.0.1:PORT\\@1.1.1.1/",
    "https:127.0.0.1:PORT/",
    "https:///127.0.0.1:PORT/",
    "//127.0.0.1:PORT/",
    "127.0.0.1:PORT",
    "file:///etc/passwd",
    "ftp://127.0.0.1:PORT/",
    "gopher://127.0.0.1:PORT/",
    "unix:///tmp/socket",
    "ws://127.0.0.1:PORT/",
    "data:text/plain,x",
    "",
    "https://",
    "https://127.0.0.1:PORT:80/",
    "https://[::1/",
    "https://127.0.0.1:99999/",
    "https://\t127.0.0.1:PORT/",
    "https://127.0.0.1\r\nX: y:PORT/",
    "https://127.0.0.1:PORT/\x00",
]


@pytest.mark.parametrize("url", URLS)
async def test_no_way_in(listen: Listen, open_egress: OpenEgress, url: str) -> None:
    listener = await listen(says(b"{}"))
    egress = await open_egress()
    with pytest.raises(ExchangeFailed) as failed:
        await egress.exchange(egress.admit(url.replace("PORT", str(listener.port))), within=1.0)
    assert listener.hits == 0
    assert str(failed.value) in {"address not allowed", "URL not valid"}
    assert failed.value.__cause__ is None


def test_enough_ways_were_tried() -> None:
    assert len(set(URLS)) >= 80


@pytest.mark.parametrize("entry", ["127.0.0.1:PORT", "127.0.0.1", "127.0.0.0/8"])
async def test_what_the_operator_lists_is_reached(listen: Listen, open_egress: OpenEgress, entry: str) -> None:
    listener = await listen(says(b"{}"))
    egress = await open_egress(entry.replace("PORT", str(listener.port)))
    answer = await egress.exchange(egress.admit(listener.url), within=1.0)
    assert (answer.status, answer.content_type, answer.body) == (200, "application/json", b"{}")


async def test_a_listed_address_has_to_be_written_as_what_it_is(listen: Listen, open_egress: OpenEgress) -> None:
    listener = await listen(says(b"{}"))
    egress = await open_egress("127.0.0.1")
    with pytest.raises(ExchangeFailed, match="URL not valid"):
        egress.admit(f"http://①②⑦.⓪.⓪.①:{listener.port}/")
    assert listener.hits == 0


async def test_a_listed_name_may_be_private_and_its_neighbour_may_not(
    listen: Listen, open_egress: OpenEgress
) -> None:
    listener = await listen(says(b"{}"))
    egress = await open_egress("crm.local", names={"crm.local": ["127.0.0.1"], "other.local": ["127.0.0.1"]})
    await egress.exchange(egress.admit(f"http://crm.local:{listener.port}/"), within=1.0)
    with pytest.raises(ExchangeFailed, match="address not allowed"):
        await egress.exchange(egress.admit(f"https://other.local:{listener.port}/"), within=1.0)
    with pytest.raises(ExchangeFailed, match="address not allowed"):
        egress.admit(f"http://other.local:{listener.port}/")
    assert listener.hits == 1


async def test_a_name_that_changes_its_mind_is_judged_when_connected_to(
    listen: Listen, open_egress: OpenEgress
) -> None:
    listener = await listen(says(b"{}"))
    names = {"rebind.example": ["203.0.113.9", "127.0.0.1"]}
    egress = await open_egress(names=names)
    for _ in range(3):
        with pytest.raises(ExchangeFailed, match="address not allowed"):
            await egress.exchange(egress.admit(f"https://rebind.example:{listener.port}/"), within=1.0)
    assert listener.hits == 0


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
async def test_redirects_are_not_followed(listen: Listen, open_egress: OpenEgress, status: str) -> None:
    inner = await listen(says(b"{}"))
    outer = await listen(says(b"", status, f"Location: {inner.url}"))
    egress = await open_egress(f"127.0.0.1:{outer.port}")
    answer = await egress.exchange(egress.admit(outer.url), within=1.0)
    assert answer.status == int(status[:3])
    assert (outer.hits, inner.hits) == (1, 0)


async def test_no_proxy_no_cookies_no_netrc(
    listen: Listen, open_egress: OpenEgress, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = await listen(says(b"{}"))
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url)
    listener = await listen(says(b"{}", head="Set-Cookie: a=canary; Path=/"))
    egress = await open_egress("localhost", "127.0.0.1")
    for _ in range(2):
        await egress.exchange(egress.admit(f"http://localhost:{listener.port}/"), within=1.0)
    assert (proxy.hits, listener.hits) == (0, 2)
    assert b"canary" not in listener.requests[1]
    assert b"User-Agent: voiceapp\r\n" in listener.requests[0]


@pytest.mark.parametrize("name", ["Host", "content-length", "Transfer-Encoding", "CONNECTION", "Upgrade"])
async def test_headers_that_are_ours(listen: Listen, open_egress: OpenEgress, name: str) -> None:
    listener = await listen(says(b"{}"))
    egress = await open_egress("127.0.0.1")
    with pytest.raises(ExchangeFailed, match="header not allowed"):
        await egress.exchange(egress.admit(listener.url), within=1.0, headers={name: "1"})
    assert listener.hits == 0


@pytest.mark.parametrize("value", ["a\r\nX-Canary: 1", "a\nX-Canary: 1", "a\x00b"])
async def test_header_injection(listen: Listen, open_egress: OpenEgress, value: str) -> None:
    listener = await listen(says(b"{}"))
    egress = await open_egress("127.0.0.1")
    with pytest.raises(ExchangeFailed, match="request not valid"):
        await egress.exchange(egress.admit(listener.url), within=1.0, headers={"X-A": value})
    assert b"Canary" not in b"".join(listener.requests)


async def test_a_closed_session_leaves_nothing_open(listen: Listen, open_egress: OpenEgress) -> None:
    async def kept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        assert await reader.read() == b""
        closed.set()

    closed = asyncio.Event()
    listener = await listen(kept)
    egress = await open_egress("127.0.0.1")
    await egress.exchange(egress.admit(listener.url), within=1.0)
    await egress.close()
    async with asyncio.timeout(2):
        await closed.wait()
