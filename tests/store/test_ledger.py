"""The dial ledger: what is written is what is read, nobody gets an attempt twice, nothing passes its cap."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Table, insert, text

from tests.store.databases import opened
from tests.store.samples import NOON, a_call, a_turn
from tests.store.test_migrations import connected
from tests.store.test_turns import HARD_TEXTS
from voiceapp.actions import CallBack, Notify
from voiceapp.attempt import Attempt, AttemptState, Cap, Click, DialOrder, IdempotencyKey, Settlement, derived_id
from voiceapp.call import Phase
from voiceapp.errors import StoreUnavailable
from voiceapp.store import tables, writing_process
from voiceapp.store.ledger import KEY_LIFE
from voiceapp.store.rows import rows_of
from voiceapp.store.store import Store
from voiceapp.store.turns import Report
from voiceapp.terms import Callback, MachineDetection, Terms

T = TypeVar("T")
S = AttemptState
SECOND = timedelta(seconds=1)
NEVER_SET: dict[str, Any] = {}


def an_attempt(name: str = "one", *, order: dict[str, Any] = NEVER_SET, **changes: Any) -> Attempt:
    """A scheduled attempt that is due at noon; `order` changes what was asked for."""
    asked: dict[str, Any] = {"flow": "survey", "to": "+33612345678", "carrier": "callr", **order}
    attempt = Attempt(
        id=f"attempt-{name}", order=DialOrder(**asked), state=S.SCHEDULED, created_at=NOON, due_at=NOON
    )
    return msgspec.structs.replace(attempt, **changes)


def of_a_click(number: int, click: str = "click", **changes: Any) -> Attempt:
    order = {"click": Click(a=("+33612345678",), b=("+33123456789",)), "terms": Terms(click=click)}
    return an_attempt(f"{click}-{number}", order=order, number=number, **changes)


def a_key(name: str = "key", digest: str = "ab", at: datetime = NOON) -> IdempotencyKey:
    return IdempotencyKey(name, digest, at)


def to(state: AttemptState, *before: AttemptState, attempt: str = "attempt-one", **changes: Any) -> Settlement:
    settlement = Settlement(id=attempt, before=before, state=state, at=NOON + SECOND)
    return msgspec.structs.replace(settlement, **changes)


async def state_of(store: Store, attempt_id: str = "attempt-one") -> AttemptState:
    found = await store.ledger.attempt(attempt_id)
    assert found is not None
    return found.state


async def patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """Asks until the database is not locked by another process for too long."""
    while True:
        try:
            return await ask()
        except StoreUnavailable:
            continue


# reading


FULL = an_attempt(
    order={
        "shown": "hidden",
        "inputs": {"name": "Zoë", "order": 7, "vip": True, "others": ["+33123456789"]},
        "ring": 45,
        "field": "order7",
        "terms": Terms(
            detection=MachineDetection(then="hang_up", method="dtmf", silence_seconds=0.5),
            callback=Callback("https://crm.example.com/calls", ("call.ended",)),
            max_seconds=600,
            detect_b=True,
            click="click",
        ),
        "click": Click(a=("+33612345678",), b=("+33123456789",), attempts=2, native=True, native_options={"x": 1}),
    },
    state=S.UNKNOWN,
    due_at=NOON + SECOND,
    requested_at=NOON + 2 * SECOND,
    settled_at=NOON + 3 * SECOND,
    ref="4260XMAQ",
    reason="timed out",
    number=2,
)


async def test_an_attempt_is_read_as_it_was_written(store: Store) -> None:
    for attempt in (an_attempt("plain"), FULL):
        assert await store.ledger.put(attempt) == ("created", attempt.id)
        assert await store.ledger.attempt(attempt.id) == attempt
    assert await store.ledger.attempt("attempt") is None


async def test_any_text_is_kept_wherever_it_stands(store: Store) -> None:
    for number, words in enumerate(HARD_TEXTS):
        order = {"inputs": {words: words, "list": [words]}, "shown": words, "field": words, "flow": words}
        attempt = an_attempt(str(number), order=order, ref=words, reason=words)
        await store.ledger.put(attempt, a_key(words, words))
        assert await store.ledger.attempt(attempt.id) == attempt
        assert await store.ledger.put(an_attempt("other"), a_key(words, words)) == ("known", attempt.id)
        assert await store.ledger.count([Cap(words, 1)], NOON) == ""
        assert await store.ledger.count([Cap(words, 1)], NOON) == words
        reason = f"{words}!"
        assert await store.ledger.settle(
            to(S.FAILED, S.SCHEDULED, attempt=attempt.id, ref=words, reason=reason),
            reports=[Report(words, words, {})],
        )
        settled = msgspec.structs.replace(attempt, state=S.FAILED, settled_at=NOON + SECOND, reason=reason)
        assert await store.ledger.attempt(attempt.id) == settled
        (owed,) = await store.ledger.notifications(9, attempt.id)
        assert owed.type == words


async def test_times_come_back_in_utc(store: Store) -> None:
    india = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
    await store.ledger.put(an_attempt(due_at=india, created_at=india))
    found = await store.ledger.attempt("attempt-one")
    assert found is not None
    assert (found.due_at, found.due_at.tzname(), await store.ledger.next_due()) == (NOON, "UTC", NOON)


# idempotency keys


async def test_a_key_stands_for_the_first_request_that_came_with_it(store: Store) -> None:
    put = store.ledger.put
    assert await put(an_attempt("one"), a_key()) == ("created", "attempt-one")
    assert await put(an_attempt("two"), a_key(at=NOON + KEY_LIFE)) == ("known", "attempt-one")
    assert await put(an_attempt("three"), a_key(digest="cd")) == ("differs", "attempt-one")
    assert await put(an_attempt("four"), a_key("other")) == ("created", "attempt-four")
    assert await put(an_attempt("five")) == ("created", "attempt-five")
    assert [await store.ledger.attempt(f"attempt-{name}") for name in ("two", "three")] == [None, None]


async def test_a_key_is_forgotten_after_a_day(store: Store) -> None:
    late = NOON + KEY_LIFE + timedelta(microseconds=1)
    await store.ledger.put(an_attempt("one"), a_key())
    assert await store.ledger.put(an_attempt("two"), a_key(digest="cd", at=late)) == ("created", "attempt-two")
    assert await store.ledger.put(an_attempt("three"), a_key(digest="cd", at=late)) == ("known", "attempt-two")


async def test_the_key_of_an_attempt_that_failed_may_be_used_again(store: Store) -> None:
    for state in S:
        mine, first, second = a_key(state), an_attempt(f"{state}-1", state=state), an_attempt(f"{state}-2")
        await store.ledger.put(first, mine)
        assert await store.ledger.put(second, a_key(state, "cd")) == ("differs", first.id)
        again = ("created", second.id) if state is S.FAILED else ("known", first.id)
        assert await store.ledger.put(second, mine) == again
        assert await store.ledger.put(an_attempt(f"{state}-3"), mine) == ("known", again[1])


async def test_a_click_to_call_has_failed_when_all_its_attempts_have(store: Store) -> None:
    """Else its key would call all of A's numbers again, while the next of them is called anyway."""
    await store.ledger.put(of_a_click(2, "another", state=S.PLACED))
    for follows in S:
        await store.ledger.put(of_a_click(1, follows, state=S.FAILED), a_key(follows))
        await store.ledger.put(of_a_click(2, follows, state=follows))
        recorded, _ = await store.ledger.put(of_a_click(1, f"{follows}-again"), a_key(follows))
        assert recorded == ("created" if follows is S.FAILED else "known")


