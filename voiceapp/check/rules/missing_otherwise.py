"""VF108: a question that drops the call after the last try."""

from collections.abc import Iterator

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.check.ways.partings import is_run
from voiceapp.flow.steps.question import Question


def _look(subject: Subject) -> Iterator[Remark]:
    if is_run(subject):
        return
    reached = subject.graph.reached()
    for name, step in subject.flow.steps.items():
        if isinstance(step, Question) and step.otherwise is None and name in reached:
            tries = "one try" if step.tries == 1 else f"{step.tries} tries"
            yield Remark(
                (name, step.verb),
                f"after {tries} the caller is hung up on without a word",
                "add `otherwise`: a step that says goodbye or connects with somebody, or `end` if it is meant",
                at_key=True,
            )


MISSING_OTHERWISE = Rule(
    "VF108",
    Severity.WARNING,
    "no way after the last try",
    "Whoever has no free hand, or an old telephone, hears the line go dead.",
    _look,
)
