"""What carriers told beside calls is kept once, as it came; webhooks that are owed are seen and sent again."""

import asyncio
from datetime import timedelta
from typing import Any

import msgspec

from tests.store.databases import opened
from tests.store.samples import NOON, a_call, a_turn
from tests.store.test_turns import HARD_TEXTS
from voiceapp.actions import Notify
from voiceapp.store.carrier_events import CarrierEvent
from voiceapp.store.notifications import LEASE
from voiceapp.store.store import Store
from voiceapp.store.turns import Owed, Report, Turn

SECOND = timedelta(seconds=1)


def an_event(name: str = "one", **changes: Any) -> CarrierEvent:
    event = CarrierEvent("callr", name, "call.outbound_hangup", NOON - SECOND, NOON, "call-one", b'{"x": 1}')
    return msgspec.structs.replace(event, **changes)


async def test_an_event_is_kept_once_as_it_came(store: Store) -> None:
    assert await store.ledger.keep_event(an_event())
    again = an_event(received_at=NOON + SECOND, body=b"{}", call_id="")
    assert not await store.ledger.keep_event(again)
    assert await store.ledger.events(9) == [an_event()]
    assert await store.ledger.keep_event(an_event(carrier="routee")), "ids are the carrier's own"


async def test_any_text_is_kept_wherever_it_stands(store: Store) -> None:
    kept = [
        an_event(words, type=words, call_id=words, body=words.encode()) for words in HARD_TEXTS if len(words) < 255
    ]
    for event in kept:
        assert await store.ledger.keep_event(event)
        assert await store.ledger.events(9, event.type) == [event]
    long = an_event("x" * 1000)
    assert [await store.ledger.keep_event(event) for event in (long, long)] == [True, False]


async def test_the_newest_first_and_those_of_a_type(store: Store) -> None:
    for name, minute, kind in (("a", 2, "sms.mo"), ("b", 0, "sms.mo"), ("d", 1, "other"), ("c", 1, "sms.mo")):
        await store.ledger.keep_event(an_event(name, received_at=NOON + timedelta(minutes=minute), type=kind))
    assert [event.event_id for event in await store.ledger.events(9)] == ["a", "d", "c", "b"]
    assert [event.event_id for event in await store.ledger.events(2)] == ["a", "d"]
    assert [event.event_id for event in await store.ledger.events(9, "sms.mo")] == ["a", "c", "b"]
    assert await store.ledger.events(9, "sms") == []


async def test_of_two_servers_that_are_told_one_keeps_it(database_url: str) -> None:
    async with opened(database_url) as one, opened(database_url) as other:
        told = [store.ledger.keep_event(an_event(str(n))) for n in range(10) for store in (one, other)]
        assert sorted(await asyncio.gather(*told)) == [False] * 10 + [True] * 10


def a_telling_turn(name: str, number: int = 1) -> Turn:
    reports = (Report("call.answered", "https://crm.example.com/a", {"id": name}), Report("call.ended", "u", {}))
    notify = Notify(step="s", url="https://example.com/n", data={"n": 1})
    return a_turn(a_call(name), number, actions=(notify,), reports=reports)


async def test_reports_are_owed_with_their_turn(store: Store) -> None:
    await store.commit(a_telling_turn("one"))
    due = await store.due_notifications(NOON, 9)
    assert [(each.id, each.type, each.url, each.data) for each in due] == [
        ("call-one.1.0", "call.notify", "https://example.com/n", {"n": 1}),
        ("call-one.1.r0", "call.answered", "https://crm.example.com/a", {"id": "one"}),
        ("call-one.1.r1", "call.ended", "u", {}),
    ]


async def test_webhooks_can_be_looked_at(store: Store) -> None:
    for name in ("one", "two"):
        await store.commit(a_telling_turn(name))
    ids = [f"call-{name}.1.{place}" for name in ("two", "one") for place in ("r1", "r0", "0")]
    assert [owed.id for owed in await store.ledger.notifications(9)] == ids
    assert [owed.id for owed in await store.ledger.notifications(2)] == ids[:2]
    assert [owed.id for owed in await store.ledger.notifications(9, "call-one")] == ids[3:]
    assert await store.ledger.notifications(9, "nobody") == []
    first = (await store.ledger.notifications(1))[0]
    assert first == Owed(
        id=ids[0], call_id="call-two", type="call.ended", attempts=0, next_at=NOON, delivered_at=None, error=""
    )


async def test_a_webhook_is_sent_again_as_if_for_the_first_time(store: Store) -> None:
    await store.commit(a_telling_turn("one"))
    delivered, given_up, leased = await store.due_notifications(NOON, 9)
    await store.settle_notification(delivered.id, delivered=True, at=NOON, next_at=None, error="")
    await store.settle_notification(given_up.id, delivered=False, at=NOON, next_at=None, error="HTTP 410")
    later = NOON + LEASE / 2
    for owed in (delivered, given_up, leased):
        assert await store.ledger.resend(owed.id, later)
    assert not await store.ledger.resend("nobody", later)
    again = await store.due_notifications(later, 9)
    assert [(each.id, each.attempt) for each in again] == [(each.id, 1) for each in (delivered, given_up, leased)]
    await store.settle_notification(delivered.id, delivered=False, at=later, next_at=None, error="HTTP 500")
    (first,) = [owed for owed in await store.ledger.notifications(9) if owed.id == delivered.id]
    assert (first.delivered_at, first.error) == (None, "HTTP 500")