async def test_twenty_requests_with_one_key_are_one(database_url: str) -> None:
    async with opened(database_url) as one, opened(database_url) as other:

        async def put(name: str, number: int) -> tuple[str, str]:
            ledger, attempt = (one, other)[number % 2].ledger, an_attempt(f"{name}-{number}")
            return await patiently(lambda: ledger.put(attempt, a_key()))

        for name in ("first", "again", "and again"):  # each when what it led to before has failed
            recorded = await asyncio.gather(*(put(name, number) for number in range(20)))
            assert sorted(what for what, _ in recorded) == ["created", *["known"] * 19]
            ((_, only),) = set(recorded) - {("known", attempt_id) for _, attempt_id in recorded}
            assert {attempt_id for _, attempt_id in recorded} == {only}
            assert await one.ledger.settle(to(S.FAILED, S.SCHEDULED, attempt=only))


# claiming


async def test_what_is_due_is_claimed_in_order(store: Store) -> None:
    minutes = {"c": 2, "a": 0, "later": 10, "b": 1, "a2": 0}
    for name, minute in minutes.items():
        await store.ledger.put(an_attempt(name, due_at=NOON + timedelta(minutes=minute)))
    for state in set(S) - {S.SCHEDULED}:
        await store.ledger.put(an_attempt(state, state=state))
    now = NOON + timedelta(minutes=2)
    assert await store.ledger.claim("early", NOON - SECOND, 9) == []
    first = await store.ledger.claim("first", now, 3)
    assert [attempt.id for attempt in first] == ["attempt-a", "attempt-a2", "attempt-b"]
    assert {(attempt.state, attempt.requested_at) for attempt in first} == {(S.DIALING, now)}
    again = await store.ledger.claim("first", now + SECOND, 9)
    assert again == first, "the same token gets the same again, and no more"
    assert [attempt.id for attempt in await store.ledger.claim("second", now, 3)] == ["attempt-c"]
    assert await store.ledger.claim("third", now, 3) == []
    assert await state_of(store, "attempt-later") is S.SCHEDULED


