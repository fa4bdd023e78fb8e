"""`voiceapp graph`: what is written where, and calls of the log painted on their flow."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.servers import serving, write_flows
from tests.store.databases import sqlite_url
from voiceapp.cli import app
from voiceapp.cli.options import since_of
from voiceapp.drawing.painted import FLOW
from voiceapp.emulators.caller import ScriptedCaller
from voiceapp.errors import OperatorError
from voiceapp.flow.flow import Flow
from voiceapp.settings import load as load_settings
from voiceapp.terminal.graph import Counted, from_calls
from voiceapp.terminal.script import load
from voiceapp.web.from_settings import carriers_of

CHOICE = """\
flow: choice
languages: [en-GB]
keys: {"9": bye}
steps:
  one: {menu: Press 1 to 3., keys: {1: two, 2: bye, 3: hold}, tries: 2}
  two: {run: inner}
  bye: {end: Bye.}
  hold: {say: One moment.}
  agent: {dial: "+33123456700", busy: bye, no_answer: bye, failed: bye}
"""
INNER = "flow: inner\nlanguages: [en-GB]\nsteps:\n  one: {say: Inside.}\n"
RENAMED = CHOICE.replace("bye", "goodbye")
LONGER = CHOICE.replace("2: bye", "2: bye, 4: two")


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    return write_flows(tmp_path / "flows", CHOICE, INNER)


async def calls(tmp_path: Path, flows: Path, *keys: str, carrier: str = "callr", first: int = 1) -> None:
    async with serving(flows, sqlite_url(tmp_path)) as served:
        for at, typed in enumerate(keys, start=first):
            if carrier == "callr":
                await served.callr("choice", ScriptedCaller(typed), callid=at).run()
            else:
                await served.routee("choice", ScriptedCaller(typed)).run()


async def count(tmp_path: Path, flow: Flow, since: datetime | None = None, carrier: str = "callr") -> Counted:
    """With no other carrier at hand than this one."""
    carriers = {one.name: one for one in carriers_of(load_settings({})) if one.name == carrier}
    return await from_calls(sqlite_url(tmp_path), flow, carriers, since)


@pytest.mark.parametrize("carrier", ["callr", "routee"])
async def test_calls_are_counted(tmp_path: Path, flows: Path, carrier: str) -> None:
    await calls(tmp_path, flows, "1", "5 1", "2", "9", "!", "3", "4 !", carrier=carrier)
    painted, counted, left_out = await count(tmp_path, load("choice", flows), carrier=carrier)
    assert (counted, left_out) == (7, 0)
    assert painted.steps == {"one": 7, "two": 2, "bye": 4, "hold": 1, "agent": 1}
    assert painted.ways == {
        ("one", "key 1"): 2,
        ("one", "key 2"): 1,
        ("one", "key 3"): 1,
        ("one", "otherwise"): 0,
        ("two", "next"): 2,
        ("hold", "next"): 1,
        ("agent", "answered"): 1,
        ("agent", "busy"): 0,
        ("agent", "no_answer"): 0,
        ("agent", "failed"): 0,
        (FLOW, "flow key 9"): 1,
    }


async def test_only_calls_of_versions_that_fit(tmp_path: Path, flows: Path) -> None:
    await calls(tmp_path, flows, "1", "1")
    write_flows(flows, RENAMED)
    await calls(tmp_path, flows, "2", first=10)
    renamed = await count(tmp_path, load("choice", flows))
    assert (renamed.calls, renamed.left_out) == (1, 2)
    assert renamed.painted.steps == {"one": 1, "two": 0, "goodbye": 1, "hold": 0, "agent": 0}
    assert str(renamed) == "painted with 1 call; 2 of other versions of the flow do not fit this one"
    write_flows(flows, LONGER)
    longer = await count(tmp_path, load("choice", flows))
    assert (longer.calls, longer.left_out) == (2, 1)
    assert longer.painted.ways["one", "key 4"] == 0


async def test_only_calls_since(tmp_path: Path, flows: Path) -> None:
    await calls(tmp_path, flows, "1", "2")
    now = datetime.now(UTC)
    flow = load("choice", flows)
    assert (await count(tmp_path, flow, now - timedelta(days=36500))).calls == 2
    assert (await count(tmp_path, flow, now + timedelta(days=36500))).calls == 0


async def test_many_pages_of_calls(tmp_path: Path, flows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voiceapp.terminal.graph._PAGE", 2)
    await calls(tmp_path, flows, "1", "2", "1", "2", "1")
    assert (await count(tmp_path, load("choice", flows))).painted.steps["one"] == 5


def run(*arguments: str | Path) -> tuple[int, str, str]:
    ran = CliRunner().invoke(app, ["graph", *map(str, arguments)])
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        assert isinstance(ran.exception, OperatorError)
        return 2, "", str(ran.exception)
    return ran.exit_code, ran.stdout, ran.stderr


def test_what_is_written_where(tmp_path: Path, flows: Path) -> None:
    code, out, _ = run("choice", "--flows", flows)
    assert (code, out.partition("\n")[0]) == (0, "flowchart TD")
    assert run("choice", "--flows", flows, "--format", "svg")[1].startswith("<svg ")
    assert run("inner", "--flows", flows)[1].count("s.one") == 3
    for name, given, begin in (
        ("a.svg", (), "<svg "),
        ("a.mmd", (), "flowchart TD"),
        ("b.svg", ("--format", "mermaid"), "flowchart TD"),
    ):
        file = tmp_path / name
        assert run(flows / "choice.yaml", "-o", file, *given) == (0, "", "")
        assert file.read_text(encoding="utf-8").startswith(begin)


def test_painted_from_a_file(tmp_path: Path, flows: Path) -> None:
    file = tmp_path / "coverage.json"
    file.write_text('{"flows": {"choice": {"steps": {"one": 4, "two": 0}, "ways": {"one": {"key 1": 4}}}}}')
    code, out, _ = run("choice", "--flows", flows, "--coverage", file)
    assert code == 0
    assert '-->|"1 ×4"| s.two' in out


async def test_painted_from_the_log(tmp_path: Path, flows: Path) -> None:
    await calls(tmp_path, flows, "1")
    db = sqlite_url(tmp_path).replace("sqlite:", "sqlite+aiosqlite:")
    arguments = ("choice", "--flows", flows, "--db", db, "--calls", "--since", "9999w")
    code, out, err = await asyncio.to_thread(run, *arguments)
    assert (code, err) == (0, "painted with 1 call\n")
    assert '-->|"1 ×1"| s.two' in out


WRONG: dict[str, tuple[tuple[str, ...], str]] = {
    "no such flow": (("nobody", "--flows", "{flows}"), "there is no flow nobody in {flows}"),
    "since without calls": (("choice", "--flows", "{flows}", "--since", "7d"), "--since: goes with --calls"),
    "two paints": (
        ("choice", "--flows", "{flows}", "--calls", "--coverage", "x"),
        "--calls: cannot stand beside --coverage",
    ),
    "since what": (
        ("choice", "--flows", "{flows}", "--calls", "--since", "yesterday"),
        "--since: has to be hours, days or weeks, as in 24h, 7d or 2w, not yesterday",
    ),
    "no coverage": (
        ("choice", "--flows", "{flows}", "--coverage", "{flows}/x.json"),
        "--coverage: {flows}/x.json: cannot be read: No such file",
    ),
    "coverage that is none": (
        ("choice", "--flows", "{flows}", "--coverage", "{flows}/choice.yaml"),
        "--coverage: {flows}/choice.yaml: is no coverage file: ",
    ),
    "a picture that is none": (
        ("choice", "--flows", "{flows}", "-o", "{flows}/choice.png"),
        "{flows}/choice.png: a picture's name ends in .svg, Mermaid's in .mmd; else say --format",
    ),
    "over a flow": (
        ("choice", "--flows", "{flows}", "--format", "svg", "-o", "{flows}/choice.yaml"),
        "{flows}/choice.yaml is there already, and may be a flow: choose another name",
    ),
    "nowhere to write": (("choice", "--flows", "{flows}", "-o", "{flows}/x/y.svg"), "{flows}/x/y.svg: cannot be"),
}


@pytest.mark.parametrize(("arguments", "line"), WRONG.values(), ids=WRONG)
def test_a_wrong_argument_is_one_line(flows: Path, arguments: tuple[str, ...], line: str) -> None:
    code, out, err = run(*(argument.format(flows=flows) for argument in arguments))
    assert (code, out) == (2, "")
    assert err.startswith(line.format(flows=flows))
    assert "\n" not in err


SINCE = {
    "24h": timedelta(days=1),
    "7d": timedelta(days=7),
    "2w": timedelta(days=14),
    "9999w": timedelta(weeks=9999),
}


@pytest.mark.parametrize(("given", "expected"), SINCE.items())
def test_since(given: str, expected: timedelta) -> None:
    assert since_of(given) == expected


@pytest.mark.parametrize("given", ["", "d", "7", "0d", "07d", "-1d", "1.5d", "7m", "7 d", "99999w", "٧d", "7D"])
def test_no_since(given: str) -> None:
    with pytest.raises(OperatorError, match="--since: has to be hours, days or weeks"):
        since_of(given)
