"""Every command, as somebody types it: what it prints, how it exits, and that it never shows a traceback."""

import contextlib
import logging
import os
import re
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import structlog

from tests.faults.program import output_of, program
from tests.servers import serving, write_flows
from tests.store.databases import sqlite_url
from voiceapp import __version__
from voiceapp.__main__ import main as begin
from voiceapp.cli import main
from voiceapp.emulators.caller import ScriptedCaller
from voiceapp.terminal.serve import welcome

FLOW = """\
flow: hello
languages: [en-GB]
inputs: {name: {type: text, default: you}}
steps:
  greet: {say: "Hello {{ name }}."}
  code: {ask: Two keys., answer: {digits: 2}, tries: 1}
  bye: {end: "You pressed {{ code | digits }}."}
"""
GOOD = "flow: hello\nlanguages: [en-GB]\nsteps:\n  one: {end: Hello.}\n"
BROKEN = """\
flow: broken
languages: [en-GB]
steps:
  one: {say: Hello., next: tow}
  two: {saay: Bye.}
"""
CALLR_ONLY = "flow: voicemail\nlanguages: [el-GR]\nsteps:\n  one: {record: Speak.}\n"


class Ran(NamedTuple):
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run the program in this process; whatever it prints must not be a traceback."""
    for name in [name for name in os.environ if name.startswith("VOICEAPP_") and "TEST" not in name]:
        monkeypatch.delenv(name)
    handlers, level = logging.root.handlers, logging.root.level

    def run_main(*arguments: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["voiceapp", *map(str, arguments)])
        capfd.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        ran = Ran(code, *capfd.readouterr())
        assert "Traceback" not in ran.out + ran.err
        return ran

    yield run_main
    structlog.reset_defaults()
    logging.root.handlers, logging.root.level = handlers, level


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    return write_flows(tmp_path / "flows", FLOW)


def db_option(folder: Path) -> str:
    return sqlite_url(folder).replace("sqlite:", "sqlite+aiosqlite:")


# help


COMMANDS = [
    *("serve", "call", "calls", "show", "settings", "replay"),
    *("new", "script", "schema"),
    *("check", "portability", "test", "paths", "fuzz", "diff", "graph"),
    *("dial", "webhooks", "numbers", "connect", "doctor", "emulate"),
]


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help(run: Run, option: str) -> None:
    ran = run(option)
    assert ran.code == 0
    commands = re.findall(r"^│ (\w+)  ", ran.out, re.MULTILINE)
    assert commands == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command(run: Run, command: str) -> None:
    ran = run(command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert f"voiceapp {command}" in ran.out


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"{__version__}\n", "")


def test_settings_lists_every_variable(run: Run) -> None:
    ran = run("settings")
    assert ran.code == 0
    assert {"VOICEAPP_DB", "VOICEAPP_API_KEYS", "VOICEAPP_ROUTEE_TONES"} <= set(ran.out.split())


# check


def test_check_is_content(run: Run, flows: Path) -> None:
    write_flows(flows, GOOD)
    assert run("check", "--flows", flows) == (0, "1 flow without mistakes\n", "")
    assert run("check", flows / "hello.yaml") == (0, "1 flow without mistakes\n", "")
    assert run("check", "hello", "--flows", flows) == (0, "1 flow without mistakes\n", "")


def test_check_says_where(run: Run, flows: Path) -> None:
    write_flows(flows, BROKEN)
    for arguments in (("--flows", flows), (flows / "broken.yaml",)):
        ran = run("check", *arguments)
        assert (ran.code, ran.err) == (1, "")
        assert [found for line in ran.out.splitlines() if (found := line.partition("broken.yaml:")[2])] == [
            "4:28: error VF007: steps.one.next: no step named 'tow'; did you mean 'two'?",
            "5:9: error VF005: steps.two.saay: unknown verb 'saay'; did you mean 'say'?",
        ]


def test_check_says_what_a_carrier_cannot_do(run: Run, flows: Path) -> None:
    write_flows(flows, CALLR_ONLY)
    assert run("check", "voicemail", "--flows", flows) == (
        0,
        "1 flow without mistakes\nnot served on Routee: voicemail; check --carrier routee says why\n",
        "",
    )
    plain = run("check", "voicemail", "--flows", flows, "--select", "VF5")
    assert plain.code == 0
    assert "voicemail.yaml:4:17: note VF501: steps.one.record: Routee cannot record the caller alone" in plain.out
    assert "voicemail.yaml:2:13: note VF502: languages.0: no voice of CALLR is known for el-GR" in plain.out
    assert run("check", "voicemail", "--flows", flows, "--carrier", "callr").code == 0
    strict = run("check", "voicemail", "--flows", flows, "--carrier", "callr, routee")
    assert strict.code == 1
    assert "voicemail.yaml:4:17: error VF501: " in strict.out
    assert "voicemail.yaml:2:13: warning VF502: " in strict.out


# call, calls, show, replay


def test_a_call_from_the_terminal(run: Run, flows: Path) -> None:
    for carrier in ("callr", "routee"):
        ran = run("call", "hello", "--flows", flows, "--carrier", carrier, "--keys", "42", "-i", "name=Ann")
        assert (ran.code, ran.err) == (0, "")
        assert [line.split(maxsplit=1) for line in ran.out.splitlines()] == [
            ["rings", "+33612345678 -> +33123456789"],
            ["hears", "Hello Ann."],
            ["hears", "Two keys."],
            ["presses", "42"],
            ["hears", "You pressed 4 2."],
            ["hangs", "up   server"],
        ]


@pytest.mark.parametrize(
    ("url", "settings", "warned"),
    [
        ("http://127.0.0.1:8080", {}, False),
        ("https://calls.example.com", {}, True),
        ("https://calls.example.com", {"routee_secret": "r" * 16}, False),
    ],
)
async def test_a_public_server_without_credentials_is_told_of(
    tmp_path: Path, flows: Path, url: str, settings: dict[str, Any], warned: bool
) -> None:
    async with serving(flows, sqlite_url(tmp_path), public_url=url, **settings) as served:
        lines = welcome(served.server.settings, served.server, served.url)
    assert (f"Whoever knows {url} can post calls to it: no credentials are set." in lines) is warned


@pytest.fixture
async def played(tmp_path: Path, flows: Path) -> str:
    """A stored call; its id."""
    async with serving(flows, sqlite_url(tmp_path)) as served:
        await served.callr("hello", ScriptedCaller("42"), callid=7).run()
        return (await served.stored("callr", 7)).call.id


def test_calls_and_one_of_them(run: Run, tmp_path: Path, played: str) -> None:
    db = db_option(tmp_path)
    listed = run("calls", "--db", db)
    assert (listed.code, listed.err) == (0, "")
    assert listed.out.splitlines()[1].split()[0] == played
    assert "+33612345678 -> +33123456789" in listed.out
    assert played not in run("calls", "--db", db, "--flow", "other").out

    shown = run("show", played, "--db", db)
    assert (shown.code, shown.err) == (0, "")
    assert f"call     {played}" in shown.out
    assert "answers  name = you, code = 42" in shown.out
    assert "DigitsCollected digits=42" in shown.out


def test_a_replay_that_agrees(run: Run, tmp_path: Path, played: str) -> None:
    assert run("replay", played, "--db", db_option(tmp_path)) == (
        0,
        "5 turns, the same actions and replies byte for byte\n",
        "",
    )


def test_a_replay_that_does_not(run: Run, tmp_path: Path, played: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEAPP_CALLR_VOICES", "en-GB=TTS_EN-GB_DANIEL")
    ran = run("replay", played, "--db", db_option(tmp_path))
    assert ran.code == 1
    assert ran.out.splitlines()[0] == "turn 1: another reply"
    assert "TTS_EN-GB_SERENA" in ran.out.splitlines()[1]
    assert "TTS_EN-GB_DANIEL" in ran.out.splitlines()[2]


# what somebody may type that is wrong


WRONG: dict[str, tuple[tuple[str, ...], str]] = {
    "no folder of flows": (
        ("check", "--flows", "{tmp}/none"),
        r"flows: there is no folder .*/none; --flows names",
    ),
    "a folder without flows": (("serve", "--flows", "{tmp}/empty"), r"flows: the folder .*/empty holds no flow"),
    "a folder as a flow": (("check", "{tmp}/empty"), r"flows: the folder .*/empty holds no flow"),
    "no such file": (("check", "{tmp}/none.yaml"), r"there is no flow none in .*"),
    "no such flow": (
        ("check", "helo", "--flows", "{flows}"),
        r"there is no flow helo in .*; did you mean 'hello'\?",
    ),
    "no such carrier to check": (
        ("check", "--carrier", "x", "--flows", "{flows}"),
        r"--carrier: there is no carrier x",
    ),
    "no such rule to select": (
        ("check", "--select", "VF1,VF8", "--flows", "{flows}"),
        r"--select: no rule begins w",
    ),
    "no such rule to leave out": (
        ("check", "--ignore", "vf1", "--flows", "{flows}"),
        r"--ignore: no rule begins w",
    ),
    "no such carrier to call by": (("call", "hello", "--carrier", "x"), r"--carrier: there is no carrier x"),
    "no such flow to call": (
        ("call", "nobody", "--keys", "1", "--flows", "{flows}"),
        r"there is no flow nobody in .*",
    ),
    "keys that no telephone has": (("call", "hello", "--keys", "abc", "--flows", "{flows}"), r"--keys: 'abc'"),
    "an input that the flow does not have": (
        ("call", "hello", "-i", "nmae=Ann", "--flows", "{flows}"),
        r"--input: hello has no input nmae; did you mean 'name'\?",
    ),
    "an input without a value": (
        ("call", "hello", "-i", "name", "--flows", "{flows}"),
        r"--input: has to be NAME=",
    ),
    "nobody at the URL": (("call", "hello", "--keys", "1", "--url", "http://127.0.0.1:{port}"), r"no answer from"),
    "no URL": (("call", "hello", "--keys", "1", "--url", "nowhere"), r"no answer from nowhere"),
    "a URL that is none": (("call", "hello", "--keys", "1", "--url", "http://[x"), r"no answer from"),
    "a port that is none": (("serve", "--port", "99999"), r"--port: too large; expected 0 to 65535"),
    "a port that is taken": (
        ("serve", "--flows", "{flows}", "--db", "{db}", "--port", "{port}"),
        r"--port: cannot",
    ),
    "a database of another kind": (("calls", "--db", "mysql://x"), r"--db: not a database URL; expected sqlite"),
    "a database that is nowhere": (
        ("calls", "--db", "sqlite+aiosqlite:////none/x.db"),
        r"--db: there is no file /none/x.db; voiceapp serve writes one",
    ),
    "a database that is a folder": (
        ("calls", "--db", "sqlite+aiosqlite:///{tmp}/empty"),
        r"--db: .*unable to open",
    ),
    "a database that is none": (
        ("show", "x", "--db", "sqlite+aiosqlite:///{tmp}/text"),
        r"--db: .*not a database",
    ),
    "a database that does not listen": (
        ("calls", "--db", "postgresql+psycopg://x:secret@127.0.0.1:{port}/x"),
        r"--db: .*",
    ),
    "a public URL that is none": (("serve", "--public-url", "ftp://x"), r"--public-url: not an http or https URL"),
    "a host that is none": (("serve", "--host", "a b"), r"--host: not a host"),
    "an open door": (("serve", "--host", "0.0.0.0"), r"VOICEAPP_HOST: open to other machines without"),  # noqa: S104
}


@pytest.mark.parametrize(("arguments", "line"), WRONG.values(), ids=WRONG)
def test_a_wrong_argument_is_one_line_and_exit_2(
    run: Run, tmp_path: Path, flows: Path, arguments: tuple[str, ...], line: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "odd" / "x.yaml").mkdir(parents=True)
    (tmp_path / "text").write_text("this is no database, it is a text\n" * 100)
    with contextlib.closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        places = {
            "tmp": tmp_path,
            "flows": flows,
            "db": db_option(tmp_path),
            "port": taken.getsockname()[1],
        }
        ran = run(*(argument.format_map(places) for argument in arguments))
    assert ran.code == 2
    assert re.match(line, ran.err), ran.err
    assert len(ran.err.splitlines()) == 1
    assert "secret" not in ran.err


@pytest.mark.parametrize("command", ["show", "replay"])
def test_a_call_that_nobody_made(run: Run, tmp_path: Path, played: str, command: str) -> None:
    ran = run(command, "nobody", "--db", db_option(tmp_path))
    assert ran == (2, "", "no call has this id; voiceapp calls lists them\n")


@pytest.mark.parametrize("command", ["calls", "show"])
def test_what_only_reads_makes_no_database(run: Run, tmp_path: Path, command: str) -> None:
    ran = run(command, *(["x"] if command == "show" else []), "--db", db_option(tmp_path))
    assert ran == (2, "", f"--db: there is no file {tmp_path}/calls.db; voiceapp serve writes one\n")
    assert not (tmp_path / "calls.db").exists()


@pytest.mark.parametrize(
    "arguments", [("dance",), ("show",), ("calls", "--limit", "0"), ("serve", "--port", "x"), ("check", "--loud")]
)
def test_usage(run: Run, arguments: tuple[str, ...]) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert ran.err.startswith("Usage: ")


VARIABLES = {
    "VOICEAPP_PORT": ("eighty", "VOICEAPP_PORT: not a whole number"),
    "VOICEAPP_DB": ("oracle://x", "VOICEAPP_DB: not a database URL"),
    "VOICEAPP_PROT": ("80", "VOICEAPP_PROT: unknown setting; expected a known one, the nearest is VOICEAPP_PORT"),
    "VOICEAPP_CALLR_LOGIN": ("callr", "VOICEAPP_CALLR_PASSWORD: missing"),
    "VOICEAPP_CALLR_DEADLINE": ("nan", "VOICEAPP_CALLR_DEADLINE: not a number"),
    "VOICEAPP_ROUTEE_SECRET": ("short", "VOICEAPP_ROUTEE_SECRET: shorter than 16 characters"),
    "VOICEAPP_API_KEYS": ("a b", "VOICEAPP_API_KEYS: shorter than 16 characters"),
    "VOICEAPP_FETCH_ALLOW": ("x y", "VOICEAPP_FETCH_ALLOW: entry 1 is no host"),
    "VOICEAPP_NOTIFY_SECRET": ("whsec_x", "VOICEAPP_NOTIFY_SECRET: not a Standard Webhooks secret"),
    "VOICEAPP_LOG_FORMAT": ("xml", "VOICEAPP_LOG_FORMAT: unknown choice; expected json or text"),
    "VOICEAPP_SECRET_": ("x", "VOICEAPP_SECRET_: no name or no value"),
}


@pytest.mark.parametrize("variable", VARIABLES)
def test_a_wrong_setting_is_one_line_and_exit_2(
    run: Run, flows: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """F49."""
    value, line = VARIABLES[variable]
    monkeypatch.setenv(variable, value)
    for command in (("serve", "--flows", flows), ("check", "--flows", flows), ("calls",)):
        ran = run(*command)
        assert (ran.code, len(ran.err.splitlines())) == (2, 1)
        assert ran.err.startswith(line)


def test_serve_refuses_broken_flows(run: Run, flows: Path, tmp_path: Path) -> None:
    write_flows(flows, BROKEN)
    (flows / "bytes.yaml").write_bytes(b"flow: \xff\xfe")
    (flows / "empty.yaml").touch()
    ran = run("serve", "--flows", flows, "--db", db_option(tmp_path), "--port", "0")
    assert (ran.code, ran.out) == (1, "")
    places = [re.match(r".*/(\w+\.yaml):\d+:\d+: ", line) for line in ran.err.splitlines()]
    assert {place[1] for place in places if place} == {"broken.yaml", "bytes.yaml", "empty.yaml"}
    assert all(places)


def test_call_refuses_broken_flows(run: Run, flows: Path) -> None:
    write_flows(flows, BROKEN)
    ran = run("call", "broken", "--keys", "42", "--flows", flows)
    assert (ran.code, ran.out) == (1, "")
    assert "broken.yaml:4:28" in ran.err


def test_call_minds_no_broken_flow_beside_it(run: Run, flows: Path) -> None:
    write_flows(flows, BROKEN, GOOD.replace("hello", "runs").replace("{end: Hello.}", "{run: broken}"))
    for named in (("hello", "--flows", flows), (flows / "hello.yaml",)):
        ran = run("call", *named, "--keys", "42")
        assert (ran.code, ran.err) == (0, "")
        assert "You pressed 4 2." in ran.out


def test_call_says_why_a_flow_is_not_served(run: Run, flows: Path) -> None:
    write_flows(flows, CALLR_ONLY)
    ran = run("call", "voicemail", "--carrier", "routee", "--keys", ".", "--flows", flows)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("voicemail is not served on Routee: voicemail.one.record: Routee cannot record")
    assert ran.err.endswith("; voiceapp check --carrier routee says all\n")


# what ends otherwise than with a sentence of ours


def test_nowhere_to_print(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with open("/dev/full", "w") as full, monkeypatch.context() as printing:
        printing.setattr(sys, "stdout", full)
        ran = run("schema")
    assert ran == (2, "", "cannot write what is to be shown: No space left on device\n")


def test_an_interruption_of_the_start_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted:
        def __getattr__(self, name: str) -> object:
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "voiceapp.cli", Interrupted())
    with pytest.raises(SystemExit) as ended:
        begin()
    assert ended.value.code == 130


# the program itself


async def test_serve_says_where_it_listens_and_stops_when_told(tmp_path: Path, flows: Path) -> None:
    write_flows(flows, CALLR_ONLY)
    async with program(flows, sqlite_url(tmp_path)) as running:
        said = "\n".join(running.said)
        assert f"voiceapp listens on {running.url} with 2 flows" in said
        assert "CALLR   " in said
        assert "not served: Routee cannot record the caller alone" in said
        assert f"call hello --url {running.url}" in said
        assert await running.stop(signal.SIGTERM) == 0
    assert "Traceback" not in running.log


async def test_a_call_without_keys_asks_somebody(flows: Path) -> None:
    """Here nobody is there to be asked: the end of the input puts the phone down."""
    code, out = await output_of("call", "hello", "--flows", str(flows))
    assert code == 0
    assert out.splitlines()[-4:] == [
        "hears      Two keys.",
        "keys within 5 s (Enter: silence, !: hang up)",
        "presses    !",
        "hangs up   caller",
    ]


async def test_ctrl_c(tmp_path: Path, flows: Path) -> None:
    async with program(flows, sqlite_url(tmp_path)) as running:
        assert await running.stop(signal.SIGINT) == 0
    assert "Traceback" not in running.log
