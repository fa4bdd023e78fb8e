"""Two servers on one database: of each turn one commits, the other learns that it was late."""

import asyncio

import msgspec

from tests.store.databases import opened
from tests.store.samples import NOON, a_call, a_turn
from voiceapp.errors import StoreUnavailable, TurnConflict
from voiceapp.store.store import Store

CALLS = 4
TURNS_A_WORKER = 12


async def add_turn(store: Store, call_id: str, key: str) -> None:
    """Commit one more turn, however often somebody else is first. What is lost would show in `keys`."""
    while await store.answered(call_id, key) is None:
        now = await store.call(call_id)
        call = msgspec.structs.replace(now.call, keys=f"{now.call.keys} {key}")
        try:
            await store.commit(a_turn(call, now.log + 1, key=key))
        except (TurnConflict, StoreUnavailable):
            continue


async def test_the_turns_of_a_call_form_one_line(database_url: str) -> None:
    async with opened(database_url) as one, opened(database_url) as other:
        names = [str(number) for number in range(CALLS)]
        for name in names:
            await one.commit(a_turn(a_call(name), key="start"))

        async def work(store: Store, worker: str) -> None:
            for turn in range(TURNS_A_WORKER):
                await asyncio.gather(*(add_turn(store, f"call-{name}", f"{worker}.{turn}") for name in names))

        await asyncio.gather(work(one, "a"), work(other, "b"), work(one, "c"), work(other, "d"))
        for name in names:
            stored, log = await one.call(f"call-{name}"), await other.turns(f"call-{name}")
            assert [turn.number for turn in log] == list(range(1, 4 * TURNS_A_WORKER + 2))
            assert stored.call.keys.split() == [turn.key for turn in log[1:]]


async def test_one_of_two_servers_opens_a_call(database_url: str) -> None:
    async with opened(database_url) as one, opened(database_url) as other:
        for number in range(10):
            ref = str(number)
            outcomes = await asyncio.gather(
                one.commit(a_turn(a_call(id=f"one-{ref}", ref=ref))),
                other.commit(a_turn(a_call(id=f"other-{ref}", ref=ref))),
                return_exceptions=True,
            )
            assert {type(outcome) for outcome in outcomes} == {type(None), TurnConflict}
            winner = ("one", "other")[outcomes.index(None)]
            found = await one.find_call("callr", "main", ref)
            assert found is not None
            assert found.call.id == f"{winner}-{ref}"
        assert len(await one.overdue(NOON.replace(year=2030), 99)) == 10
