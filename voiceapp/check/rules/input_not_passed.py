"""VF205: an input of another flow that is not passed although that flow needs it, or that is not what it takes."""

from collections.abc import Iterator

from voiceapp.check.data.needs import needed
from voiceapp.check.data.passing import Passing, passings
from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.flow.flow import Flow, read_input
from voiceapp.flow.leaves import expressions
from voiceapp.flow.templates import Template


def _look(subject: Subject) -> Iterator[Remark]:
    for passing in passings(subject):
        yield from _missing(passing)
        yield from _of_another_type(passing)


def _missing(passing: Passing) -> Iterator[Remark]:
    read = _needed(passing.flow)
    for name, item in passing.flow.head.inputs.items():
        if item.default is None and name in read and name not in passing.inputs:
            yield Remark(
                (passing.step, passing.key),
                f"does not pass '{name}', without which '{passing.flow.name}' fails where it needs it",
                f"add it to `with`, or give the input a default in {passing.flow.name}.yaml",
            )


def _needed(flow: Flow) -> frozenset[str]:
    return frozenset(
        name for step in flow.steps.values() for _, expression in expressions(step) for name in needed(expression)
    )


def _of_another_type(passing: Passing) -> Iterator[Remark]:
    for name, item in passing.flow.head.inputs.items():
        data = passing.inputs.get(name)
        if isinstance(data, Template) and data.literal:
            try:
                read_input(item.type, data.source)
            except ValueError as error:
                yield Remark(
                    passing.path(name),
                    f"{error}, since '{passing.flow.name}' declares '{name}' as {item.type}: it cannot begin",
                    "pass what the input is declared as",
                )


INPUT_NOT_PASSED = Rule(
    "VF205",
    Severity.ERROR,
    "input of another flow not passed",
    "The other flow fails in the middle, and the caller hears an apology.",
    _look,
)
