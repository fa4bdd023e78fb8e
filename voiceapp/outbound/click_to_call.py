"""Click-to-call: whom to call next, and how far both sides are, in CALLR's words (CLICKTOCALL.Call.Status)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from voiceapp.actions import Dial
from voiceapp.attempt import Attempt, AttemptState, derived_id
from voiceapp.call import Call, Phase
from voiceapp.events import DialEnded, DialRefused
from voiceapp.store.turns import LoggedTurn

SideStatus = Literal["", "DIALING", "ANSWER", "NOANSWER", "ABORTED", "VOICEMAIL_DETECTED", "HANGUP"]


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """How far one side is; `status` is `""` before it is called. `attempt`: in which round."""

    status: SideStatus = ""
    number: str = ""
    call: str = ""
    attempt: int = 0


def follower(attempt: Attempt) -> Attempt | None:
    """The attempt after one that reached nobody: the next of A's numbers now, or the first again after the pause;
    None when all were tried as often as they may be."""
    click = attempt.order.click
    if click is None or click.native or attempt.number >= len(click.a) * click.attempts:
        return None
    number = attempt.number + 1
    at = attempt.settled_at or attempt.due_at
    next_round = (number - 1) % len(click.a) == 0
    return Attempt(
        id=derived_id(attempt.click, number),
        order=replace(attempt.order, to=click.a[(number - 1) % len(click.a)]),
        state=AttemptState.SCHEDULED,
        created_at=at,
        due_at=at + timedelta(seconds=click.pause) if next_round else at,
        number=number,
    )


def a_side(attempt: Attempt, call: Call | None) -> Side:
    """How far A is, of the latest attempt."""
    click = attempt.order.click
    rounds = 1 + (attempt.number - 1) // len(click.a) if click else 1
    status = _a_status(attempt, call)
    return Side(status=status, number=attempt.order.to, call=attempt.id, attempt=rounds if status else 0)


def _a_status(attempt: Attempt, call: Call | None) -> SideStatus:
    if call is None:
        return "HANGUP" if attempt.reason == "answered" else _BEFORE[attempt.state]
    if call.phase is Phase.UNREACHED:
        return _UNREACHED.get(call.end_reason, "NOANSWER")
    if call.by_machine:
        return "VOICEMAIL_DETECTED"
    return "HANGUP" if call.ended_at is not None else "ANSWER"


_UNREACHED: Mapping[str, SideStatus] = {"machine": "VOICEMAIL_DETECTED", "cancelled": "ABORTED"}
_BEFORE: Mapping[AttemptState, SideStatus] = {
    AttemptState.SCHEDULED: "",
    AttemptState.DIALING: "DIALING",
    AttemptState.PLACED: "DIALING",
    AttemptState.UNKNOWN: "DIALING",
    AttemptState.FAILED: "ABORTED",
    AttemptState.CANCELLED: "ABORTED",
    AttemptState.OVER: "NOANSWER",
}


def b_side(call: Call | None, log: Sequence[LoggedTurn]) -> Side:
    """How far B is, as the call's log tells. Where the carrier says nothing of a dial that connected (CALLR), B is
    taken to have talked when the call ended in the middle of it."""
    targets: tuple[str, ...] = ()
    outcome = ""
    for turn in log:
        refused = {number for event in turn.events if isinstance(event, DialRefused) for number in event.numbers}
        wanted = [action.targets for action in turn.actions if isinstance(action, Dial)]
        dialled = [numbers for numbers in wanted if refused.isdisjoint(numbers)]
        ended = [event.outcome for event in turn.events if isinstance(event, DialEnded)]
        under_way = bool(targets and not outcome) + len(dialled) > len(ended)
        if dialled or ended:
            targets, outcome = (dialled or [targets])[-1], "" if under_way else ended[-1]
    if call is None or call.by_machine:
        return Side()
    if not targets:
        return Side(status="ABORTED", number=call.refused[0], call=call.id) if call.refused else Side()
    status: SideStatus
    if outcome:
        status = "HANGUP" if outcome == "answered" else "NOANSWER"
    elif call.ended_at is None:
        status = "DIALING"
    else:
        status = "HANGUP" if isinstance(call.told, Dial) else "ABORTED"
    return Side(status=status, number=targets[0], call=call.id, attempt=1)


def click_view(
    click: str, attempts: Sequence[Attempt], call: Call | None, log: Sequence[LoggedTurn]
) -> dict[str, Any]:
    """A click-to-call for people and programs; `call` and `log` are of the latest attempt."""
    last = attempts[-1]
    order = last.order.click
    a, b = a_side(last, call), b_side(call, log)
    return {
        "id": click,
        "carrier": last.order.carrier,
        "native": bool(order and order.native),
        "state": _state(last, call),
        "due_at": msgspec.to_builtins(last.due_at),
        "a_status": _side_view(a),
        "b_status": _side_view(b),
        "calls": [attempt.id for attempt in attempts],
        "reason": last.reason,
    }


def _side_view(side: Side) -> dict[str, Any]:
    return {"status": side.status or None, "number": side.number, "call": side.call, "try": side.attempt}


def _state(last: Attempt, call: Call | None) -> str:
    if call is not None and last.state is not AttemptState.CANCELLED:
        goes_on = call.answered_at is None and not last.state.settled and follower(last) is not None
        return "over" if call.phase.over and not goes_on else "calling"
    return {
        AttemptState.SCHEDULED: "scheduled" if last.number == 1 else "calling",
        AttemptState.CANCELLED: "cancelled",
        AttemptState.FAILED: "failed",
        AttemptState.OVER: "over",
        AttemptState.UNKNOWN: "unknown",
    }.get(last.state, "calling")
