"""A database that is locked, full or gone: quick refusals, then recovery without help."""

import asyncio
import contextlib
import itertools
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.pool import Pool

from tests.store.databases import opened, postgres_schema, run_on_postgres, sqlite_url
from tests.store.samples import a_call, a_turn
from voiceapp.errors import StoreUnavailable
from voiceapp.store.database import read_url
from voiceapp.store.orders import Answer, PutTurns, encode_rows
from voiceapp.store.rows import rows_of
from voiceapp.store.schema import migrate
from voiceapp.store.store import Store
from voiceapp.store.writer import Writer

FULL_AT = 40
ROOM_AGAIN = 1_000_000


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Another program writes, and takes its time."""
    engine = create_engine(url)
    lock = "BEGIN IMMEDIATE" if engine.dialect.name == "sqlite" else "LOCK TABLE calls, turns IN EXCLUSIVE MODE"
    try:
        with engine.connect() as connection:
            connection.execute(text(lock))
            yield
    finally:
        engine.dispose()


async def test_a_locked_database_refuses_soon_and_recovers(database_url: str, store: Store) -> None:
    await store.commit(a_turn(a_call()))
    with locked(database_url):
        start = time.monotonic()
        waves = [a_turn(a_call(), 2)] + [a_turn(a_call(str(number))) for number in range(300)]
        outcomes = await asyncio.gather(*map(store.commit, waves), return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {StoreUnavailable}
        assert time.monotonic() - start < 2, "300 turns waited one after the other"
        assert (await store.call("call-one")).log == 1, "reading goes on"
    await asyncio.gather(*map(store.commit, waves))
    assert (await store.call("call-one")).log == 2


async def test_a_locked_database_is_not_ready(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    async with opened(url) as store:
        await store.ping()
        with locked(url), pytest.raises(StoreUnavailable, match=r"^--db: .*database is locked$"):
            await store.ping()
        await store.ping()


@contextmanager
def small_disk() -> Iterator[list[Any]]:
    """SQLite databases opened in the block are full at 40 pages; yields their connections in order."""
    connections: list[Any] = []

    def limit(connection: Any, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {FULL_AT}")
        connections.append(connection)

    event.listen(Pool, "connect", limit)
    try:
        yield connections
    finally:
        event.remove(Pool, "connect", limit)


def put(writer: Writer, number: int) -> Answer:
    turn = a_turn(a_call(), number, reply=b"x" * 1000)
    return writer.carry_out(PutTurns([encode_rows(rows_of(turn))]))


async def test_a_full_disk_refuses_keeps_what_it_has_and_recovers(tmp_path: Path) -> None:
    url = read_url(sqlite_url(tmp_path))
    migrate(url)
    with small_disk() as connections, contextlib.closing(Writer(url)) as writer:
        refused = next(number for number in itertools.count(1) if put(writer, number).unavailable)
        assert re.search(r"^--db: .*disk is full$", put(writer, refused).unavailable)
        async with opened(sqlite_url(tmp_path)) as store:
            assert (await store.call("call-one")).log == refused - 1
            assert [turn.number for turn in await store.turns("call-one")] == list(range(1, refused))
            connections[0].execute(f"PRAGMA max_page_count = {ROOM_AGAIN}")
            assert put(writer, refused) == Answer()
            assert (await store.call("call-one")).log == refused
    engine = create_engine(sqlite_url(tmp_path))
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    engine.dispose()


async def test_a_server_that_comes_back_is_used_again() -> None:
    with postgres_schema() as url:
        async with opened(url) as store:
            await store.commit(a_turn(a_call()))
            run_on_postgres(
                make_url(url),
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = current_setting('application_name') AND pid != pg_backend_pid()",
            )
            assert (await store.call("call-one")).log == 1
            await store.commit(a_turn(a_call(), 2))
            assert (await store.call("call-one")).log == 2


class Proxy:
    """A TCP proxy before a server, which can stop passing anything on: a server that hangs."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._ways: list[asyncio.Task[None]] = []

    def freeze(self) -> None:
        self._flowing.clear()

    def thaw(self) -> None:
        self._flowing.set()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """Yields the port; returns when both sides of every connection have hung up."""
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        async with server:
            yield server.sockets[0].getsockname()[1]
            self.thaw()
            await asyncio.gather(*self._ways)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(*self._target)
        self._ways += [
            asyncio.create_task(self._pass_on(reader, far_writer)),
            asyncio.create_task(self._pass_on(far_reader, writer)),
        ]

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            await self._flowing.wait()
            writer.write(data)
        writer.close()
        await writer.wait_closed()


async def test_a_server_that_hangs_costs_one_patience_and_recovers() -> None:
    with postgres_schema() as url:
        server = make_url(url)
        proxy = Proxy(server.host or "127.0.0.1", server.port or 5432)
        async with proxy.listening() as port:
            through = server.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
            async with opened(through, patience=0.5) as store:
                await store.commit(a_turn(a_call()))
                proxy.freeze()
                with pytest.raises(StoreUnavailable, match=r"did not answer in 0\.5 s"):
                    await store.commit(a_turn(a_call(), 2))
                start = time.monotonic()
                for number in range(20):
                    with pytest.raises(StoreUnavailable):
                        await store.commit(a_turn(a_call(str(number))))
                assert time.monotonic() - start < 0.5, "later turns waited too"
                proxy.thaw()
                await until_stored(store, log=2)
                await store.commit(a_turn(a_call(), 3))


async def until_stored(store: Store, log: int) -> None:
    """Return when the turn that nobody waits for any more is there."""
    while (await store.call("call-one")).log < log:
        pass
