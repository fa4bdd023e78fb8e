"""As few calls as it takes to go through everything: each to its end, written down as a scenario."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from voiceapp.flow.flow import Script
from voiceapp.paths.exploring import Explored, Item, covered
from voiceapp.paths.options import SILENCE, Option
from voiceapp.paths.playing import conditions_with, play
from voiceapp.rehearsal.conditions import Conditions
from voiceapp.rehearsal.coverage import FLOW
from voiceapp.rehearsal.rehearse import Rehearsed


@dataclass(frozen=True)
class Tour:
    """One call: under which conditions, what came of it, and what it covers; `name` says what it is played for."""

    name: str
    conditions: Conditions
    rehearsed: Rehearsed
    covers: frozenset[Item]


@dataclass(frozen=True)
class _Candidate:
    conditions: Conditions
    decisions: tuple[Option, ...]
    covers: frozenset[Item]


async def tours(script: Script, explored: Explored, wanted: Iterable[Item]) -> tuple[Tour, ...]:
    """Calls that go through all that is wanted, as far as it was found."""
    left = list(dict.fromkeys(wanted))
    candidates = sorted(_candidates(explored), key=lambda candidate: len(candidate.decisions))
    first: dict[Item, _Candidate] = {}
    for candidate in candidates:
        for item in candidate.covers:
            first.setdefault(item, candidate)
    # The deepest first: what lies on the way to it is then covered as well.
    order = sorted((item for item in left if item in first), key=lambda item: -len(first[item].decisions))
    found, done = list[Tour](), set[Item]()
    for item in order:
        if item not in done:
            tour = await _played(script, explored, first[item], _name(item))
            if item in tour.covers:
                found.append(tour)
                done |= tour.covers
    for candidate in candidates:
        # On a carrier that reports no silence, a call tells only in its end which ways it went.
        missing = [item for item in left if item not in done]
        if missing and candidate.decisions and candidate.decisions[-1] == SILENCE:
            tour = await _played(script, explored, candidate, _name(missing[0]))
            new = [item for item in missing if item in tour.covers]
            if new:
                found.append(replace(tour, name=_name(new[0])))
                done |= tour.covers
    return tuple(_needed(found, left))


def _candidates(explored: Explored) -> Iterator[_Candidate]:
    for conditions, covers in explored.ends:
        yield _Candidate(conditions, (), covers)
    for state, moves in explored.moves.items():
        beginning = explored.waits[state]
        for move in moves:
            yield _Candidate(beginning.conditions, (*beginning.decisions, move.decision), move.covers)


async def _played(script: Script, explored: Explored, candidate: _Candidate, name: str) -> Tour:
    """The call of a candidate, from there to its end the shortest way."""
    ways_on = explored.to_the_end
    played = await play(
        script,
        explored.carrier,
        candidate.conditions,
        explored.asked,
        candidate.decisions,
        lambda state, options: ways_on.get(state, options[0]),
    )
    if played.rehearsed is None:
        raise RuntimeError("somebody decides at every wait")
    covers = covered(script, played.server)
    return Tour(name, conditions_with(candidate.conditions, played), played.rehearsed, covers)


def _needed(found: Collection[Tour], wanted: Collection[Item]) -> Iterator[Tour]:
    """Those of the calls that go through something wanted which none of the others does."""
    kept = list(found)
    for tour in found:
        others = frozenset[Item]().union(*(other.covers for other in kept if other is not tour))
        if not (tour.covers & frozenset(wanted)) - others:
            kept.remove(tour)
    return reversed(kept)


def _name(item: Item) -> str:
    what, step, name = item
    match what:
        case "way" | "try" if step == FLOW:
            return name.replace("_", " ")
        case "language":
            return f"{step} in {name}"
        case _:
            return f"{step}, {name.replace('_', ' ')}"
