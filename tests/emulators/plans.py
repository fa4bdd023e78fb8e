"""Dialplans in few words, and a call that plays them."""

from typing import Any

import aiohttp

from tests.emulators.server import FakeServer, Reply
from voiceapp.emulators.caller import Caller, Outcome
from voiceapp.emulators.routee import RouteeCall, RouteeOptions
from voiceapp.emulators.transcript import Transcript

PLAN = "/hooks/routee/flow"
EVENT = "/hooks/routee/flow/event"
LEG_B = "/hooks/routee/flow/leg"
STATUS = "/hooks/routee/flow/status"

DIALLED: dict[Outcome, list[str]] = {
    "answered": ["Initiated", "Ringing", "InProgress", "Completed"],
    "busy": ["Initiated", "Ringing", "Busy"],
    "no_answer": ["Initiated", "Ringing", "NoAnswer"],
    "failed": ["Initiated", "Failed"],
}


def plan(*verbs: dict[str, Any]) -> dict[str, Any]:
    return {"verbs": list(verbs)}


def say(text: str, **fields: Any) -> dict[str, Any]:
    return {"type": "SAY", "message": {"text": text, "language": "en-GB", "gender": "female"}, **fields}


def pause(duration: Any = 5) -> dict[str, Any]:
    return {"type": "PAUSE", "duration": duration}


class RouteeServer:
    """The fake server with URLs in its plans: `event` and `leg` are known only once it runs."""

    def __init__(self, server: FakeServer, session: aiohttp.ClientSession) -> None:
        self.server = server
        self._session = session

    def collect(self, path: str = EVENT, **fields: Any) -> dict[str, Any]:
        return {"type": "COLLECT", "eventUrl": self.server.url + path, **fields}

    def dial(self, **fields: Any) -> dict[str, Any]:
        callback = {"url": self.server.url + LEG_B, "strategy": "OnChange"}
        return {"type": "DIAL", "from": "me", "to": {"phone": "+331"}, "callback": callback, **fields}

    def replies(self, first: Reply, *to_events: Reply) -> None:
        self.server.replies[PLAN] = [first]
        self.server.replies[EVENT] = [*to_events, {}]

    def call(self, caller: Caller | None = None, **options: Any) -> RouteeCall:
        return RouteeCall(self._session, self.server.url + PLAN, RouteeOptions(**options), caller)

    async def run(self, caller: Caller, **options: Any) -> Transcript:
        return await self.call(caller, **options).run()

    def tones(self, path: str = EVENT) -> list[str]:
        return [body["collectedTones"] for body in self.server.bodies(path)]

    def statuses(self, path: str = STATUS) -> list[str]:
        return [body["status"]["name"] for body in self.server.bodies(path)]
