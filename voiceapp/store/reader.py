"""Every question that the server asks. Functions of a connection, run in a reading thread."""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, literal, select, tuple_

from voiceapp.actions import Action
from voiceapp.call import from_json
from voiceapp.errors import UnknownCall
from voiceapp.events import Event
from voiceapp.store.tables import calls, flows, opt_outs, turns
from voiceapp.store.turns import Answered, LoggedTurn, Page, Stored

_events = msgspec.json.Decoder(tuple[Event, ...])
_steps = msgspec.json.Decoder(tuple[str, ...])
_actions = msgspec.json.Decoder(tuple[Action, ...])
_sources = msgspec.json.Decoder(dict[str, str])
_cursor = msgspec.json.Decoder(tuple[Annotated[datetime, msgspec.Meta(tz=True)], str])

# Built once: for these, which every POST asks, building takes as long as asking.
_stored = select(calls.c.state, calls.c.log)
_call_by_id = _stored.where(calls.c.id == bindparam("id"))
_call_by_ref = _stored.where(
    calls.c.carrier == bindparam("carrier"), calls.c.app == bindparam("app"), calls.c.ref == bindparam("ref")
)
_answer = select(turns.c.digest, turns.c.reply).where(
    turns.c.call_id == bindparam("call_id"), turns.c.key == bindparam("key")
)


def find_call(connection: Connection, carrier: str, app: str, ref: str) -> Stored | None:
    """The call that a carrier means by `ref` in its application `app`."""
    row = connection.execute(_call_by_ref, {"carrier": carrier, "app": app, "ref": ref}).one_or_none()
    return None if row is None else _as_stored(row)


def find_by_ref(connection: Connection, carrier: str, ref: str) -> Stored | None:
    """The newest call that a carrier means by `ref` where it does not say in which of its applications. There are
    few of those, so they are gone through by the index that has them between carrier and ref."""
    mine = calls.c.carrier == bindparam("carrier")
    apps = select(func.min(calls.c.app).label("app")).where(mine).cte("apps", recursive=True)
    behind = select(func.min(calls.c.app)).where(mine, calls.c.app > apps.c.app).correlate(apps)
    apps = apps.union_all(select(behind.scalar_subquery()).where(apps.c.app.is_not(None)))
    query = _stored.join(apps, calls.c.app == apps.c.app).where(mine, calls.c.ref == bindparam("ref"))
    newest = query.order_by(calls.c.started_at.desc()).limit(1)
    row = connection.execute(newest, {"carrier": carrier, "ref": ref}).one_or_none()
    return None if row is None else _as_stored(row)


def call(connection: Connection, call_id: str) -> Stored:
    """Raises UnknownCall."""
    row = connection.execute(_call_by_id, {"id": call_id}).one_or_none()
    if row is None:
        raise _unknown(call_id)
    return _as_stored(row)


def answered(connection: Connection, call_id: str, key: str) -> Answered | None:
    """What the turn with this key was asked and answered."""
    row = connection.execute(_answer, {"call_id": call_id, "key": key}).one_or_none()
    return None if row is None else Answered(row.digest, row.reply)


def log(connection: Connection, call_id: str) -> list[LoggedTurn]:
    """Every turn of a call, in order. Raises UnknownCall."""
    rows = connection.execute(select(turns).where(turns.c.call_id == call_id).order_by(turns.c.number)).all()
    if not rows:
        raise _unknown(call_id)
    return [
        LoggedTurn(
            number=row.number,
            key=row.key,
            digest=row.digest,
            at=row.at,
            events=_events.decode(row.events),
            steps=_steps.decode(row.steps),
            actions=_actions.decode(row.actions),
            reply=row.reply,
        )
        for row in rows
    ]


def page(connection: Connection, limit: int, before: str | None, *filters: ColumnElement[bool]) -> Page:
    """Up to `limit` calls older than the cursor, newest first. Raises ValueError for a cursor not ours."""
    newest_first = (calls.c.started_at.desc(), calls.c.id.desc())
    query = select(calls.c.state, calls.c.started_at, calls.c.id).where(*filters).order_by(*newest_first)
    if before:
        started_at, call_id = _read_cursor(before)
        place = tuple_(literal(started_at, calls.c.started_at.type), literal(call_id, calls.c.id.type))
        query = query.where(tuple_(calls.c.started_at, calls.c.id) < place)
    # One more than asked for tells whether there is a next page.
    rows = connection.execute(query.limit(limit + 1)).all()
    shown = rows[:limit]
    more = len(rows) > len(shown) > 0
    return Page(
        tuple(from_json(row.state) for row in shown),
        _write_cursor(shown[-1].started_at, shown[-1].id) if more else None,
    )


def count_live(connection: Connection) -> int:
    """How many calls are not over."""
    return connection.execute(select(func.count()).select_from(calls).where(calls.c.live)).scalar_one()


def overdue(connection: Connection, started_before: datetime, limit: int) -> list[Stored]:
    """Live calls that began before then, oldest first."""
    late = _stored.where(calls.c.live, calls.c.started_at < started_before)
    return [_as_stored(row) for row in connection.execute(late.order_by(calls.c.started_at).limit(limit))]


def flow_sources(connection: Connection, version: str) -> Mapping[str, str] | None:
    """The files of this version of a flow, by name."""
    sources = connection.scalar(select(flows.c.sources).where(flows.c.version == version))
    return None if sources is None else _sources.decode(sources)


def opted_out(connection: Connection, number: str, scope: str) -> bool:
    """The number wants no calls in this scope, or in any."""
    mine = (opt_outs.c.number == number, opt_outs.c.scope.in_((scope, "all")))
    return connection.execute(select(opt_outs.c.scope).where(*mine).limit(1)).first() is not None


def _as_stored(row: Row[bytes, int]) -> Stored:
    return Stored(from_json(row[0]), row[1])


def _unknown(call_id: str) -> UnknownCall:
    return UnknownCall(f"no call has the id {call_id!r}")


def _write_cursor(started_at: datetime, call_id: str) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode((started_at, call_id))).decode()


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    try:
        return _cursor.decode(base64.urlsafe_b64decode(cursor))
    except (binascii.Error, msgspec.DecodeError, ValueError) as error:
        raise ValueError("not a cursor of this list of calls") from error
