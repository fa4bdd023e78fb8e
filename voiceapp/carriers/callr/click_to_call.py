"""CALLR's click-to-call: A is called, then B, and both are connected. Source: "JSON objects" (CLICKTOCALL10)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from voiceapp.carriers.asking import record, word
from voiceapp.carriers.callr.account import written
from voiceapp.carriers.callr.apps import CLICK_TO_CALL, Apps
from voiceapp.carriers.callr.calls import Target, options
from voiceapp.carriers.callr.rpc import Rpc, a_text, done
from voiceapp.carriers.callr.wire import text

APP_NAME = "voiceapp click-to-call"


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """How far one side is: ABORTED, ANSWER, DIALING, HANGUP, NOANSWER or VOICEMAIL_DETECTED, `""` before it
    begins; which number, in which try."""

    callid: str = ""
    number: str = ""
    status: str = ""
    attempt: int = 0


class ClickStatus(msgspec.Struct, frozen=True):
    """How far both sides are."""

    a: Side
    b: Side


class ClickToCall:
    """The methods of click-to-call; a call is started once and never again."""

    def __init__(self, rpc: Rpc, apps: Apps) -> None:
        self._rpc = rpc
        self._apps = apps

    async def click_app(self, params: Mapping[str, Any]) -> str:
        """The id of a CLICKTOCALL10 app with these parameters, made if there is none. What an app has besides
        them makes no difference: CALLR may add its defaults."""
        for app in await self._apps.get_list(with_dids=False):
            if app.package == CLICK_TO_CALL and _holds(app.params, params):
                return app.hash
        return (await self._apps.create(CLICK_TO_CALL, APP_NAME, params)).hash

    async def start_click(
        self,
        app: str,
        a_targets: Sequence[Target],
        b_targets: Sequence[Target],
        *,
        shown: str = "",
        attempt: str = "",
        schedule: datetime | None = None,
    ) -> str:
        """Start a call between one of A and one of B, now or at an aware time; CALLR's id for it. `shown`: what A
        sees (B sees A's number); `attempt`: written into the records of both calls."""
        more = options(cdr_field=attempt, shown=shown, schedule=written(schedule) if schedule else "")
        params = [app, [one.written() for one in a_targets], [one.written() for one in b_targets], more]
        return await self._rpc.call("clicktocall/calls.start_2", params, a_text)

    async def cancel(self, call: str) -> None:
        """Take back a call that has not begun."""
        await self._rpc.call("clicktocall/calls.cancel", [call], done)

    async def get_status(self, call: str) -> ClickStatus:
        """How far a call is."""
        return await self._rpc.call("clicktocall/calls.get_status", [call], _status, reads=True)


def _holds(params: object, wanted: object) -> bool:
    """Whether everything that is wanted is there, however deep."""
    if isinstance(wanted, Mapping):
        there = record(params)
        return all(name in there and _holds(there[name], value) for name, value in wanted.items())
    return params == wanted


def _status(result: object) -> ClickStatus | None:
    call = record(result)
    if not call:
        return None
    return ClickStatus(_side(call.get("a_status")), _side(call.get("b_status")))


def _side(value: object) -> Side:
    side = record(value)
    attempt = side.get("try")
    return Side(
        callid=text(side.get("callid")),
        number=word(side.get("number")),
        status=word(side.get("status")),
        attempt=attempt if isinstance(attempt, int) else 0,
    )
