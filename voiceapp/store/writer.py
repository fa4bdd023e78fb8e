"""What one transaction writes: some turns, and everything that follows from them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import Connection, Dialect, Engine, bindparam, insert, update
from sqlalchemy.exc import IntegrityError

from voiceapp.actions import Notify, OptOut
from voiceapp.call import Call, to_json
from voiceapp.errors import StoreUnavailable, TurnConflict
from voiceapp.store.database import answering, insert_if_absent
from voiceapp.store.prepared import Prepared, inserting
from voiceapp.store.tables import calls, flows, notifications, opt_outs, turns
from voiceapp.store.turns import Turn

Row = dict[str, Any]

_encode = msgspec.json.Encoder().encode

_MOVED = (calls.c.log, calls.c.live, calls.c.state)
_move_call = (
    update(calls)
    .where(calls.c.id == bindparam("moved_id"), calls.c.log == bindparam("log_before"))
    .values(log=bindparam("log"), live=bindparam("live"), state=bindparam("state"))
)
_owe = insert(notifications)


class TurnRows(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """A turn as rows, encoded by whoever commits it, so that what cannot be encoded harms nobody else."""

    opened: Row | None
    moved: Row | None
    turn: Row
    notifications: Sequence[Row]
    opt_outs: Sequence[Row]

    @property
    def lock_order(self) -> tuple[str, ...]:
        """Where the turn stands in a transaction. All processes take their locks in this order (calls that
        open, calls that move, opt-outs last), so that two of them never wait for each other."""
        if self.opened:
            return ("", self.opened["carrier"], self.opened["app"], self.opened["ref"])
        return ("moved", self.turn["call_id"])


def rows_of(turn: Turn) -> TurnRows:
    """Raises UnicodeEncodeError or TypeError where JSON cannot say what the turn holds."""
    call, first = turn.call, turn.number == 1
    return TurnRows(
        opened=_opened(call) if first else None,
        moved=None if first else _moved(call, turn.number),
        turn={
            "call_id": call.id,
            "number": turn.number,
            "key": turn.key,
            "digest": turn.digest,
            "at": turn.at,
            "events": _encode(turn.events),
            "steps": _encode(turn.steps),
            "actions": _encode(turn.actions),
            "reply": turn.reply,
        },
        notifications=[
            _owed(turn, index, action) for index, action in enumerate(turn.actions) if isinstance(action, Notify)
        ],
        opt_outs=[
            {"number": action.number, "scope": action.scope, "at": turn.at, "call_id": call.id}
            for action in turn.actions
            if isinstance(action, OptOut)
        ],
    )


class TurnWriter:
    """Writes batches of turns through the one connection of `engine`. Called in the writing thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._statements = _Statements(engine.dialect)

    def write(self, batch: Sequence[TurnRows]) -> list[Exception | None]:
        """Commit, and say of each turn why it was left out (TurnConflict, or whatever is wrong with it),
        or None when it is on disk. Raises StoreUnavailable when none is known to be."""
        places = sorted(range(len(batch)), key=lambda place: batch[place].lock_order)
        try:
            with answering(), self._engine.begin() as connection:
                self._statements.put_turns(connection, [batch[place] for place in places])
                _put_opt_outs(connection, batch)
        except StoreUnavailable:
            raise
        except Exception:
            return self._write_one_by_one(batch, places)
        return [None] * len(batch)

    def _write_one_by_one(self, batch: Sequence[TurnRows], places: Sequence[int]) -> list[Exception | None]:
        with answering(), self._engine.begin() as connection:
            outcomes = {place: _attempt(self._statements, connection, batch[place]) for place in places}
            _put_opt_outs(connection, [batch[place] for place in places if outcomes[place] is None])
        return [outcomes[place] for place in range(len(batch))]


def _attempt(statements: "_Statements", connection: Connection, rows: TurnRows) -> Exception | None:
    try:
        with answering(), connection.begin_nested():
            statements.put_turns(connection, (rows,))
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
        self._open_call = inserting(calls, dialect)
        self._log_turn = inserting(turns, dialect)
        moved = {"moved_id": calls.c.id, "log_before": calls.c.log, **{c.name: c for c in _MOVED}}
        self._move_call = Prepared(_move_call, dialect, moved)

    def put_turns(self, connection: Connection, batch: Sequence[TurnRows]) -> None:
        """Write them all; raises TurnConflict or IntegrityError when one of them cannot be."""
        opened = [rows.opened for rows in batch if rows.opened]
        if opened:
            self._open_call.run(connection, opened)
        moved = [rows.moved for rows in batch if rows.moved]
        if moved and self._move_call.run(connection, moved) != len(moved):
            raise _conflict(batch[0])
        self._log_turn.run(connection, [rows.turn for rows in batch])
        owed = [row for rows in batch for row in rows.notifications]
        if owed:
            connection.execute(_owe, owed)


def _put_opt_outs(connection: Connection, batch: Sequence[TurnRows]) -> None:
    out = sorted((row for rows in batch for row in rows.opt_outs), key=itemgetter("number", "scope"))
    if out:
        connection.execute(insert_if_absent(connection, opt_outs), out)


def _conflict(rows: TurnRows) -> TurnConflict:
    return TurnConflict(f"turn {rows.turn['number']} of call {rows.turn['call_id']} was written by another first")


def _opened(call: Call) -> Row:
    return {
        "id": call.id,
        "carrier": call.carrier,
        "app": call.app,
        "ref": call.ref,
        "flow": call.flow,
        "caller": call.caller,
        "started_at": call.started_at,
        "live": not call.phase.over,
        "log": 1,
        "state": to_json(call),
    }


def _moved(call: Call, number: int) -> Row:
    return {
        "moved_id": call.id,
        "log_before": number - 1,
        "log": number,
        "live": not call.phase.over,
        "state": to_json(call),
    }


def _owed(turn: Turn, index: int, action: Notify) -> Row:
    return {
        "id": f"{turn.call.id}.{turn.number}.{index}",
        "call_id": turn.call.id,
        "url": action.url,
        "data": _encode(action.data),
        "attempts": 0,
        "next_at": turn.at,
        "delivered_at": None,
        "error": "",
    }


def keep_flow(connection: Connection, version: str, flow: str, sources: Mapping[str, str], at: datetime) -> None:
    """Keep the files of a flow's version, unless they are kept already."""
    row = {"version": version, "flow": flow, "sources": _encode(sources), "at": at}
    connection.execute(insert_if_absent(connection, flows), row)
