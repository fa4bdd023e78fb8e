"""Calls and turns to store."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from voiceapp.actions import Action, Speak, Speech
from voiceapp.call import Call, Frame, Phase
from voiceapp.events import DigitsCollected, Event
from voiceapp.store.turns import Turn

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def a_call(name: str = "one", *, minutes: int = 0, **changes: Any) -> Call:
    """A live call whose id and ref come from `name`, begun so many minutes after noon."""
    start = NOON + timedelta(minutes=minutes)
    call = Call(
        id=f"call-{name}",
        key="k" * 32,
        carrier="callr",
        app="main",
        ref=f"ref-{name}",
        flow="clinic",
        version="v1",
        direction="inbound",
        caller="+33123456789",
        started_at=start,
        turn_at=start,
        phase=Phase.IN_FLOW,
        frames=(Frame("clinic", "ask", {"name": "Ann", "tries": 2}),),
    )
    return msgspec.structs.replace(call, **changes)


def a_turn(call: Call, number: int = 1, *, key: str = "", **changes: Any) -> Turn:
    """Turn `number` of a call, with a key of its own."""
    events: tuple[Event, ...] = (DigitsCollected(at=NOON, digits="12"),)
    actions: tuple[Action, ...] = (Speak(step="tell", piece=Speech("Hello", "en-GB")),)
    turn = Turn(
        call=msgspec.structs.replace(call, turn=number),
        number=number,
        key=key or f"{number}.nonce:UP",
        digest="ab12",
        at=NOON,
        events=events,
        steps=("ask", "tell"),
        actions=actions,
        reply=b'{"command": "play"}',
    )
    return msgspec.structs.replace(turn, **changes)
