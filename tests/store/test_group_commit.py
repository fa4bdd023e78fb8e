"""Which turns share a transaction, with a transaction that ends when the test says so."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import msgspec
import pytest

from voiceapp.errors import StoreUnavailable, TurnConflict
from voiceapp.store.group_commit import GroupCommit

WORTH = 8
"""So many turns make a second batch while the first is written."""

TURN, GUILTY = msgspec.Raw(b"a turn"), msgspec.Raw(b"a guilty one")


class Transactions:
    """Stands for the database: notes the size of a batch, waits for `go`, raises `error` if there is one."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.begun = asyncio.Event()
        self.go = asyncio.Event()
        self.error: Exception | None = None

    async def write(self, batch: Sequence[msgspec.Raw]) -> list[Exception | None]:
        self.sizes.append(len(batch))
        self.begun.set()
        await self.go.wait()
        if self.error:
            raise self.error
        return [TurnConflict("late") if turn is GUILTY else None for turn in batch]


@pytest.fixture
def transactions() -> Transactions:
    return Transactions()


@pytest.fixture
async def group(transactions: Transactions) -> AsyncIterator[GroupCommit]:
    group = GroupCommit(transactions.write)
    yield group
    transactions.go.set()
    await group.close()


async def settled() -> None:
    """Let everything happen that is ready to."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_what_arrives_during_a_transaction_shares_the_next(
    group: GroupCommit, transactions: Transactions
) -> None:
    futures = [group.submit(TURN) for _ in range(3)]
    await transactions.begun.wait()
    futures += [group.submit(TURN) for _ in range(300)]
    transactions.go.set()
    await asyncio.gather(*futures)
    assert transactions.sizes == [3, 256, 44]


async def test_a_few_wait_while_a_batch_is_written_and_many_do_not(
    group: GroupCommit, transactions: Transactions
) -> None:
    futures = [group.submit(TURN)]
    await transactions.begun.wait()
    futures += [group.submit(TURN) for _ in range(WORTH - 1)]
    await settled()
    assert transactions.sizes == [1]
    futures.append(group.submit(TURN))
    await settled()
    assert transactions.sizes == [1, WORTH]
    futures += [group.submit(TURN) for _ in range(30)]
    await settled()
    assert transactions.sizes == [1, WORTH], "a third batch waits for one of these"
    transactions.go.set()
    await asyncio.gather(*futures)
    assert transactions.sizes == [1, WORTH, 30]


async def test_each_turn_hears_of_its_own_outcome(group: GroupCommit, transactions: Transactions) -> None:
    transactions.go.set()
    submitted = [group.submit(rows) for rows in (TURN, GUILTY, TURN)]
    outcomes = await asyncio.gather(*submitted, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), TurnConflict, type(None)]


async def test_those_behind_a_failed_transaction_are_told_at_once(
    group: GroupCommit, transactions: Transactions
) -> None:
    transactions.error = StoreUnavailable("gone")
    futures = []
    for size in (1, WORTH):
        transactions.begun.clear()
        futures += [group.submit(TURN) for _ in range(size)]
        await transactions.begun.wait()
    futures += [group.submit(TURN) for _ in range(3)]
    transactions.go.set()
    outcomes = await asyncio.gather(*futures, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * (1 + WORTH + 3)
    transactions.error = None
    await group.submit(TURN)
    assert transactions.sizes == [1, WORTH, 1]


async def test_too_many_waiting_turns_are_refused(group: GroupCommit, transactions: Transactions) -> None:
    futures = [group.submit(TURN) for _ in range(10_000)]
    with pytest.raises(StoreUnavailable, match="does not keep up"):
        group.submit(TURN)
    transactions.go.set()
    await asyncio.gather(*futures)


async def test_who_stops_waiting_takes_no_turn_back(group: GroupCommit, transactions: Transactions) -> None:
    futures = [group.submit(TURN) for _ in range(3)]
    futures[1].cancel()
    transactions.go.set()
    await asyncio.gather(futures[0], futures[2])
    assert transactions.sizes == [3]
