"""What a call does while its caller does nothing: the ways that are taken without a key, a word or a talk."""

from collections.abc import Iterable, Mapping
from enum import IntEnum

from voiceapp.engine.limits import MAX_FRAMES
from voiceapp.flow.fields import END
from voiceapp.flow.flow import Flow, Script
from voiceapp.flow.graph import Edge, Graph, graph_of
from voiceapp.flow.steps.conference import ConferenceStep
from voiceapp.flow.steps.dial import DialStep
from voiceapp.flow.steps.end import EndStep
from voiceapp.flow.steps.question import Question
from voiceapp.flow.steps.record import RecordStep
from voiceapp.flow.steps.run import RunStep
from voiceapp.flow.ways import NEXT, OTHERWISE

Edges = Mapping[str, tuple[Edge, ...]]


class Pace(IntEnum):
    """How a way is taken that needs no caller. AT_ONCE: as soon as the step is through. WAITING: after a silence
    that a question or a recording bears, or when a called party does not answer."""

    AT_ONCE = 1
    WAITING = 2


class Unattended:
    """The unattended ways of these flows, by name."""

    def __init__(self, flows: Mapping[str, Flow]) -> None:
        self._flows = flows
        self._through: dict[str, Pace | None] = {}
        self._inside = 0

    def edges(self, flow: Flow, graph: Graph, slowest: Pace = Pace.WAITING) -> Edges:
        """By step, the ways that are taken without the caller, none slower than `slowest`."""
        return {
            name: tuple(edge for edge in edges if (pace := self.pace(flow, edge)) is not None and pace <= slowest)
            for name, edges in graph.edges.items()
        }

    def pace(self, flow: Flow, edge: Edge) -> Pace | None:
        """How this way is taken without the caller; None when it takes one."""
        match flow.steps[edge.step]:
            case Question():
                return Pace.WAITING if edge.name == OTHERWISE else None
            case RecordStep():
                return None if edge.name == NEXT else Pace.WAITING
            case DialStep():
                return None if edge.name == "answered" else Pace.WAITING
            case ConferenceStep():
                return None
            case RunStep(run=name):
                return self._through_flow(name)
            case _:
                return Pace.AT_ONCE

    def _through_flow(self, name: str) -> Pace | None:
        """How a call comes through a flow that is run, back to the one that runs it."""
        if name not in self._through:
            self._through[name] = None  # a flow that runs itself does not come back
            if name in self._flows and self._inside < MAX_FRAMES:
                self._inside += 1
                self._through[name] = self._fastest(self._flows[name])
                self._inside -= 1
        return self._through[name]

    def _fastest(self, flow: Flow) -> Pace | None:
        graph = graph_of(flow)
        for pace in Pace:
            if END in Graph(self.edges(flow, graph, pace), {}).reached([flow.first]):
                return pace
        return None


def hangs_up(script: Script, steps: Iterable[str], flow: Flow) -> bool:
    """Whether one of these steps, or a step of a flow that one of them runs, is an `end`."""
    todo = [flow.steps[name] for name in steps]
    seen = set[str]()
    for step in todo:
        if isinstance(step, EndStep):
            return True
        if isinstance(step, RunStep) and step.run not in seen and step.run in script.flows:
            seen.add(step.run)
            inner = script.flows[step.run]
            todo += [inner.steps[name] for name in graph_of(inner).reached([inner.first]) if name in inner.steps]
    return False
