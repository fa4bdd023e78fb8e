"""`voiceapp emulate`: what it tells to do works, and it ends when told."""

import asyncio
import contextlib
import os
import re
import shlex
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.servers import write_flows
from tests.terminal.conftest import Run
from voiceapp.carriers.callr.calls import Target
from voiceapp.emulators.platforms.people import LAST_DIGITS
from voiceapp.settings import load
from voiceapp.terminal.emulate import NUMBER, guide, platforms
from voiceapp.web.platforms import open_accounts

ROUTEE_ONLY = "flow: sip\nlanguages: [en-GB]\nsteps:\n  desk: {dial: 'sip:desk@example.com'}\n"
LAST = "Every line of every call, as it happens (Ctrl-C ends):"


def exported(lines: list[str]) -> dict[str, str]:
    """The variables that a shell has after these lines."""
    words = [word for line in lines if line.startswith("export ") for word in shlex.split(line)[1:]]
    return dict(word.split("=", 1) for word in words)


async def test_what_is_to_be_exported_opens_both_accounts(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    async with platforms(0, lambda _: None) as url:
        for name, value in exported(guide(url)).items():
            monkeypatch.setenv(name, value)
        async with open_accounts(load()) as accounts:
            assert {
                name: [number.number for number in await platform.numbers()]
                for name, platform in accounts.platforms.items()
            } == {"callr": [NUMBER], "routee": [NUMBER]}
    assert load().dial_regions == ("FR",)


def test_every_phone_is_told_of() -> None:
    told = {line.split()[0][-2:]: line for line in guide("http://x") if line.startswith("  +33")}
    assert set(told) == set(LAST_DIGITS)
    assert len({line[16:] for line in told.values()}) == len(LAST_DIGITS)
    assert told["01"].endswith("  is busy")
    assert told["05"].endswith("hangs up at the first question")


@contextlib.asynccontextmanager
async def program(*arguments: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, list[str]]]:
    """The program once it has said all that it says by itself; killed at the end if it still runs."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VOICEAPP_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from voiceapp.cli import main; main()", "emulate", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
    )
    assert process.stdout is not None
    said: list[str] = []
    try:
        async with asyncio.timeout(30):
            while LAST not in said:
                line = await process.stdout.readline()
                assert line, "the program ended"
                said.append(line.decode().rstrip("\n"))
        yield process, said
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_it_serves_until_it_is_told_to_stop(run: Run, flows: Path, number: signal.Signals) -> None:
    write_flows(flows, ROUTEE_ONLY)
    app_url = "http://127.0.0.1:8080"
    async with program("--port", "0", "--app-url", app_url, "--flows", str(flows)) as (process, said):
        variables = {name.removeprefix("VOICEAPP_").lower(): value for name, value in exported(said).items()}
        connected = await run("connect", "callr", "hello", "--flows", flows, "--public-url", app_url, **variables)
        process.send_signal(number)
        async with asyncio.timeout(20):
            out, err = await process.communicate()
    assert (process.returncode, out, err) == (0, b"", b"")
    assert [line for line in said if line.startswith("CALLR")] == [
        f"CALLR   has an app for hello, which posts to {app_url}"
    ]
    assert connected.out[0] == "Nothing to do."


async def test_the_lines_of_a_call_come_as_it_happens(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """The application does not answer, which is what the call shows."""
    lines: list[str] = []
    heard = asyncio.Event()

    def hear(line: str) -> None:
        lines.append(line)
        if "hangs up" in line:
            heard.set()

    async with platforms(0, hear) as url:
        for name, value in exported(guide(url)).items():
            monkeypatch.setenv(name, value)
        async with open_accounts(load()) as accounts:
            assert accounts.callr is not None
            app = await accounts.callr.apps.create("REALTIME10", "x", {"url": "http://127.0.0.1:9/hook"})
            await accounts.callr.calls.realtime(app.hash, Target("+33612345678", 20), cdr_field="a", shown="")
            async with asyncio.timeout(10):
                await heard.wait()
    assert re.fullmatch(r"CALLR   \+33612345678 rings .*", lines[0])


async def test_a_port_that_is_taken(run: Run) -> None:
    with contextlib.closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        ran = await run("emulate", "--port", str(port))
    assert ran == (2, [], [f"--port: cannot listen on 127.0.0.1:{port}: Address already in use"])
