"""What one transaction writes: some turns, and everything that follows from them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Any

import msgspec
from sqlalchemy import Connection, Dialect, Engine, Table, bindparam, insert, update
from sqlalchemy.exc import IntegrityError

from voiceapp.actions import Notify, OptOut
from voiceapp.call import Call, to_json
from voiceapp.errors import StoreUnavailable, TurnConflict
from voiceapp.store.database import answering, insert_if_absent
from voiceapp.store.tables import calls, flows, notifications, opt_outs, turns
from voiceapp.store.transactions import Cursor, Prepared, Row, Transactions
from voiceapp.store.turns import Turn

_encode = msgspec.json.Encoder().encode

_move_call = (
    update(calls)
    .where(calls.c.id == bindparam("moved_id"), calls.c.log == bindparam("log_before"))
    .values(log=bindparam("log"), live=bindparam("live"), state=bindparam("state"))
)
_moved_columns = {
    "moved_id": calls.c.id,
    "log_before": calls.c.log,
    "log": calls.c.log,
    "live": calls.c.live,
    "state": calls.c.state,
}


class TurnRows(msgspec.Struct, gc=False, frozen=True):
    """A turn as rows, encoded by whoever commits it, so that what cannot be encoded harms nobody else.

    `place` is where the turn stands in a transaction. All processes take their locks in this order (calls that
    open, calls that move, opt-outs last), so that two of them never wait for each other."""

    place: tuple[str, ...]
    opened: Row | None
    moved: Row | None
    turn: Row
    notifications: Sequence[Row]
    opt_outs: Sequence[Row]


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
        [_owed(turn, place, action) for place, action in enumerate(actions) if isinstance(action, Notify)],
        [(action.number, action.scope, turn.at, call.id) for action in actions if isinstance(action, OptOut)],
    )


_place = attrgetter("place")


class TurnWriter:
    """Writes batches of turns through connections of `engine`. Called in the writing thread."""

    def __init__(self, engine: Engine) -> None:
        self._transactions = Transactions(engine)
        self._statements = _Statements(engine.dialect)

    def write(self, batch: Sequence[TurnRows]) -> list[Exception | None]:
        """Commit, and say of each turn why it was left out (TurnConflict, or whatever is wrong with it),
        or None when it is on disk. Raises StoreUnavailable when none is known to be."""
        try:
            with answering(), self._transactions.begin() as cursor:
                self._statements.put_turns(cursor, sorted(batch, key=_place))
                self._statements.put_opt_outs(cursor, batch)
        except StoreUnavailable:
            raise
        except Exception:
            return self._write_one_by_one(batch)
        return [None] * len(batch)

    def _write_one_by_one(self, batch: Sequence[TurnRows]) -> list[Exception | None]:
        places = sorted(range(len(batch)), key=lambda place: batch[place].place)
        with answering(), self._transactions.begin() as cursor:
            outcomes = {place: self._attempt(cursor, batch[place]) for place in places}
            self._statements.put_opt_outs(cursor, [batch[place] for place in places if outcomes[place] is None])
        return [outcomes[place] for place in range(len(batch))]

    def _attempt(self, cursor: Cursor, rows: TurnRows) -> Exception | None:
        try:
            with answering(), self._transactions.attempt(cursor):
                self._statements.put_turns(cursor, (rows,))
        except StoreUnavailable:
            raise
        except IntegrityError:
            return _conflict(rows)
        except Exception as error:
            return error
        return None


class _Statements:
    """The statements of every turn, for one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self._open_call = Prepared(insert(calls), dialect, _columns(calls))
        self._move_call = Prepared(_move_call, dialect, _moved_columns)
        self._log_turn = Prepared(insert(turns), dialect, _columns(turns))
        self._owe = Prepared(insert(notifications), dialect, _columns(notifications))
        self._opt_out = Prepared(insert_if_absent(dialect, opt_outs), dialect, _columns(opt_outs))

    def put_turns(self, cursor: Cursor, batch: Sequence[TurnRows]) -> None:
        """Write them all; raises TurnConflict, or what the driver raises, when one of them cannot be."""
        opened = [rows.opened for rows in batch if rows.opened]
        if opened:
            self._open_call.run(cursor, opened)
        moved = [rows.moved for rows in batch if rows.moved]
        if moved and self._move_call.run(cursor, moved) != len(moved):
            raise _conflict(batch[0])
        self._log_turn.run(cursor, [rows.turn for rows in batch])
        owed = [row for rows in batch for row in rows.notifications]
        if owed:
            self._owe.run(cursor, owed)

    def put_opt_outs(self, cursor: Cursor, batch: Sequence[TurnRows]) -> None:
        """Write the numbers that want no more calls; one that is known stays as it is."""
        out = sorted((row for rows in batch for row in rows.opt_outs), key=itemgetter(0, 1))
        if out:
            self._opt_out.run(cursor, out)


def _columns(table: Table) -> dict[str, Any]:
    return {column.name: column for column in table.columns}


def _conflict(rows: TurnRows) -> TurnConflict:
    return TurnConflict(f"turn {rows.turn[1]} of call {rows.turn[0]} was written by another first")


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


def keep_flow(connection: Connection, version: str, flow: str, sources: Mapping[str, str], at: datetime) -> None:
    """Keep the files of a flow's version, unless they are kept already."""
    row = {"version": version, "flow": flow, "sources": _encode(sources), "at": at}
    connection.execute(insert_if_absent(connection.dialect, flows), row)
