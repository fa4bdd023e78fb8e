"""What `serve` and `check` say of accounts and of numbers that may not be dialled."""

from pathlib import Path
from typing import Any

import pytest

from tests.servers import serving, write_flows
from tests.store.databases import sqlite_url
from tests.terminal.conftest import Run
from voiceapp.settings import load
from voiceapp.terminal.calling_out import is_real, unreachable
from voiceapp.terminal.serve import welcome

DIALS = """\
flow: dials
languages: [en-GB]
may_dial: ["+331*"]
inputs: {team: {type: phones, default: "+33123456700"}}
steps:
  choose:
    menu: Press one.
    keys:
      1: {dial: "+33123456701"}
  desk:
    dial: ["{{ team }}", "+447400123456", "sip:desk@other.example.com"]
  later: {call_back: "+33899123456", after: 60, flow: dials}
"""
NO_REGIONS = "No telephone number may be dialled: VOICEAPP_DIAL_REGIONS is empty"
FRENCH, BRITISH, PREMIUM = "+331******01", "+447*******56", "+338******56"
NOWHERE = "a number of FR, where no number may be dialled"
GUARDED = [
    f"Not dialled: in dials, step desk, {BRITISH} is not among what this flow may dial",
    "Not dialled: in dials, step desk, other.example.com is not among the hosts that may be dialled",
    f"Not dialled: in dials, step later, {PREMIUM} is a premium-rate number",
]
CALLR = {"callr_api_login": "l", "callr_api_password": "p", "callr_api_url": "http://127.0.0.1:9"}
ROUTEE = {"routee_app_id": "a", "routee_app_secret": "s", "routee_api_url": "http://127.0.0.1:9"}


WELCOMES: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "nobody calls out": ("hello", {"dial_regions": ()}, ["Calls out: no account at a carrier is set up"]),
    "a flow dials": (
        "dials",
        {"dial_regions": ()},
        ["Calls out: no account at a carrier is set up", NO_REGIONS],
    ),
    "an account": ("hello", {"dial_regions": (), **CALLR}, ["Calls out: CALLR", NO_REGIONS]),
    "two accounts": ("hello", {**CALLR, **ROUTEE}, ["Calls out: CALLR and Routee"]),
    "numbers": ("dials", {**CALLR, "dial_regions": ("FR", "GB")}, ["Calls out: CALLR", *GUARDED]),
}


@pytest.mark.parametrize(("flow", "settings", "lines"), WELCOMES.values(), ids=WELCOMES)
async def test_the_server_says_who_calls_out_and_what_may_not_be_dialled(
    run: Run, tmp_path: Path, flows: Path, flow: str, settings: dict[str, Any], lines: list[str]
) -> None:
    if flow == "dials":
        write_flows(flows, DIALS)
    async with serving(flows, sqlite_url(tmp_path), **settings) as served:
        said = welcome(served.server.settings, served.server, served.url)
    start = next(place for place, line in enumerate(said) if line.startswith("Calls out: "))
    assert said[start : said.index("", start)] == lines


async def test_check_doubts_numbers_at_their_lines(run: Run, flows: Path) -> None:
    write_flows(flows, DIALS)
    ran = await run("check", "dials", "--flows", flows, "--select", "VF5", dial_regions="GB")
    assert (ran.code, ran.err) == (0, [])
    doubts = [line.partition("dials.yaml:")[2] for line in ran.out if " VF503: " in line]
    assert doubts == [
        f"9:17: note VF503: steps.choose.keys.1.dial.0: {FRENCH} is {NOWHERE}, so nobody is called",
        f"11:26: note VF503: steps.desk.dial.1: {BRITISH} is not among what this flow may dial, "
        "so nobody is called",
        "11:43: note VF503: steps.desk.dial.2: other.example.com is not among the hosts that may be dialled, "
        "so nobody is called",
        f"12:22: note VF503: steps.later.call_back: {PREMIUM} is {NOWHERE}, so nobody is called",
    ]


PLACES = {
    "https://calls.example.com": "",
    "https://calls.example.com:8443/voice": "",
    "https://192.88.98.1": "",
    "https://localhost": "an address of this machine alone",
    "https://127.0.0.1": "an address of this machine alone",
    "http://[::1]:8080": "an address of this machine alone",
    "https://192.168.1.2": "an address of a private network",
    "https://[fd00::1]": "an address of a private network",
    "http://calls.example.com": "is not https",
}


@pytest.mark.parametrize(("url", "why"), PLACES.items(), ids=PLACES)
def test_what_carriers_can_be_told(url: str, why: str) -> None:
    reason = unreachable(url)
    assert bool(reason) == bool(why)
    assert why in reason


def test_an_api_on_this_machine_is_not_real() -> None:
    settings = load({"callr_api_url": "http://localhost:8090/x", "routee_api_url": "https://connect.routee.net"})
    assert (is_real(settings, "callr"), is_real(settings, "routee")) == (False, True)
