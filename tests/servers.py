"""A whole voiceapp on a free loopback port, a back end that its flows may ask, and a clock that can be moved."""

import asyncio
import contextlib
import re
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

import aiohttp
import msgspec
from aiohttp import web

from voiceapp.carriers import Carrier
from voiceapp.emulators.caller import Caller
from voiceapp.emulators.callr import CallrCall, CallrOptions
from voiceapp.emulators.routee import RouteeCall, RouteeOptions
from voiceapp.replay import Difference, replay
from voiceapp.settings import load
from voiceapp.store.store import Store
from voiceapp.store.turns import LoggedTurn, Stored
from voiceapp.web.app import Server, open_server, utc_now
from voiceapp.web.guard import make_runner
from voiceapp.web.refusals import make_refuse

SHARED_FLOWS = Path(__file__).parent / "flows" / "shared"
API_KEY = "the-key-of-the-api"


class Clock:
    """Shows `start`, and goes on from there like any clock; `set` and `skip` move its hands."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 10, tzinfo=UTC)) -> None:
        self.set(start)

    def set(self, now: datetime) -> None:
        self._offset = now - _since_boot()

    def skip(self, step: timedelta) -> None:
        self._offset += step

    def __call__(self) -> datetime:
        return self._offset + _since_boot()


def _since_boot() -> timedelta:
    return timedelta(seconds=monotonic())


class Asked(NamedTuple):
    """A request to the back end; `body` is JSON, None when there was none."""

    method: str
    path: str
    body: Any

    def __str__(self) -> str:
        return " ".join([self.method, self.path, *([] if self.body is None else [json_text(self.body)])])


def json_text(value: Any) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()


@dataclass
class BackEnd:
    """Answers by path: a JSON value, an HTTP status for a failure, or whatever a coroutine function gives."""

    url: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.json() if request.can_read_body else None
        async with self._changed:
            self.asked.append(Asked(request.method, request.path_qs, body))
            self.headers.append(request.headers)
            self._changed.notify_all()
        answer = self.answers.get(request.path_qs, 404)
        if callable(answer):
            answer = await answer()
        if isinstance(answer, int) and not isinstance(answer, bool):
            return web.Response(status=answer)
        return web.json_response(answer)

    async def until_asked(self, count: int) -> None:
        """Return when so many requests have come in."""
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(lambda: len(self.asked) >= count)

    def flow(self, text: str) -> str:
        """A flow's text with this back end in place of everything at example.com."""
        return re.sub(r"https://[a-z.]+\.example\.com", self.url, text)


@contextlib.asynccontextmanager
async def back_end() -> AsyncIterator[BackEnd]:
    """A back end that listens on loopback."""
    app = web.Application()
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    with _listener() as listener:
        served = BackEnd(f"http://127.0.0.1:{listener.getsockname()[1]}")
        app.router.add_route("*", "/{path:.*}", served.answer)
        await runner.setup()
        try:
            await web.SockSite(runner, listener).start()
            yield served
        finally:
            await runner.cleanup()


