"""`voiceapp replay --since … --flow NEW`: the calls of a real log under a changed flow."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.servers import BackEnd, Clock, Served, back_end, serving, write_flows
from tests.store.databases import sqlite_url
from tests.terminal.conftest import Run
from voiceapp.changes.behaviour import Compared, Outcome
from voiceapp.emulators.caller import ScriptedCaller
from voiceapp.flow.flow import Script
from voiceapp.flow.library import scripts_of
from voiceapp.flow.loader import load_flow
from voiceapp.terminal.replaying import any_different, lines, replayed_since

BOTH = """\
flow: both
languages: [en-GB, fr-FR]
inputs: {name: {type: text, default: you}, guests: {type: number, default: "1"}}
on_hang_up: tell
steps:
  hello: {say: {en-GB: "Hello {{ name }}, {{ guests + 1 }}.", fr-FR: Bonjour.}}
  main: {menu: {en-GB: One or two., fr-FR: Un ou deux.}, keys: {1: look, 2: code}, tries: 2}
  look: {fetch: "https://a.example.com/{{ guests }}", save: it, failed: code}
  found: {say: {en-GB: "It is {{ it.name }}.", fr-FR: Voilà.}}
  code: {ask: {en-GB: Two keys., fr-FR: Deux.}, answer: {digits: 2}, confirm: true, tries: 2}
  bye: {end: {en-GB: Bye., fr-FR: Au revoir.}}
  tell: {notify: "https://b.example.com/"}
"""
VOICE = """\
flow: voice
languages: [en-GB]
steps:
  ring: {dial: ["+33123456701", "+33123456702"], busy: message, no_answer: message, failed: message}
  message: {record: Speak., empty: nothing}
  room: {conference: monday}
  bye: {end: Bye.}
  nothing: {end: Nothing.}
