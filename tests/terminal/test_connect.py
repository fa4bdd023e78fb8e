"""`voiceapp connect` and `voiceapp numbers`, at emulated carriers."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.faults.program import free_port
from tests.servers import serving, write_flows
from tests.store.databases import sqlite_url
from tests.terminal.conftest import Ran, Run
from voiceapp.settings import load
from voiceapp.terminal.connect import EVENTS
from voiceapp.terminal.emulate import NUMBER
from voiceapp.web.platforms import open_accounts

URL = "http://127.0.0.1:8080"
SECRET = "the-secret-of-the-webhooks"
RECORDS = "flow: voicemail\nlanguages: [en-GB]\nsteps:\n  one: {record: Speak.}\n"


async def subscriptions(settings: dict[str, Any]) -> list[tuple[str, str]]:
    async with open_accounts(load(settings)) as accounts:
        assert accounts.callr is not None
        return [(webhook.type, webhook.endpoint) for webhook in await accounts.callr.account.webhooks()]


def summary(ran: Ran) -> list[str]:
    """The sentences of a run, without what is sent."""
    return [line for line in ran.out if not line.startswith("    ")]


async def test_callr(run: Run, flows: Path, emulated: dict[str, str]) -> None:
    command = ("connect", "callr", "hello", "--number", "+33 1 23 45 67 89", "--flows", flows, "--public-url", URL)
    login = {"callr_login": "hook-login", "callr_password": "hook-password"}
    for _ in range(2):
        dry = await run(*command, "--dry-run", **emulated, **login)
        assert (dry.code, dry.err) == (0, [])
        assert dry.out == [
            f"Make the app 'voiceapp hello', which posts to {URL}/hooks/callr/hello.",
            "    apps.create",
            f'    ["REALTIME10","voiceapp hello",{{"url":"{URL}/hooks/callr/hello","login":"hook-login",'
            '"password":"…","data_format":"JSON"}]',
            f"Let {NUMBER} be answered by the new app.",
            "    apps.assign_did",
            *[line for line in dry.out if line.startswith('    ["(the new app)"')],
            "Nothing was changed; without --dry-run these 2 things are done.",
        ]
    made = await run(*command)
    again = await run(*command)
    listed = await run("numbers", public_url=URL)
    assert (made.code, summary(made)[:2]) == (0, summary(dry)[:2])
    assert summary(made)[2:] == [
        f"Connected: {NUMBER} leads to flow 'hello' at {URL}/hooks/callr/hello.",
        "CALLR's webhooks are not subscribed to: VOICEAPP_CALLR_WEBHOOK_SECRETS is not set.",
    ]
    assert (again.code, again.out) == (0, ["Nothing to do.", *made.out[-2:]])
    assert [line.split() for line in listed.out[1:]] == [
        [NUMBER, "CALLR", f"{URL}/hooks/callr/hello", "ours"],
        [NUMBER, "Routee", "nothing", "not", "ours"],
    ]


async def test_callr_is_subscribed_to_once(run: Run, flows: Path, emulated: dict[str, str]) -> None:
    command = ("connect", "callr", "hello", "--flows", flows, "--public-url", URL)
    dry = await run(
        *command, "--dry-run", callr_webhook_secrets=f"{SECRET},another-secret-of-webhooks", **emulated
    )
    assert await subscriptions(emulated) == []
    made, again = await run(*command), await run(*command)
    assert await subscriptions(emulated) == [(event, f"{URL}/webhooks/callr") for event in EVENTS]
    assert [ran.code for ran in (dry, made, again)] == [0, 0, 0]
    assert [line for line in dry.out if line.startswith("Let CALLR post")] == [
        f"Let CALLR post {event} to {URL}/webhooks/callr, signed." for event in EVENTS
    ]
    assert made.out[-1] == f"Connected: CALLR calls people with flow 'hello' at {URL}/hooks/callr/hello."
    assert again.out[0] == "Nothing to do."
    assert SECRET not in "".join([*dry.out, *made.out, *again.out])
    elsewhere = await run(*command[:-1], "http://127.0.0.1:9", "--dry-run", callr_webhook_algorithm="MD5")
    assert '"hmac_algo":"MD5"' in "".join(elsewhere.out)


async def test_what_is_subscribed_to_is_taken(
    run: Run, flows: Path, tmp_path: Path, emulated: dict[str, str]
) -> None:
    """The secret that CALLR was given is the one that the server knows."""
    settings: dict[str, Any] = {**emulated, "callr_webhook_secrets": SECRET, "api_keys": "the-key-of-the-api"}
    async with serving(flows, sqlite_url(tmp_path), **settings, callr_login="l", callr_password="p") as served:
        await run(
            *("connect", "callr", "hello", "--flows", flows, "--public-url", served.url),
            **settings,
            callr_login="l",
            callr_password="p",
        )
        ran = await run("dial", "hello", "+33612345678", "--url", served.url, "--wait")
        assert ran.code == 0
        events: list[Any] = []
        async with asyncio.timeout(10):
            while not events:
                _, told = await served.get("/v1/carrier-events", Authorization="Bearer the-key-of-the-api")
                events = told["events"]
    assert [event["type"] for event in events] == ["call.outbound_hangup"]


async def test_routee(run: Run, flows: Path, emulated: dict[str, str]) -> None:
    command = ("connect", "routee", "hello", "--flows", flows, "--public-url", URL)
    secret = "secret-of-the-hooks"
    without = await run(*command, **emulated, routee_secret=secret)
    dry = await run(*command, "--number", NUMBER, "--dry-run")
    made = await run(*command, "--number", NUMBER)
    again = await run(*command, "--number", NUMBER)
    listed = await run("numbers", public_url=URL)
    assert without == (
        0,
        ["Routee needs nothing for calls out; with --number a number of the account leads to the flow."],
        [],
    )
    what = f"Let {NUMBER} ask {URL}/hooks/routee/hello for its plan."
    assert summary(dry) == [what, "Nothing was changed; without --dry-run this is done."]
    connected = f"Connected: {NUMBER} leads to flow 'hello' at {URL}/hooks/routee/hello."
    assert summary(made) == [what, connected]
    assert again.out == ["Nothing to do.", connected]
    assert listed.out[2].split() == [NUMBER, "Routee", f"{URL}/hooks/routee/hello", "ours"]
    assert secret not in "".join([*dry.out, *made.out, *listed.out])


REFUSED: dict[str, tuple[tuple[str, ...], dict[str, str], str]] = {
    "an unknown flow": (("callr", "helo"), {}, "there is no flow 'helo' in .*; did you mean 'hello'?"),
    "a flow that it cannot do": (
        ("routee", "voicemail"),
        {},
        "Routee cannot do flow 'voicemail': Routee cannot rec",
    ),
    "no number": (("callr", "hello", "--number", "12"), {}, "--number: the number does not say its country"),
    "another's number": (
        ("callr", "hello", "--number", "+33123456780"),
        {},
        r"CALLR: the account has no number \+33123456780",
    ),
    "wrong credentials": (
        ("callr", "hello"),
        {"callr_api_password": "wrong"},
        r"CALLR refuses the credentials \(401.*look at VOICEAPP_CALLR_API_LOGIN and VOICEAPP_CALLR_API_PASSWORD",
    ),
    "wrong credentials at Routee": (
        ("routee", "hello", "--number", NUMBER),
        {"routee_app_secret": "wrong"},
        r"Routee refuses the credentials \(.*look at VOICEAPP_ROUTEE_APP_ID and VOICEAPP_ROUTEE_APP_SECRET",
    ),
    "nobody there": (
        ("callr", "hello"),
        {"callr_api_url": "http://127.0.0.1:{port}/"},
        "CALLR cannot be asked: .*look at VOICEAPP_CALLR_API_URL, and at the network",
    ),
    "a real carrier and this machine": (
        ("callr", "hello"),
        {"callr_api_url": "https://api.example.com/"},
        f"VOICEAPP_PUBLIC_URL: {URL} is an address of this machine alone, which no carrier reaches; exp",
    ),
    "a real carrier and http": (
        ("routee", "hello", "--public-url", "http://calls.example.com"),
        {"routee_api_url": "https://api.example.com/"},
        "VOICEAPP_PUBLIC_URL: http://calls.example.com is not https, so that what carriers post could be read",
    ),
    "no folder of flows": (
        ("callr", "hello", "--flows", "none"),
        {},
        "flows: there is no folder none",
    ),
}


@pytest.mark.parametrize(("arguments", "settings", "line"), REFUSED.values(), ids=REFUSED)
async def test_what_is_in_the_way_is_one_line_and_exit_2(
    run: Run,
    flows: Path,
    emulated: dict[str, str],
    arguments: tuple[str, ...],
    settings: dict[str, str],
    line: str,
) -> None:
    write_flows(flows, RECORDS)
    given = {**emulated, "flows": str(flows), "public_url": URL, **settings}
    ran = await run(
        "connect", *arguments, **{name: value.format(port=free_port()) for name, value in given.items()}
    )
    assert (ran.code, ran.out, len(ran.err)) == (2, [], 1)
    with pytest.raises(AssertionError, match=line):
        raise AssertionError(ran.err[0])


async def test_without_an_account(run: Run, flows: Path) -> None:
    ran = await run("connect", "routee", "hello", "--flows", flows)
    assert (ran.code, ran.err) == (
        2,
        ["no account at Routee is set up: set VOICEAPP_ROUTEE_APP_ID and VOICEAPP_ROUTEE_APP_SECRET"],
    )
    ran = await run("numbers")
    assert (ran.code, len(ran.err)) == (2, 1)
    assert ran.err[0].startswith("no account at a carrier is set up: set VOICEAPP_CALLR_API_LOGIN and")


async def test_flows_with_mistakes_are_not_connected(run: Run, flows: Path, emulated: dict[str, str]) -> None:
    write_flows(flows, "flow: broken\nlanguages: [en-GB]\nsteps:\n  one: {saay: Bye.}\n")
    ran = await run("connect", "callr", "hello", "--flows", flows, **emulated)
    assert (ran.code, ran.out) == (1, [])
    assert "broken.yaml:4:9: steps.one.saay: unknown verb 'saay'" in ran.err[0]


async def test_numbers_of_one_carrier_when_the_other_is_gone(run: Run, emulated: dict[str, str]) -> None:
    ran = await run("numbers", **{**emulated, "callr_api_url": f"http://127.0.0.1:{free_port()}/"})
    assert ran.code == 2
    assert [line.split()[1] for line in ran.out[1:]] == ["Routee"]
    assert ran.err[0].startswith("CALLR cannot be asked: ")


async def test_usage(run: Run) -> None:
    ran = await run("connect", "twilio", "hello")
    assert ran.code == 2
    assert ran.err[0].startswith("Usage: ")
