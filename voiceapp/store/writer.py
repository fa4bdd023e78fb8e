"""Carries out orders: what one transaction writes. Runs in the process that writes."""

from collections.abc import Sequence
from operator import attrgetter, itemgetter
from typing import Any

import msgspec
from sqlalchemy import URL, Connection, Dialect, Engine, Table, bindparam, insert, text, update
from sqlalchemy.exc import IntegrityError

from voiceapp.errors import StoreUnavailable
from voiceapp.store import ledger_orders, notifications, tables
from voiceapp.store.checkpoints import Checkpoints
from voiceapp.store.database import answering, insert_if_absent, reading, writing
from voiceapp.store.ledger import Capped
from voiceapp.store.orders import (
    Answer,
    KeepFlow,
    LedgerOrder,
    LeftOut,
    Order,
    Ping,
    PutTurns,
    Serve,
    SettleNotification,
    TakeNotifications,
    TurnRows,
    decode_rows,
)
from voiceapp.store.tables import attempts, calls, flows, opt_outs, turns
from voiceapp.store.transactions import Cursor, Prepared, Transactions

_ByConnection = Serve | Ping | KeepFlow | TakeNotifications | SettleNotification | LedgerOrder
_DONE = Answer()

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
_place = attrgetter("place")


class Writer:
    """Writes to one database. Raises nothing: an Answer says what went wrong."""

    def __init__(self, url: URL) -> None:
        self._engine: Engine = writing(url)
        self._transactions = Transactions(self._engine)
        self._statements = _Statements(self._engine.dialect)
        self._checkpoints = Checkpoints(reading(url, 2)) if url.get_backend_name() == "sqlite" else None
        self._written = 0

    def carry_out(self, order: Order) -> Answer:
        """Do it, and say what came of it."""
        try:
            return self._put_turns(order) if isinstance(order, PutTurns) else self._carry_out(order)
        except Capped as cap:
            return Answer(capped=str(cap))
        except StoreUnavailable as error:
            return Answer(unavailable=str(error))
        except Exception as error:
            return Answer(fault=_what(error))

    def rest(self) -> None:
        """What is best done while nobody waits."""
        if self._checkpoints is not None and self._written:
            self._checkpoints.wrote(self._written)
            self._written = 0

    def close(self) -> None:
        """Let go of the database."""
        if self._checkpoints is not None:
            self._checkpoints.close()
        self._engine.dispose()

    def _carry_out(self, order: _ByConnection) -> Answer:
        with answering(), self._engine.begin() as connection:
            match order:
                case Ping():
                    connection.execute(text("SELECT 1"))
                case KeepFlow():
                    _keep_flow(connection, order)
                case TakeNotifications(now, limit):
                    return Answer(notifications=notifications.take(connection, now, limit))
                case SettleNotification(notification_id, delivered_at, next_at, error):
                    notifications.settle(connection, notification_id, delivered_at, next_at, error)
                case Serve():
                    raise ValueError("serves a database already")
                case _:
                    return ledger_orders.carry_out(connection, order)
        return _DONE

    def _put_turns(self, order: PutTurns) -> Answer:
        """All turns in one transaction; when one of them is at fault, the others."""
        batch = [decode_rows(encoded) for encoded in order.turns]
        self._written += len(batch)
        try:
            with answering(), self._transactions.begin() as cursor:
                self._statements.put_turns(cursor, sorted(batch, key=_place))
                self._statements.put_opt_outs(cursor, batch)
        except StoreUnavailable:
            raise
        except Exception:
            return self._put_one_by_one(batch)
        return _DONE

    def _put_one_by_one(self, batch: Sequence[TurnRows]) -> Answer:
        places = sorted(range(len(batch)), key=lambda place: batch[place].place)
        with answering(), self._transactions.begin() as cursor:
            left_out = {place: self._attempt(cursor, batch[place]) for place in places}
            self._statements.put_opt_outs(cursor, [batch[place] for place in places if left_out[place] is None])
        return Answer(left_out=tuple(left_out[place] for place in range(len(batch))))

    def _attempt(self, cursor: Cursor, rows: TurnRows) -> LeftOut | None:
        try:
            with answering(), self._transactions.attempt(cursor):
                self._statements.put_turns(cursor, (rows,))
        except StoreUnavailable:
            raise
        except (_Conflict, IntegrityError):
            return LeftOut(f"turn {rows.turn[1]} of call {rows.turn[0]} was written by another first", True)
        except Exception as error:
            return LeftOut(_what(error), False)
        return None


class _Conflict(Exception):
    """A call is not where this turn would move it from."""


class _Statements:
    """The statements of every turn, for one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self._open_call = Prepared(insert(calls), dialect, _columns(calls))
        self._move_call = Prepared(_move_call, dialect, _moved_columns)
        self._log_turn = Prepared(insert(turns), dialect, _columns(turns))
        self._owe = Prepared(insert(tables.notifications), dialect, _columns(tables.notifications))
        self._opt_out = Prepared(insert_if_absent(dialect, opt_outs), dialect, _columns(opt_outs))
        self._call_back = Prepared(insert_if_absent(dialect, attempts), dialect, _columns(attempts))

    def put_turns(self, cursor: Cursor, batch: Sequence[TurnRows]) -> None:
        """Write them all; raises _Conflict, or what the driver raises, when one of them cannot be."""
        opened = [rows.opened for rows in batch if rows.opened]
        if opened:
            self._open_call.run(cursor, opened)
        moved = [rows.moved for rows in batch if rows.moved]
        if moved and self._move_call.run(cursor, moved) != len(moved):
            raise _Conflict
        self._log_turn.run(cursor, [rows.turn for rows in batch])
        owed = [row for rows in batch for row in rows.notifications]
        if owed:
            self._owe.run(cursor, owed)
        later = [row for rows in batch for row in rows.attempts]
        if later:
            self._call_back.run(cursor, later)

    def put_opt_outs(self, cursor: Cursor, batch: Sequence[TurnRows]) -> None:
        """Write the numbers that want no more calls; one that is known stays as it is."""
        out = sorted((row for rows in batch for row in rows.opt_outs), key=itemgetter(0, 1))
        if out:
            self._opt_out.run(cursor, out)


def _columns(table: Table) -> dict[str, Any]:
    return {column.name: column for column in table.columns}


def _keep_flow(connection: Connection, order: KeepFlow) -> None:
    row = {
        "version": order.version,
        "flow": order.flow,
        "sources": msgspec.json.encode(order.sources),
        "at": order.at,
    }
    connection.execute(insert_if_absent(connection.dialect, flows), row)


def _what(error: Exception) -> str:
    """What went wrong, in one line that quotes no row."""
    lines = str(getattr(error, "orig", error)).splitlines()
    return f"{type(error).__name__}: {lines[0] if lines else ''}"