async def test_each_attempt_is_claimed_by_one(database_url: str) -> None:
    async with opened(database_url) as one, opened(database_url) as other:
        await asyncio.gather(*(one.ledger.put(an_attempt(str(number))) for number in range(60)))
        taken: list[str] = []

        async def work(store: Store, worker: int) -> None:
            for turn in range(100):
                token = f"{worker}.{turn}"
                mine = await patiently(partial(store.ledger.claim, token, NOON, 2))
                assert len(mine) <= 2
                taken.extend(attempt.id for attempt in mine)
                if not mine:
                    return

        await asyncio.gather(*(work((one, other)[worker % 2], worker) for worker in range(8)))
        assert sorted(taken) == sorted(f"attempt-{number}" for number in range(60))


# settling


async def test_an_attempt_moves_from_the_states_named_only(store: Store) -> None:
    for state in S:
        await store.ledger.put(an_attempt(state, state=state))
        moved = await store.ledger.settle(to(S.PLACED, S.DIALING, S.UNKNOWN, attempt=f"attempt-{state}", ref="r"))
        assert moved is (state in (S.DIALING, S.UNKNOWN))
        found = await store.ledger.attempt(f"attempt-{state}")
        assert found is not None
        assert (found.state, found.ref) == ((S.PLACED, "r") if moved else (state, ""))
    assert not await store.ledger.settle(to(S.PLACED, *S, attempt="nobody"))


async def test_what_a_settlement_leaves_open_stays(store: Store) -> None:
    await store.ledger.put(an_attempt(state=S.PLACED, ref="ref", reason="why"))
    assert await store.ledger.settle(to(S.UNKNOWN, S.PLACED))
    found = await store.ledger.attempt("attempt-one")
    assert found is not None
    assert (found.ref, found.reason, found.settled_at) == ("ref", "why", NOON + SECOND)
    assert await store.ledger.settle(to(S.OVER, S.UNKNOWN, ref="", reason=""))
    found = await store.ledger.attempt("attempt-one")
    assert found is not None
    assert (found.ref, found.reason) == ("", "")


REPORTS = (
    Report("call.failed", "https://crm.example.com/a", {"id": "attempt-one"}),
    Report("call.failed", "https://crm.example.com/b", {}),
)


async def test_the_same_settlement_again_is_true_and_does_nothing(store: Store) -> None:
    await store.ledger.put(an_attempt(state=S.DIALING))
    failed, after = to(S.FAILED, S.DIALING), an_attempt("two", due_at=NOON + SECOND)
    assert await store.ledger.settle(failed, follower=after, reports=REPORTS)
    assert await store.ledger.settle(to(S.CANCELLED, S.SCHEDULED, attempt=after.id))
    assert await store.ledger.settle(failed, follower=after, reports=REPORTS)
    assert await state_of(store, after.id) is S.CANCELLED
    owed = await store.ledger.notifications(9)
    assert [(each.id, each.call_id, each.type) for each in owed] == [
        ("attempt-one.failed.1", "attempt-one", "call.failed"),
        ("attempt-one.failed.0", "attempt-one", "call.failed"),
    ]
    due = await store.due_notifications(NOON + SECOND, 9)
    assert [(each.url, each.data, each.type) for each in due] == [
        (report.url, report.data, report.type) for report in REPORTS
    ]


