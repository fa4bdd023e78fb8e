"""What is committed is what is read, and nothing is committed twice."""

import asyncio
from datetime import timedelta, timezone
from typing import Any

import msgspec
import pytest

from tests.store.samples import NOON, a_call, a_turn
from voiceapp.actions import Notify, OptOut
from voiceapp.call import Frame, Phase
from voiceapp.errors import TurnConflict, UnknownCall
from voiceapp.events import CallAnswered, FetchCompleted
from voiceapp.store.store import Store
from voiceapp.store.turns import Answered, LoggedTurn, Stored, Turn

HARD_TEXTS = [
    "\x00",
    "a\x00b",
    "\\u0000",
    "📞 Zoë",
    "٣",
    "x" * 10_000,
    str(2**80),
    "'; DROP TABLE calls",
    "%s :id ?",
]


def logged(turn: Turn) -> LoggedTurn:
    fields = msgspec.structs.asdict(turn)
    del fields["call"], fields["reports"]
    return LoggedTurn(**fields)


async def test_a_turn_is_read_as_it_was_committed(store: Store) -> None:
    first, second = (
        a_turn(a_call()),
        a_turn(a_call(language="fr-FR"), 2, steps=(), events=(), actions=(), reply=b"\x00\xff"),
    )
    await store.commit(first)
    assert await store.call("call-one") == Stored(first.call, 1)
    await store.commit(second)
    assert await store.call("call-one") == Stored(second.call, 2)
    assert await store.find_call("callr", "main", "ref-one") == Stored(second.call, 2)
    assert await store.turns("call-one") == [logged(first), logged(second)]
    assert await store.answered("call-one", first.key) == Answered("ab12", first.reply)
    assert await store.answered("call-one", second.key) == Answered("ab12", b"\x00\xff")


async def test_what_nobody_stored_is_not_there(store: Store) -> None:
    assert await store.find_call("callr", "main", "ref-one") is None
    assert await store.answered("call-one", "start") is None
    with pytest.raises(UnknownCall, match="no call has the id 'call-one'"):
        await store.call("call-one")
    with pytest.raises(UnknownCall):
        await store.turns("call-one")


@pytest.mark.parametrize("text", HARD_TEXTS, ids=ascii)
async def test_any_text_is_kept_wherever_it_stands(store: Store, text: str) -> None:
    call = a_call(
        id=text,
        carrier=text,
        app=text,
        ref=text,
        flow=text,
        caller=text,
        frames=(Frame("f", "s", {text: text}),),
    )
    turn = a_turn(
        call,
        key=text,
        events=(FetchCompleted(at=NOON, value={"text": text, "list": [1, 2.5, None, True]}),),
        actions=(Notify(step=text, url=text, data={text: text}), OptOut(step="s", number=text, scope=text)),
    )
    await store.commit(turn)
    assert await store.find_call(text, text, text) == Stored(turn.call, 1)
    assert await store.answered(text, text) == Answered("ab12", turn.reply)
    (entry,) = await store.turns(text)
    assert (entry.events, entry.actions) == (turn.events, turn.actions)
    assert (await store.calls(limit=9, caller=text, flow=text)).calls == (turn.call,)
    assert await store.opted_out(text, text)
    (owed,) = await store.due_notifications(NOON, 9)
    assert (owed.url, owed.data) == (text, {text: text})
    await store.settle_notification(owed.id, delivered=False, at=NOON, next_at=None, error=text)
    assert not await store.opted_out(text + "\\", text)
    assert await store.find_call(text, text, text + "\\") is None


async def test_times_come_back_in_utc_to_the_microsecond(store: Store) -> None:
    india = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
    await store.commit(a_turn(a_call(started_at=india), at=india, events=(CallAnswered(at=india),)))
    (entry,) = await store.turns("call-one")
    assert (entry.at, entry.at.tzname(), entry.events[0].at) == (NOON, "UTC", NOON)
    assert [late.call.id for late in await store.overdue(NOON + timedelta(microseconds=1), 9)] == ["call-one"]
    assert await store.overdue(NOON, 9) == []


