import re
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from tests.store.databases import opened, postgres_schema, sqlite_url
from voiceapp.errors import OperatorError, StoreUnavailable
from voiceapp.store.database import read_url, writing
from voiceapp.store.store import Store


@pytest.mark.parametrize(
    ("written", "driver"),
    [
        ("sqlite+aiosqlite:///calls.db", "sqlite+pysqlite"),
        ("sqlite:///calls.db", "sqlite+pysqlite"),
        ("postgresql+psycopg://user@host/db", "postgresql+psycopg"),
        ("postgresql://user@host/db", "postgresql+psycopg"),
    ],
)
def test_every_way_to_write_a_database(written: str, driver: str) -> None:
    assert read_url(written).drivername == driver


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("calls.db", "--db: not a database URL"),
        ("", "--db: not a database URL"),
        ("mysql://user:hunter2@host/db", "--db: unknown database 'mysql'"),
        ("postgresql+nonsense://host/db", "--db: unknown database 'postgresql+nonsense'"),
        ("sqlite://", "--db: SQLite needs the path of a file"),
        ("sqlite:///:memory:", "--db: SQLite needs the path of a file"),
    ],
)
def test_a_wrong_url_is_one_line_without_the_password(written: str, complaint: str) -> None:
    with pytest.raises(OperatorError, match=f"^{re.escape(complaint)}") as caught:
        Store(written)
    assert "\n" not in str(caught.value)
    assert "hunter2" not in str(caught.value)


def unopenable(directory: Path, how: str) -> str:
    if how == "no directory":
        return f"sqlite:///{directory}/nowhere/calls.db"
    if how == "no database":
        (directory / "calls.db").write_text("Dear diary, " * 100)
        return sqlite_url(directory)
    return "postgresql://nobody:hunter2@127.0.0.1:9/db"


@pytest.mark.parametrize("how", ["no directory", "no database", "no server"])
async def test_what_cannot_be_opened_is_one_line_that_names_the_setting(how: str, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=r"^--db: ") as caught:
        await Store(unopenable(tmp_path, how)).open()
    assert "\n" not in str(caught.value)
    assert "hunter2" not in str(caught.value)


async def test_a_store_that_is_not_open_says_so(tmp_path: Path) -> None:
    store = Store(sqlite_url(tmp_path))
    with pytest.raises(StoreUnavailable, match="not open"):
        await store.ping()
    await store.close()


def ask(engine: Engine, question: str) -> str:
    try:
        with engine.connect() as connection:
            return str(connection.execute(text(question)).scalar_one())
    finally:
        engine.dispose()


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", "2"), ("busy_timeout", "300")]
)
async def test_sqlite_commits_to_disk_and_waits_briefly(pragma: str, value: str, tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    async with opened(url):
        assert ask(writing(read_url(url)), f"PRAGMA {pragma}") == value


async def test_sqlite_without_its_promises_is_refused(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    async with opened(url):
        pass
    ask(create_engine(url), "PRAGMA journal_mode = DELETE")
    with pytest.raises(StoreUnavailable, match="keeps journal_mode at delete and not wal"):
        ask(writing(read_url(url)), "SELECT 1")


@pytest.mark.parametrize(
    ("setting", "value"),
    [("synchronous_commit", "on"), ("lock_timeout", "300ms"), ("statement_timeout", "5s")],
)
def test_postgresql_commits_to_disk_and_waits_briefly(setting: str, value: str) -> None:
    with postgres_schema() as url:
        careless = url.replace("search_path", "synchronous_commit%3Doff+-csearch_path", 1)
        assert ask(writing(read_url(careless)), f"SHOW {setting}") == value
