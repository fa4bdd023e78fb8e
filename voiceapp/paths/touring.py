"""As few calls as it takes to go through everything: each to its end, written down as a scenario."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from voiceapp.flow.flow import Script
from voiceapp.paths.exploring import Explored, covered
from voiceapp.paths.options import SILENCE, Option
from voiceapp.paths.playing import Policy, State, conditions_with, place, play
from voiceapp.rehearsal.conditions import Conditions
from voiceapp.rehearsal.coverage import FLOW, Item
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
    """Decisions that go through something; `silent_at`: the wait at which the last of them is to do nothing."""

    conditions: Conditions
    decisions: tuple[Option, ...]
    covers: frozenset[Item]
    silent_at: State | None = None


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
            tour = await _played(script, explored, first[item], item)
            if item in tour.covers:
                found.append(tour)
                done |= tour.covers
    if explored.carrier.takes_plan:
        found += await _told_later(script, explored, candidates, [item for item in left if item not in done])
    return tuple(_needed(found, left))


async def _told_later(
    script: Script, explored: Explored, candidates: Iterable[_Candidate], left: Iterable[Item]
) -> list[Tour]:
    """Calls for what is left. A carrier that reports no silence tells which ways a silent caller came only with
    something that happens later."""
    missing, found = list(left), list[Tour]()
    for candidate in candidates:
        if missing and candidate.silent_at is not None:
            policy = _speaking_up(explored, candidate.silent_at)
            tour = await _played(script, explored, candidate, missing[0], policy)
            new = [item for item in missing if item in tour.covers]
            if new:
                found.append(replace(tour, name=_name(new[0])))
                missing = [item for item in missing if item not in tour.covers]
    return found


def _candidates(explored: Explored) -> Iterator[_Candidate]:
    for other, covers in explored.others:
        yield _Candidate(other.conditions, other.decisions, covers)
    for state, moves in explored.moves.items():
        beginning = explored.waits[state]
        for move in moves:
            decisions = (*beginning.decisions, move.decision)
            silent_at = state if move.decision == SILENCE else None
            yield _Candidate(beginning.conditions, decisions, move.covers, silent_at)


def _shortest(explored: Explored) -> Policy:
    """Goes to the end of the call the shortest way."""
    ways_on = explored.to_the_end
    return lambda state, options: ways_on.get(state, options[0])


def _speaking_up(explored: Explored, at: State) -> Policy:
    """Stays silent until something else is asked than at this wait, does the first thing that can be done there,
    and then goes to the end."""
    shortest, asked, spoken = _shortest(explored), place(at), False

    def decide(state: State, options: Sequence[Option]) -> Option | None:
        nonlocal spoken
        if spoken:
            return shortest(state, options)
        if SILENCE in options and place(state) == asked:
            return SILENCE
        spoken = True
        return options[0]

    return decide


async def _played(
    script: Script, explored: Explored, candidate: _Candidate, item: Item, policy: Policy | None = None
) -> Tour:
    """The call of a candidate; how it goes on from there is decided by `policy`, the shortest way without one."""
    played = await play(
        script,
        explored.carrier,
        candidate.conditions,
        explored.asked,
        candidate.decisions,
        policy or _shortest(explored),
    )
    if played.rehearsed is None:
        raise RuntimeError("somebody decides at every wait")
    covers = covered(script, played.server)
    return Tour(_name(item), conditions_with(candidate.conditions, played), played.rehearsed, covers)


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
