"""What of a script runs between two posts of a carrier: from where a turn begins to what its reply waits for.

A carrier that takes one command a reply posts again after each thing that was told, so the next `say` ends the
turn. One that takes a plan posts again when keys came in or a dial ended: a turn runs on through everything that
is said. A flow that is run and not known counts as such a post.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from voiceapp.carriers import Carrier
from voiceapp.carriers.narrowed import narrowed
from voiceapp.engine.limits import MAX_FRAMES
from voiceapp.flow.fields import END
from voiceapp.flow.flow import Flow, Script
from voiceapp.flow.graph import FIRST, Edge, Graph, graph_of
from voiceapp.flow.leaves import expressions
from voiceapp.flow.steps.call_back import CallBackStep
from voiceapp.flow.steps.conference import ConferenceStep
from voiceapp.flow.steps.dial import DialStep
from voiceapp.flow.steps.end import EndStep
from voiceapp.flow.steps.fetch import FetchStep
from voiceapp.flow.steps.question import Question
from voiceapp.flow.steps.record import RecordStep
from voiceapp.flow.steps.run import RunStep
from voiceapp.flow.steps.step import Step
from voiceapp.flow.templates import Template
from voiceapp.flow.ways import ON_ERROR, ON_HANG_UP, ON_MACHINE

_WAITS = (Question, DialStep, RecordStep, ConferenceStep, EndStep)
"""Nothing behind these is reached before the carrier posts again, whatever it takes."""

_REFUSED = "failed"
"""The way out of a dial that is not even begun: no number is left that may be dialled."""


class Place(NamedTuple):
    """A step of one of a script's flows."""

    flow: str
    step: str


class Begin(NamedTuple):
    """A turn begins after this step, by the way of this name; without a step by one of the flow's own ways."""

    flow: str
    step: str
    way: str


class At(NamedTuple):
    """A call at a step, in the middle of a turn. `runs`: the `run` steps that the turn is inside of; those of
    earlier turns are not known. `failed`: `on_error` was taken, which happens once in a call."""

    place: Place
    runs: tuple[Place, ...] = ()
    failed: bool = False


