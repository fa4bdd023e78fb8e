"""Two versions of a flow, compared by playing: every path of either through both."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from voiceapp.carriers.base import Carrier
from voiceapp.flow.flow import Script
from voiceapp.paths.exploring import explore, goals
from voiceapp.paths.touring import Tour, tours
from voiceapp.rehearsal.actor import Actor
from voiceapp.rehearsal.clock import Clock
from voiceapp.rehearsal.comparing import came_of
from voiceapp.rehearsal.coverage import Counting
from voiceapp.rehearsal.lines import HEARS, Line, joined
from voiceapp.rehearsal.rehearse import Rehearsed, rehearse
from voiceapp.rehearsal.server import RehearsalServer


class Outcome(StrEnum):
    """What became of one call under the new version, the worst last."""

    SAME = "same"
    OTHER_PROMPT = "other prompt"
    OTHER_WAY = "other way"
    DEAD_END = "dead end"


@dataclass(frozen=True)
class Compared:
    """One call under both versions; `first` is the first line that differs, under the old one and under the
    new."""

    name: str
    outcome: Outcome
    before: Rehearsed
    after: Rehearsed
    first: tuple[str, str] | None


@dataclass(frozen=True)
class Behaviour:
    """The calls that were compared. `whole`: there are some, and every wait of both versions was explored."""

    compared: tuple[Compared, ...]
    whole: bool

    @property
    def different(self) -> tuple[Compared, ...]:
        """Those that come out otherwise."""
        return tuple(one for one in self.compared if one.outcome is not Outcome.SAME)


async def behaviour(old: Script, new: Script, carriers: Sequence[Carrier]) -> Behaviour:
    """Plays every path of both versions on each carrier that can do both."""
    compared, whole = list[Compared](), True
    for carrier in carriers:
        if _fits(old, carrier) and _fits(new, carrier):
            for script in (old, new):
                explored = await explore(script, carrier)
                whole = whole and explored.whole
                wanted = goals(Counting().of(script.flow, [carrier]))
                for tour in await tours(script, explored, wanted):
                    compared.append(await _played(tour, old, new, carrier))
    once = {(one.name, one.before.lines, one.after.lines, one.outcome): one for one in compared}
    return Behaviour(tuple(once.values()), whole and bool(compared))


def _fits(script: Script, carrier: Carrier) -> bool:
    return not any(carrier.misfits(flow) for flow in script.flows.values())


async def _played(tour: Tour, old: Script, new: Script, carrier: Carrier) -> Compared:
    def casting(server: RehearsalServer, clock: Clock) -> Actor:
        return Actor(tour.rehearsed.lines, clock, machine=tour.conditions.machine)

    before = await rehearse(old, carrier, tour.conditions, casting)
    return compare(tour.name, before, await rehearse(new, carrier, tour.conditions, casting))


def compare(name: str, before: Rehearsed, after: Rehearsed) -> Compared:
    """What became of a call of the same caller."""
    return Compared(
        name, _outcome(before, after), before, after, _first(joined(before.lines), joined(after.lines))
    )


def _outcome(before: Rehearsed, after: Rehearsed) -> Outcome:
    if _failed(after) and not _failed(before):
        return Outcome.DEAD_END
    if _ways(before) != _ways(after) or _done(before) != _done(after) or came_of(before) != came_of(after):
        return Outcome.OTHER_WAY
    return Outcome.SAME if joined(before.lines) == joined(after.lines) else Outcome.OTHER_PROMPT


def _failed(rehearsed: Rehearsed) -> bool:
    """The caller hears an apology, or what the flow says when a step fails."""
    return rehearsed.call is None or rehearsed.call.failed or bool(rehearsed.defects)


def _ways(rehearsed: Rehearsed) -> list[str]:
    """The ways that were taken, whatever their steps are called."""
    return [taken.name for taken in rehearsed.taken]


def _done(rehearsed: Rehearsed) -> list[Line]:
    """What happens on the phone but for what is heard."""
    return [line for line in rehearsed.lines if line.kind != HEARS]


def _first(before: Sequence[Line], after: Sequence[Line]) -> tuple[str, str] | None:
    for one, other in _pairs(before, after):
        if one != other:
            return one, other
    return None


def _pairs(before: Sequence[Line], after: Sequence[Line]) -> Iterator[tuple[str, str]]:
    for at in range(max(len(before), len(after))):
        one = str(before[at]) if at < len(before) else "nothing more"
        other = str(after[at]) if at < len(after) else "nothing more"
        yield one, other
