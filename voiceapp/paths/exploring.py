"""Every wait that calls of a flow can come to, every decision there, and where it leads.

Waits that are alike but for what no condition looks at are taken for one, so that there are as many as the flow
has questions and tries, not as many as there are calls.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from voiceapp.carriers.base import Carrier
from voiceapp.flow.flow import Flow, Script
from voiceapp.paths.asked_for import AskedFor, asked_for
from voiceapp.paths.beginnings import beginnings
from voiceapp.paths.failing import Failures, failed
from voiceapp.paths.options import SILENCE, HangUp, Option, Served
from voiceapp.paths.playing import Played, State, play
from voiceapp.rehearsal.conditions import CarrierName, Conditions
from voiceapp.rehearsal.coverage import FLOW, Item
from voiceapp.rehearsal.lines import pieces_of
from voiceapp.rehearsal.server import RehearsalServer

MAX_CALLS = 20_000
"""So many calls are played at the most: a flow that needs more is explored as far as that goes."""

_MOST_ASKED = 5
"""So many back ends in a row are waited for to see what led to them."""

_NAMES: Mapping[str, CarrierName] = {"callr": "callr", "routee": "routee"}


@dataclass(frozen=True)
class Beginning:
    """How a call begins, and what is decided in it: to the wait that was first come to so, or to its end."""

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
    """`waits` with how each was first come to; `moves` from each; `others`: further calls as far as they were
    decided, with what they cover by then. `whole`: nothing was left out for want of time."""

    asked: AskedFor
    carrier: Carrier
    waits: dict[State, Beginning] = field(default_factory=dict)
    moves: dict[State, list[Move]] = field(default_factory=dict)
    others: list[tuple[Beginning, frozenset[Item]]] = field(default_factory=list)
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
    """Explores a flow on one carrier, breadth first: first what people and back ends do, then what the carrier
    could not do."""
    asked = asked_for(script.flows.values())
    exploring = _Exploring(script, Explored(asked, carrier), max_calls)
    for conditions in beginnings(script, asked, _NAMES[carrier.name]):
        await exploring.begin(Beginning(conditions, ()))
    await exploring.go_on()
    for failing in exploring.failing:
        await exploring.fail(failing)
    await exploring.go_on()
    return exploring.explored


class _Exploring:
    """The working state of one exploration: the waits that are still `todo`, and calls that could fail."""

    def __init__(self, script: Script, explored: Explored, max_calls: int) -> None:
        self.explored = explored
        self.failing: list[Beginning] = []
        self._script = script
        self._max_calls = max_calls
        self._todo: deque[tuple[State, tuple[Option, ...]]] = deque()
        self._failures = Failures(script)

    async def begin(self, beginning: Beginning) -> None:
        """A call by these decisions, to its end or to its next wait."""
        played = await self._played(beginning)
        if played is not None:
            self._begun(beginning, played)

    async def fail(self, failing: Beginning) -> None:
        """A call that fails. Where that comes with a question's end, its caller stays silent."""
        for decisions in (failing.decisions, (*failing.decisions, SILENCE)):
            beginning = Beginning(failing.conditions, decisions)
            played = await self._played(beginning)
            if played is None:
                return
            if played.server is not None and failed(played.server.turns):
                self._begun(beginning, played)
                return

    async def go_on(self) -> None:
        """Every decision at every wait that is still to be looked at."""
        while self._todo:
            state, options = self._todo.popleft()
            for option in options:
                beginning = self.explored.waits[state]
                beyond = Beginning(beginning.conditions, (*beginning.decisions, option))
                played = await self._played(beyond)
                if played is None:
                    return
                to = None if played.wait is None else played.wait.state
                covers = covered(self._script, played.server)
                self.explored.moves.setdefault(state, []).append(Move(option, to, covers))
                if to in self.explored.waits:
                    await self._told(beyond, played)
                self._wait(beyond, played)

    async def _told(self, beginning: Beginning, played: Played) -> None:
        """What leads to a back end is told only when that has answered; where it was asked before, after other
        steps, nothing else would show what these cover."""
        for _ in range(_MOST_ASKED):
            answer = None if played.wait is None else played.wait.options[0]
            if not isinstance(answer, Served):
                return
            beginning = Beginning(beginning.conditions, (*beginning.decisions, answer))
            further = await self._played(beginning)
            if further is None:
                return
            played = further
            self._begun(beginning, played)

    async def _played(self, beginning: Beginning) -> Played | None:
        """The call; None when no more may be played."""
        explored, conditions = self.explored, beginning.conditions
        if explored.calls >= self._max_calls:
            explored.whole = False
            return None
        explored.calls += 1
        played = await play(self._script, explored.carrier, conditions, explored.asked, beginning.decisions)
        if not explored.carrier.takes_plan and not conditions.fails:
            self.failing += [
                Beginning(replace(conditions, fails=step), beginning.decisions)
                for step in self._failures.new(played.server)
            ]
        return played

    def _begun(self, beginning: Beginning, played: Played) -> None:
        self.explored.others.append((beginning, covered(self._script, played.server)))
        self._wait(beginning, played)

    def _wait(self, beginning: Beginning, played: Played) -> None:
        """Notes where a call waits, if nobody has been there."""
        if played.wait is not None and played.wait.state not in self.explored.waits:
            self.explored.waits[played.wait.state] = beginning
            self._todo.append((played.wait.state, played.wait.options))


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