async def test_who_comes_too_late_writes_nothing(store: Store) -> None:
    await store.ledger.put(an_attempt(state=S.DIALING))
    assert await store.ledger.settle(to(S.FAILED, S.DIALING))
    for other in (to(S.PLACED, S.DIALING), to(S.FAILED, S.DIALING, at=NOON + 2 * SECOND)):
        assert not await store.ledger.settle(other, follower=an_attempt("two"), reports=REPORTS)
    assert await store.ledger.attempt("attempt-two") is None
    assert await store.ledger.notifications(9) == []


async def test_of_many_who_settle_one_does(database_url: str) -> None:
    async with opened(database_url) as one, opened(database_url) as other:
        await one.ledger.put(an_attempt(state=S.DIALING))

        async def settle(number: int) -> bool:
            store, at = (one, other)[number % 2], NOON + number * SECOND
            follower = an_attempt(f"after-{number}")
            return await patiently(
                lambda: store.ledger.settle(to(S.FAILED, S.DIALING, at=at), follower=follower, reports=REPORTS)
            )

        moved = await asyncio.gather(*map(settle, range(10)))
        assert sum(moved) == 1
        assert [await one.ledger.attempt(f"attempt-after-{n}") is not None for n in range(10)] == moved
        assert len(await one.ledger.notifications(9)) == len(REPORTS)


# counting


async def test_all_caps_are_counted_or_none(store: Store) -> None:
    count, caps = store.ledger.count, [Cap("b", 2), Cap("a", 3), Cap("c", 9)]
    assert await count([], NOON) == ""
    assert [await count(caps, NOON) for _ in range(4)] == ["", "", "b", "b"]
    assert [await count([Cap("a", 3)], NOON) for _ in range(2)] == ["", "a"], "the refused were not counted"
    assert [await count([Cap("c", 4)], NOON) for _ in range(3)] == ["", "", "c"]
    assert await count([Cap("c", 5)], NOON) == "", "the cap is the one that is asked for"


async def test_a_cap_is_never_passed(database_url: str) -> None:
    async with opened(database_url) as one, opened(database_url) as other:

        async def count(number: int) -> str:
            caps = [Cap("day", 10), Cap(f"number-{number}", 1)]
            return await patiently(lambda: (one, other)[number % 2].ledger.count(caps, NOON))

        counted = await asyncio.gather(*map(count, range(50)))
        assert sorted(counted) == [""] * 10 + ["day"] * 40
        with connected(database_url) as connection:
            counts = connection.execute(text("SELECT count, scope FROM dial_counts")).all()
    assert sorted(count for count, _ in counts) == [1] * 10 + [10]


async def test_what_is_old_is_forgotten(store: Store) -> None:
    await store.ledger.put(an_attempt("one"), a_key("old"))
    await store.ledger.put(an_attempt("two"), a_key("new", at=NOON + SECOND))
    await store.ledger.count([Cap("old", 1)], NOON)
    await store.ledger.count([Cap("new", 1)], NOON + SECOND)
    await store.ledger.forget(NOON + SECOND)
    assert (await store.ledger.put(an_attempt("three"), a_key("old")))[0] == "created"
    assert (await store.ledger.put(an_attempt("four"), a_key("new", at=NOON + SECOND)))[0] == "known"
    assert [await store.ledger.count([Cap(scope, 1)], NOON) for scope in ("old", "new")] == ["", "new"]
    assert await store.ledger.attempt("attempt-one") is not None


# looking


async def test_what_is_finished(store: Store) -> None:
    """Its call is over, and the ledger does not say so yet."""
    for state in S:
        await store.ledger.put(an_attempt(f"over-{state}", state=state))
        await store.commit(a_turn(a_call(state, id=f"attempt-over-{state}", phase=Phase.UNREACHED)))
    await store.ledger.put(an_attempt("live", state=S.PLACED))
    await store.commit(a_turn(a_call("live", id="attempt-live")))
    await store.ledger.put(an_attempt("without a call", state=S.PLACED))
    expected = [f"attempt-over-{state}" for state in (S.DIALING, S.PLACED, S.UNKNOWN)]
    assert [attempt.id for attempt in await store.ledger.finished(9)] == expected
    assert [attempt.id for attempt in await store.ledger.finished(2)] == expected[:2]


