"""A server that calls out through a carrier of ours: a stand-in for CALLR's API that answers as it is told."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tests.servers import API_KEY, BackEnd, Served, back_end, serving, write_flows
from tests.store.databases import sqlite_url

KEY = {"Authorization": f"Bearer {API_KEY}"}
REMINDER = """\
flow: reminder
languages: [en-GB]
inputs:
  name: {type: text, default: ""}
  day: {type: text, default: ""}
steps:
  bye: {end: "Goodbye {{ name }}, until {{ day }}."}
"""
CLICK_TO_CALL = (Path(__file__).parents[2] / "flows" / "click_to_call.yaml").read_text(encoding="utf-8")
SIGNING = "whsec_" + "c2VjcmV0" * 5
ROUTEE_SECRET = "the-secret-of-routee"
WEBHOOK_SECRET = "the-secret-of-webhooks"
_SIDE = {"status": "DIALING", "number": "+33123456789", "callid": 42, "try": 1}
_RESULTS: Mapping[str, Any] = {
    "calls.realtime": "4260XMAQ",
    "calls.hangup": True,
    "cdr.get": [],
    "apps.get_list": [],
    "apps.create": {"hash": "CLICKAPP", "package": "CLICKTOCALL10", "name": "", "p": {}},
    "clicktocall/calls.start_2": "0123456789ABCDEF",
    "clicktocall/calls.get_status": {"a_status": _SIDE, "b_status": None},
    "clicktocall/calls.cancel": True,
}

Mood = Literal["takes", "refuses", "busy", "lost"]


@dataclass
class Callr:
    """CALLR's API. `mood`: whether it does what it is asked; `moods`: if any, one after the other."""

    platform: BackEnd
    mood: Mood = "takes"
    moods: tuple[Mood, ...] = ()
    count: int = 0

    async def answer(self) -> Any:
        asked = self.platform.asked[-1].body
        self.count += 1
        mood = self.moods[self.count % len(self.moods)] if self.moods else self.mood
        said = {"jsonrpc": "2.0", "id": asked["id"]}
        match mood:
            case "takes":
                return {**said, "result": _RESULTS[asked["method"]]}
            case "refuses":
                return {**said, "error": {"code": 100, "message": "NOT_ENOUGH_CREDIT"}}
            case "busy":
                return 429
            case "lost":
                return 500


@dataclass
class Scene:
    """A server, CALLR's API beside it, and an application that is told things."""

    served: Served
    callr: Callr
    told: BackEnd

    async def ask(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, str, Any, Mapping[str, str]]:
        """Status, content type, JSON and headers of an answer; `body` is JSON, or bytes."""
        sent = {"data": body} if isinstance(body, bytes) else {"json": body}
        async with self.served.session.request(
            method, self.served.url + path, headers={**KEY, **headers}, **sent
        ) as reply:
            text = await reply.text()
            known = await reply.json(content_type=None) if "json" in reply.content_type else text
            return reply.status, reply.content_type, known, reply.headers


@contextlib.asynccontextmanager
async def scene(folder: Path, *, account: bool = True, **settings: Any) -> AsyncIterator[Scene]:
    """`account`: there is one at CALLR."""
    flows = write_flows(folder / "flows", REMINDER, CLICK_TO_CALL)
    async with back_end() as platform, back_end() as told:
        callr = Callr(platform)
        platform.answers = {"/json-rpc/": callr.answer}
        told.answers = {"/calls": {}}
        calls_out = {
            "callr_api_url": f"{platform.url}/json-rpc/",
            "callr_api_login": "login",
            "callr_api_password": "password",
            "callr_api_rate": 1000.0,
            "callr_app": "ABCDEF12",
        }
        given = {
            "api_keys": API_KEY,
            "callr_login": "callr",
            "callr_password": "password",
            "routee_secret": ROUTEE_SECRET,
            "notify_secret": SIGNING,
            "callr_webhook_secrets": WEBHOOK_SECRET,
            **(calls_out if account else {}),
            **settings,
        }
        async with serving(flows, sqlite_url(folder), **given) as served:
            yield Scene(served, callr, told)