"""
CALLERS: dict[str, list[dict[str, Any]]] = {
    "both": [
        {"script": "1 42 1"},
        {"script": "2 4 42 2 43 1"},
        {"script": ". 7"},
        {"script": "2 1!"},
        {"script": "2 12 !"},
        {"script": "2 . 12#"},
        {"drops_at": "Hello"},
        {"drops_at": "One or two"},
    ],
    "voice": [
        {},
        {"parties": {"+33123456701": "busy"}},
        {"parties": {"+33123456701": "busy", "+33123456702": "no_answer"}},
        {"parties": dict.fromkeys(("+33123456701", "+33123456702"), "failed"), "voice": "silent"},
        {"parties": dict.fromkeys(("+33123456701", "+33123456702"), "busy"), "voice": "hangs_up"},
        {"parties": dict.fromkeys(("+33123456701", "+33123456702"), "busy"), "leaves": False},
    ],
}


async def log(served: Served, asked: BackEnd) -> None:
    """Every caller by every carrier that the flow fits."""
    asked.answers = {"/1": {"name": "Ann"}, "/4": 503}
    number = 0
    for flow, callers in CALLERS.items():
        for caller in callers:
            number += 1
            query = "?name=Bob&guests=4" if number % 3 == 0 else ""
            await served.callr(flow + query, callid=number).run(ScriptedCaller(**caller))
            if flow == "both":
                hook = served.hook("routee", flow, f"/status{query}")
                call = served.routee(flow + query, conversation=str(number), status_url=hook)
                await call.run(ScriptedCaller(**caller))


class House:
    """A server with a log of calls, and the flows as they were."""

    def __init__(self, served: Served, clock: Clock, asked: BackEnd) -> None:
        self.served, self.clock, self.asked = served, clock, asked

    def new(self, name: str, *changes: tuple[str, str]) -> Script:
        """A flow, changed."""
        text = self.asked.flow({"both": BOTH, "voice": VOICE}[name])
        for was, now in changes:
            assert was in text
            text = text.replace(was, now)
        return scripts_of({name: load_flow(text.encode(), f"{name}.yaml")})[name]

    async def compared(self, new: Script, ago: timedelta = timedelta(days=1)) -> tuple[Compared, ...]:
        carriers = self.served.server.carriers
        return await replayed_since(self.served.store, new, carriers, self.clock() - ago)


async def outcomes(house: House, name: str, *changes: tuple[str, str]) -> dict[Outcome, int]:
    found = await house.compared(house.new(name, *changes))
    return {outcome: count for outcome in Outcome if (count := sum(one.outcome is outcome for one in found))}


@pytest.fixture
async def house(tmp_path: Path) -> Any:
    async with back_end() as asked:
        flows = write_flows(tmp_path / "flows", asked.flow(BOTH), asked.flow(VOICE))
        clock = Clock()
        async with serving(flows, sqlite_url(tmp_path), clock=clock) as served:
            await log(served, asked)
            yield House(served, clock, asked)


SAME, PROMPT, WAY, DEAD = Outcome.SAME, Outcome.OTHER_PROMPT, Outcome.OTHER_WAY, Outcome.DEAD_END


async def test_the_same_flow(house: House) -> None:
    for name, calls in (("both", 16), ("voice", 6)):
        found = await house.compared(house.new(name))
        assert [(one.name, one.first) for one in found if one.outcome is not SAME] == []
        assert len(found) == calls
        assert not any_different(found)
        assert list(lines(found)) == [f"{calls} calls: {calls} same, 0 other prompt, 0 other way, 0 dead end"]


async def test_the_calls_are_played_as_they_were(house: House) -> None:
    """Replayed under its own version, each call saves, asks and ends as it did, whatever was said to it."""
    for one in await house.compared(house.new("both")):
        stored = await house.served.store.call(one.name)
        assert stored is not None
        assert one.before.call is not None
        assert (one.before.call.saved, one.before.ends) == (stored.call.saved, stored.call.end_reason)


async def test_changes(house: House) -> None:
    assert await outcomes(house, "both", ("Hello", "Welcome")) == {PROMPT: 16}
    assert await outcomes(house, "both", ("Hello", "Welcome"), ("  bye: ", "  over: ")) == {PROMPT: 16}
    assert await outcomes(house, "both", ("Au revoir.", "Salut.")) == {SAME: 16}
    assert (await outcomes(house, "both", ("1: look, 2: code", "2: look, 1: code")))[WAY] >= 8
    assert await outcomes(house, "both", ("guests + 1", "name | int")) == {DEAD: 16}
    assert await outcomes(house, "voice", ("Speak.", "Say it.")) == {SAME: 2, PROMPT: 4}
    assert await outcomes(house, "voice", ("  room: {conference: monday}\n", "")) == {SAME: 4, WAY: 2}
    assert await outcomes(house, "voice", ("busy: message", "busy: bye")) == {SAME: 4, WAY: 2}


async def test_only_calls_since(house: House) -> None:
    new = house.new("both", ("Hello", "Welcome"))
    house.clock.skip(timedelta(days=3))
    asked, served = house.asked, house.served
    asked.answers = {"/1": {"name": "Ann"}}
    await served.callr("both", callid=1000).run(ScriptedCaller("1 42 1"))
    assert len(await house.compared(new, timedelta(days=1))) == 1
    assert len(await house.compared(new, timedelta(days=4))) == 17
    assert len(await house.compared(new, timedelta())) == 0


async def test_page_by_page(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voiceapp.terminal.replaying._PAGE", 3)
    assert len(await house.compared(house.new("both"))) == 16


async def test_the_command(run: Run, house: House, tmp_path: Path) -> None:
    db = sqlite_url(tmp_path).replace("sqlite:", "sqlite+aiosqlite:")
    folder, new = house.served.flows, tmp_path / "both.yaml"
    new.write_text(house.asked.flow(BOTH))
    arguments = ("replay", "--since", "9999w", "--flow", new, "--flows", folder, "--db", db)
    ran = await run(*arguments)
    assert ran == (0, ["16 calls: 16 same, 0 other prompt, 0 other way, 0 dead end"], [])
    new.write_text(house.asked.flow(BOTH).replace("Bye.", "Goodbye."))
    ran = await run(*arguments)
    assert ran.code == 1
    assert ran.out[-1].endswith(" other prompt, 0 other way, 0 dead end")
    (told, before, after, _) = ran.out
    assert told.startswith("other prompt  ")
    assert " calls at bye, for example: " in told
    assert (before, after) == ("  - hears      Bye.", "  + hears      Goodbye.")
    every = await run(*arguments, "--all")
    assert (every.code, every.out[-1]) == (1, ran.out[-1])
    assert len(every.out) == 3 * int(told.split()[2]) + 1
    assert all(" 1 call at bye: " in line for line in every.out[:-1:3])
    assert (await run("replay", "--flow", new, "--flows", folder, "--db", db)).out == [
        "0 calls: 0 same, 0 other prompt, 0 other way, 0 dead end"
    ]


@pytest.mark.parametrize(
    "arguments",
    [(), ("call-1", "--since", "7d"), ("--since", "7d"), ("call-1", "--flow", "x"), ("call-1", "--all")],
)
async def test_what_to_replay_has_to_be_told(run: Run, arguments: tuple[str, ...]) -> None:
    ran = await run("replay", *arguments)
    assert (ran.code, ran.err) == (2, ["name one call; or give --flow NEW, with --since and --all where you like"])
