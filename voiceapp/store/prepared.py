"""Statements compiled once, run many times: what a turn writes is the same few statements for ever.

SQLAlchemy's own way prepares every row of every batch anew, which costs as much as SQLite's part of the work.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Table, Update, insert

_Process = Callable[[Any], Any] | None


class Prepared:
    """One statement for one dialect. `columns`: its parameters by name, with the column that each belongs to."""

    def __init__(self, statement: Insert | Update, dialect: Dialect, columns: Mapping[str, Any]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(columns))
        self._sql = str(compiled)
        self._positions: list[str] | None = getattr(compiled, "positiontup", None)
        self._names = self._positions or list(columns)
        self._processes: list[_Process] = [
            columns[name].type.dialect_impl(dialect).bind_processor(dialect) for name in self._names
        ]

    def run(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> int:
        """Runs the statement for every row; how many rows it touched."""
        values = [
            tuple(
                row[name] if process is None else process(row[name])
                for name, process in zip(self._names, self._processes, strict=True)
            )
            for row in rows
        ]
        given = values if self._positions else [dict(zip(self._names, row, strict=True)) for row in values]
        return connection.exec_driver_sql(self._sql, given).rowcount


def inserting(table: Table, dialect: Dialect) -> Prepared:
    """An INSERT of whole rows."""
    return Prepared(insert(table), dialect, {column.name: column for column in table.columns})
