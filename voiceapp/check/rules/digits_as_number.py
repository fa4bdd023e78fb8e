"""VF310: digits that a voice may read as one large number."""

from collections.abc import Iterator

from jinja2 import nodes

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.check.words.pieces import texts
from voiceapp.check.words.placeholders import printed
from voiceapp.flow.answers import Digits
from voiceapp.flow.flow import Flow
from voiceapp.flow.steps.ask import AskStep

_NUMBERS = frozenset({"caller", "called"})
_LEAVES_DIGITS = frozenset({"default", "trim", "upper", "lower", "title"})

FEW = 3
"""So many digits are said as a number too: room 101."""


def _look(subject: Subject) -> Iterator[Remark]:
    names = _digits(subject.flow)
    for path, said in texts(subject.flow):
        for expression in printed(said.text):
            for name in sorted(set(_spoken_whole(expression)) & names):
                yield Remark(
                    path,
                    f"callers may hear {name} as one large number, not digit by digit",
                    "write {{ " + name + " | digits }}",
                )


def _digits(flow: Flow) -> set[str]:
    """The variables that hold digits and nothing else."""
    inputs = {str(name) for name, item in flow.head.inputs.items() if item.type == "phone"}
    asked: set[str] = set()
    others = {str(name) for name in flow.head.inputs} - inputs
    for name, step in flow.steps.items():
        digits = isinstance(step, AskStep) and isinstance(step.answer, Digits) and step.answer.most > FEW
        (asked if digits else others).update(str(one) for one in step.names_saved(name))
    return (inputs | asked | _NUMBERS) - others


def _spoken_whole(node: nodes.Node | None) -> Iterator[str]:
    match node:
        case nodes.Name(name=name):
            yield name
        case nodes.Filter(name=name, node=inner) if name in _LEAVES_DIGITS:
            yield from _spoken_whole(inner)
        case nodes.CondExpr(expr1=one, expr2=other):
            yield from _spoken_whole(one)
            yield from _spoken_whole(other)
        case _:
            return


DIGITS_AS_NUMBER = Rule(
    "VF310",
    Severity.NOTE,
    "digits without the filter digits",
    "A voice reads 4711 as four thousand seven hundred and eleven; who compares it with a paper wants its digits.",
    _look,
)
