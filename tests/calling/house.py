"""A whole voiceapp with accounts at both emulated platforms, and an application that it tells about its calls."""

import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import web
from standardwebhooks import Webhook

from tests.servers import API_KEY, BackEnd, Served, back_end, serving, write_flows
from tests.store.databases import sqlite_url
from voiceapp.emulators.platforms.callr.platform import CallrPlatform
from voiceapp.emulators.platforms.people import People
from voiceapp.emulators.platforms.routee.platform import RouteePlatform
from voiceapp.emulators.platforms.serve import make_app

SIGNING = "whsec_" + "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"
WEBHOOK_SECRETS = ("the-new-webhook-secret", "the-old-webhook-secret")
CREDENTIALS = {
    "api_keys": API_KEY,
    "callr_login": "callr",
    "callr_password": "password",
    "routee_secret": "the-secret-of-routee",
}
FLOWS = Path(__file__).parents[2] / "flows"

SURVEY = """
flow: survey
languages: [en-GB]
inputs: {name: {type: text}, order: {type: number, default: "0"}}
on_machine: leave_word
steps:
  hello:
    menu: "Hello {{ name }}, order {{ order }}. Press 1 to confirm."
    keys: {1: thanks}
    tries: 1
    otherwise: bye
  thanks:
    end: Thank you.
  bye:
    end: Goodbye.
  leave_word:
    end: Please call us back.
"""


@dataclass
class House:
    """The parts, and how to speak with them."""

    served: Served
    callr: CallrPlatform
    routee: RouteePlatform
    people: People
    application: BackEnd
    platform_url: str

    async def post(self, path: str, body: Any, **headers: str) -> tuple[int, Any]:
        """POST to the API with its key; status and JSON of the answer."""
        status, answer = await self.served.post(path, body, Authorization=f"Bearer {API_KEY}", **headers)
        return status, msgspec.json.decode(answer)

    async def get(self, path: str) -> Any:
        """GET from the API; the JSON of a good answer."""
        status, answer = await self.served.get(path, Authorization=f"Bearer {API_KEY}")
        assert status == 200, answer
        return answer

    async def delete(self, path: str) -> tuple[int, Any]:
        """DELETE; status and JSON."""
        headers = {"Authorization": f"Bearer {API_KEY}"}
        async with self.served.session.delete(self.served.url + path, headers=headers) as reply:
            return reply.status, await reply.json(content_type=None)

    async def placed(self, **call: Any) -> dict[str, Any]:
        """A call that the API takes."""
        status, answer = await self.post("/v1/calls", call)
        assert status == 202, answer
        taken: dict[str, Any] = answer
        return taken

    async def settled(self) -> None:
        """Return when no call runs any more at either platform."""
        await self.callr.idle()
        await self.routee.idle()

    async def until(self, path: str, holds: Callable[[Any], bool]) -> Any:
        """The answer of a GET once it is as wanted."""
        return await self.served.until(path, holds, Authorization=f"Bearer {API_KEY}")

    async def told(self, count: int) -> list[dict[str, Any]]:
        """What the application was told, each signed; at least so many."""
        await self.application.until_asked(count)
        told = []
        for asked, headers in zip(self.application.asked, self.application.headers, strict=True):
            body = msgspec.json.encode(asked.body).decode()
            at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
            assert headers["webhook-signature"] == Webhook(SIGNING).sign(headers["webhook-id"], at, body)
            told.append(asked.body)
        return told


@contextlib.asynccontextmanager
async def open_house(
    folder: Path,
    *flows: str,
    database: str = "",
    clock: Callable[[], datetime] | None = None,
    people: People | None = None,
    connect: bool = True,
    platform: "Platforms | None" = None,
    **settings: Any,
) -> AsyncIterator[House]:
    """A house with these flows, and the ones that are shipped when none are given. `connect`: CALLR has an app for
    each flow. `platform`: keep those of an earlier house."""
    async with contextlib.AsyncExitStack() as stack:
        platforms = platform if platform is not None else await stack.enter_async_context(open_platforms(people))
        application = await stack.enter_async_context(back_end())
        application.answers = _Everything()
        where = write_flows(folder / "flows", *flows) if flows else FLOWS
        served = await stack.enter_async_context(
            serving(
                where,
                database or sqlite_url(folder),
                clock=clock,
                **{**CREDENTIALS, **platforms.settings, "notify_secret": SIGNING, **settings},
            )
        )
        house = House(served, platforms.callr, platforms.routee, platforms.people, application, platforms.url)
        if connect:
            await _connect(house)
        yield house


class _Everything(dict[str, Any]):
    """An application that takes whatever it is told."""

    def get(self, key: str, default: Any = None) -> Any:
        return {}


@dataclass
class Platforms:
    """Both emulated platforms, listening."""

    callr: CallrPlatform
    routee: RouteePlatform
    people: People
    url: str

    @property
    def settings(self) -> Mapping[str, Any]:
        """What a voiceapp has to know of them; without limits that only make tests wait."""
        return {
            "callr_api_url": f"{self.url}/json-rpc/v1.1/",
            "callr_api_login": "login",
            "callr_api_password": "password",
            "callr_api_rate": 1000.0,
            "routee_api_url": self.url,
            "routee_auth_url": self.url,
            "routee_app_id": "app",
            "routee_app_secret": "secret",
            "routee_sender": "voiceapp",
            "routee_call_rate": 1000.0,
            "callr_webhook_secrets": WEBHOOK_SECRETS,
        }


@contextlib.asynccontextmanager
async def open_platforms(people: People | None = None) -> AsyncIterator[Platforms]:
    """Both on one port; they outlive the servers that ask them."""
    everybody = people or People(by_digits=True)
    callr, routee = CallrPlatform(everybody), RouteePlatform(everybody)
    runner = web.AppRunner(make_app(callr, routee), shutdown_timeout=0.1)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        await runner.setup()
        try:
            await web.SockSite(runner, listener).start()
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            yield Platforms(callr, routee, everybody, url)
        finally:
            await runner.cleanup()


async def _connect(house: House) -> None:
    """What `voiceapp connect` does, for every flow, and webhooks with the new secret."""
    accounts = house.served.server.accounts
    assert accounts.callr is not None
    for flow in house.served.server.flows.scripts:
        await accounts.callr.make(await accounts.callr.changes(flow, None))
    for kind in ("call.outbound_hangup", "call.inbound_hangup", "media.recording.new"):
        await accounts.callr.account.subscribe(
            kind, f"{house.served.url}/webhooks/callr", secret=WEBHOOK_SECRETS[0]
        )
