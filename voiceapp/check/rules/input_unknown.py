"""VF206: something is passed to another flow that has no such input."""

from collections.abc import Iterator

from voiceapp.check.data.passing import passings
from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.flow.problems import nearest


def _look(subject: Subject) -> Iterator[Remark]:
    for passing in passings(subject):
        declared = passing.flow.head.inputs
        for name in passing.inputs:
            if name not in declared:
                hint = nearest(name, declared).removesuffix("?")
                yield Remark(
                    passing.path(name),
                    f"the flow '{passing.flow.name}' has no input '{name}', and so never sees it{hint}",
                    f"declare it under `inputs` in {passing.flow.name}.yaml, or take it out",
                    at_key=True,
                )


INPUT_UNKNOWN = Rule(
    "VF206",
    Severity.WARNING,
    "input that the other flow does not have",
    "What was to be said or done with it in the other flow is left out.",
    _look,
)
