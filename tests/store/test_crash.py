"""A process that is killed has kept every promise, and the next one goes on where it was."""

import asyncio
import sys

from tests.store.databases import opened
from tests.store.samples import a_call, a_turn

ROUNDS = 3
BEFORE_THE_KILL = 150


async def acknowledged_until_killed(url: str, run: str, lines: int) -> list[tuple[str, int]]:
    """What a process had acknowledged, killed without warning after about so many turns."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.store.hammer", url, run, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    said = [await process.stdout.readline() for _ in range(lines)]
    process.kill()
    rest = await process.stdout.read()
    assert await process.wait() == -9
    turns = (line.split() for line in b"".join([*said, rest]).splitlines())
    return [(call_id.decode(), int(number)) for call_id, number in turns]


async def test_every_acknowledged_turn_outlives_a_kill(database_url: str) -> None:
    for attempt in range(ROUNDS):
        run = f"run{attempt}"
        acknowledged = await acknowledged_until_killed(database_url, run, BEFORE_THE_KILL + 37 * attempt)
        assert len(acknowledged) >= BEFORE_THE_KILL
        async with opened(database_url) as store:
            for call_id in {call_id for call_id, _ in acknowledged}:
                stored = await store.call(call_id)
                numbers = [turn.number for turn in await store.turns(call_id)]
                assert numbers == list(range(1, stored.log + 1))
                assert stored.call.turn == stored.log >= max(n for each, n in acknowledged if each == call_id)
                name = call_id.removeprefix("call-")
                await store.commit(a_turn(a_call(name), stored.log + 1))
