"""Two versions of a flow, compared by playing: every path of either through both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from voiceapp.carriers.base import Carrier
from voiceapp.changes.alike import alike
from voiceapp.changes.decisions import every_decision
from voiceapp.changes.parting import Parting, other_step, parting
from voiceapp.changes.renaming import renamed
from voiceapp.check.times import fits
from voiceapp.flow.flow import Script
from voiceapp.paths.exploring import explore
from voiceapp.paths.touring import Tour, tours
from voiceapp.rehearsal.actor import Actor
from voiceapp.rehearsal.clock import Clock
from voiceapp.rehearsal.comparing import came_of
from voiceapp.rehearsal.coverage import Counting
from voiceapp.rehearsal.lines import HEARS, Line, joined
from voiceapp.rehearsal.rehearse import Rehearsed, rehearse
from voiceapp.rehearsal.server import RehearsalServer

_NOTHING_MORE = Line("nothing more")


class Outcome(StrEnum):
    """What became of one call under the new version, the worst last."""

    SAME = "same"
    OTHER_PROMPT = "other prompt"
    OTHER_WAY = "other way"
    DEAD_END = "dead end"


@dataclass(frozen=True)
class Compared:
    """One call under both versions; `first` is the first line that differs, under the old one and under the new,
    `step` where it is noticed, and `parting` where the call goes on to another step. Steps are named as in the new
    version."""

    name: str
    outcome: Outcome
    before: Rehearsed
    after: Rehearsed
    first: tuple[Line, Line] | None
    step: str
    parting: Parting | None

    @property
    def before_parting(self) -> bool:
        """Whether the first line that differs comes before the call goes another way, so that it has another
        reason."""
        return self.parting is not None and self.step in self.parting.passed


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
    """Plays every path of both versions, and everything that can be done at a step, on each carrier that can do
    both."""
    compared, whole = list[Compared](), True
    names = renamed(old.flow, new.flow)
    # A version that asks and decides alike has the same paths, in other words.
    versions = (old,) if alike(old, new) else (old, new)
    for carrier in carriers:
        if fits(old, carrier) and fits(new, carrier):
            for script in versions:
                explored = await explore(script, carrier)
                whole = whole and explored.whole
                wanted = Counting().of(script.flow, [carrier]).items()
                toured = await tours(script, explored, wanted)
                for tour in (*toured, *await every_decision(script, explored, toured)):
                    compared.append(await _played(tour, old, new, carrier, names))
    once = {(one.name, one.before.lines, one.after.lines, one.outcome): one for one in compared}
    return Behaviour(tuple(once.values()), whole and bool(compared))


async def _played(tour: Tour, old: Script, new: Script, carrier: Carrier, names: Mapping[str, str]) -> Compared:
    def casting(server: RehearsalServer, clock: Clock) -> Actor:
        return Actor(tour.rehearsed.lines, clock, machine=tour.conditions.machine)

    before = await rehearse(old, carrier, tour.conditions, casting)
    return compare(tour.name, before, await rehearse(new, carrier, tour.conditions, casting), names)


def compare(name: str, before: Rehearsed, after: Rehearsed, names: Mapping[str, str]) -> Compared:
    """What became of a call of the same caller. `names` are the steps that have another name now."""
    first = _first(joined(before.lines), joined(after.lines))
    step = "" if first is None else other_step(before, after, names)
    parts = parting(before, after, names)
    return Compared(name, _outcome(before, after, first, parts), before, after, first, step, parts)


def _outcome(before: Rehearsed, after: Rehearsed, first: object, parts: object) -> Outcome:
    if _failed(after) and not _failed(before):
        return Outcome.DEAD_END
    came = came_of(before) != came_of(after)
    if first is None and not came:
        return Outcome.SAME
    elsewhere = parts is not None or _ways(before) != _ways(after)
    return Outcome.OTHER_WAY if came or elsewhere or _done(before) != _done(after) else Outcome.OTHER_PROMPT


def _failed(rehearsed: Rehearsed) -> bool:
    """The caller hears an apology, or what the flow says when a step fails."""
    return rehearsed.call is None or rehearsed.call.failed or bool(rehearsed.defects)


def _ways(rehearsed: Rehearsed) -> list[str]:
    """The ways that were taken, whatever their steps are called."""
    return [taken.name for taken in rehearsed.taken]


def _done(rehearsed: Rehearsed) -> list[Line]:
    """What happens on the phone but for what is heard."""
    return [line for line in rehearsed.lines if line.kind != HEARS]


def _first(before: Sequence[Line], after: Sequence[Line]) -> tuple[Line, Line] | None:
    pairs = zip_longest(before, after, fillvalue=_NOTHING_MORE)
    return next(((one, other) for one, other in pairs if one != other), None)
