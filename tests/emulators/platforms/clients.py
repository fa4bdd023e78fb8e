"""Whoever asks the platforms: the vendor's SDK for CALLR, plain HTTP for Routee; and the hooks they call."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any, Self

import aiohttp
import callr  # type: ignore[import-untyped]
import msgspec
from aiohttp.test_utils import TestServer

from tests.emulators.callr_replies import HANG_UP
from tests.emulators.server import FakeServer, Reply
from voiceapp.emulators.caller import Question, ScriptedCaller
from voiceapp.emulators.platforms.callr.platform import CallrPlatform
from voiceapp.emulators.platforms.people import People
from voiceapp.emulators.platforms.routee.platform import RouteePlatform

TARGET = {"number": "+33611111110", "timeout": 30}
HOOK = "/hook"
STATUS = "/status"
TOLD = "/told"


class CallrClient:
    """The SDK as it is published, in a thread, since it blocks."""

    def __init__(self, platform: CallrPlatform, url: str) -> None:
        self.platform = platform
        self.url = url
        self._api = callr.Api("login", "password")
        self._api.set_api_url(url)

    async def __call__(self, method: str, *params: object) -> Any:
        return await asyncio.to_thread(self._api.call, method, *params)

    async def error(self, method: str, *params: object) -> tuple[int, str]:
        """The code and the message of the refusal."""
        try:
            result = await self(method, *params)
        except callr.CallrException as error:
            return error.code, error.msg
        raise AssertionError(f"not refused: {result}")

    async def realtime_app(self, url: str, **params: str) -> str:
        """The hash of an app that posts to `url`."""
        app = await self("apps.create", "REALTIME10", "flow", {"url": url, **params})
        hash_: str = app["hash"]
        return hash_

    async def records(self, kind: str = "OUT") -> list[dict[str, Any]]:
        """The call detail records of one kind."""
        records: list[dict[str, Any]] = await self(
            "cdr.get", kind, "2020-01-01 00:00:00", "2090-01-01 00:00:00", None, None
        )
        return records

    async def post(self, body: object, authorization: str = "") -> tuple[int, Any]:
        """The status and the JSON of a raw request."""
        data = body if isinstance(body, bytes) else msgspec.json.encode(body)
        headers = {"Authorization": authorization or aiohttp.encode_basic_auth("login", "password")}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.url, data=data, headers=headers) as reply,
        ):
            text = await reply.read()
            return reply.status, msgspec.json.decode(text) if text else None


@contextlib.asynccontextmanager
async def callr_client(people: People | None = None, **options: Any) -> AsyncIterator[CallrClient]:
    """A platform on a free port, and a client for it."""
    platform = CallrPlatform(people, **options)
    async with TestServer(platform.app) as running:
        yield CallrClient(platform, str(running.make_url("/json-rpc/v1.1/")))
        await platform.close()


@contextlib.asynccontextmanager
async def routee_client(people: People | None = None, **options: Any) -> AsyncIterator["RouteeClient"]:
    """A platform on a free port, and a client that has a token."""
    platform = RouteePlatform(people, **options)
    async with TestServer(platform.app) as running, RouteeClient(platform, str(running.make_url(""))) as client:
        await client.log_in()
        yield client
        await platform.close()


class RouteeClient:
    """A client with a token."""

    def __init__(self, platform: RouteePlatform, url: str) -> None:
        self.platform = platform
        self.url = url.rstrip("/")
        self.token = ""

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def ask_token(self, basic: tuple[str, str], form: dict[str, str]) -> tuple[int, Any]:
        headers = {"Authorization": aiohttp.encode_basic_auth(*basic)}
        async with self._session.post(f"{self.url}/oauth/token", data=form, headers=headers) as reply:
            return reply.status, await reply.json()

    async def log_in(self) -> None:
        _, answer = await self.ask_token(("app", "secret"), {"grant_type": "client_credentials"})
        self.token = answer["access_token"]

    async def __call__(self, verb: str, path: str, body: object = None) -> tuple[int, Any]:
        """The status and the JSON of one request."""
        data = b"" if body is None else msgspec.json.encode(body)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        async with self._session.request(verb, self.url + path, data=data, headers=headers) as reply:
            text = await reply.read()
            return reply.status, msgspec.json.decode(text) if text else None

    async def ok(self, verb: str, path: str, body: object = None) -> Any:
        """The JSON of a request that is not refused."""
        status, answer = await self(verb, path, body)
        assert status == 200, answer
        return answer


class Hooks:
    """The server that the calls are posted to."""

    def __init__(self, server: FakeServer) -> None:
        self.server = server
        self.url = server.url + HOOK
        self.status_url = server.url + STATUS
        self.told_url = server.url + TOLD
        self.reply(HANG_UP)

    def reply(self, *replies: Reply) -> None:
        """What the hook replies, the last one for ever."""
        self.server.replies[HOOK] = list(replies)

    @property
    def posts(self) -> list[dict[str, Any]]:
        """What was posted to the hook."""
        return self.server.bodies(HOOK)

    @property
    def statuses(self) -> list[str]:
        """The statuses that Routee told."""
        return [body["status"]["name"] for body in self.server.bodies(STATUS)]

    @property
    def told(self) -> list[dict[str, Any]]:
        """The webhooks that CALLR posted."""
        return self.server.bodies(TOLD)


class Undecided(ScriptedCaller):
    """Does not press a key before `decide` is set; `asked` is when the phone is listened to."""

    def __init__(self, script: str = "") -> None:
        super().__init__(script)
        self.asked = asyncio.Event()
        self.decide = asyncio.Event()

    async def press(self, question: Question) -> str | None:
        self.asked.set()
        await self.decide.wait()
        return await super().press(question)


async def reached(event: asyncio.Event) -> None:
    """Wait for something that must happen."""
    async with asyncio.timeout(5):
        await event.wait()
