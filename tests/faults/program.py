"""`voiceapp serve` as a process of its own, to be killed and started again."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

START_SECONDS = 30.0
STOP_SECONDS = 20.0


@dataclass
class Program:
    """A running server: what it said on stdout until it listened, and its log, complete once it has ended."""

    process: asyncio.subprocess.Process
    url: str
    said: list[str]
    _log: list[str] = field(default_factory=list)
    _more: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def log(self) -> str:
        return "".join(self._log)

    async def logs(self, text: str, times: int = 1) -> None:
        """Return when so many lines of the log hold this text."""
        async with asyncio.timeout(START_SECONDS), self._more:
            await self._more.wait_for(lambda: sum(text in line for line in self._log) >= times)

    async def stop(self, number: signal.Signals) -> int:
        """Send a signal; the exit code."""
        self.process.send_signal(number)
        async with asyncio.timeout(STOP_SECONDS):
            return await self.process.wait()

    async def collect_log(self) -> None:
        assert self.process.stderr is not None
        while line := await self.process.stderr.readline():
            async with self._more:
                self._log.append(line.decode())
                self._more.notify_all()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.asynccontextmanager
async def program(
    flows: Path, database_url: str, *, port: int = 0, variables: Mapping[str, str] | None = None
) -> AsyncIterator[Program]:
    """The program, listening, with these variables; killed at the end of the block if it still runs."""
    db = database_url.replace("sqlite:", "sqlite+aiosqlite:", 1)
    process = await _start(
        *("serve", "--flows", str(flows), "--db", db, "--port", str(port or free_port())), variables=variables
    )
    running = Program(process, "", [])
    log = asyncio.create_task(running.collect_log())
    try:
        await _listening(running)
        yield running
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await log


async def output_of(*arguments: str) -> tuple[int | None, str]:
    """Run a command that ends by itself, without anybody at its input: exit code and stdout."""
    process = await _start(*arguments)
    async with asyncio.timeout(START_SECONDS):
        out, _ = await process.communicate()
    return process.returncode, out.decode()


async def _start(*arguments: str, variables: Mapping[str, str] | None = None) -> asyncio.subprocess.Process:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VOICEAPP_")}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from voiceapp.cli import main; main()", *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**environment, **(variables or {})},
    )


async def _listening(running: Program) -> None:
    assert running.process.stdout is not None
    async with asyncio.timeout(START_SECONDS):
        while line := (await running.process.stdout.readline()).decode():
            running.said.append(line.rstrip())
            if line.startswith("voiceapp listens on "):
                running.url = line.split()[3]
            if line.startswith("Call a flow"):
                return
    raise AssertionError(f"the program ended: {running.log}")
