"""Emulated platforms that outlive the servers which ask them, with what they know about who was called."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple
from urllib.parse import parse_qs, urlsplit

from aiohttp import web

from tests.faults.waiting import until
from voiceapp.emulators.platforms.callr.platform import CallrPlatform
from voiceapp.emulators.platforms.faults import Faults
from voiceapp.emulators.platforms.people import People
from voiceapp.emulators.platforms.routee.platform import RouteePlatform
from voiceapp.emulators.platforms.serve import make_app
from voiceapp.settings import load
from voiceapp.web.platforms import open_accounts

CarrierName = Literal["callr", "routee"]
PLACE: Mapping[CarrierName, str] = {"callr": "calls.realtime", "routee": "POST /voice/conversation"}
"""The request that places a call, as faults name it."""

HANGUP_SECRET = "the-secret-of-the-webhooks"


class Dialled(NamedTuple):
    """A call that a platform made: the attempt's id, and who was called."""

    attempt: str
    number: str


@dataclass
class Platforms:
    """Both, on one port. `asked` counts the requests that are being answered."""

    callr: CallrPlatform
    routee: RouteePlatform
    url: str
    runner: web.AppRunner
    asked: int = 0

    def dialled(self, carrier: CarrierName) -> list[Dialled]:
        """THE record of who was called, in order."""
        if carrier == "callr":
            return [Dialled(order.cdr_field, order.number) for order in self.callr.originates]
        return [
            Dialled(parse_qs(urlsplit(order.url).query)["attempt"][0], order.number)
            for order in self.routee.originates
        ]

    def faults(self, carrier: CarrierName) -> Faults:
        """Where to order what goes wrong."""
        return self.callr.faults if carrier == "callr" else self.routee.faults

    @property
    def settings(self) -> dict[str, Any]:
        """What a server has to know of them; without limits that only make tests wait."""
        return {
            "callr_api_url": f"{self.url}/json-rpc/v1.1/",
            "callr_api_login": "login",
            "callr_api_password": "password",
            "callr_api_rate": 1000.0,
            "callr_webhook_secrets": HANGUP_SECRET,
            "routee_api_url": self.url,
            "routee_auth_url": self.url,
            "routee_app_id": "app",
            "routee_app_secret": "secret",
            "routee_sender": "voiceapp",
            "routee_call_rate": 1000.0,
        }

    async def connect(self, settings: Mapping[str, Any], flow: str, *, webhooks: bool = False) -> None:
        """What `voiceapp connect callr` does; with `webhooks` CALLR also tells when a call is over."""
        async with open_accounts(load(settings)) as accounts:
            assert accounts.callr is not None
            await accounts.callr.make(await accounts.callr.changes(flow, None))
            if webhooks:
                hook = f"http://127.0.0.1:{settings['port']}/webhooks/callr"
                await accounts.callr.account.subscribe("call.outbound_hangup", hook, secret=HANGUP_SECRET)

    async def quiet(self) -> None:
        """Return when nothing that a server has sent is still to be done, which a dead one's requests may be."""
        for _ in range(2):  # a request that has just been read is not counted yet
            await asyncio.sleep(0.005)
            await until(lambda: not self.asked)

    async def forgotten(self) -> None:
        """Return when all connections are closed too, as they are when whoever asked is dead."""
        server = self.runner.server
        await until(lambda: server is None or not server.connections)
        await self.quiet()


@contextlib.asynccontextmanager
async def dialled_platforms(now: Callable[[], datetime], people: People | None = None) -> AsyncIterator[Platforms]:
    """Both platforms, which go by the clock `now`."""
    everybody = people or People()
    callr, routee = CallrPlatform(everybody, now=now), RouteePlatform(everybody, now=now)
    app = make_app(callr, routee)

    @web.middleware
    async def counted(request: web.Request, handler: Callable[[web.Request], Awaitable[Any]]) -> Any:
        platforms.asked += 1
        try:
            return await handler(request)
        finally:
            platforms.asked -= 1

    app.middlewares.append(counted)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        await runner.setup()
        platforms = Platforms(callr, routee, f"http://127.0.0.1:{listener.getsockname()[1]}", runner)
        try:
            await web.SockSite(runner, listener).start()
            yield platforms
        finally:
            await runner.cleanup()
