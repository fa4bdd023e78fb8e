"""A database URL becomes an engine that keeps its promises, or one line that names the setting.

Two engines serve a store: one with a single connection that writes, one with a few that read. The engines
are synchronous and run in threads: one hop per batch costs less than aiosqlite's hop per statement.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, ColumnElement, Dialect, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError
from sqlalchemy.pool import ConnectionPoolEntry

from voiceapp.errors import OperatorError, StoreUnavailable

LOCK_WAIT = 0.3
"""Seconds that a statement waits for another process's lock."""

BEGIN_WRITING = "BEGIN IMMEDIATE"
"""SQLite's: a transaction that reads first and writes later cannot wait for the lock, so it is taken at once."""

_OPENING = 10
_DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+aiosqlite": "sqlite+pysqlite",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_PROMISED = {"journal_mode": "wal", "synchronous": "2", "busy_timeout": str(round(LOCK_WAIT * 1000))}
_FULL = "PRAGMA synchronous = FULL"


def read_url(text: str) -> URL:
    """The database that `--db` names, with the driver we use. Raises OperatorError, quoting no password."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise OperatorError(
            "--db: not a database URL; write sqlite:///calls.db or postgresql://user@host/db"
        ) from None
    driver = _DRIVERS.get(url.drivername)
    if driver is None:
        raise OperatorError(f"--db: unknown database '{url.drivername}'; sqlite and postgresql are supported")
    if driver.startswith("sqlite") and (url.database or ":memory:").startswith((":memory:", "file:")):
        raise OperatorError("--db: SQLite needs the path of a file, as in sqlite:///calls.db")
    return url.set(drivername=driver)


def migrating(url: URL) -> Engine:
    """An engine for opening the database: patient, since another process may be migrating it."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(
            url, connect_args={"timeout": _OPENING, "isolation_level": None}, hide_parameters=True
        )
        event.listen(engine, "connect", _enter_wal)
        event.listen(engine, "begin", _begin_immediate)
        return engine
    return create_engine(url, connect_args={"connect_timeout": 5}, hide_parameters=True)


def writing(url: URL) -> Engine:
    """An engine with the one connection that writes."""
    engine = _serving(url, connections=1)
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "begin", _begin_immediate)
    return engine


def reading(url: URL, connections: int) -> Engine:
    """An engine whose every SELECT is a transaction of its own."""
    return _serving(url, connections, isolation_level="AUTOCOMMIT")


@contextmanager
def answering() -> Iterator[None]:
    """Turns what a driver raises into StoreUnavailable, except where the data are at fault and not the
    database (IntegrityError, DataError). Nothing of the statement is told: it holds people's data."""
    try:
        yield
    except (IntegrityError, DataError):
        raise
    except DBAPIError as error:
        raise StoreUnavailable(f"--db: the database does not answer: {_line(error)}") from None


def insert_if_absent(dialect: Dialect, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that leaves a row alone when its key is there already."""
    if dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def upsert(
    dialect: Dialect, table: Table, row: dict[str, Any], *, changes: dict[str, Any], where: ColumnElement[bool]
) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that changes the row with the same key where there is one and `where` holds; else none."""
    keys = list(table.primary_key.columns)
    if dialect.name == "postgresql":
        new = postgresql.insert(table).values(row)
        return new.on_conflict_do_update(index_elements=keys, set_=changes, where=where)
    return sqlite.insert(table).values(row).on_conflict_do_update(index_elements=keys, set_=changes, where=where)


def _serving(url: URL, connections: int, **more: Any) -> Engine:
    sizes: dict[str, Any] = {"pool_size": connections, "max_overflow": 0, "hide_parameters": True}
    if url.get_backend_name() == "sqlite":
        # None: SQLAlchemy's BEGIN, not the driver's, opens a transaction.
        args: dict[str, Any] = {"timeout": LOCK_WAIT, "isolation_level": None}
        engine = create_engine(url, connect_args=args, **sizes, **more)
        event.listen(engine, "connect", _keep_promises)
        return engine
    args = {"connect_timeout": 2, "tcp_user_timeout": 3000}
    # `format`: parameters by place, as SQLite has them
    engine = create_engine(url, connect_args=args, pool_pre_ping=True, paramstyle="format", **sizes, **more)
    event.listen(engine, "connect", _limit_waits)
    return engine


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql(BEGIN_WRITING)


def _enter_wal(connection: Any, _: ConnectionPoolEntry) -> None:
    # The one statement that SQLite does not make wait for a process that opens the same new file.
    deadline = time.monotonic() + _OPENING
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _keep_promises(connection: Any, _: ConnectionPoolEntry) -> None:
    """Commits are on disk when they return; raises StoreUnavailable where SQLite will not promise that."""
    connection.execute(_FULL)
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    for name, promised in _PROMISED.items():
        (value,) = connection.execute(f"PRAGMA {name}").fetchone()
        if str(value) != promised:
            raise StoreUnavailable(f"--db: SQLite keeps {name} at {value} and not {promised}; use a local disk")


def _limit_waits(connection: Any, _: ConnectionPoolEntry) -> None:
    """Commits are on disk when they return, and no statement waits for long."""
    connection.execute("SET synchronous_commit = on")
    connection.execute(f"SET lock_timeout = '{LOCK_WAIT}s'")
    connection.execute("SET statement_timeout = '5s'")
    connection.commit()


def _line(error: DBAPIError) -> str:
    text = str(error.orig).strip()
    return text.splitlines()[0] if text else type(error.orig).__name__
