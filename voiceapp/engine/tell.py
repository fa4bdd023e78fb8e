"""Handing out what the flow wants said: one command a reply, or everything as one plan. Each is a new turn."""

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from voiceapp.actions import CarrierAction, Dial, HangUp, JoinConference
from voiceapp.call import Call
from voiceapp.engine.lifecycle import after_telling


def tell_next(call: Call, at: datetime) -> tuple[Call, tuple[CarrierAction, ...]]:
    """The first action of the outbox, for carriers that take one command a reply."""
    return _tell(call, 1, turn=call.turn + 1, turn_at=at, assumed=0), call.outbox[:1]


def tell_all(call: Call, at: datetime) -> tuple[Call, tuple[CarrierAction, ...]]:
    """The whole outbox, for carriers that take a plan."""
    return _tell(call, len(call.outbox), turn=call.turn + 1, turn_at=at, assumed=0), call.outbox


def told_before(call: Call) -> Call:
    """The call without its outbox, because an earlier plan held all of that: no new turn."""
    return _tell(call, len(call.outbox))


def _tell(call: Call, count: int, **new_turn: Any) -> Call:
    if not count or not call.outbox:
        return replace(call, **new_turn)
    last, phase = call.outbox[count - 1], call.phase
    match last:
        case HangUp():
            phase = after_telling(phase, "hang_up_told")
        case Dial() | JoinConference():
            phase = after_telling(phase, "connect_told")
        case _:
            pass
    return replace(call, phase=phase, outbox=call.outbox[count:], told=last, **new_turn)
