"""A call as people and programs see it: the API's JSON and the terminal's text come from here."""

from collections.abc import Sequence
from typing import Any

import msgspec

from voiceapp.attempt import Attempt
from voiceapp.call import Call, Phase
from voiceapp.events import CallOpened, Event
from voiceapp.store.carrier_events import CarrierEvent
from voiceapp.store.turns import LoggedTurn, Owed

_PLAIN_FIELDS = (
    *(
        "id",
        "carrier",
        "ref",
        "app",
        "flow",
        "version",
        "direction",
        "caller",
        "called",
        "caller_name",
        "field",
    ),
    *("language", "started_at", "answered_at", "ended_at", "end_reason", "partial", "turn"),
)


def call_view(call: Call) -> dict[str, Any]:
    """A call: who, when, where it is, and what was saved. Times are ISO 8601 UTC."""
    plain = msgspec.to_builtins({name: getattr(call, name) for name in _PLAIN_FIELDS})
    seconds = None
    if call.answered_at is not None and call.ended_at is not None:
        seconds = round((call.ended_at - call.answered_at).total_seconds(), 1)
    return {
        **plain,
        "state": str(call.phase),
        "live": not (call.phase.over or call.phase is Phase.CLOSING),
        "seconds": seconds,
        "step": call.frame.step if call.frames else "",
        "answers": msgspec.to_builtins(call.saved),
        "machine": call.by_machine,
        "billed_seconds": call.bill.seconds,
        "price": call.bill.price,
        "hang_up_cause": call.bill.cause,
        "hung_up_by": call.bill.hung_up_by,
        "recordings": list(call.bill.recordings),
        "click_to_call": call.terms.click or None,
    }


def attempt_view(attempt: Attempt) -> dict[str, Any]:
    """A call that has not begun, with the fields of one that has, so that whoever reads both needs one reader.
    `state` is the attempt's; `reason` why it is failed, unknown or cancelled."""
    order = attempt.order
    return {
        "id": attempt.id,
        "carrier": order.carrier,
        "ref": attempt.ref,
        "flow": order.flow,
        "direction": "outbound",
        "caller": order.shown,
        "called": order.to,
        "field": order.field,
        "state": str(attempt.state),
        "live": not attempt.state.settled,
        "reason": attempt.reason,
        "due_at": msgspec.to_builtins(attempt.due_at),
        "started_at": msgspec.to_builtins(attempt.requested_at),
        "answered_at": None,
        "ended_at": msgspec.to_builtins(attempt.settled_at) if attempt.state.settled else None,
        "end_reason": attempt.reason,
        "answers": {},
        "click_to_call": attempt.click or None,
    }


def owed_view(owed: Owed) -> dict[str, Any]:
    """A webhook that was or is owed; what it says is its receiver's alone."""
    state = "delivered" if owed.delivered_at else "due" if owed.next_at else "given_up"
    shown: dict[str, Any] = msgspec.to_builtins(owed)
    return {"call": shown.pop("call_id"), **shown, "state": state}


def event_view(event: CarrierEvent) -> dict[str, Any]:
    """What a carrier told by webhook; `call` is None when it was about none of ours."""
    return {
        "carrier": event.carrier,
        "id": event.event_id,
        "type": event.type,
        "at": msgspec.to_builtins(event.at),
        "call": event.call_id or None,
        "body": msgspec.json.decode(event.body),
    }


def trace_view(turns: Sequence[LoggedTurn]) -> list[dict[str, Any]]:
    """A call's whole log: each post, what it said, which steps it led through, what was answered. Without the
    call's key: whoever has that can write its turn tokens and the marks of secrets."""
    return [
        {
            "number": turn.number,
            "at": msgspec.to_builtins(turn.at),
            "key": turn.key,
            "events": [_event_view(event) for event in turn.events],
            "steps": list(turn.steps),
            "actions": msgspec.to_builtins(turn.actions),
            "reply": msgspec.json.decode(turn.reply) if turn.reply else None,
        }
        for turn in turns
    ]


def _event_view(event: Event) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.to_builtins(event)
    if isinstance(event, CallOpened):
        del shown["key"]
    return shown
