"""`voiceapp serve` as a process of its own, to be killed and started again."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
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
    _log: list[bytes] = field(default_factory=list)

    @property
    def log(self) -> str:
        return b"".join(self._log).decode()

    async def stop(self, number: signal.Signals) -> int:
        """Send a signal; the exit code."""
        self.process.send_signal(number)
        async with asyncio.timeout(STOP_SECONDS):
            return await self.process.wait()

    async def collect_log(self) -> None:
        assert self.process.stderr is not None
        while piece := await self.process.stderr.read(65536):
            self._log.append(piece)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.asynccontextmanager
async def program(flows: Path, db: str, *, port: int = 0, **variables: str) -> AsyncIterator[Program]:
    """The program, listening; killed at the end of the block if it still runs."""
    process = await _start(
        *("serve", "--flows", str(flows), "--db", db, "--port", str(port or free_port())), **variables
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


async def _start(*arguments: str, **variables: str) -> asyncio.subprocess.Process:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VOICEAPP_")}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from voiceapp.cli import main; main()", *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**environment, **variables},
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
