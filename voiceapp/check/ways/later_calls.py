"""Which later calls (`call_back`) a call orders by itself, and whether one of them orders the first again."""

from collections.abc import Collection, Iterator, Mapping
from itertools import zip_longest
from typing import NamedTuple

from voiceapp.check.data.outlets import texts_in
from voiceapp.check.ways.unattended import Edges, Unattended
from voiceapp.flow.decided import decided
from voiceapp.flow.fields import Data
from voiceapp.flow.flow import Flow
from voiceapp.flow.graph import FIRST, Edge, Graph, graph_of
from voiceapp.flow.steps.branch import BranchStep
from voiceapp.flow.steps.call_back import CallBackStep
from voiceapp.flow.steps.fetch import FetchStep
from voiceapp.flow.steps.run import RunStep
from voiceapp.flow.steps.set import SetStep
from voiceapp.flow.steps.step import Step
from voiceapp.flow.ways import ON_ERROR

_KNOWN = {"direction": "outbound"}
"""What every later call is."""


class Later(NamedTuple):
    """The step `step` of the flow `flow` orders a call."""

    flow: str
    step: str
    order: CallBackStep


class _Call(NamedTuple):
    """A call with this flow, for which these inputs were passed."""

    flow: str
    passed: frozenset[str]


class LaterCalls:
    """The later calls of these flows, as far as nobody has to do anything for them. A branch ends a round when it
    looks at what is passed from call to call, at what a back end said or at the time, and leads elsewhere too."""

    def __init__(self, flows: Mapping[str, Flow]) -> None:
        self._flows = flows
        self._unattended = Unattended(flows)
        self._ordered: dict[_Call, tuple[Later, ...]] = {}

    def round(self, first: Later) -> tuple[Later, ...]:
        """The orders by which this one comes to itself, call by call, beginning with it; none when it does not."""
        rounds: list[tuple[Later, ...]] = [(first,)]
        seen = set[_Call]()
        for orders in rounds:
            call = _Call(str(orders[-1].order.flow), frozenset(orders[-1].order.with_))
            if call in seen or call.flow not in self._flows:
                continue
            seen.add(call)
            ordered = self._orders(call)
            if any(later[:2] == first[:2] for later in ordered):
                return orders
            rounds += [(*orders, later) for later in ordered]
        return ()

    def _orders(self, call: _Call) -> tuple[Later, ...]:
        if call not in self._ordered:
            flow = self._flows[call.flow]
            starts = graph_of(flow).starts.values()
            self._ordered[call] = tuple(self._orders_in(flow, call.passed, starts, set()))
        return self._ordered[call]

    def _orders_in(
        self, flow: Flow, passed: Collection[str], starts: Collection[str], outer: set[str]
    ) -> Iterator[Later]:
        """Those of a call in a flow, and in the flows that it runs; not again in one that it is in (`outer`)."""
        outer.add(flow.name)
        varying = _varying(flow, passed)
        reached = Graph(self._edges(flow, varying), {}).reached(starts)
        for name, step in flow.steps.items():
            if name in reached and isinstance(step, CallBackStep):
                yield Later(flow.name, name, step)
            elif name in reached and isinstance(step, RunStep) and step.run in self._flows.keys() - outer:
                inner = self._flows[step.run]
                begins = [way for role, way in graph_of(inner).starts.items() if role in (FIRST, ON_ERROR)]
                handed = {name for name, data in step.with_.items() if _names(data) & varying}
                yield from self._orders_in(inner, handed, begins, outer)

    def _edges(self, flow: Flow, varying: Collection[str]) -> Edges:
        """The ways that are taken without the caller, of a branch those that calls take again and again."""
        unattended = self._unattended.edges(flow, graph_of(flow))
        edges = {name: tuple(_taken(flow.steps[name], ways)) for name, ways in unattended.items()}
        ordering = [name for name, step in flow.steps.items() if self._may_order(step)]
        judging = {name for name, step in flow.steps.items() if _asked(step) & {*varying, "now"}}
        while True:
            near = Graph(edges, {}).reaching(ordering)
            ending = {name for name in judging if any(edge.to not in near for edge in edges[name])}
            if not ending:
                return edges
            edges |= dict.fromkeys(ending, ())

    def _may_order(self, step: Step) -> bool:
        """Whether the step orders a call, or runs a flow in which one does."""
        todo, seen = [step], set[str]()
        for one in todo:
            if isinstance(one, CallBackStep):
                return True
            if isinstance(one, RunStep) and one.run in self._flows.keys() - seen:
                seen.add(one.run)
                todo += self._flows[one.run].steps.values()
        return False


def _asked(step: Step) -> frozenset[str]:
    """What a branch looks at."""
    cases = step.branch if isinstance(step, BranchStep) else ()
    return frozenset[str]().union(*(case.if_.names for case in cases))


def _taken(step: Step, ways: tuple[Edge, ...]) -> Iterator[Edge]:
    """The ways that later calls can take, of which something is known."""
    for edge, case in zip_longest(ways, step.branch if isinstance(step, BranchStep) else ()):
        verdict = None if case is None else decided(case.if_, _KNOWN)
        if verdict is not False:
            yield edge
        if verdict is True:
            return


def _varying(flow: Flow, passed: Collection[str]) -> frozenset[str]:
    """What can differ from call to call: the inputs that are passed, what a back end or another flow gave, and
    what was made of these."""
    varying = {str(name) for name in flow.head.inputs if name in passed}
    for name, step in flow.steps.items():
        if isinstance(step, FetchStep | RunStep):
            varying.update(map(str, step.names_saved(name)))
    sets = [step.set_ for step in flow.steps.values() if isinstance(step, SetStep)]
    while more := {str(n) for saved in sets for n, data in saved.items() if _names(data) & varying} - varying:
        varying |= more
    return frozenset(varying)


def _names(data: Data) -> frozenset[str]:
    return frozenset[str]().union(*(text.names for text in texts_in(data)))
