import asyncio
from pathlib import Path

from tests.store.databases import opened, sqlite_url
from tests.store.samples import a_call, a_turn

CALLS, TURNS, REPLY = 40, 400, b"x" * 4000


async def test_the_log_of_sqlite_stays_short_while_turns_keep_coming(tmp_path: Path) -> None:
    async with opened(sqlite_url(tmp_path)) as store:

        async def play(name: str) -> None:
            for number in range(1, TURNS + 1):
                await store.commit(a_turn(a_call(name), number, reply=REPLY))

        await asyncio.gather(*(play(str(number)) for number in range(CALLS)))
        # Never begun again, the log holds every reply and several pages around each.
        assert (tmp_path / "calls.db-wal").stat().st_size < CALLS * TURNS * len(REPLY)
