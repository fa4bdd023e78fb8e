"""How calls end without a word: the silent ways from what a caller did last, or from the beginning, to the end."""

from collections.abc import Iterator
from typing import NamedTuple

from voiceapp.check.subject import Subject
from voiceapp.flow.fields import END
from voiceapp.flow.graph import FIRST, Edge
from voiceapp.flow.steps.dial import DialStep
from voiceapp.flow.steps.end import EndStep
from voiceapp.flow.steps.pause import PauseStep
from voiceapp.flow.steps.question import Question
from voiceapp.flow.steps.run import RunStep
from voiceapp.flow.steps.step import Step
from voiceapp.flow.ways import NEXT, ON_ERROR, OTHERWISE

_NOT_CONNECTED = ("busy", "no_answer", "failed")


class Parting(NamedTuple):
    """The call ends by this way, or, without one, with its first step; `since` is what the caller noticed last:
    the way by which the silence began, or `first` or `on_error`."""

    by: Edge | None
    step: str
    since: Edge | str


def is_run(subject: Subject) -> bool:
    """Whether another flow runs this one: then `end` leads back there."""
    others = {**subject.neighbours, **subject.script.flows}.values()
    return any(
        isinstance(step, RunStep) and step.run == subject.flow.name
        for flow in others
        for step in flow.steps.values()
    )


def silent_partings(subject: Subject) -> Iterator[Parting]:
    """The ways by which a call ends without a word, each once. What follows the last try of a question is not
    among them, nor the end after a talk, a room or a message, nor that of a call that a machine took."""
    steps = subject.flow.steps
    back = is_run(subject)
    seen = set[str]()
    todo: list[tuple[Edge | None, str, Edge | str]] = [
        (None, way, role) for role, way in subject.graph.starts.items() if role in (FIRST, ON_ERROR)
    ]
    reached = subject.graph.reached()
    todo += [(edge, edge.to, edge) for name in steps if name in reached for edge in _beginnings(subject, name)]
    for by, to, since in todo:
        if to == END or _hangs_up(steps[to]):
            if not (back and to == END):
                yield Parting(by, to, since)
        elif to not in seen and _silent(steps[to]):
            seen.add(to)
            todo += [(edge, edge.to, since) for edge in subject.graph.edges[to]]


def _beginnings(subject: Subject, name: str) -> Iterator[Edge]:
    """The ways that begin a silence: an answer was given, or nobody was connected and the author says so."""
    step = subject.flow.steps[name]
    for edge in subject.graph.edges[name]:
        match step:
            case Question() if edge.name != OTHERWISE:
                yield edge
            case DialStep() if edge.name in _NOT_CONNECTED and getattr(step, edge.name) is not None:
                yield edge
            case _:
                pass


def _hangs_up(step: Step) -> bool:
    return isinstance(step, EndStep) and step.end is None


def _silent(step: Step) -> bool:
    """Whether nothing is heard of the step. Of a flow that is run something may be."""
    return (step.silent or isinstance(step, PauseStep)) and not isinstance(step, RunStep)


def noticed(subject: Subject, since: Edge | str) -> str:
    """What the caller noticed last, as the beginning of a silence."""
    if isinstance(since, str):
        return "from the beginning of the call" if since == FIRST else "after a step failed"
    what = "the answer" if since.name == NEXT else since.name
    what = f"'{what}'" if isinstance(subject.flow.steps[since.step], DialStep) else what
    return f"after {what} in '{since.step}'"
