import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from tests.store.databases import opened
from tests.store.samples import a_call, a_turn
from voiceapp.store import migrations
from voiceapp.store.database import migrating, read_url
from voiceapp.store.schema import migrate
from voiceapp.store.tables import metadata


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = migrating(read_url(url))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def test_migrations_create_what_the_tables_say(database_url: str) -> None:
    migrate(read_url(database_url))
    with connected(database_url) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_head_is_the_newest_file() -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert scripts.get_current_head() == migrations.HEAD


async def test_opening_again_changes_nothing(database_url: str) -> None:
    turn = a_turn(a_call())
    async with opened(database_url) as store:
        await store.commit(turn)
    async with opened(database_url) as store:
        assert (await store.call(turn.call.id)).call == turn.call
    with connected(database_url) as connection:
        assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1


async def test_many_processes_may_open_a_new_database_at_once(database_url: str) -> None:
    url = read_url(database_url)
    await asyncio.gather(*(asyncio.to_thread(migrate, url) for _ in range(4)))


async def test_a_schema_from_the_future_is_left_alone(database_url: str) -> None:
    async with opened(database_url):
        pass
    with connected(database_url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text("ALTER TABLE calls ADD COLUMN mood TEXT"))
    async with opened(database_url) as store:
        await store.commit(a_turn(a_call()))
        assert (await store.call("call-one")).log == 1
