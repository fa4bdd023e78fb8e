"""VF114: a flow that calls the same number with itself, again and again."""

from collections.abc import Iterator

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.check.ways.unattended import Edges, Unattended
from voiceapp.flow.graph import Graph
from voiceapp.flow.steps.branch import BranchStep
from voiceapp.flow.steps.call_back import CallBackStep


def _look(subject: Subject) -> Iterator[Remark]:
    flow, graph = subject.flow, subject.graph
    alone = Unattended(subject.script).edges(flow, graph)
    for name, step in flow.steps.items():
        if not isinstance(step, CallBackStep) or step.flow != flow.name:
            continue
        uncounted = _without_counts(subject, alone, set(step.with_))
        if name in Graph(uncounted, {}).reached(graph.starts.values()):
            yield Remark(
                (name, "flow"),
                "calls back with this very flow, which comes here again by itself: the number is called for ever, "
                f"every {step.after} seconds and the length of a call",
                'count in an input, as in {with: {attempt: "{{ attempt + 1 }}"}}, and leave by a branch on it',
            )


def _without_counts(subject: Subject, edges: Edges, passed: set[str]) -> Edges:
    """The ways, but none out of a branch on what is passed from call to call."""
    flow = subject.flow
    counted = passed & {str(name) for name in flow.head.inputs}
    return {
        name: ways
        for name, ways in edges.items()
        if not (
            isinstance(step := flow.steps[name], BranchStep)
            and any(case.if_.names & counted for case in step.branch)
        )
    }


ENDLESS_CALLING = Rule(
    "VF114",
    Severity.ERROR,
    "calling for ever",
    "A telephone rings again and again, for somebody who never asked for it, and every call is paid for.",
    _look,
)
