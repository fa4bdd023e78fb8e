"""A turn as rows, and everything that follows from it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from voiceapp.actions import CallBack, Notify, OptOut
from voiceapp.attempt import Attempt, AttemptState, DialOrder, derived_id
from voiceapp.call import Call, to_json
from voiceapp.events import Value
from voiceapp.store.ledger import row_of
from voiceapp.store.orders import Row, TurnRows
from voiceapp.store.turns import Report, Turn

_encode = msgspec.json.Encoder().encode
_OWING = frozenset({Notify, OptOut, CallBack})
"""What leaves rows of its own."""


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
        *_owed_rows(turn),
    )


def _owed_rows(turn: Turn) -> tuple[tuple[Row, ...], tuple[Row, ...], tuple[Row, ...]]:
    """Notifications, opt-outs and attempts that follow from a turn; most turns have none."""
    if not turn.reports and _OWING.isdisjoint(map(type, turn.actions)):
        return (), (), ()
    notifications = [_told(turn, place, report) for place, report in enumerate(turn.reports)]
    opt_outs: list[Row] = []
    attempts: list[Row] = []
    for place, action in enumerate(turn.actions):
        match action:
            case Notify():
                notifications.append(_notified(turn, place, action))
            case OptOut(number=number, scope=scope):
                opt_outs.append((number, scope, turn.at, turn.call.id))
            case CallBack():
                attempts.append(_to_call(turn, place, action))
            case _:
                pass
    return tuple(notifications), tuple(opt_outs), tuple(attempts)


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


def _notified(turn: Turn, place: int, action: Notify) -> Row:
    notification_id = f"{turn.call.id}.{turn.number}.{place}"
    return owed(notification_id, turn.call.id, action.url, action.data, turn.at, "call.notify")


def _told(turn: Turn, place: int, report: Report) -> Row:
    notification_id = f"{turn.call.id}.{turn.number}.r{place}"
    return owed(notification_id, turn.call.id, report.url, report.data, turn.at, report.type)


def owed(
    notification_id: str, call_id: str, url: str, data: Mapping[str, Value], due_at: datetime, kind: str
) -> Row:
    """A notification that nobody has tried to deliver yet."""
    attempts, delivered_at, error = 0, None, ""
    return notification_id, call_id, url, _encode(data), attempts, due_at, delivered_at, error, kind


def _to_call(turn: Turn, place: int, back: CallBack) -> Row:
    due_at = turn.at + timedelta(seconds=back.after)
    return row_of(
        Attempt(
            id=derived_id(turn.call.id, turn.number, place),
            order=DialOrder(
                flow=back.flow, to=back.number, carrier=turn.call.carrier, shown=back.shown, inputs=back.inputs
            ),
            state=AttemptState.SCHEDULED,
            created_at=turn.at,
            due_at=due_at,
        )
    )
