"""Which addresses are public, and how the operator's list is read."""

from ipaddress import ip_address

import pytest

from voiceapp.egress.allow import AllowList, is_host, is_loopback, is_public

PUBLIC = """
1.1.1.1 8.8.8.8 93.184.216.34 172.32.0.1 192.169.0.1 100.128.0.1 223.255.255.255
2606:4700::1111 2001:4860:4860::8888 2a00:1450:4001:81b::200e
"""
CLOSED = """
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1
172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.1
203.0.113.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255
:: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 100::1
2001::1 2001:0:7f00:1:: 2001:10::1 2001:db8::1 2002:7f00:1:: 2002:808:808:: 3fff::1 5f00::1 fc00::1
fd12:3456::1 fe80::1 fec0::1 ff02::1 ::ffff:0:127.0.0.1 4000::1
"""
WRONG = """
http://crm.local crm.local/x crm.local:0 crm.local:70000 crm.local:x 10.0.0.1/8 10.0.0.0/33 * *.local -a
127.1 0x7f.1 2130706433 user@crm.local ::1]:80 ①②⑦.⓪.⓪.① crm..local
"""
LOOPBACK = "localhost LOCALHOST 127.0.0.1 127.9.9.9 ::1 ::ffff:127.0.0.1"
ELSEWHERE = "0.0.0.0 :: 10.0.0.1 ::ffff:10.0.0.1 example.com 127.0.0.1.example 127.1 localhost.example"


@pytest.mark.parametrize("address", PUBLIC.split())
def test_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", CLOSED.split())
def test_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    ("entry", "host", "port", "listed"),
    [
        ("crm.local", "crm.local", 80, True),
        ("crm.local", "CRM.local", 8080, True),
        ("CRM.local", "crm.local", 443, True),
        ("crm.local", "x.crm.local", 443, False),
        ("crm.local:8080", "crm.local", 8080, True),
        ("crm.local:8080", "crm.local", 80, False),
        ("127.0.0.1:8080", "127.0.0.1", 8080, True),
        ("127.0.0.1:8080", "127.0.0.1", 8081, False),
        ("10.0.0.0/8", "10.1.2.3", 80, True),
        ("10.0.0.0/8", "11.1.2.3", 80, False),
        ("10.0.0.0/8", "crm.local", 80, False),
        ("fd00::/8", "fd12::1", 80, True),
        ("[fd12::1]:8080", "fd12::1", 8080, True),
        ("[FD12:0::1]", "fd12::1", 80, True),
    ],
)
def test_what_is_listed(entry: str, host: str, port: int, listed: bool) -> None:
    assert AllowList.parse([entry]).lists_host(host, port) is listed


@pytest.mark.parametrize("entry", ["", "a b", *WRONG.split()])
def test_wrong_entries(entry: str) -> None:
    with pytest.raises(ValueError, match="entry 2 is no host, host:port or network"):
        AllowList.parse(["good.example", entry])


@pytest.mark.parametrize("host", LOOPBACK.split())
def test_loopback(host: str) -> None:
    assert is_host(host)
    assert is_loopback(host)


@pytest.mark.parametrize("host", ELSEWHERE.split())
def test_not_loopback(host: str) -> None:
    assert not is_loopback(host)
