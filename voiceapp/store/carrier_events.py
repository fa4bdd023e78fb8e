"""What carriers told beside calls (their webhooks): each kept once, as it came."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from voiceapp.store.tables import carrier_events


class CarrierEvent(msgspec.Struct, gc=False, frozen=True):
    """One webhook of a carrier, its fields in the order of the table's columns. `call_id`: the call it was about,
    `""` when none of ours."""

    carrier: str
    event_id: str
    type: str
    at: datetime
    received_at: datetime
    call_id: str
    body: bytes


def newest(connection: Connection, limit: int, kind: str | None) -> list[CarrierEvent]:
    """The newest, of one type or of all."""
    query = select(carrier_events).order_by(carrier_events.c.received_at.desc(), carrier_events.c.event_id.desc())
    if kind is not None:
        query = query.where(carrier_events.c.type == kind)
    return [CarrierEvent(*row) for row in connection.execute(query.limit(limit))]


def of_call(connection: Connection, call_id: str) -> list[CarrierEvent]:
    """What was told of one call, the oldest first."""
    query = select(carrier_events).where(carrier_events.c.call_id == call_id)
    return [CarrierEvent(*row) for row in connection.execute(query.order_by(carrier_events.c.received_at))]
