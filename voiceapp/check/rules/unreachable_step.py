"""VF101: a step that no call comes to."""

from collections.abc import Iterator

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject


def _look(subject: Subject) -> Iterator[Remark]:
    reached = subject.graph.reached()
    for name, step in subject.flow.steps.items():
        if name not in reached:
            yield Remark(
                (name, step.verb),
                "no call ever comes to this step",
                "lead to it by a key, `next` or `otherwise`, or take it out",
                at_key=True,
            )


UNREACHABLE_STEP = Rule(
    "VF101",
    Severity.WARNING,
    "unreachable step",
    "What its author wanted callers to hear, nobody hears.",
    _look,
)
