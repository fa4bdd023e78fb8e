"""Every wait that calls of a flow can come to, every decision there, and where it leads.

Waits that are alike but for what no condition looks at are taken for one, so that there are as many as the flow
has questions and tries, not as many as there are calls.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from voiceapp.carriers.base import Carrier
from voiceapp.flow.flow import Flow, Script
from voiceapp.paths.asked_for import AskedFor, asked_for
from voiceapp.paths.beginnings import beginnings
from voiceapp.paths.options import HangUp, Option
from voiceapp.paths.playing import State, play
from voiceapp.rehearsal.conditions import CarrierName, Conditions
from voiceapp.rehearsal.coverage import FLOW, Coverage
from voiceapp.rehearsal.lines import pieces_of
from voiceapp.rehearsal.server import RehearsalServer

MAX_CALLS = 20_000
"""So many calls are played at the most: a flow that needs more is explored as far as that goes."""

_NAMES: Mapping[str, CarrierName] = {"callr": "callr", "routee": "routee"}

Item = tuple[str, str, str]
"""What a call can cover: (`way`, step, the way's name), (`try`, step, its name) or
(`language`, step, language)."""


@dataclass(frozen=True)
class Beginning:
    """How the calls begin that were tried, and by which decisions this wait was first come to."""

    conditions: Conditions
    decisions: tuple[Option, ...]


@dataclass(frozen=True)
class Move:
    """A decision at a wait: where it leads (None: to the end of the call), and what a call covers by then that
    came here first."""

    decision: Option
    to: State | None
    covers: frozenset[Item]


@dataclass
class Explored:
    """`waits` with how each was first come to; `moves` from each; `ends`: conditions under which a call comes to
    its end by itself, with what it covers. `whole`: nothing was left out for want of time."""

    asked: AskedFor
    carrier: Carrier
    waits: dict[State, Beginning] = field(default_factory=dict)
    moves: dict[State, list[Move]] = field(default_factory=dict)
    ends: list[tuple[Conditions, frozenset[Item]]] = field(default_factory=list)
    calls: int = 0
    whole: bool = True

    @cached_property
    def to_the_end(self) -> Mapping[State, Option]:
        """For each wait the decision that leads to the end of the call soonest, hanging up only where there is no
        other."""
        nearest: dict[State, Option] = {}
        for with_hang_ups in (False, True):
            moves = [
                (state, move)
                for state, found in self.moves.items()
                for move in found
                if with_hang_ups or not isinstance(move.decision, HangUp)
            ]
            _add_nearest(nearest, moves)
        return nearest


def _add_nearest(nearest: dict[State, Option], moves: list[tuple[State, Move]]) -> None:
    """Adds for each wait the decision by which these moves come soonest to the end."""
    before: dict[State | None, list[tuple[State, Option]]] = {}
    for state, move in moves:
        before.setdefault(move.to, []).append((state, move.decision))
    todo: deque[State | None] = deque([None, *nearest])
    while todo:
        for state, decision in before.get(todo.popleft(), ()):
            if state not in nearest:
                nearest[state] = decision
                todo.append(state)


async def explore(script: Script, carrier: Carrier, max_calls: int = MAX_CALLS) -> Explored:
    """Explores a flow on one carrier, breadth first."""
    asked = asked_for(script.flows.values())
    explored = Explored(asked, carrier)
    todo: deque[tuple[State, tuple[Option, ...]]] = deque()
    for conditions in beginnings(script, asked, _NAMES[carrier.name]):
        played = await play(script, carrier, conditions, asked, ())
        explored.calls += 1
        if played.wait is None:
            explored.ends.append((conditions, covered(script, played.server)))
        elif played.wait.state not in explored.waits:
            explored.waits[played.wait.state] = Beginning(conditions, ())
            todo.append((played.wait.state, played.wait.options))
    while todo:
        state, options = todo.popleft()
        for option in options:
            if explored.calls >= max_calls:
                explored.whole = False
                return explored
            found = await _move(script, explored, state, option)
            if found is not None:
                todo.append(found)
    return explored


async def _move(
    script: Script, explored: Explored, state: State, option: Option
) -> tuple[State, tuple[Option, ...]] | None:
    """One decision at a wait; what it leads to, if nobody has been there."""
    beginning = explored.waits[state]
    decisions = (*beginning.decisions, option)
    played = await play(script, explored.carrier, beginning.conditions, explored.asked, decisions)
    explored.calls += 1
    to = None if played.wait is None else played.wait.state
    explored.moves.setdefault(state, []).append(Move(option, to, covered(script, played.server)))
    if played.wait is None or played.wait.state in explored.waits:
        return None
    explored.waits[played.wait.state] = Beginning(beginning.conditions, decisions)
    return played.wait.state, played.wait.options


def covered(script: Script, server: RehearsalServer | None) -> frozenset[Item]:
    """What the call's own flow went through."""
    return frozenset() if server is None else frozenset(_items(script.flow, server))


def _items(flow: Flow, server: RehearsalServer) -> Iterator[Item]:
    for turn in server.turns:
        for taken in turn.taken:
            if taken.flow == flow.name:
                step = flow.steps.get(taken.step)
                whose = taken.step if step is not None and taken.name in _own_ways(flow, taken.step) else FLOW
                yield ("try" if step is not None and taken.name in step.rungs() else "way", whose, taken.name)
        for action in turn.actions:
            for piece in pieces_of(action):
                if action.step in flow.steps:
                    yield "language", action.step, piece.language


def _own_ways(flow: Flow, step: str) -> frozenset[str]:
    body = flow.steps[step]
    return frozenset((*(way.name for way in body.ways_out(flow.after(step))), *body.rungs()))


def goals(coverage: Coverage) -> Mapping[Item, int]:
    """Everything there is to cover in a flow, and how often it was."""
    parts: Mapping[str, Mapping[tuple[str, str], int]] = {
        "way": coverage.ways,
        "try": coverage.rungs,
        "language": coverage.languages,
    }
    return {(what, *names): count for what, counts in parts.items() for names, count in counts.items()}
