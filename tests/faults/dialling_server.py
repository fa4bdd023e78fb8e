"""A server that places calls and can be killed: started again on the same port and the same database."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from tests.faults.levers import Levers
from tests.faults.waiting import SECONDS, until
from tests.processes import alive, children
from tests.servers import API_KEY

NEXT_YEAR = "+33698765432"
"""A number that is not called."""

_ROOT = Path(__file__).parents[2]


class Start(msgspec.Struct, frozen=True):
    """Serve with these `settings`, the fields of Settings, and these `levers`; stderr goes to `log`."""

    settings: dict[str, Any]
    levers: str
    log: str


class News(msgspec.Struct, frozen=True, omit_defaults=True):
    """A child runs as `pid`, listens at `url`, or has `ended` with a status as os.waitpid gives it."""

    pid: int
    url: str = ""
    ended: int | None = None


@dataclass
class Answered:
    """What the API said to a POST."""

    status: int
    body: Any

    @property
    def call(self) -> Mapping[str, Any]:
        """The call that it is about; empty when there is none."""
        call: Mapping[str, Any] = self.body if self.status == 202 else self.body.get("call", {})
        return call


@dataclass
class DiallingServer:
    """The server, whether or not it lives just now. `settings`: the fields of Settings; `started` is set when it
    listens, and stays so until somebody clears it."""

    settings: dict[str, Any]
    levers: Levers
    log: Path
    session: aiohttp.ClientSession
    program: asyncio.subprocess.Process
    pid: int = 0
    url: str = ""
    ended: int | None = None
    started: asyncio.Event = field(default_factory=asyncio.Event)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def lives(self) -> bool:
        """It was started, and has not ended."""
        return bool(self.url) and self.ended is None

    async def start(self) -> None:
        """Return when it listens."""
        assert self.program.stdin is not None
        self.url, self.ended = "", None
        start = Start(self.settings, str(self.levers.path), str(self.log))
        self.program.stdin.write(msgspec.json.encode(start) + b"\n")
        await self._until(lambda: self.url or self.ended is not None)
        assert self.url, self.log.read_text()
        self.started.set()

    async def stop(self) -> int:
        """Tell it to stop; how it ended, as os.waitpid gives it."""
        os.kill(self.pid, signal.SIGTERM)
        return await self.gone()

    async def gone(self) -> int:
        """Return when it has ended; how, as os.waitpid gives it."""
        await self._until(lambda: self.ended is not None)
        assert self.ended is not None
        return self.ended

    def writers(self) -> list[int]:
        """The processes that write for it."""
        return [writer for nursery in children(self.pid) for writer in children(nursery)]

    async def post(self, body: Mapping[str, Any], key: str | None = None, path: str = "/v1/calls") -> Answered:
        """POST to the API. Raises aiohttp.ClientError when the server dies meanwhile."""
        headers = {"Authorization": f"Bearer {API_KEY}"} | ({"Idempotency-Key": key} if key else {})
        async with self.session.post(self.url + path, json=body, headers=headers) as reply:
            return Answered(reply.status, await reply.json(content_type=None))

    async def get(self, path: str) -> Any:
        """GET from the API; the JSON of a good answer."""
        async with self.session.get(self.url + path, headers={"Authorization": f"Bearer {API_KEY}"}) as reply:
            assert reply.status == 200
            return await reply.json()

    async def _until(self, holds: Any) -> None:
        async with asyncio.timeout(SECONDS), self._changed:
            await self._changed.wait_for(holds)

    async def listen(self) -> None:
        """Hear what the program tells, until it ends."""
        assert self.program.stdout is not None
        while line := await self.program.stdout.readline():
            news = msgspec.json.decode(line, type=News)
            async with self._changed:
                self.pid = news.pid
                self.url = news.url or self.url
                self.ended = news.ended
                self._changed.notify_all()


async def dead(pids: list[int]) -> None:
    """Return when none of these processes runs any more."""
    await until(lambda: not any(map(alive, pids)))


async def wake(server: DiallingServer, carrier: str = "callr") -> None:
    """Let it look at what is due and at what is unclear: somebody wants a call next year. It may die of that."""
    at = (server.levers.now() + timedelta(days=300)).isoformat()
    with contextlib.suppress(aiohttp.ClientError):
        await server.post({"flow": "call", "to": NEXT_YEAR, "carrier": carrier, "at": at})


@contextlib.asynccontextmanager
async def dialling_server(folder: Path, flows: Path, db: str, **settings: Any) -> AsyncIterator[DiallingServer]:
    """A server that is not started yet, and has ended after the block. Its port stays the same, and nobody
    else's: we hold it all the time, without listening. `folder`: where its log and its levers are."""
    with socket.socket() as port:
        port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        port.bind(("127.0.0.1", 0))
        given = {
            "flows": str(flows),
            "db": db.replace("sqlite:", "sqlite+aiosqlite:", 1),
            "port": port.getsockname()[1],
            "api_keys": API_KEY,
            "callr_login": "callr",
            "callr_password": "password",
            "routee_secret": "the-secret-of-routee",
            "dial_regions": ["FR"],
            "dial_per_day": 1_000_000,
            "callr_deadline": 4.8,
            "routee_deadline": 2.8,
            "status_deadline": 1.8,
            **settings,
        }
        program = await _program()
        assert program.stdin is not None
        try:
            async with aiohttp.ClientSession() as session:
                levers, log = Levers(folder / "levers"), folder / "server.log"
                server = DiallingServer(given, levers, log, session, program)
                hearing = asyncio.create_task(server.listen())
                yield server
        finally:
            program.stdin.close()
            await program.wait()
            await hearing


async def _program() -> asyncio.subprocess.Process:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("VOICEAPP_")}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.dialling_program"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**clean, "PYTHONPATH": str(_ROOT)},
        cwd=_ROOT,
    )