@dataclass
class Served:
    """A voiceapp that listens, and a client for it."""

    server: Server
    url: str
    session: aiohttp.ClientSession
    flows: Path

    @property
    def store(self) -> Store:
        return self.server.store

    def hook(self, carrier: str, flow: str, path: str = "") -> str:
        return f"{self.url}/hooks/{carrier}/{flow}{path}"

    def callr(self, flow: str, caller: Caller | None = None, **options: Any) -> CallrCall:
        """A call by CALLR that can be played whole or post by post."""
        return CallrCall(self.session, self.hook("callr", flow), CallrOptions(**options), caller)

    def routee(self, flow: str, caller: Caller | None = None, **options: Any) -> RouteeCall:
        """The same by Routee, status callbacks included."""
        options.setdefault("status_url", self.hook("routee", flow, "/status"))
        return RouteeCall(self.session, self.hook("routee", flow), RouteeOptions(**options), caller)

    async def post(self, path: str, body: Any, **headers: str) -> tuple[int, bytes]:
        """POST bytes, or a value as JSON; status and body of the answer."""
        data = body if isinstance(body, bytes) else msgspec.json.encode(body)
        async with self.session.post(self.url + path, data=data, headers=headers) as reply:
            return reply.status, await reply.read()

    async def get(self, path: str, **headers: str) -> tuple[int, Any]:
        """GET from the API; status and JSON of the answer (text where it is none)."""
        async with self.session.get(self.url + path, headers=headers) as reply:
            body = await reply.read()
        try:
            return reply.status, msgspec.json.decode(body)
        except msgspec.DecodeError:
            return reply.status, body.decode()

    async def until(self, path: str, holds: Callable[[Any], bool], **headers: str) -> Any:
        """The answer of a GET once it is as wanted."""
        async with asyncio.timeout(10):
            while True:
                status, answer = await self.get(path, **headers)
                assert status == 200, answer
                if holds(answer):
                    return answer
                await asyncio.sleep(0.02)

    async def stored(self, carrier: str, ref: str | int, app: str = "4346423A") -> Stored:
        """The call that the store holds for a carrier's id."""
        stored = await self.store.find_call(carrier, app if carrier == "callr" else "", str(ref))
        assert stored is not None, f"the store has no call {carrier} {ref}"
        return stored

    async def log(self, carrier: str, ref: str | int) -> list[LoggedTurn]:
        return await self.store.turns((await self.stored(carrier, ref)).call.id)

    async def replayed(self, carrier: str, ref: str | int) -> tuple[Difference, ...]:
        """Where a stored call comes out otherwise when it is run again from its log."""
        call = (await self.stored(carrier, ref)).call
        script = await self.server.flows.version(call.version, call.flow)
        assert script is not None
        codec: Carrier = self.server.carriers[carrier]
        return replay(script, codec, await self.store.turns(call.id))

    def count(self, metric: str, **labels: str) -> float:
        """A counter's value; 0 for one that never counted."""
        return self.server.metrics.registry.get_sample_value(metric, labels) or 0.0


def write_flows(folder: Path, *texts: str) -> Path:
    """Flow files from their texts, each named as its first key says, and the sounds they play, all silent."""
    (folder / "audio").mkdir(parents=True, exist_ok=True)
    for text in texts:
        found = re.search(r"^flow: (\w+)", text, re.MULTILINE)
        assert found, "a flow's text begins with flow: and its name"
        (folder / f"{found[1]}.yaml").write_text(text)
        for sound in re.findall(r"audio: (\w+\.wav)", text):
            (folder / "audio" / sound).touch()
    return folder


@contextlib.asynccontextmanager
async def serving(
    flows: Path, database_url: str, *, clock: Callable[[], datetime] | None = None, **settings: Any
) -> AsyncIterator[Served]:
    """A server with these flows and settings (the fields of Settings), as `voiceapp serve` runs it; but it has
    all the time that carriers leave it, since a machine that runs tests may be busy."""
    with _listener() as listener:
        port = listener.getsockname()[1]
        given = {
            "flows": str(flows),
            "db": database_url.replace("sqlite:", "sqlite+aiosqlite:", 1),
            "port": port,
            "fetch_allow": "127.0.0.1",
            "callr_deadline": 4.8,
            "routee_deadline": 2.8,
            "status_deadline": 1.8,
            "dial_regions": ("FR", "GB", "GR"),
            "dial_sip_hosts": ("example.com",),
            "dial_per_call": 0,
            "dial_per_caller": 0,
            "dial_per_destination": 0,
            "dial_per_day": 0,
            **settings,
        }
        async with (
            open_server(load(given), clock or utc_now, store_patience=4.0) as server,
            aiohttp.ClientSession() as session,
        ):
            refuse = make_refuse(server.metrics.error)
            runner = make_runner(server.app, refuse=refuse, straight=server.hooks.straight)
            await runner.setup()
            try:
                await web.SockSite(runner, listener).start()
                server.dialer.listens()
                yield Served(server, f"http://127.0.0.1:{port}", session, flows)
            finally:
                await session.close()
                await runner.cleanup()


@contextlib.contextmanager
def _listener() -> Any:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        yield listener
