"""`voiceapp webhooks`: what applications were told, are owed, and are told again."""

import asyncio
from pathlib import Path

import pytest

from tests.carriers.scripted import Says, listening
from tests.servers import BackEnd, Served, back_end, serving, write_flows
from tests.store.databases import sqlite_url
from tests.terminal.conftest import Run
from voiceapp.emulators.caller import ScriptedCaller

TELLS = """\
flow: tells
languages: [en-GB]
steps:
  tell: {notify: "https://crm.example.com/told", with: {a: b}}
  bye: {end: Bye.}
"""


async def played(served: Served, told: BackEnd) -> str:
    """A call that told the back end something; its id."""
    await served.callr("tells", ScriptedCaller(), callid=7).run()
    await told.until_asked(1)
    async with asyncio.timeout(10):
        while (await served.get("/v1/webhooks"))[1]["webhooks"][0]["state"] != "delivered":
            pass
    return (await served.stored("callr", 7)).call.id


async def test_what_was_told_is_listed_and_sent_again(run: Run, tmp_path: Path) -> None:
    async with back_end() as told:
        told.answers = {"/told": {}}
        flows = write_flows(tmp_path / "flows", told.flow(TELLS))
        async with serving(flows, sqlite_url(tmp_path)) as served:
            call_id = await played(served, told)
            listed = await run("webhooks", "--url", served.url)
            of_call = await run("webhooks", "--url", served.url, "--call", call_id)
            of_none = await run("webhooks", "--url", served.url, "--call", "other")
            webhook = listed.out[1].split()[0]
            resent = await run("webhooks", "--url", served.url, "--resend", webhook)
            await told.until_asked(2)
    assert (listed.code, listed.err, len(of_none.out)) == (0, [], 1)
    assert listed.out[0].split() == [
        "webhook",
        "call",
        "tells",
        "of",
        "state",
        "tries",
        "next",
        "(UTC)",
        "why",
        "not",
    ]
    assert listed.out[1].split()[1:] == [call_id, "call.notify", "delivered", "1"]
    assert of_call.out[1].split()[0] == webhook
    assert resent == (0, [f"{webhook} is sent again now"], [])
    first, second = (headers["webhook-id"] for headers in told.headers)
    assert first == second


async def test_a_webhook_that_is_not_there(run: Run, tmp_path: Path, flows: Path) -> None:
    async with serving(flows, sqlite_url(tmp_path)) as served:
        for name in ("none", "a/b?c", ".."):
            ran = await run("webhooks", "--url", served.url, "--resend", name)
            assert (ran.code, ran.out) == (1, [])
            assert ran.err in (["id: there is no such webhook"], ["Not Found"])


async def test_an_id_stays_one_part_of_the_path(run: Run) -> None:
    async with listening(lambda _: Says({"id": "a/b?c"})) as (api, _):
        assert (await run("webhooks", "--url", api.url, "--resend", "a/b?c")).code == 0
    assert [asked.path for asked in api.asked] == ["/v1/webhooks/a%2Fb%3Fc/resend"]


@pytest.mark.parametrize(
    ("owed", "words"),
    [
        ({"state": "given_up", "attempts": 9, "error": "HTTP 500"}, ["given", "up", "9", "HTTP", "500"]),
        (
            {"state": "due", "attempts": 1, "next_at": "2026-03-02T10:00:00.5Z", "error": ""},
            ["due", "1", "2026-03-02", "10:00:00"],
        ),
    ],
)
async def test_a_row(run: Run, owed: dict[str, object], words: list[str]) -> None:
    answer = {"webhooks": [{"id": "w", "call": "c", "type": "t", **owed}, "no object"]}
    async with listening(lambda _: Says(answer)) as (api, _):
        ran = await run("webhooks", "--url", api.url)
    assert [line.split() for line in ran.out[1:]] == [["w", "c", "t", *words]]
