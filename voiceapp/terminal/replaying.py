"""`voiceapp replay --since … --flow NEW`: the calls that there were, under a changed flow."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from voiceapp.carriers import Carrier
from voiceapp.changes.behaviour import Compared, Outcome
from voiceapp.changes.groups import each, grouped
from voiceapp.changes.stored import played_again, stored_call
from voiceapp.changes.telling import calls_told, counted
from voiceapp.flow.flow import Script
from voiceapp.flow.library import script_from_sources
from voiceapp.store.store import Store

_PAGE = 500


async def replayed_since(
    store: Store, new: Script, carriers: Mapping[str, Carrier], since: datetime
) -> tuple[Compared, ...]:
    """Every call of this flow that began at `since` or later, under the version it began with and under `new`."""
    compared: list[Compared] = []
    versions: dict[str, Script | None] = {}
    cursor: str | None = None
    while True:
        page = await store.calls(limit=_PAGE, flow=new.flow.name, before=cursor)
        for call in page.calls:
            if call.started_at < since:
                return tuple(compared)
            if call.version not in versions:
                sources = await store.flow_sources(call.version)
                versions[call.version] = None if sources is None else script_from_sources(call.flow, sources)
            old, again = versions[call.version], stored_call(await store.turns(call.id))
            if old is not None and again is not None:
                compared.append(await played_again(again, old, new, carriers[call.carrier]))
        cursor = page.next
        if cursor is None:
            return tuple(compared)


def any_different(compared: Iterable[Compared]) -> bool:
    """Whether any of these calls comes out otherwise."""
    return any(one.outcome is not Outcome.SAME for one in compared)


def lines(compared: Collection[Compared], *, every: bool = False) -> Iterator[str]:
    """What came out otherwise, one call for all with the same reason, or `every` one; and how many there are of
    each kind."""
    for group in (each if every else grouped)(compared):
        yield from calls_told(group)
    counts = Counter(one.outcome for one in compared)
    listed = ", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome)
    yield f"{counted(len(compared), 'call')}: {listed}"
