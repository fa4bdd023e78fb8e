"""Which addresses in a flow are asked in vain, with these settings; and what `check` says of them."""

from pathlib import Path

import pytest

from tests.servers import write_flows
from tests.terminal.conftest import Run
from voiceapp.egress.allow import AllowList
from voiceapp.flow.loader import load_flow
from voiceapp.terminal.written_addresses import refused_addresses

FLOW = """\
flow: asks
languages: [en-GB]
inputs: {{who: {{type: text, default: me}}}}
steps:
  ask: {{fetch: "{url}", save: found}}
  tell: {{notify: "https://example.com/"}}
  bye: {{end: Bye.}}
"""

REFUSED = {
    "over http": ("http://example.com/x", "example.com is asked over https alone"),
    "over http, to a port": ("http://example.com:8080", "example.com is asked over https alone"),
    "a private address": ("https://10.0.0.1/x", "10.0.0.1 is no public address"),
    "this machine": ("https://[::1]:8443/x", "[::1] is no public address"),
    "an address in disguise": ("https://127.1/", "https://127.1 is no place that can be asked"),
    "something filled in behind": ("https://10.0.0.1/{{ who }}", "10.0.0.1 is no public address"),
    "a query behind": ("http://example.com?a={{ who }}", "example.com is asked over https alone"),
}
GOOD = {
    "a public host": "https://example.com/x",
    "a public address": "https://9.9.9.9/{{ who }}",
    "a listed host": "http://crm.local:8080/x",
    "an address in a listed network": "http://10.1.2.3/{{ who }}",
}
LISTED = AllowList.parse(["crm.local", "10.1.0.0/16"])


@pytest.mark.parametrize(("url", "said"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_asked(url: str, said: str) -> None:
    flow = load_flow(FLOW.format(url=url).encode(), "asks.yaml")
    assert list(refused_addresses(flow, LISTED)) == [(("ask", "fetch"), said)]


@pytest.mark.parametrize("url", GOOD.values(), ids=GOOD)
def test_what_may_be_asked(url: str) -> None:
    flow = load_flow(FLOW.format(url=url).encode(), "asks.yaml")
    assert list(refused_addresses(flow, LISTED)) == []


async def test_check_tells_of_them(run: Run, flows: Path) -> None:
    write_flows(
        flows, FLOW.format(url="https://example.com/").replace("https://example.com/", "http://example.com/")
    )
    remarked = await run("check", "asks", "--flows", flows)
    assert (remarked.code, remarked.out[-1]) == (
        0,
        "not asked with these settings: addresses in asks; "
        "check --select VF504 says which, and VOICEAPP_FETCH_ALLOW lists places",
    )
    told = await run("check", "asks", "--flows", flows, "--select", "VF504")
    said = "example.com is asked over https alone, so nothing is sent there"
    assert [line.partition("asks.yaml:")[2] for line in told.out if " VF504: " in line] == [
        f"5:16: note VF504: steps.ask.fetch: {said}",
        f"6:18: note VF504: steps.tell.notify: {said}",
    ]
