"""VF103: a loop that the flow goes round by itself."""

from collections.abc import Iterator

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.check.ways.edge_places import edge_remark, in_quotes
from voiceapp.check.ways.loops import Loop, broken_off, loops_of
from voiceapp.engine.limits import MAX_SILENT_STEPS
from voiceapp.flow.ways import ON_HANG_UP


def _look(subject: Subject) -> Iterator[Remark]:
    for loop in loops_of(subject).at_once:
        yield edge_remark(
            subject,
            loop.back,
            f"leads back into {in_quotes(loop.steps)}, round and round by itself: {_experience(subject, loop)}",
            "lead on, or count the rounds with `set` and leave by a `branch` on the count",
        )


def _experience(subject: Subject, loop: Loop) -> str:
    graph = subject.graph
    during = graph.reached(way for role, way in graph.starts.items() if role != ON_HANG_UP)
    if not during.intersection(loop.steps):
        return f"after the hang-up these are done until {MAX_SILENT_STEPS} steps were passed"
    if all(subject.flow.steps[name].silent for name in loop.steps):
        return f"after {MAX_SILENT_STEPS} silent steps the caller hears an apology and is hung up on"
    return f"the caller hears the same until {broken_off(subject)}"


ENDLESS_LOOP = Rule(
    "VF103",
    Severity.ERROR,
    "endless loop",
    "Nothing that a caller does ends it: the same is said for ever, or nothing and then an apology.",
    _look,
)
