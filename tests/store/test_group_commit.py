"""Which turns share a transaction, with a transaction that ends when the test says so."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence

import pytest

from tests.store.samples import a_call, a_turn
from voiceapp.errors import StoreUnavailable, TurnConflict
from voiceapp.store.group_commit import GroupCommit
from voiceapp.store.threads import Threads
from voiceapp.store.writer import TurnRows, rows_of

ROWS = rows_of(a_turn(a_call()))


class Transactions:
    """Stands for the database: notes the size of a batch, waits for `go`, raises `error` if there is one."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.begun = threading.Event()
        self.go = threading.Event()
        self.error: Exception | None = None
        self.guilty: TurnRows | None = None

    def write(self, batch: Sequence[TurnRows]) -> list[Exception | None]:
        self.sizes.append(len(batch))
        self.begun.set()
        assert self.go.wait(30)
        if self.error:
            raise self.error
        return [TurnConflict("late") if rows is self.guilty else None for rows in batch]


@pytest.fixture
def transactions() -> Transactions:
    return Transactions()


@pytest.fixture
async def group(transactions: Transactions) -> AsyncIterator[GroupCommit]:
    thread = Threads("test", 1, 30)
    group = GroupCommit(transactions.write, thread)
    yield group
    transactions.go.set()
    await group.close()
    assert await thread.close()


async def begun(transactions: Transactions) -> None:
    """Return when a transaction has begun."""
    assert await asyncio.to_thread(transactions.begun.wait, 30)


async def test_what_arrives_during_a_transaction_shares_the_next(
    group: GroupCommit, transactions: Transactions
) -> None:
    futures = [group.submit(ROWS) for _ in range(3)]
    await begun(transactions)
    futures += [group.submit(ROWS) for _ in range(300)]
    transactions.go.set()
    await asyncio.gather(*futures)
    assert transactions.sizes == [3, 256, 44]


async def test_each_turn_hears_of_its_own_outcome(group: GroupCommit, transactions: Transactions) -> None:
    transactions.guilty = rows_of(a_turn(a_call("guilty")))
    transactions.go.set()
    submitted = [group.submit(rows) for rows in (ROWS, transactions.guilty, ROWS)]
    outcomes = await asyncio.gather(*submitted, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), TurnConflict, type(None)]


async def test_those_behind_a_failed_transaction_are_told_at_once(
    group: GroupCommit, transactions: Transactions
) -> None:
    transactions.error = StoreUnavailable("gone")
    first = group.submit(ROWS)
    await begun(transactions)
    behind = group.submit(ROWS)
    transactions.go.set()
    outcomes = await asyncio.gather(first, behind, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable, StoreUnavailable]
    transactions.error = None
    await group.submit(ROWS)
    assert transactions.sizes == [1, 1]


async def test_too_many_waiting_turns_are_refused(group: GroupCommit, transactions: Transactions) -> None:
    futures = [group.submit(ROWS) for _ in range(10_000)]
    with pytest.raises(StoreUnavailable, match="does not keep up"):
        group.submit(ROWS)
    transactions.go.set()
    await asyncio.gather(*futures)


async def test_who_stops_waiting_takes_no_turn_back(group: GroupCommit, transactions: Transactions) -> None:
    futures = [group.submit(ROWS) for _ in range(3)]
    futures[1].cancel()
    transactions.go.set()
    await asyncio.gather(futures[0], futures[2])
    assert transactions.sizes == [3]
