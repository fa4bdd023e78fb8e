"""Where a call can go round: the loops of a flow, and which of them nothing ends."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from voiceapp.check.subject import Subject
from voiceapp.check.ways.unattended import Edges, Pace, Unattended, hangs_up
from voiceapp.engine.limits import MAX_TURNS
from voiceapp.flow.flow import Flow
from voiceapp.flow.graph import FIRST, Edge
from voiceapp.flow.steps.branch import BranchStep
from voiceapp.flow.steps.question import Question
from voiceapp.flow.ways import ON_ERROR, ON_MACHINE

Round = frozenset[str]
"""Steps each of which can be come to from each: a loop, or several that are one knot."""


class Loop(NamedTuple):
    """One way round: `steps` in the order they are come to, `back` the way by which it closes."""

    steps: tuple[str, ...]
    back: Edge


@dataclass(frozen=True)
class Loops:
    """The loops of a flow. `closed`: no way leads out of it. `at_once` and `waiting`: the caller need not do
    anything for the call to go round, and no condition that changes on the way ends it."""

    closed: tuple[Loop, ...]
    at_once: tuple[Loop, ...]
    waiting: tuple[Loop, ...]


def loops_of(subject: Subject) -> Loops:
    """Each loop once, under the worst that can be said of it."""
    flow, graph = subject.flow, subject.graph
    unattended = Unattended(subject.script.flows)
    reached = graph.reached()
    everything = {name: graph.edges[name] for name in flow.steps if name in reached}
    fast = _only(unattended.edges(flow, graph, Pace.AT_ONCE), reached)
    slow = _only(unattended.edges(flow, graph), reached)

    at_once = {knot: _first_loop(flow, fast, knot) for knot in _endless(flow, fast)}
    worse = frozenset[str]().union(*at_once)
    closed = {
        knot: _first_loop(flow, everything, knot) for knot in _closed(subject, everything) if not knot & worse
    }
    worse = worse.union(*closed)
    waiting = (_first_loop(flow, slow, knot) for knot in _endless(flow, slow) if not knot & worse)
    return Loops(tuple(closed.values()), tuple(at_once.values()), tuple(waiting))


def _only(edges: Edges, steps: Iterable[str]) -> Edges:
    kept = frozenset(steps)
    return {name: tuple(edge for edge in ways if edge.to in kept) for name, ways in edges.items() if name in kept}


def _closed(subject: Subject, edges: Edges) -> Iterator[Round]:
    """The knots that a call comes into and never out of. After the hang-up nobody is held in any."""
    graph = subject.graph
    called = graph.reached(way for role, way in graph.starts.items() if role in (FIRST, ON_MACHINE, ON_ERROR))
    for knot in _rounds(edges):
        leaves = any(edge.to not in knot for name in knot for edge in edges[name])
        if knot <= called and not leaves and not hangs_up(subject.script, knot, subject.flow):
            yield knot


def _endless(flow: Flow, edges: Edges) -> Iterator[Round]:
    """The knots that nothing ends. A step that leaves one by a condition on what changes in it ends it; what is
    left without such a step may still hold a loop."""
    for knot in _rounds(edges):
        changed = {name for step in knot for name in _changed(flow, step)}
        ending = {step for step in knot if _ends(flow, step, knot, changed)}
        if not ending:
            yield knot
        else:
            yield from _endless(flow, _only(edges, knot - ending))


def _changed(flow: Flow, name: str) -> Iterable[str]:
    """What this step saves though the caller does nothing."""
    step = flow.steps[name]
    return () if isinstance(step, Question) else step.names_saved(name)


def _ends(flow: Flow, name: str, knot: Round, changed: set[str]) -> bool:
    step = flow.steps[name]
    if not isinstance(step, BranchStep):
        return False
    ways = [case.next for case in step.branch] + [step.otherwise or flow.after(name)]
    asked = frozenset[str]().union(*(case.if_.names for case in step.branch))
    return any(way not in knot for way in ways) and bool(asked & (changed | {"now"}))


def _rounds(edges: Edges) -> list[Round]:
    """The strongly connected parts of these edges that hold an edge, by Kosaraju's two passes."""
    before: dict[str, list[str]] = {}
    for ways in edges.values():
        for edge in ways:
            before.setdefault(edge.to, []).append(edge.step)
    found, taken = [], set[str]()
    for name in reversed(_finished(edges)):
        knot, todo = set[str](), [name]
        while todo:
            step = todo.pop()
            if step not in taken:
                taken.add(step)
                knot.add(step)
                todo += before.get(step, ())
        if len(knot) > 1 or any(edge.to in knot for step in knot for edge in edges.get(step, ())):
            found.append(frozenset(knot))
    return found


def _finished(edges: Edges) -> list[str]:
    """The steps in the order in which a depth-first walk is through with them."""
    done: list[str] = []
    seen = set[str]()
    for start in edges:
        todo = [(start, False)]
        while todo:
            name, through = todo.pop()
            if through:
                done.append(name)
            elif name not in seen:
                seen.add(name)
                todo.append((name, True))
                todo += [(edge.to, False) for edge in edges.get(name, ())]
    return done


def _first_loop(flow: Flow, edges: Edges, knot: Round) -> Loop:
    """The shortest way round that closes with the first way back, in the order of the file, that this knot has."""
    order = {name: at for at, name in enumerate(flow.steps)}
    inside = [edge for name in sorted(knot, key=order.__getitem__) for edge in edges[name] if edge.to in knot]
    back = next(edge for edge in inside if order[edge.to] <= order[edge.step])
    return Loop(_way(inside, back.to, back.step), back)


def _way(edges: Iterable[Edge], start: str, target: str) -> tuple[str, ...]:
    """The steps of a shortest way from one step of a knot to another, both with it."""
    after: dict[str, list[str]] = {}
    for edge in edges:
        after.setdefault(edge.step, []).append(edge.to)
    came: dict[str, str] = {start: ""}
    todo = [start]
    for name in todo:
        for step in after.get(name, ()):
            if step not in came:
                came[step] = name
                todo.append(step)
    return tuple(reversed(list(_back(came, target))))


def _back(came: Mapping[str, str], step: str) -> Iterator[str]:
    while step:
        yield step
        step = came[step]


def broken_off(subject: Subject) -> str:
    """When a call ends that nothing else ends."""
    return f"the call is broken off, after {MAX_TURNS} turns or {subject.flow.head.max_minutes} minutes"
