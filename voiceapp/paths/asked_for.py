"""What the conditions and texts of flows ask of their variables, and the values that tell their answers apart."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from jinja2 import nodes

from voiceapp.events import Value
from voiceapp.flow.flow import Flow
from voiceapp.flow.leaves import expressions
from voiceapp.flow.templates import Condition, Template, expression_tree, text_tree

Ref = tuple[str, ...]
"""A variable, or a part of one: `("result", "count")` is `result.count`."""

_MOST_VALUES = 6
_MOST_COMBINATIONS = 16
_TEXT = "text"


@dataclass(frozen=True)
class AskedFor:
    """`compared` are the constants that a part is held against in conditions, `truth` the parts that are asked
    whether they are true, `read` every part that is read anywhere; `decisive` the variables in conditions."""

    compared: frozenset[tuple[Ref, str | int | float | bool]]
    truth: frozenset[Ref]
    read: frozenset[Ref]
    decisive: frozenset[str]

    def constants(self, ref: Ref) -> tuple[Value, ...]:
        """What this part is held against."""
        return tuple(sorted((value for own, value in self.compared if own == ref), key=_order))

    @property
    def numbers(self) -> tuple[int, ...]:
        """Every whole number that anything is held against."""
        found = {value for _, value in self.compared if isinstance(value, int) and not isinstance(value, bool)}
        return tuple(sorted(found))

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text that anything is held against."""
        return tuple(sorted({value for _, value in self.compared if isinstance(value, str)}))


def asked_for(flows: Iterable[Flow]) -> AskedFor:
    """What these flows ask of variables."""
    asking = _Asking()
    for flow in flows:
        for step in flow.steps.values():
            for _, expression in expressions(step):
                asking.add(expression)
    return AskedFor(
        frozenset(asking.compared), frozenset(asking.truth), frozenset(asking.read), frozenset(asking.decisive)
    )


class _Asking:
    def __init__(self) -> None:
        self.compared: set[tuple[Ref, str | int | float | bool]] = set()
        self.truth: set[Ref] = set()
        self.read: set[Ref] = set()
        self.decisive: set[str] = set()

    def add(self, expression: Template | Condition) -> None:
        if isinstance(expression, Condition):
            tree = expression_tree(expression.source)
            self.decisive |= expression.names
            self._condition(tree)
        elif expression.literal:
            return
        else:
            tree = text_tree(expression.source)
        for node in (tree, *tree.find_all((nodes.Name, nodes.Getattr, nodes.Getitem))):
            ref = _ref(node)
            if ref is not None:
                self.read.add(ref)
        for test in tree.find_all(nodes.CondExpr):
            self._condition(test.test)
        for compared in tree.find_all(nodes.Compare):
            self._condition(compared)

    def _condition(self, node: nodes.Node) -> None:
        match node:
            case nodes.Not(node=inner):
                self._condition(inner)
            case nodes.And(left=left, right=right) | nodes.Or(left=left, right=right):
                self._condition(left)
                self._condition(right)
            case nodes.Compare(expr=one, ops=operands):
                for operand in operands:
                    self._compare(one, operand.expr)
                    self._compare(operand.expr, one)
            case _:
                ref = _ref(node)
                if ref is not None:
                    self.truth.add(ref)

    def _compare(self, one: nodes.Node, other: nodes.Node) -> None:
        ref = _ref(one)
        if ref is None:
            return
        for constant in _constants(other):
            self.compared.add((ref, constant))


def _constants(node: nodes.Node) -> Iterator[str | int | float | bool]:
    match node:
        case nodes.Const(value=bool() | int() | float() | str() as value):
            yield value
        case nodes.List(items=items) | nodes.Tuple(items=items):
            for item in items:
                yield from _constants(item)
        case _:
            return


def _ref(node: nodes.Node) -> Ref | None:
    """The part of a variable that a node stands for, whatever filter it goes through."""
    match node:
        case nodes.Name(name=name):
            return (name,)
        case nodes.Getattr(node=inner, attr=attribute):
            above = _ref(inner)
            return None if above is None else (*above, attribute)
        case nodes.Getitem(node=inner, arg=nodes.Const(value=str() as key)):
            above = _ref(inner)
            return None if above is None else (*above, key)
        case nodes.Filter(node=nodes.Expr() as inner):
            return _ref(inner)
        case _:
            return None


def values_of(asked: AskedFor, ref: Ref) -> tuple[Value, ...]:
    """Values of one part that make a difference to conditions; one that serves when none does."""
    found: list[Value] = []
    texts = [constant for constant in asked.constants(ref) if isinstance(constant, str)]
    for constant in asked.constants(ref):
        if isinstance(constant, bool):
            found += [True, False]
        elif isinstance(constant, int | float):
            found += [constant, constant - 1, constant + 1]
    if texts:
        found += [*texts, f"not {texts[0]}"]
    if ref in asked.truth:
        found += [True, False]
    unique = list({(type(value), value): value for value in found}.values())
    return tuple(unique[:_MOST_VALUES]) or (_TEXT,)


def answers_of(asked: AskedFor, name: str) -> tuple[Value, ...]:
    """JSON values that a back end could answer with under this variable, so that conditions come out each way."""
    parts = sorted(ref for ref in asked.read if ref[0] == name and len(ref) > 1)
    leaves = [ref for ref in parts if not any(other[: len(ref)] == ref for other in parts if other != ref)]
    if not leaves:
        return values_of(asked, (name,))
    choices = [values_of(asked, leaf) for leaf in leaves]
    answers = []
    for values in list(product(*choices))[:_MOST_COMBINATIONS]:
        answer: dict[str, Value] = {}
        for leaf, value in zip(leaves, values, strict=True):
            inner = answer
            for key in leaf[1:-1]:
                inner = inner.setdefault(key, {})
            inner[leaf[-1]] = value
        answers.append(answer)
    return tuple(answers)


def _order(value: Value) -> tuple[str, str]:
    return type(value).__name__, str(value)
