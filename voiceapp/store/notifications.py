"""Webhooks that are owed: taken with a lease, so that two servers on one database do not both send one."""

from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

import msgspec
from sqlalchemy import Connection, select, update

from voiceapp.store.orders import Row
from voiceapp.store.tables import notifications
from voiceapp.store.turns import Notification, Owed

LEASE = timedelta(seconds=60)
"""How long a notification belongs to whoever took it; who dies meanwhile delays it by as much."""

_data = msgspec.json.Decoder(dict[str, Any])
_id = attrgetter("id")


def take(connection: Connection, now: datetime, limit: int) -> tuple[Row, ...]:
    """Up to `limit` notifications that are due, oldest first, ours until `now` + LEASE; see `as_notification`."""
    due = (
        select(notifications.c.id)
        .where(notifications.c.next_at <= now)
        .order_by(notifications.c.next_at, notifications.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)  # SQLite has no such thing, and one writer at a time
        .cte("due")
    )
    taken = connection.execute(
        update(notifications)
        .where(notifications.c.id.in_(select(due.c.id)))
        .values(next_at=now + LEASE, attempts=notifications.c.attempts + 1)
        .returning(notifications)
    )
    return tuple(
        (row.id, row.call_id, row.url, row.data, row.attempts, row.type) for row in sorted(taken, key=_id)
    )


def as_notification(row: Row) -> Notification:
    """One that `take` took."""
    notification_id, call_id, url, data, attempt, kind = row
    return Notification(
        id=notification_id, call_id=call_id, url=url, data=_data.decode(data), attempt=attempt, type=kind
    )


def settle(
    connection: Connection,
    notification_id: str,
    delivered_at: datetime | None,
    next_at: datetime | None,
    error: str,
) -> None:
    """Write down how an attempt ended; what was delivered stays so, whoever reports later."""
    connection.execute(
        update(notifications)
        .where(notifications.c.id == notification_id, notifications.c.delivered_at.is_(None))
        .values(delivered_at=delivered_at, next_at=next_at, error=error)
    )


def resend(connection: Connection, notification_id: str, at: datetime) -> bool:
    """Due at once, with all its attempts before it; False when there is none with this id."""
    again = {"next_at": at, "attempts": 0, "delivered_at": None, "error": ""}
    found = connection.execute(update(notifications).where(notifications.c.id == notification_id).values(again))
    return bool(found.rowcount)


def listed(connection: Connection, call_id: str | None, limit: int) -> list[Owed]:
    """Notifications, of one call or of all, those of the newest calls first."""
    query = select(notifications).order_by(notifications.c.id.desc()).limit(limit)
    if call_id is not None:
        query = query.where(notifications.c.call_id == call_id)
    return [
        Owed(
            id=row.id,
            call_id=row.call_id,
            type=row.type,
            attempts=row.attempts,
            next_at=row.next_at,
            delivered_at=row.delivered_at,
            error=row.error,
        )
        for row in connection.execute(query)
    ]
