"""The dial ledger in the database. What writes runs in the process that writes; every order can be carried out
twice and does it once, since that process is told again when it ended in the middle. Only a dial may then be
counted twice, which errs on the safe side.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, and_, delete, or_, select, update

from voiceapp.attempt import Attempt, AttemptState, Cap, DialOrder, IdempotencyKey, Recorded, Settlement
from voiceapp.store.database import insert_if_absent, upsert
from voiceapp.store.orders import Row
from voiceapp.store.tables import attempts, calls, dial_counts, idempotency_keys, notifications

KEY_LIFE = timedelta(hours=24)
"""How long an Idempotency-Key is known."""

_order = msgspec.json.Decoder(DialOrder)


class Capped(Exception):
    """One more would be more than this cap allows; `str()` is its scope."""


def row_of(attempt: Attempt) -> Row:
    """An attempt as it goes into the table."""
    nobody = ""
    return (
        attempt.id,
        attempt.click,
        attempt.number,
        str(attempt.state),
        attempt.due_at,
        attempt.created_at,
        attempt.requested_at,
        attempt.settled_at,
        nobody,
        attempt.ref,
        attempt.reason,
        msgspec.json.encode(attempt.order),
    )


def attempt_of(row: Row) -> Attempt:
    """The attempt that `row_of` made a row of."""
    identity, _, number, state, due_at, created_at, requested_at, settled_at, _, ref, reason, order = row
    return Attempt(
        id=identity,
        order=_order.decode(order),
        state=AttemptState(state),
        created_at=created_at,
        due_at=due_at,
        requested_at=requested_at,
        settled_at=settled_at,
        ref=ref,
        reason=reason,
        number=number,
    )


# what the process that writes does


def put(connection: Connection, row: Row, key: IdempotencyKey | None) -> tuple[Recorded, str]:
    """Write an attempt, unless its key is known: then nothing, and the id that was answered the first time. The
    key of an attempt that failed may be used again, as nobody was called, nor will be."""
    if key is not None:
        old = idempotency_keys.c.at < key.at - KEY_LIFE
        connection.execute(delete(idempotency_keys).where(idempotency_keys.c.key == key.key, old))
        mine = {"key": key.key, "digest": key.digest, "answer": row[0], "at": key.at}
        connection.execute(insert_if_absent(connection.dialect, idempotency_keys), mine)
        same_key = select(idempotency_keys).where(idempotency_keys.c.key == key.key)
        known = connection.execute(same_key.with_for_update()).one()  # of those who want it now, one takes it over
        if known.digest != key.digest:
            return "differs", known.answer
        if known.answer != row[0]:
            if not _failed(connection, known.answer):
                return "known", known.answer
            mine_now = update(idempotency_keys).where(idempotency_keys.c.key == key.key)
            connection.execute(mine_now.values(answer=row[0], at=key.at))
    put_all(connection, (row,))
    return "created", row[0]


def _failed(connection: Connection, attempt_id: str) -> bool:
    """The attempt failed, and so did all that follow it in its click-to-call."""
    this = connection.execute(select(attempts).where(attempts.c.id == attempt_id)).one_or_none()
    if this is None or this.state != AttemptState.FAILED:
        return False
    later = (attempts.c.click == this.click, attempts.c.number > this.number, attempts.c.state != this.state)
    return not this.click or connection.execute(select(attempts.c.id).where(*later)).first() is None


def put_all(connection: Connection, rows: Sequence[Row]) -> None:
    """Write attempts; those that are there already stay as they are."""
    for row in rows:
        connection.execute(insert_if_absent(connection.dialect, attempts), dict(zip(_NAMES, row, strict=True)))


def claim(connection: Connection, token: str, now: datetime, limit: int) -> tuple[Row, ...]:
    """Up to `limit` attempts that are due, from now on `dialing`, and `token`'s for ever: whoever has them dials,
    and if nobody does, nobody will. The same token gets the same again."""
    mine = select(attempts).where(attempts.c.claim == token).order_by(attempts.c.due_at, attempts.c.id)
    taken = connection.execute(mine).all()
    if not taken:
        due = (
            select(attempts.c.id)
            .where(attempts.c.state == AttemptState.SCHEDULED, attempts.c.due_at <= now)
            .order_by(attempts.c.due_at, attempts.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        changes = {"state": AttemptState.DIALING, "claim": token, "requested_at": now}
        connection.execute(update(attempts).where(attempts.c.id.in_(select(due.c.id))).values(changes))
        taken = connection.execute(mine).all()
    return tuple(tuple(row) for row in taken)


def settle(connection: Connection, settlement: Settlement, follower: Row | None, told: Iterable[Row]) -> bool:
    """Move an attempt on, and in the same transaction write the attempt that follows it and what its application
    is to be told. False when it was not where it would be moved from."""
    changes = {"state": settlement.state, "settled_at": settlement.at}
    given = {"ref": settlement.ref, "reason": settlement.reason}
    changes |= {name: value for name, value in given.items() if value is not None}
    moved = connection.execute(
        update(attempts)
        .where(attempts.c.id == settlement.id, attempts.c.state.in_(settlement.before))
        .values(changes)
    )
    if not moved.rowcount:
        done = (attempts.c.state == settlement.state, attempts.c.settled_at == settlement.at)
        found = select(attempts.c.id).where(attempts.c.id == settlement.id, *done)
        return connection.execute(found).first() is not None
    if follower is not None:
        put_all(connection, (follower,))
    for row in told:
        owed = dict(zip(_OWED, row, strict=True))
        connection.execute(insert_if_absent(connection.dialect, notifications), owed)
    return True


def count(connection: Connection, caps: Sequence[Cap], at: datetime) -> None:
    """One more of each; raises Capped, and the transaction has to be rolled back, when one is used up."""
    for cap in sorted(caps, key=lambda each: each.scope):
        counted = upsert(
            connection.dialect,
            dial_counts,
            {"scope": cap.scope, "count": 1, "at": at},
            changes={"count": dial_counts.c.count + 1},
            where=dial_counts.c.count < cap.most,
        )
        # an INSERT's own count of rows is not told by every driver
        if connection.execute(counted.returning(dial_counts.c.count)).first() is None:
            raise Capped(cap.scope)


def forget(connection: Connection, before: datetime) -> None:
    """Delete keys and counts from before then."""
    for table in (idempotency_keys, dial_counts):
        connection.execute(delete(table).where(table.c.at < before))


# what the server asks


def attempt(connection: Connection, attempt_id: str) -> Attempt | None:
    """The attempt with this id."""
    row = connection.execute(select(attempts).where(attempts.c.id == attempt_id)).one_or_none()
    return None if row is None else attempt_of(tuple(row))


def newest(connection: Connection, state: AttemptState | None, limit: int) -> list[Attempt]:
    """The newest attempts, of one state or of all."""
    query = select(attempts).order_by(attempts.c.created_at.desc(), attempts.c.id.desc()).limit(limit)
    if state is not None:
        query = query.where(attempts.c.state == state)
    return [attempt_of(tuple(row)) for row in connection.execute(query)]


def of_click(connection: Connection, click: str) -> list[Attempt]:
    """The attempts of a click-to-call, in order."""
    query = select(attempts).where(attempts.c.click == click).order_by(attempts.c.number)
    return [attempt_of(tuple(row)) for row in connection.execute(query)]


def next_due(connection: Connection) -> datetime | None:
    """When the next scheduled attempt is due."""
    query = select(attempts.c.due_at).where(attempts.c.state == AttemptState.SCHEDULED)
    found: datetime | None = connection.scalar(query.order_by(attempts.c.due_at).limit(1))
    return found


def unclear(connection: Connection, asked_before: datetime, asked_after: datetime, limit: int) -> list[Attempt]:
    """Attempts of which nobody knows whether the phone rang: those that nobody has dialled to the end, however
    long ago, and those whose answer was lost."""
    lost = and_(attempts.c.state == AttemptState.UNKNOWN, attempts.c.requested_at >= asked_after)
    query = select(attempts).where(
        or_(attempts.c.state == AttemptState.DIALING, lost), attempts.c.requested_at < asked_before
    )
    rows = connection.execute(query.order_by(attempts.c.requested_at).limit(limit))
    return [attempt_of(tuple(row)) for row in rows]


def silent(connection: Connection, asked_before: datetime, asked_after: datetime, limit: int) -> list[Attempt]:
    """Attempts that a carrier took, and whose call has told nothing."""
    begun = calls.c.id == attempts.c.id
    query = (
        select(attempts)
        .outerjoin(calls, begun)
        .where(
            attempts.c.state == AttemptState.PLACED,
            attempts.c.requested_at < asked_before,
            attempts.c.requested_at >= asked_after,
            calls.c.id.is_(None),
        )
    )
    rows = connection.execute(query.order_by(attempts.c.requested_at).limit(limit))
    return [attempt_of(tuple(row)) for row in rows]


def finished(connection: Connection, limit: int) -> list[Attempt]:
    """Attempts whose call is over, and that are not marked so yet."""
    under_way = attempts.c.state.in_((AttemptState.DIALING, AttemptState.PLACED, AttemptState.UNKNOWN))
    over = and_(calls.c.id == attempts.c.id, calls.c.live.is_(False))
    query = select(attempts).join(calls, over).where(or_(under_way))
    return [attempt_of(tuple(row)) for row in connection.execute(query.order_by(attempts.c.id).limit(limit))]


_NAMES = tuple(column.name for column in attempts.columns)
_OWED = tuple(column.name for column in notifications.columns)
