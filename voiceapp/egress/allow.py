"""Which places a flow may reach: the public internet over https, and what the operator listed besides.

Pure: no look-ups, no sockets. Python's own `is_global` is not enough, because it changed between releases:
3.11 calls `64:ff9b::7f00:1`, `2002:7f00:1::`, `::127.0.0.1` and 224.0.0.1 global. So the tables are here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# https://www.iana.org/assignments/iana-ipv4-special-registry, and multicast
_CLOSED_V4 = [
    *map(IPv4Network, ("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16")),
    *map(IPv4Network, ("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16")),
    *map(IPv4Network, ("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4")),
]
# https://www.iana.org/assignments/ipv6-unicast-address-assignments: only 2000::/3 is handed out, so mapped
# (::ffff:), compatible (::a.b.c.d), NAT64, unique local, link-local and multicast are all outside of it.
_OPEN_V6 = IPv6Network("2000::/3")
# Teredo and its neighbours, documentation, 6to4, documentation again
_CLOSED_V6 = [IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]

_HOST = re.compile(r"(?!-)[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")
_NUMERIC = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")
_LISTED = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[^:\[\]/]+)(:(?P<port>[0-9]{1,5}))?")


def is_public(address: Address) -> bool:
    """Whether `address` belongs to somebody on the public internet, whichever way it is written."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_V4)
    return address in _OPEN_V6 and not any(address in network for network in _CLOSED_V6)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`, a name or an address (IPv4-mapped ones too)."""
    address = literal(host)
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    return host.lower() == "localhost" if address is None else address.is_loopback


def is_host(text: str) -> bool:
    """Whether `text` is an address, or a name that no resolver reads as one (`127.1`, `0x7f.1`)."""
    last = text.rstrip(".").rsplit(".", 1)[-1]
    return literal(text) is not None or (
        _HOST.fullmatch(text.lower()) is not None and not _NUMERIC.fullmatch(last)
    )


def literal(host: str) -> Address | None:
    """The address that `host` is (brackets allowed), or None for a name."""
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class AllowList:
    """What the operator listed: hosts (any port, or one) and networks. Only these may be asked over http."""

    hosts: frozenset[tuple[str, int | None]] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def parse(cls, entries: Iterable[str]) -> "AllowList":
        """Read entries as written in VOICEAPP_FETCH_ALLOW: `crm.local`, `crm.local:8080`, `10.1.0.0/16`.

        Raises ValueError naming the place of the wrong entry, counted from 1."""
        hosts: set[tuple[str, int | None]] = set()
        networks: list[Network] = []
        for place, entry in enumerate(entries, start=1):
            try:
                if "/" in entry:
                    networks.append(ip_network(entry))
                else:
                    hosts.add(_listed(entry.lower()))
            except ValueError:
                raise ValueError(f"entry {place} is no host, host:port or network") from None
        return cls(frozenset(hosts), tuple(networks))

    def lists_host(self, host: str, port: int) -> bool:
        """Whether the operator named this host, or the network that this address is in."""
        host = host.lower()
        if (host, None) in self.hosts or (host, port) in self.hosts:
            return True
        address = literal(host)
        return address is not None and self.lists_address(address)

    def lists_address(self, address: Address) -> bool:
        """Whether the operator named a network that `address` is in."""
        return any(address in network for network in self.networks)


def _listed(entry: str) -> tuple[str, int | None]:
    match = _LISTED.fullmatch(entry)
    if match is None:
        raise ValueError("no host")
    host, port = match["host"], match["port"]
    if not is_host(host):
        raise ValueError("no host")
    if port is not None and not 0 < int(port) < 65536:
        raise ValueError("no port")
    address = literal(host)
    return (host if address is None else str(address)), (None if port is None else int(port))
