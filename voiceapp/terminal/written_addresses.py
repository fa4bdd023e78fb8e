"""The addresses that authors wrote out in flows, and which of them are not asked."""

import re
from collections.abc import Iterator

from voiceapp.carriers.base import Misfit
from voiceapp.egress.allow import AllowList, is_public, literal
from voiceapp.egress.target import admit
from voiceapp.errors import ExchangeFailed
from voiceapp.flow.flow import Flow
from voiceapp.flow.steps.fetch import FetchStep
from voiceapp.flow.steps.notify import NotifyStep
from voiceapp.flow.templates import Template

_WHERE = re.compile(
    r"(?P<place>[a-zA-Z][a-zA-Z0-9+.-]*://(?P<host>\[[^\]{]*\]|[^/?#:{\[]*)(?::[0-9]*)?)(?:[/?#]|$)"
)
"""What a text begins with that tells the host, whatever is filled in behind it."""


def refused_addresses(flow: Flow, allow: AllowList) -> Iterator[Misfit]:
    """Every address that a step would ask in vain; paths begin with the step."""
    for name, step in flow.steps.items():
        match step:
            case FetchStep(fetch=url) | NotifyStep(notify=url):
                reason = _reason(url, allow)
                if reason is not None:
                    yield Misfit((name, step.verb), reason)
            case _:
                pass


def _reason(url: Template, allow: AllowList) -> str | None:
    where = _WHERE.match(url.source)
    if where is None:
        return None
    host = where["host"]
    try:
        target = admit(where["place"], allow)
    except ExchangeFailed:
        over_http = where["place"].lower().startswith("http:")
        return (
            f"{host} is asked over https alone" if over_http else f"{where['place']} is no place that can be asked"
        )
    address = literal(host)
    if address is not None and not target.listed and not is_public(address):
        return f"{host} is no public address"
    return None
