"""Commands as somebody types them, beside a voiceapp and emulated carriers on this machine."""

import asyncio
import io
import logging
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import structlog

from tests.servers import Served, serving, write_flows
from tests.store.databases import sqlite_url
from voiceapp import logs
from voiceapp.cli import main
from voiceapp.terminal import api_client, dial
from voiceapp.terminal.emulate import CALLR_ACCOUNT, NUMBER, ROUTEE_ACCOUNT, platforms

HELLO = """\
flow: hello
languages: [en-GB]
inputs: {name: {type: text, default: you}, guests: {type: number, default: "1"}}
steps:
  greet: {say: "Hello {{ name }}, {{ guests }}."}
  code: {ask: One key., answer: {digits: 1}, tries: 1}
  bye: {end: Bye.}
"""


class Ran(NamedTuple):
    """How a command ended and what it printed, line by line."""

    code: int
    out: list[str]
    err: list[str]


Run = Callable[..., Awaitable[Ran]]
Scene = Callable[..., AbstractAsyncContextManager[Served]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs the program in a thread, beside the test's own loop; keywords are settings, as variables. What it
    prints must not be a traceback; what the servers of the test log is not of interest."""
    for name in [name for name in os.environ if name.startswith("VOICEAPP_") and "TEST" not in name]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(api_client, "PAUSES", (0.0, 0.0))
    monkeypatch.setattr(dial, "LOOK_EVERY", 0.02)
    handlers, level = logging.root.handlers, logging.root.level
    logs.configure(stream=io.StringIO())

    async def run_main(*arguments: str | Path, **settings: str) -> Ran:
        for name, value in settings.items():
            monkeypatch.setenv(f"VOICEAPP_{name.upper()}", value)
        monkeypatch.setattr(sys, "argv", ["voiceapp", *map(str, arguments)])
        capfd.readouterr()
        code = await asyncio.to_thread(_code_of_main)
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return Ran(code, out.splitlines(), err.splitlines())

    yield run_main
    structlog.reset_defaults()
    logging.root.handlers, logging.root.level = handlers, level


def _code_of_main() -> int:
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    return write_flows(tmp_path / "flows", HELLO)


@pytest.fixture
def phone_lines() -> list[str]:
    """What happened on the emulated phones."""
    return []


@pytest.fixture
async def emulated(phone_lines: list[str]) -> AsyncIterator[dict[str, str]]:
    """Both carriers; the settings that point at them."""
    async with platforms(0, phone_lines.append) as url:
        yield {
            "callr_api_url": f"{url}/json-rpc/v1.1/",
            "callr_api_login": CALLR_ACCOUNT[0],
            "callr_api_password": CALLR_ACCOUNT[1],
            "callr_api_rate": "1000",
            "routee_api_url": url,
            "routee_auth_url": url,
            "routee_app_id": ROUTEE_ACCOUNT[0],
            "routee_app_secret": ROUTEE_ACCOUNT[1],
            "routee_sender": NUMBER,
            "routee_call_rate": "1000",
            "dial_regions": "FR",
        }


@pytest.fixture
def scene(tmp_path: Path, flows: Path, emulated: dict[str, str], run: Run) -> Scene:
    """A server with the flow `hello` and both accounts, whose calls by CALLR come to the flow."""

    @asynccontextmanager
    async def open_scene(**settings: Any) -> AsyncIterator[Served]:
        async with serving(flows, sqlite_url(tmp_path), **{**emulated, **settings}) as served:
            connected = await run(
                "connect", "callr", "hello", "--flows", flows, "--public-url", served.url, **emulated
            )
            assert connected.code == 0, connected.err
            yield served

    return open_scene
