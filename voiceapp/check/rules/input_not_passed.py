"""VF205: an input of another flow that is not passed although that flow needs it, or that is not what it takes."""

from collections.abc import Iterator

from voiceapp.check.data.missing import missing
from voiceapp.check.data.passing import Passing, passings
from voiceapp.check.data.variables import Variables
from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.flow.flow import read_input
from voiceapp.flow.graph import graph_of
from voiceapp.flow.templates import Template
from voiceapp.flow.ways import ON_HANG_UP, ON_MACHINE


def _look(subject: Subject) -> Iterator[Remark]:
    for passing in passings(subject):
        yield from _missing(passing)
        yield from _of_another_type(passing)


def _missing(passing: Passing) -> Iterator[Remark]:
    declared = passing.flow.head.inputs
    left_out = [name for name, item in declared.items() if item.default is None and name not in passing.inputs]
    missed = _missed(passing, frozenset(map(str, left_out))) if left_out else frozenset()
    for name in left_out:
        if name in missed:
            yield Remark(
                (passing.step, passing.key),
                f"does not pass '{name}', without which '{passing.flow.name}' fails where it needs it",
                f"add it to `with`, or give the input a default in {passing.flow.name}.yaml",
            )


def _missed(passing: Passing, left_out: frozenset[str]) -> frozenset[str]:
    """Those of these inputs that the flow reads on some way. One that is run has no machine and no hang-up."""
    variables = Variables(passing.flow, graph_of(passing.flow), (), left_out)
    elsewhere = {ON_MACHINE, ON_HANG_UP} if passing.key == "run" else set[str]()
    return frozenset(found.name for found in missing(variables) if elsewhere.isdisjoint(found.way))


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
