"""A call as people and programs see it: the API's JSON and the terminal's text come from here."""

from collections.abc import Sequence
from typing import Any

import msgspec

from voiceapp.call import Call, Phase
from voiceapp.events import CallOpened, Event
from voiceapp.store.turns import LoggedTurn

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