@pytest.mark.parametrize(
    ("second", "why"),
    [
        (a_turn(a_call(), 1, key="other"), "the call exists"),
        (a_turn(a_call(id="call-other"), 1), "another call has this ref"),
        (a_turn(a_call(), 2, key="1.nonce:UP"), "the key was answered"),
        (a_turn(a_call(), 3), "a turn is missing before it"),
        (a_turn(a_call("unheard of"), 2), "the call does not exist"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_someone_else_wrote_first_is_a_conflict(store: Store, second: Turn, why: str) -> None:
    first = a_turn(a_call())
    await store.commit(first)
    with pytest.raises(TurnConflict):
        await store.commit(second)
    assert await store.call("call-one") == Stored(first.call, 1), why
    assert await store.turns("call-one") == [logged(first)]
    assert await store.count_live() == 1


@pytest.mark.parametrize("field", ["carrier", "app"])
async def test_the_same_ref_from_elsewhere_is_another_call(store: Store, field: str) -> None:
    elsewhere: dict[str, Any] = {field: "elsewhere"}
    mine, theirs = a_call(id="mine", ref="7"), a_call(id="theirs", ref="7", **elsewhere)
    await asyncio.gather(store.commit(a_turn(mine)), store.commit(a_turn(theirs)))
    for call in (mine, theirs):
        found = await store.find_call(call.carrier, call.app, "7")
        assert found is not None
        assert found.call.id == call.id


async def test_a_conflict_leaves_no_notification_and_no_opt_out(store: Store) -> None:
    await store.commit(a_turn(a_call()))
    errands = (
        Notify(step="s", url="https://example.org", data={}),
        OptOut(step="s", number="+33600000000", scope="all"),
    )
    with pytest.raises(TurnConflict):
        await store.commit(a_turn(a_call(), 1, key="other", actions=errands))
    assert await store.due_notifications(NOON, 9) == []
    assert not await store.opted_out("+33600000000", "all")


async def test_only_the_guilty_turn_of_a_batch_is_refused(store: Store) -> None:
    await store.commit(a_turn(a_call("taken")))
    naive = NOON.replace(tzinfo=None)
    batch = [
        a_turn(a_call("before")),
        a_turn(a_call("taken"), 1, key="other"),
        a_turn(a_call("naive", started_at=naive)),
        a_turn(a_call("after")),
        a_turn(a_call("after"), 2),
        a_turn(a_call("after"), 2, key="late"),
    ]
    outcomes = await asyncio.gather(*map(store.commit, batch), return_exceptions=True)
    assert [outcome is None for outcome in outcomes] == [True, False, False, True, True, False]
    assert isinstance(outcomes[1], TurnConflict)
    assert isinstance(outcomes[5], TurnConflict)
    assert (await store.call("call-after")).log == 2
    assert await store.answered("call-after", "late") is None


async def test_what_json_cannot_say_harms_only_its_own_call(store: Store) -> None:
    bad, good = a_turn(a_call("bad", caller="\ud800")), a_turn(a_call("good"))
    outcomes = await asyncio.gather(store.commit(bad), store.commit(good), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [UnicodeEncodeError, type(None)]


@pytest.mark.parametrize(
    "wrong",
    [{"number": 0}, {"key": ""}, {"at": NOON.replace(tzinfo=None)}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_turn_that_could_not_be_told_apart_is_refused(wrong: dict[str, Any]) -> None:
    fields: dict[str, Any] = {"call": a_call(), "number": 1, "key": "k", "digest": "", "at": NOON} | wrong
    with pytest.raises(ValueError, match="turn"):
        Turn(**fields)


async def test_an_answer_to_nobody_is_stored_all_the_same(store: Store) -> None:
    waiting = asyncio.create_task(store.commit(a_turn(a_call("left"))))
    staying = asyncio.create_task(store.commit(a_turn(a_call("stayed"))))
    await asyncio.sleep(0)
    waiting.cancel()
    await staying
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert (await store.call("call-left")).log == 1


async def test_a_call_that_is_over_is_not_live(store: Store) -> None:
    await store.commit(a_turn(a_call()))
    assert await store.count_live() == 1
    await store.commit(a_turn(a_call(phase=Phase.ENDED), 2))
    assert await store.count_live() == 0
    assert await store.overdue(NOON + timedelta(days=1), 9) == []
