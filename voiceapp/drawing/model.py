"""What is drawn of a flow: its steps, the ways between them, how calls come in, and where they end.

Four things are drawn otherwise than the graph has them, since a reader wants to see the call and not the language:
ways of one step to the same place are one edge; keys of the whole flow leave one node "any question" instead of
every question; every end is a mark of its own; and a `set` in place behind a key is a word on the edge.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from voiceapp.drawing.excerpt import assignments, excerpt
from voiceapp.drawing.painted import FLOW, Painted
from voiceapp.flow.fields import END, REPEAT
from voiceapp.flow.flow import Flow
from voiceapp.flow.graph import FIRST, Edge, Graph, graph_of
from voiceapp.flow.steps.branch import BranchStep
from voiceapp.flow.steps.set import SetStep
from voiceapp.flow.ways import NEXT, ON_ERROR, ON_HANG_UP, ON_MACHINE, flow_key_way, is_flow_key, key_way

Kind = Literal["start", "question", "speech", "dial", "decision", "silent", "end"]

KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("menu", "ask", "record"), "question"),
    **dict.fromkeys(("say", "play", "pause", "send_keys"), "speech"),
    **dict.fromkeys(("dial", "conference"), "dial"),
    **dict.fromkeys(("branch", "hours"), "decision"),
    **dict.fromkeys(("set", "fetch", "notify", "opt_out", "call_back", "run"), "silent"),
    "end": "end",
}
"""What each verb is to a caller."""

STARTS = {
    FIRST: "call begins",
    ON_MACHINE: "a machine answers",
    ON_HANG_UP: "caller hangs up",
    ON_ERROR: "a step fails",
}
ANY = "@any"
"""The node that keys of the whole flow leave. Names with `@` are no step's."""


@dataclass(frozen=True)
class Node:
    """A step, or a mark without a verb. `times`: how often calls came here, None when that is not painted."""

    name: str
    kind: Kind
    title: str
    verb: str = ""
    text: str = ""
    times: int | None = None


@dataclass(frozen=True)
class Way:
    """One way on an edge: what is written there, and how often it was taken (None: not painted)."""

    name: str
    text: str
    times: int | None = None

    @property
    def words(self) -> str:
        """What is written on the edge for it; nothing for a `next` that is not painted."""
        counted = "" if self.times is None else f"×{self.times}" if self.times else "never"
        return " ".join(filter(None, (self.text, counted)))


def between(one: Way, other: Way) -> str:
    """What stands between two ways on one edge."""
    return ", " if len(one.text) == len(other.text) == 1 else " · "


@dataclass(frozen=True)
class Line:
    """An edge. `dashed`: it stands for the same edge out of every question."""

    source: str
    target: str
    ways: tuple[Way, ...]
    dashed: bool = False

    @property
    def times(self) -> int | None:
        """How often calls came along here; None when that is not painted."""
        counts = [way.times for way in self.ways if way.times is not None]
        return sum(counts) if counts else None

    @property
    def label(self) -> str:
        """Everything written on it: commas between keys, dots between words."""
        parts = self.parts
        return "".join(
            (between(one, two) if one else "") + two.words for one, two in zip((None, *parts), parts, strict=False)
        )

    @property
    def parts(self) -> tuple[Way, ...]:
        """The ways that something is written for."""
        return tuple(way for way in self.ways if way.words)


@dataclass(frozen=True)
class Drawing:
    """A flow to be drawn. Nodes are in the order of its file, behind the starts."""

    title: str
    flow: str
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]
    painted: bool = False


def drawing_of(flow: Flow, painted: Painted | None = None) -> Drawing:
    """The drawing of a flow, with how often everything was taken when that is known."""
    return _Drawing(flow, painted).whole()


