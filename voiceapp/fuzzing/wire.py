"""The way from an emulated carrier to the server, on which posts come twice, late, changed, forged or overtaken.

The carrier sees the reply to its own post and nothing of the rest. An exception out of the server is kept, and
answered as a web server does: HTTP 500.
"""

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import msgspec

from voiceapp.call import Call
from voiceapp.fuzzing.case import Mishap, Upset
from voiceapp.rehearsal.clock import Clock
from voiceapp.rehearsal.server import RehearsalServer
from voiceapp.rehearsal.session import LocalReply, LocalSession
from voiceapp.turn import Happened

_NOBODYS = "0" * 16
_ACCEPTED = LocalReply(200, "application/json", b"{}")
_FAILED = LocalReply(500, "text/plain", b"")


@dataclass(frozen=True)
class Request:
    """A post as it goes over the wire."""

    url: str
    body: bytes

    @property
    def hook(self) -> str:
        """The carrier's hook, as `Carrier.answers_within` names them."""
        _, _, carrier, _, *rest = urlsplit(self.url).path.split("/")
        return "call" if carrier == "callr" else (rest[0] if rest else "plan")


@dataclass(frozen=True)
class Exchanged:
    """A post and what came of it: the `reply`, the `turn` it made (None: none), the call `before` and
    `after`, the virtual `seconds` it took. `mishap` is None for the carrier's own posts, and `of` then its place
    among them; else that of the post it came from. `crash`: what the server raised."""

    request: Request
    of: int
    mishap: Mishap | None
    reply: bytes
    turn: Happened | None
    before: Call | None
    after: Call | None
    seconds: float
    crash: Exception | None


class UpsetSession:
    """Takes what LocalSession takes; `exchanges` is everything that went over the wire, in order."""

    def __init__(self, server: RehearsalServer, clock: Clock, fails: str, upsets: Iterable[Upset]) -> None:
        self._server = server
        self._clock = clock
        self._inner = LocalSession(server, clock, fails)
        self._upsets = tuple(upsets)
        self._due: list[tuple[int, int, Mishap, Request]] = []
        self._posts = 0
        self.exchanges: list[Exchanged] = []

    def get(
        self, url: str, *, params: Mapping[str, Any], headers: Mapping[str, str], allow_redirects: bool
    ) -> AbstractAsyncContextManager[LocalReply]:
        """GET, without mishaps."""
        return self._inner.get(url, params=params, headers=headers, allow_redirects=allow_redirects)

    @asynccontextmanager
    async def post(
        self, url: str, *, data: bytes, headers: Mapping[str, str], allow_redirects: bool
    ) -> AsyncIterator[LocalReply]:
        """POST."""
        number, request = self._posts, Request(url, data)
        self._posts += 1
        held = False
        for upset in self._upsets:
            if upset.post == number:
                changed = _changed(request, upset.mishap)
                if changed is not None:
                    held = held or upset.mishap == "held"
                    later = 1 if upset.mishap == "held" else upset.later
                    self._due.append((number + later, number, upset.mishap, changed))
        yield _ACCEPTED if held else await self._send(request, number, None)
        await self._send_due(number)

    async def flush(self) -> None:
        """Sends what is still under way when the carrier has posted its last."""
        await self._send_due(None)

    async def _send_due(self, until: int | None) -> None:
        due = [one for one in self._due if until is None or one[0] <= until]
        self._due = [one for one in self._due if one not in due]
        for _, number, mishap, request in due:
            await self._send(request, number, mishap)

    async def _send(self, request: Request, number: int, mishap: Mishap | None) -> LocalReply:
        server, clock = self._server, self._clock
        before, turns, began = server.call, len(server.turns), clock.now
        crash = None
        try:
            async with self._inner.post(
                request.url, data=request.body, headers={}, allow_redirects=False
            ) as reply:
                pass
        except Exception as error:  # whatever it is: that it was raised is what is found out here
            reply, crash = _FAILED, error
        self.exchanges.append(
            Exchanged(
                request=request,
                of=number,
                mishap=mishap,
                reply=reply.body,
                turn=server.turns[-1] if len(server.turns) > turns else None,
                before=before,
                after=server.call,
                seconds=(clock.now - began).total_seconds(),
                crash=crash,
            )
        )
        return reply


def _changed(request: Request, mishap: Mishap) -> Request | None:
    """The request as it comes after the mishap; None where that cannot happen to it."""
    body = msgspec.json.decode(request.body)
    match mishap:
        case "repeated":
            return request
        case "held":
            return request if request.hook in ("status", "dialled", "recording") else None
        case "altered":
            return _altered(request, body)
        case "forged":
            return _forged(request, body)


def _altered(request: Request, body: dict[str, Any]) -> Request | None:
    """With another result."""
    for field in ("command_result", "collectedTones"):
        if body.get(field):
            other = "2" if body[field] == "1" else "1"
            return Request(request.url, msgspec.json.encode({**body, field: other}))
    return None


def _forged(request: Request, body: dict[str, Any]) -> Request | None:
    """Under a turn that nobody issued. What the network tells is taken whatever turn it names: that a call is
    over, or that a machine answered."""
    if request.hook == "call":
        own = body["command_id"]
        if not isinstance(own, str) or body["call_status"] != "UP" or body["command"] == "wait_for_silence":
            return None
        forged = {**body, "command_id": f"{own.partition('.')[0]}.{_NOBODYS}"}
        return Request(request.url, msgspec.json.encode(forged))
    if request.hook in ("tones", "tone") and body.get("collectedTones"):
        return Request(re.sub(r"/([0-9]+)\.[0-9a-f]{16}", rf"/\1.{_NOBODYS}", request.url), request.body)
    return None
