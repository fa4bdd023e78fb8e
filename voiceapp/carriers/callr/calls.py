"""CALLR's service `calls`: one call at a time. Source: CALLR's pages on the service, quoted in its SDKs."""

from collections.abc import Mapping, Sequence

import msgspec

from voiceapp.attempt import HIDDEN
from voiceapp.carriers.callr.rpc import Rpc, a_text

SHORTEST_RING, LONGEST_RING = 5, 300
"""Seconds (Target.timeout)."""
BLOCKED = "BLOCKED"
"""As `cli`: no number is shown."""


class Target(msgspec.Struct, frozen=True):
    """Who is called, E.164, and how long it may ring, in seconds."""

    number: str
    ring: int = 30

    def written(self) -> dict[str, object]:
        """The object Target, its time-out within what CALLR takes."""
        return {"number": self.number, "timeout": min(max(self.ring, SHORTEST_RING), LONGEST_RING)}


def options(*, cdr_field: str = "", shown: str = "", **others: object) -> dict[str, object]:
    """Options of a call. A key with nothing to say is left out: CALLR refuses null there."""
    cli = BLOCKED if shown == HIDDEN else shown
    return {name: value for name, value in {"cdr_field": cdr_field, "cli": cli, **others}.items() if value}


class Calls:
    """The methods that start and end calls; each is sent once."""

    def __init__(self, rpc: Rpc) -> None:
        self._rpc = rpc

    async def realtime(self, app: str, target: Target, *, cdr_field: str = "", shown: str = "") -> str:
        """Call and, on answer, ask the REALTIME10 app what to do; the id that its posts have as `request_hash`.

        `cdr_field`: at most 32 alphanumerics; `shown`: as in Placement."""
        params = [app, target.written(), options(cdr_field=cdr_field, shown=shown)]
        return await self._rpc.call("calls.realtime", params, a_text)

    async def broadcast_1(
        self,
        target: Target,
        messages: Sequence[int | str],
        *,
        cdr_field: str = "",
        shown: str = "",
        direct_to_voicemail: bool = False,
        loop: int = 1,
    ) -> str:
        """Call, say these media (ids of the library or `TTS|VOICE|text`) `loop` times (1 to 10); an id."""
        more = options(cdr_field=cdr_field, shown=shown, direct_to_voicemail=direct_to_voicemail, loop=loop)
        return await self._rpc.call("calls.broadcast_1", [target.written(), list(messages), more], a_text)

    async def hangup(self, callid: int) -> bool:
        """End a call; False when CALLR says that it did not."""
        return await self._rpc.call("calls.hangup", [callid, _NO_OPTIONS], _yes_or_no)

    async def realtime_break(self, callid: int) -> bool:
        """End the command that a real-time call is in, so that the app is asked again. Parameters inferred."""
        return await self._rpc.call("calls.realtime_break", [callid, _NO_OPTIONS], _yes_or_no)


_NO_OPTIONS: Mapping[str, object] = {}
"""Reserved; null is refused."""


def _yes_or_no(result: object) -> bool | None:
    return result if isinstance(result, bool) else None