class _Drawing:
    """A drawing in the making."""

    def __init__(self, flow: Flow, painted: Painted | None) -> None:
        self._flow = flow
        self._painted = painted
        self._graph: Graph = graph_of(flow)
        self._inlined = {
            name: step for name, step in flow.steps.items() if "." in name and isinstance(step, SetStep)
        }
        self._lines: dict[tuple[str, str], list[Way]] = {}

    def whole(self) -> Drawing:
        head = self._flow.head
        for role, first in self._graph.starts.items():
            self._add(f"@{role}", first, Way(role, "", self._times(FLOW, role)))
        self._flow_keys()
        for name in self._steps():
            for way, text, to in self._ways(name):
                self._add(name, to, Way(way, text, self._times(name, way)))
        lines = tuple(Line(*ends, _worded(ways), ends[0] == ANY) for ends, ways in self._lines.items())
        nodes = (*self._starts(), *map(self._node, self._steps()), *self._ends())
        return Drawing(head.title or head.flow, head.flow, nodes, lines, self._painted is not None)

    def _steps(self) -> Iterator[str]:
        return (name for name in self._flow.steps if name not in self._inlined)

    def _node(self, name: str) -> Node:
        step = self._flow.steps[name]
        times = None if self._painted is None else self._painted.steps.get(name)
        text = excerpt(step, self._flow.head.languages[0])
        return Node(name, KINDS[step.verb], name, step.verb, text, times)

    def _starts(self) -> Iterator[Node]:
        for role in self._graph.starts:
            yield Node(f"@{role}", "start", STARTS[role])
        if any(ANY in ends for ends in self._lines):
            yield Node(ANY, "start", "any question")

    def _ends(self) -> Iterator[Node]:
        return (Node(to, "end", END) for _, to in self._lines if to.startswith(f"@{END} "))

    def _add(self, source: str, to: str, way: Way) -> None:
        target = f"@{END} {source}" if to == END else to
        self._lines.setdefault((source, target), []).append(way)

    def _times(self, step: str, way: str) -> int | None:
        return None if self._painted is None else self._painted.ways.get((step, way))

    def _ways(self, name: str) -> Iterator[tuple[str, str, str]]:
        """Name, words and target of every way out of a step but by the keys of the whole flow."""
        for way, to in self._merged(self._graph.edges[name]):
            if not is_flow_key(way):
                yield (way, *self._through(self._words(name, way), to))

    def _merged(self, edges: tuple[Edge, ...]) -> Iterator[tuple[str, str]]:
        """Every way once: one that may lead back to several questions leads to "any question"."""
        targets: dict[str, list[str]] = {}
        for edge in edges:
            targets.setdefault(edge.name, []).append(edge.to)
        return ((name, to[0] if len(to) == 1 else ANY) for name, to in targets.items())

    def _through(self, words: str, to: str) -> tuple[str, str]:
        """Past a `set` that is a word on the edge."""
        step = self._inlined.get(to)
        if step is None:
            return words, to
        [(_, beyond)] = self._merged(self._graph.edges[to])
        return f"{words}: {assignments(step)}", beyond

    def _words(self, name: str, way: str) -> str:
        step = self._flow.steps[name]
        if isinstance(step, BranchStep):
            cases = {f"if {at}": case.if_.source for at, case in enumerate(step.branch, start=1)}
            return f"{way}: {cases[way]}" if way in cases else way
        return "" if way == NEXT else way.removeprefix(key_way("")).replace("_", " ")

    def _flow_keys(self) -> None:
        """Those that any question leaves to the flow."""
        heard = {edge.name for edges in self._graph.edges.values() for edge in edges}
        for key, to in self._flow.head.keys.items():
            way = flow_key_way(key)
            if way in heard:
                words, beyond = (f"{key}: {REPEAT}", ANY) if to == REPEAT else self._through(key, to)
                self._add(ANY, beyond, Way(way, words, self._times(FLOW, way)))


def _worded(ways: list[Way]) -> tuple[Way, ...]:
    """With a word for `next` where other ways lead to the same step."""
    return tuple(ways) if len(ways) == 1 else tuple(replace(way, text=way.text or way.name) for way in ways)
