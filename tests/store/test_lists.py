"""Lists of calls, versions of flows, opt-outs."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.store.samples import NOON, a_call, a_turn
from voiceapp.actions import OptOut
from voiceapp.call import Phase
from voiceapp.store.store import Store


async def names(store: Store, limit: int, before: str | None = None) -> tuple[list[str], str | None]:
    page = await store.calls(limit=limit, before=before)
    return [call.id.removeprefix("call-") for call in page.calls], page.next


async def test_pages_are_complete_newest_first_and_do_not_shift(store: Store) -> None:
    # Four calls a minute: equal times must neither repeat nor vanish between two pages.
    made = [a_call(f"{number:02}", minutes=number // 4) for number in range(22)]
    await asyncio.gather(*(store.commit(a_turn(call)) for call in made))
    seen, cursor = await names(store, 5)
    while cursor is not None:
        await store.commit(a_turn(a_call(f"new-{len(seen)}", minutes=60)))
        more, cursor = await names(store, 5, cursor)
        seen += more
    assert seen == [f"{number:02}" for number in reversed(range(22))]


@pytest.mark.parametrize(("stored", "following"), [(0, False), (2, False), (3, True)])
async def test_a_cursor_is_given_only_when_more_follows(store: Store, stored: int, following: bool) -> None:
    for number in range(stored):
        await store.commit(a_turn(a_call(str(number))))
    page = await store.calls(limit=2)
    assert (len(page.calls), page.next is not None) == (min(stored, 2), following)


@pytest.mark.parametrize("cursor", ["nonsense", "e30=", "é", "WyJ4IiwieSJd"])
async def test_a_cursor_that_is_not_ours_is_refused(store: Store, cursor: str) -> None:
    with pytest.raises(ValueError, match="not a cursor"):
        await store.calls(limit=2, before=cursor)


async def test_calls_are_filtered_by_flow_caller_and_life(store: Store) -> None:
    calls: dict[str, dict[str, Any]] = {
        "a": {"flow": "clinic", "caller": "+331", "phase": Phase.IN_FLOW},
        "b": {"flow": "clinic", "caller": "+332", "phase": Phase.ENDED},
        "c": {"flow": "survey", "caller": "+331", "phase": Phase.ENDED},
    }
    for name, changes in calls.items():
        await store.commit(a_turn(a_call(name, **changes)))

    async def found(flow: str | None = None, live: bool | None = None, caller: str | None = None) -> str:
        page = await store.calls(limit=9, flow=flow, live=live, caller=caller)
        return "".join(call.id.removeprefix("call-") for call in page.calls)

    assert await found() == "cba"
    assert await found(flow="clinic") == "ba"
    assert await found(live=True) == "a"
    assert await found(live=False) == "cb"
    assert await found(caller="+331") == "ca"
    assert await found(flow="clinic", caller="+331", live=False) == ""


async def test_overdue_calls_come_oldest_first(store: Store) -> None:
    for minutes in (3, 1, 2, 9):
        await store.commit(a_turn(a_call(str(minutes), minutes=minutes)))
    late = await store.overdue(NOON + timedelta(minutes=5), 2)
    assert [(stored.call.id, stored.log) for stored in late] == [("call-1", 1), ("call-2", 1)]


async def test_a_version_of_a_flow_is_kept_once(store: Store) -> None:
    sources = {"clinic.yaml": "steps: 📞\x00", "shared/hours.yaml": ""}
    await store.keep_flow("v1", "clinic", sources, NOON)
    await store.keep_flow("v1", "clinic", {"clinic.yaml": "other"}, NOON)
    assert await store.flow_sources("v1") == sources
    assert await store.flow_sources("v2") is None


async def test_an_opt_out_counts_in_its_scope_and_all_in_every_scope(store: Store) -> None:
    out = (
        OptOut(step="s", number="+331", scope="survey"),
        OptOut(step="s", number="+332", scope="all"),
        OptOut(step="s", number="+331", scope="survey"),
    )
    await store.commit(a_turn(a_call("one"), actions=out))
    await store.commit(a_turn(a_call("two"), actions=out))
    asked = [("+331", "survey"), ("+331", "clinic"), ("+332", "clinic"), ("+332", "all"), ("+333", "survey")]
    assert [await store.opted_out(*each) for each in asked] == [True, False, True, True, False]
