"""Which languages a call can be in at each step: it begins in the first, and goes on in what a step sets."""

from collections import deque
from collections.abc import Mapping

from voiceapp.flow.flow import Flow
from voiceapp.flow.graph import FIRST, Graph, graph_of
from voiceapp.flow.steps.set import SetStep
from voiceapp.flow.templates import Template
from voiceapp.flow.ways import ON_MACHINE

_LANGUAGE = "language"


def languages_at(flow: Flow) -> Mapping[str, frozenset[str]]:
    """The languages by step, for every step that a call can come to. What can follow on anything, such as
    `on_error`, is come to in whatever language there is."""
    graph, every = graph_of(flow), frozenset(flow.head.languages)
    found: dict[str, frozenset[str]] = {}
    begun = frozenset(flow.head.languages[:1])
    from_the_beginning = (FIRST, ON_MACHINE)
    starts = {way: begun for role, way in graph.starts.items() if role in from_the_beginning}
    _spread(flow, graph, found, starts)
    spoken = frozenset[str]().union(*found.values()) if found else begun
    anywhere = [way for role, way in graph.starts.items() if role not in from_the_beginning]
    _spread(flow, graph, found, dict.fromkeys(anywhere, spoken & every))
    return found


def _spread(
    flow: Flow, graph: Graph, found: dict[str, frozenset[str]], starts: Mapping[str, frozenset[str]]
) -> None:
    todo = deque(starts.items())
    while todo:
        name, languages = todo.popleft()
        known = found.get(name, frozenset())
        if name not in flow.steps or (name in found and languages <= known):
            continue
        found[name] = known | languages
        after = _after(flow, name, found[name])
        todo += [(following, after) for following in graph.following(name)]


def _after(flow: Flow, name: str, languages: frozenset[str]) -> frozenset[str]:
    """The languages behind a step."""
    step = flow.steps[name]
    if not isinstance(step, SetStep):
        return languages
    for variable, value in step.set_.items():
        if variable == _LANGUAGE:
            if isinstance(value, Template) and value.literal:
                return frozenset({value.source})
            return frozenset(flow.head.languages)
    return languages
