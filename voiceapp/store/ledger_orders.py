"""Carries out the orders of the dial ledger, and the few that go with it; each in the transaction it is given."""

from typing import assert_never

from sqlalchemy import Connection

from voiceapp.store import ledger, notifications
from voiceapp.store.database import insert_if_absent
from voiceapp.store.orders import (
    Answer,
    ClaimAttempts,
    CountDials,
    Forget,
    KeepCarrierEvent,
    LedgerOrder,
    PutAttempt,
    ResendNotification,
    SettleAttempt,
)
from voiceapp.store.tables import carrier_events

_EVENT = tuple(column.name for column in carrier_events.columns)


def carry_out(connection: Connection, order: LedgerOrder) -> Answer:
    """What came of the order. Raises `ledger.Capped` when nothing may."""
    match order:
        case PutAttempt(attempt, key):
            recorded, recorded_id = ledger.put(connection, attempt, key)
            return Answer(recorded=recorded, recorded_id=recorded_id)
        case ClaimAttempts(token, now, limit):
            return Answer(attempts=ledger.claim(connection, token, now, limit))
        case SettleAttempt(settlement, follower, told):
            return Answer(touched=ledger.settle(connection, settlement, follower, told))
        case CountDials(caps, at):
            ledger.count(connection, caps, at)
        case KeepCarrierEvent(event):
            row = dict(zip(_EVENT, event, strict=True))
            keep = insert_if_absent(connection.dialect, carrier_events).returning(carrier_events.c.event_id)
            return Answer(touched=connection.execute(keep, row).first() is not None)
        case ResendNotification(notification_id, at):
            return Answer(touched=notifications.resend(connection, notification_id, at))
        case Forget(before):
            ledger.forget(connection, before)
        case _:
            assert_never(order)
    return Answer()
