"""A flow as a graph: which steps can follow which, and by which way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from voiceapp.flow.bodies import KEYS
from voiceapp.flow.fields import REPEAT
from voiceapp.flow.flow import Flow
from voiceapp.flow.steps.question import Question
from voiceapp.flow.ways import ON_ERROR, ON_HANG_UP, ON_MACHINE, WayOut, flow_key_way

FIRST = "first"
"""How a call comes to its first step; beside it the flow's own ways, such as `on_error`."""


class Edge(NamedTuple):
    """From one step to another, or to `end`, by the way of this name."""

    step: str
    name: str
    to: str


@dataclass(frozen=True)
class Graph:
    """`edges` by the step they leave; `starts` by how a call comes there: FIRST, ON_ERROR, …"""

    edges: Mapping[str, tuple[Edge, ...]]
    starts: Mapping[str, str]

    def reached(self, starts: Iterable[str] | None = None) -> frozenset[str]:
        """Every step that can be come to from these (default: from all starts), and they themselves; `end` too."""
        return _closure(self.starts.values() if starts is None else starts, self._after)

    def reaching(self, targets: Iterable[str]) -> frozenset[str]:
        """Every step from which one of these can be come to, and they themselves."""
        return _closure(targets, self._before)

    def following(self, step: str) -> frozenset[str]:
        """What can be the next step, or `end`."""
        return self._after.get(step, frozenset())

    @cached_property
    def _after(self) -> Mapping[str, frozenset[str]]:
        return {step: frozenset(edge.to for edge in edges) for step, edges in self.edges.items()}

    @cached_property
    def _before(self) -> Mapping[str, frozenset[str]]:
        before: dict[str, set[str]] = {}
        for edges in self.edges.values():
            for edge in edges:
                before.setdefault(edge.to, set()).add(edge.step)
        return {step: frozenset(steps) for step, steps in before.items()}


def ways_out(flow: Flow, name: str) -> tuple[WayOut, ...]:
    """Every way out of a step of this flow; out of a question also those behind the flow's own keys, as far as its
    own answers leave them."""
    step = flow.steps[name]
    own = step.ways_out(flow.after(name))
    if not isinstance(step, Question):
        return own
    keys = (WayOut(flow_key_way(key), way) for key, way in flow.head.keys.items() if step.leaves(key))
    return (*own, *keys)


def graph_of(flow: Flow) -> Graph:
    """The graph of a flow. `repeat` leads to the questions that it can stand for."""
    questions = tuple(name for name, step in flow.steps.items() if step.collects)
    edges = {
        name: tuple(
            Edge(name, way.name, to)
            for way in ways_out(flow, name)
            for to in ([way.to] if way.to != REPEAT else _repeated(flow, name, questions))
        )
        for name in flow.steps
    }
    head = flow.head
    starts = {FIRST: flow.first, ON_MACHINE: head.on_machine, ON_HANG_UP: head.on_hang_up, ON_ERROR: head.on_error}
    return Graph(edges, {role: way for role, way in starts.items() if way is not None})


def _repeated(flow: Flow, name: str, questions: tuple[str, ...]) -> tuple[str, ...]:
    """The questions that a key pressed in this step, or in the one it stands in, may repeat."""
    asked, _, key = name.rpartition(".")
    if flow.steps[name].collects:
        return (name,)
    return (asked,) if key and asked != KEYS and flow.steps[asked].collects else questions


def _closure(starts: Iterable[str], after: Mapping[str, frozenset[str]]) -> frozenset[str]:
    todo, seen = list(starts), set[str]()
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += after.get(name, ())
    return frozenset(seen)
