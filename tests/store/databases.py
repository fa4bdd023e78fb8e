"""Databases for tests: `database_url` runs a test once on SQLite and once on PostgreSQL.

VOICEAPP_TEST_POSTGRES names a server and a database; every test gets a schema of its own in it. Without
a server the PostgreSQL half is skipped, except where CI=true: there it fails.
"""

import contextlib
import os
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from voiceapp.store.store import Store

POSTGRES = os.environ.get("VOICEAPP_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/test")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path)
    else:
        with postgres_schema() as url:
            yield url


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """An open store on an empty database, patient enough for a busy machine."""
    async with opened(database_url) as ready:
        yield ready


@contextlib.asynccontextmanager
async def opened(url: str, *, patience: float = 30.0) -> AsyncIterator[Store]:
    """A store that is open inside the block; `patience` in seconds."""
    store = Store(url, patience=patience)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


def sqlite_url(directory: Path) -> str:
    """A database file that does not exist yet."""
    return f"sqlite:///{directory / 'calls.db'}"


@contextlib.contextmanager
def postgres_schema() -> Iterator[str]:
    """A URL whose connections see one new schema, dropped after the block, and give its name as theirs."""
    server = make_url(POSTGRES)
    name = f"test_{uuid.uuid4().hex}"
    try:
        run_on_postgres(server, f"CREATE SCHEMA {name}")
    except OperationalError as error:
        missing = f"no PostgreSQL at {server.render_as_string()}: {error.orig}"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    try:
        url = server.update_query_dict({"options": f"-csearch_path={name}", "application_name": name})
        yield url.render_as_string(hide_password=False)
    finally:
        run_on_postgres(server, f"DROP SCHEMA {name} CASCADE")


def run_on_postgres(url: URL, statement: str) -> None:
    """Run one statement on a connection of its own."""
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()
