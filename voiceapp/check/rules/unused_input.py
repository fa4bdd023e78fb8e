"""VF204: an input that nothing in the flow looks at."""

from collections.abc import Iterator

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.flow.leaves import expressions


def _look(subject: Subject) -> Iterator[Remark]:
    steps = subject.flow.steps.values()
    read = {name for step in steps for _, expression in expressions(step) for name in expression.names}
    for name in subject.flow.head.inputs:
        if name not in read:
            yield Remark(
                ("inputs", str(name)),
                f"no step looks at '{name}': what is passed under this name changes nothing for the caller",
                f"use it as {{{{ {name} }}}}, or take it out",
                at_key=True,
            )


UNUSED_INPUT = Rule(
    "VF204",
    Severity.NOTE,
    "input never used",
    "Whoever starts the call passes something that the caller was to hear, and it is not said.",
    _look,
)
