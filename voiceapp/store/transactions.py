"""Transactions run by the driver itself, for the few statements that every turn writes.

SQLAlchemy connects, compiles, and knows how values become columns. Its own way to begin, execute and commit
costs more than what SQLite does for a turn, and prepares every row of every batch anew.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, Dialect, Engine, Insert, LargeBinary, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from voiceapp.store.database import BEGIN_WRITING
from voiceapp.store.orders import Row

Cursor = Any
"""A cursor of the driver's, as PEP 249 describes it."""


class Transactions:
    """Transactions on connections of `engine`. What the driver raises is raised as SQLAlchemy's DBAPIError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._errors: Any = engine.dialect.loaded_dbapi.Error

    @contextmanager
    def begin(self) -> Iterator[Cursor]:
        """Commits at the end of the block, or rolls back."""
        connection = self._engine.raw_connection()
        try:
            cursor = connection.cursor()
            if self._engine.dialect.name == "sqlite":
                cursor.execute(BEGIN_WRITING)
            yield cursor
            connection.commit()
        except self._errors as error:
            if self._engine.dialect.is_disconnect(error, connection.driver_connection, None):
                connection.invalidate(error)
            raise self._wrapped(error) from None
        finally:
            connection.close()  # back to the pool, which rolls back what is not committed

    @contextmanager
    def attempt(self, cursor: Cursor) -> Iterator[None]:
        """Part of a transaction: what the block did is undone when it raises, and what was before stays."""
        cursor.execute("SAVEPOINT attempt")
        try:
            yield
        except Exception as error:
            cursor.execute("ROLLBACK TO SAVEPOINT attempt")
            raise (self._wrapped(error) if isinstance(error, self._errors) else error) from None
        cursor.execute("RELEASE SAVEPOINT attempt")

    def _wrapped(self, error: Exception) -> BaseException:
        return DBAPIError.instance(
            None, None, error, self._errors, hide_parameters=True, dialect=self._engine.dialect
        )


class Prepared:
    """A statement compiled once. `columns`: its parameters in the order of a row's values, by name, each with
    the column it belongs to. The dialect has to number its parameters, not name them."""

    def __init__(self, statement: Insert | Update, dialect: Dialect, columns: dict[str, Column[Any]]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(columns))
        self._sql = str(compiled)
        names = list(columns)
        self._order = [names.index(name) for name in compiled.positiontup or ()]
        processes = [_process(columns[name].type, dialect) for name in names]
        self._processes = [(place, process) for place, process in enumerate(processes) if process is not None]

    def run(self, cursor: Cursor, rows: Sequence[Row]) -> int:
        """Runs the statement for every row; how many rows of the table it touched."""
        columns: list[Any] = list(zip(*rows, strict=True))
        for place, process in self._processes:
            columns[place] = [process(value) for value in columns[place]]
        cursor.executemany(self._sql, list(zip(*[columns[place] for place in self._order], strict=True)))
        touched: int = cursor.rowcount
        return touched


def _process(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """How the driver wants a value of this kind; bytes are what all of them take."""
    return None if isinstance(kind, LargeBinary) else kind.dialect_impl(dialect).bind_processor(dialect)
