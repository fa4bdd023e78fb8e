"""A turn as rows, and everything that follows from it."""

import msgspec

from voiceapp.actions import Notify, OptOut
from voiceapp.call import Call, to_json
from voiceapp.store.orders import Row, TurnRows
from voiceapp.store.turns import Turn

_encode = msgspec.json.Encoder().encode


def rows_of(turn: Turn) -> TurnRows:
    """Raises UnicodeEncodeError or TypeError where JSON cannot say what the turn holds."""
    call, number, actions = turn.call, turn.number, turn.actions
    first = number == 1
    return TurnRows(
        ("", call.carrier, call.app, call.ref) if first else ("moved", call.id),
        _opened(call) if first else None,
        None if first else (call.id, number - 1, number, not call.phase.over, to_json(call)),
        (
            call.id,
            number,
            turn.key,
            turn.digest,
            turn.at,
            _encode(turn.events),
            _encode(turn.steps),
            _encode(actions),
            turn.reply,
        ),
        tuple([_owed(turn, place, action) for place, action in enumerate(actions) if isinstance(action, Notify)]),
        tuple([(out.number, out.scope, turn.at, call.id) for out in actions if isinstance(out, OptOut)]),
    )


def _opened(call: Call) -> Row:
    return (
        call.id,
        call.carrier,
        call.app,
        call.ref,
        call.flow,
        call.caller,
        call.started_at,
        not call.phase.over,
        1,
        to_json(call),
    )


def _owed(turn: Turn, place: int, action: Notify) -> Row:
    attempts, delivered_at, error = 0, None, ""
    notification_id = f"{turn.call.id}.{turn.number}.{place}"
    return (
        notification_id,
        turn.call.id,
        action.url,
        _encode(action.data),
        attempts,
        turn.at,
        delivered_at,
        error,
    )
