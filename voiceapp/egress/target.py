"""What a URL has to look like for a flow to ask it."""

from dataclasses import dataclass

from yarl import URL

from voiceapp.egress.allow import AllowList, is_host, literal
from voiceapp.errors import ExchangeFailed


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that may be asked; `listed` by the operator, so that its address may be a private one."""

    url: URL
    listed: bool


def admit(url: str, allow: AllowList) -> Target:
    """Judge a URL by its looks; raises ExchangeFailed. Its address is judged when it is connected to."""
    try:
        target = URL(url)
        host, port = target.raw_host, target.port
    except ValueError:
        raise ExchangeFailed("URL not valid") from None
    if port is None or target.scheme not in {"http", "https"} or target.user is not None:
        raise ExchangeFailed("URL not valid")
    # yarl reads ①②⑦.⓪.⓪.① as 127.0.0.1: an address has to be written as what it is
    if not host or not is_host(host) or (literal(host) is not None and host not in url.lower()):
        raise ExchangeFailed("URL not valid")
    listed = allow.lists_host(host, port)
    if target.scheme == "http" and not listed:
        raise ExchangeFailed("address not allowed")
    return Target(target, listed)