class Turns:
    """The turns of a script as one carrier meets it. Those behind the hang-up are none: nobody waits for them."""

    def __init__(self, script: Script, carrier: Carrier) -> None:
        self._main = script.flow.name
        self._plan = carrier.takes_plan
        self._dial_outcomes = carrier.dial_outcomes
        self._flows: Mapping[str, Flow] = {
            name: narrowed(flow, carrier.name) for name, flow in script.flows.items()
        }
        self._graphs: Mapping[str, Graph] = {name: graph_of(flow) for name, flow in self._flows.items()}
        self._after: dict[At, tuple[At, ...]] = {}

    def step(self, place: Place) -> Step:
        """The step at this place."""
        return self._flows[place.flow].steps[place.step]

    def ends_turn(self, place: Place) -> bool:
        """Whether the carrier posts again before anything behind this step is done."""
        return self._ends(self.step(place))

    def begins(self) -> Iterator[tuple[Begin, frozenset[At]]]:
        """Every turn, with the steps that it can begin at; none where it only hangs up."""
        for flow, graph in self._graphs.items():
            for role, to in graph.starts.items():
                if role == ON_ERROR or (flow == self._main and role in (FIRST, ON_MACHINE)):
                    yield Begin(flow, "", role), self._arrived(flow, to, (), failed=role == ON_ERROR)
            for step in self._heard[flow]:
                for edge in graph.edges[step]:
                    if self._told(self.step(Place(flow, step)), edge):
                        yield Begin(flow, step, edge.name), self._arrived(flow, edge.to, ())

    def after(self, at: At) -> tuple[At, ...]:
        """Where the same turn can be next."""
        if at not in self._after:
            self._after[at] = tuple(sorted(self._next(at)))
        return self._after[at]

    def _next(self, at: At) -> set[At]:
        step, (flow, name) = self.step(at.place), at.place
        following: set[At] = set()
        if isinstance(step, RunStep) and step.run in self._flows:
            if len(at.runs) < MAX_FRAMES - 1:
                first = self._flows[step.run].first
                following |= self._arrived(step.run, first, (*at.runs, at.place), failed=at.failed)
        else:
            for edge in self._graphs[flow].edges[name]:
                if self._passes(step, edge):
                    following |= self._arrived(flow, edge.to, at.runs, failed=at.failed)
        handlers = () if at.failed else self._failed(flow, at.runs)
        if handlers and _may_fail(step, name):
            following.update(handlers)
        return following

    @cached_property
    def _heard(self) -> Mapping[str, tuple[str, ...]]:
        """The steps of each flow that a call comes to before the hang-up."""
        heard = {}
        for flow, graph in self._graphs.items():
            reached = graph.reached(way for role, way in graph.starts.items() if role != ON_HANG_UP)
            heard[flow] = tuple(name for name in self._flows[flow].steps if name in reached)
        return heard

    @cached_property
    def _runners(self) -> Mapping[str, tuple[Place, ...]]:
        """The `run` steps that run each flow."""
        runners: dict[str, list[Place]] = {name: [] for name in self._flows}
        for flow, names in self._heard.items():
            for place in (Place(flow, name) for name in names):
                step = self.step(place)
                if isinstance(step, RunStep) and step.run in runners:
                    runners[step.run].append(place)
        return {name: tuple(places) for name, places in runners.items()}

    def _ends(self, step: Step) -> bool:
        if isinstance(step, RunStep):
            return step.run not in self._flows
        return isinstance(step, _WAITS) if self._plan else not step.silent

    def _told(self, step: Step, edge: Edge) -> bool:
        """Whether a turn begins with a post that leads this way."""
        return self._ends(step) and (not isinstance(step, DialStep) or edge.name in self._dial_outcomes)

    def _passes(self, step: Step, edge: Edge) -> bool:
        """Whether a turn goes this way without a further post."""
        return not self._ends(step) or (isinstance(step, DialStep) and edge.name == _REFUSED)

    def _arrived(self, flow: str, to: str, runs: tuple[Place, ...], *, failed: bool = False) -> frozenset[At]:
        """The steps that a call stands at which goes to `to`: behind the end of a flow, where it was run from."""
        arrived, seen, todo = set(), set[tuple[str, str, tuple[Place, ...]]](), [(flow, to, runs)]
        while todo:
            one = flow, to, runs = todo.pop()
            if one in seen:
                continue
            seen.add(one)
            if to != END:
                arrived.add(At(Place(flow, to), runs, failed))
                continue
            for place in runs[-1:] or self._runners[flow]:
                todo += [(place.flow, edge.to, runs[:-1]) for edge in self._graphs[place.flow].edges[place.step]]
                if not failed and "language" in self.step(place).names_saved(place.step):
                    arrived |= self._failed(place.flow, runs[:-1])
        return frozenset(arrived)

    def _failed(self, flow: str, runs: tuple[Place, ...]) -> frozenset[At]:
        """Where a call goes on in which a step failed: at the innermost `on_error`; none where it apologises."""
        failed, seen, todo = set[At](), set[tuple[str, tuple[Place, ...]]](), [(flow, runs)]
        while todo:
            one = flow, runs = todo.pop()
            if one in seen:
                continue
            seen.add(one)
            way = self._flows[flow].head.on_error
            if way is not None:
                failed |= self._arrived(flow, way, runs, failed=True)
            else:
                todo += [(place.flow, runs[:-1]) for place in runs[-1:] or self._runners[flow]]
        return frozenset(failed)


def _may_fail(step: Step, name: str) -> bool:
    """Whether entering the step can fail although the flow loads."""
    if isinstance(step, FetchStep) and step.failed is None:
        return True
    if isinstance(step, RunStep | CallBackStep) or "language" in step.names_saved(name):
        return True
    return any(not (isinstance(one, Template) and one.literal) for _, one in expressions(step))
