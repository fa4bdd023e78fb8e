import asyncio
from datetime import timedelta

from tests.store.databases import opened
from tests.store.samples import NOON, a_call, a_turn
from voiceapp.actions import Action, HangUp, Notify
from voiceapp.store.notifications import LEASE
from voiceapp.store.store import Store

HOUR = timedelta(hours=1)


async def owe(store: Store, count: int) -> None:
    actions: list[Action] = [HangUp(step="s")]
    actions += [Notify(step="s", url=f"https://example.org/{n}", data={"n": n}) for n in range(count)]
    await store.commit(a_turn(a_call(), actions=tuple(actions)))


async def test_a_notification_is_due_once_its_turn_is_stored(store: Store) -> None:
    await owe(store, 2)
    assert await store.due_notifications(NOON - HOUR, 9) == []
    one, two = await store.due_notifications(NOON, 9)
    assert (one.id, one.call_id, one.url, one.data, one.attempt) == (
        "call-one.1.1",
        "call-one",
        "https://example.org/0",
        {"n": 0},
        1,
    )
    assert two.id == "call-one.1.2"


async def test_what_is_taken_is_leased_and_comes_back(store: Store) -> None:
    await owe(store, 1)
    assert len(await store.due_notifications(NOON, 9)) == 1
    assert await store.due_notifications(NOON + LEASE - timedelta(seconds=1), 9) == []
    (again,) = await store.due_notifications(NOON + LEASE, 9)
    assert again.attempt == 2


async def test_a_failed_attempt_is_due_when_asked_and_a_given_up_one_never(store: Store) -> None:
    await owe(store, 1)
    (owed,) = await store.due_notifications(NOON, 9)
    await store.settle_notification(owed.id, delivered=False, at=NOON, next_at=NOON + HOUR, error="HTTP 503")
    assert await store.due_notifications(NOON + HOUR / 2, 9) == []
    (owed,) = await store.due_notifications(NOON + HOUR, 9)
    await store.settle_notification(owed.id, delivered=False, at=NOON, next_at=None, error="HTTP 410")
    assert await store.due_notifications(NOON + 99 * HOUR, 9) == []


async def test_what_was_delivered_stays_delivered(store: Store) -> None:
    await owe(store, 1)
    (owed,) = await store.due_notifications(NOON, 9)
    await store.settle_notification(owed.id, delivered=True, at=NOON, next_at=None, error="")
    await store.settle_notification(owed.id, delivered=False, at=NOON, next_at=NOON, error="a late loser")
    assert await store.due_notifications(NOON + 99 * HOUR, 9) == []


async def test_two_servers_never_take_the_same(database_url: str) -> None:
    async with opened(database_url) as one, opened(database_url) as other:
        await owe(one, 40)
        taken: list[str] = []

        async def work(store: Store) -> None:
            while mine := await store.due_notifications(NOON, 3):
                assert len(mine) <= 3
                taken.extend(owed.id for owed in mine)

        await asyncio.gather(*(work(store) for store in (one, other, one, other)))
        assert sorted(taken) == sorted({f"call-one.1.{n}" for n in range(1, 41)})