async def test_what_is_unclear(store: Store) -> None:
    for state in S:
        await store.ledger.put(an_attempt(state, state=state, requested_at=NOON))
    await store.ledger.put(an_attempt("older", state=S.UNKNOWN, requested_at=NOON - SECOND))
    await store.ledger.put(an_attempt("never asked", state=S.DIALING))

    async def unclear(before: datetime, after: datetime, limit: int = 9) -> list[str]:
        found = await store.ledger.unclear(before, after, limit)
        return sorted(attempt.id.removeprefix("attempt-") for attempt in found)

    assert await unclear(NOON + SECOND, NOON) == ["dialing", "unknown"]
    assert await unclear(NOON + SECOND, NOON - SECOND) == ["dialing", "older", "unknown"]
    assert await unclear(NOON, NOON - SECOND) == ["older"]
    assert await unclear(NOON + SECOND, NOON - SECOND, 1) == ["older"]


async def test_what_is_due_next(store: Store) -> None:
    assert await store.ledger.next_due() is None
    for state in set(S) - {S.SCHEDULED}:
        await store.ledger.put(an_attempt(state, state=state))
    assert await store.ledger.next_due() is None
    for seconds in (3, 1, 2):
        await store.ledger.put(an_attempt(str(seconds), due_at=NOON + seconds * SECOND))
    assert await store.ledger.next_due() == NOON + SECOND


async def test_the_attempts_of_a_click_to_call_in_order(store: Store) -> None:
    for number in (3, 1, 10, 2):
        await store.ledger.put(of_a_click(number))
    await store.ledger.put(of_a_click(1, "another"))
    await store.ledger.put(an_attempt())
    assert [attempt.number for attempt in await store.ledger.of_click("click")] == [1, 2, 3, 10]
    assert await store.ledger.of_click("nobody") == []


async def test_a_call_back_is_an_attempt_on_disk_with_its_turn(store: Store) -> None:
    back = CallBack(
        step="s", number="+33698765432", shown="+33123456789", after=600, flow="survey", inputs={"n": 1}
    )
    await store.commit(a_turn(a_call(), actions=(back,)))
    found = await store.ledger.attempt(derived_id("call-one", 1, 0))
    assert found is not None
    assert (found.state, found.due_at) == (S.SCHEDULED, NOON + timedelta(minutes=10))
    assert found.order == DialOrder(
        flow="survey", to="+33698765432", carrier="callr", shown="+33123456789", inputs={"n": 1}
    )


# the process that writes is killed


DIES = """
import os, pathlib, signal, sys
from voiceapp.store import write_orders
from voiceapp.store.writer import Writer

carry_out = Writer.carry_out

def dies(self, order):
    will = pathlib.Path(sys.argv[1])
    name, _, moment = will.read_text().partition(" ")
    if type(order).__name__ != name:
        return carry_out(self, order)
    will.write_text("")
    if moment == "after":
        carry_out(self, order)
    os.kill(os.getpid(), signal.SIGKILL)

Writer.carry_out = dies
write_orders.main()
"""
"""The process that writes; it kills itself at an order that a file names, before it or after its commit."""


async def test_an_order_that_is_told_again_is_carried_out_once(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    will = tmp_path / "will"
    will.touch()

    def launched(channel: socket.socket) -> "subprocess.Popen[bytes]":
        command_line = [sys.executable, "-c", DIES, str(will)]
        return subprocess.Popen(command_line, stdin=channel.fileno(), start_new_session=True)

    monkeypatch.setattr(writing_process, "_launched", launched)
    async with opened(database_url) as store:

        async def killed(order: str, asking: Awaitable[T]) -> T:
            pid = _writing(store)
            will.write_text(order)
            answer = await asking
            assert (will.read_text(), _writing(store) != pid) == ("", True), "it was killed"
            return answer

        put, claim, settle = store.ledger.put, store.ledger.claim, store.ledger.settle
        one, two, after = an_attempt("one"), an_attempt("two"), an_attempt("after", due_at=NOON + 99 * SECOND)
        assert await killed("PutAttempt before", put(one, a_key())) == ("created", one.id)
        failed = to(S.FAILED, S.SCHEDULED)
        assert await killed("SettleAttempt after", settle(failed, follower=after, reports=REPORTS))
        assert await state_of(store) is S.FAILED
        assert await state_of(store, after.id) is S.SCHEDULED
        assert len(await store.ledger.notifications(9)) == len(REPORTS)
        assert await killed("PutAttempt after", put(two, a_key())) == ("created", two.id)
        assert await put(an_attempt("three"), a_key()) == ("known", two.id)
        (mine,) = await killed("ClaimAttempts after", claim("token", NOON, 9))
        assert (mine.id, mine.state, mine.requested_at) == (two.id, S.DIALING, NOON)
        assert await claim("another", NOON, 9) == []


async def test_killed_whenever_it_may_be(store: Store) -> None:
    await asyncio.gather(*(store.ledger.put(an_attempt(f"due-{number}")) for number in range(10)))
    taken: list[str] = []

    async def claim(number: int) -> None:
        taken.extend(attempt.id for attempt in await store.ledger.claim(f"token-{number}", NOON, 1))

    for number in range(3):
        pid = _writing(store)
        orders: Sequence[Awaitable[Any]] = [
            *(
                store.ledger.put(an_attempt(f"{number}.{at}", state=S.DIALING), a_key(f"{number}.{at}"))
                for at in range(20)
            ),
            *(claim(3 * number + at) for at in range(3)),
        ]
        waiting = asyncio.gather(*orders)
        await asyncio.sleep(0)
        os.kill(pid, signal.SIGKILL)
        answers = await waiting
        assert answers[:20] == [("created", f"attempt-{number}.{at}") for at in range(20)]
    assert sorted(taken) == sorted(f"attempt-due-{number}" for number in range(9))


def _writing(store: Store) -> int:
    assert store._running is not None
    process = store._running.writing._process
    assert process is not None
    return process.pid


# a database of the release before


async def test_a_database_without_a_ledger_gets_one(database_url: str) -> None:
    turn = a_turn(a_call(), actions=(Notify(step="s", url="https://crm.example.com", data={"n": 1}),))
    rows = rows_of(turn)
    with connected(database_url) as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", "voiceapp.store:migrations")
        config.set_main_option("path_separator", "os")
        command.upgrade(config, "0001")
        connection.execute(insert(tables.calls), _row(tables.calls, rows.opened))
        connection.execute(insert(tables.turns), _row(tables.turns, rows.turn))
        (owed,) = rows.notifications
        owed_then = {name: value for name, value in _row(tables.notifications, owed).items() if name != "type"}
        connection.execute(insert(tables.notifications), owed_then)
        assert connection.scalar(text("SELECT max(version_num) FROM alembic_version")) == "0001"
    async with opened(database_url) as store:
        assert (await store.call("call-one")).call == turn.call
        assert [logged.reply for logged in await store.turns("call-one")] == [turn.reply]
        (due,) = await store.due_notifications(NOON, 9)
        assert (due.id, due.data, due.type) == ("call-one.1.0", {"n": 1}, "call.notify")
        await store.commit(a_turn(turn.call, 2))
        await store.ledger.put(an_attempt(), a_key())
        assert [attempt.id for attempt in await store.ledger.claim("token", NOON, 9)] == ["attempt-one"]
        assert (await store.find_by_ref("callr", "ref-one")) is not None


def _row(table: Table, values: Sequence[Any] | None) -> dict[str, Any]:
    assert values is not None
    return dict(zip(table.columns.keys(), values, strict=True))


async def test_the_newest_are_listed_by_state(store: Store) -> None:
    later = NOON + timedelta(minutes=1)
    await store.ledger.put(an_attempt())
    await store.ledger.put(an_attempt("two", created_at=later))
    await store.ledger.put(an_attempt("three", created_at=later, state=S.FAILED))
    assert [each.id for each in await store.ledger.newest(2)] == ["attempt-two", "attempt-three"]
    assert [each.id for each in await store.ledger.newest(9, S.SCHEDULED)] == ["attempt-two", "attempt-one"]
