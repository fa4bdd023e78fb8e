"""What the conditions and texts of flows ask of their variables."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from jinja2 import nodes

from voiceapp.events import Value
from voiceapp.flow.flow import Flow
from voiceapp.flow.graph import graph_of
from voiceapp.flow.leaves import expressions
from voiceapp.flow.steps.run import RunStep
from voiceapp.flow.steps.set import SetStep
from voiceapp.flow.steps.step import Step
from voiceapp.flow.templates import Condition, Template, expression_tree, text_tree
from voiceapp.flow.ways import ON_ERROR, ON_HANG_UP

Ref = tuple[str, ...]
"""A variable, or a part of one: `("result", "count")` is `result.count`."""


@dataclass(frozen=True)
class AskedFor:
    """`compared` are the constants that a part is held against in conditions, `truth` the parts that are asked
    whether they are true, `read` every part that is read anywhere; `decisive` the variables that conditions ask
    for, or that those are made of; `lasting` which of these can still be asked for, by flow and step."""

    compared: frozenset[tuple[Ref, str | int | float | bool]]
    truth: frozenset[Ref]
    read: frozenset[Ref]
    decisive: frozenset[str]
    conditions: frozenset[Condition] = frozenset()
    lasting: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict, hash=False, repr=False)

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
    asking, flows = _Asking(), tuple(flows)
    for flow in flows:
        for name, step in flow.steps.items():
            asking.step(name, step)
    asking.pass_on()
    return AskedFor(
        frozenset(asking.compared),
        frozenset(asking.truth),
        frozenset(asking.read),
        frozenset(asking.decisive),
        frozenset(asking.conditions),
        {(flow.name, name): names for flow in flows for name, names in _lasting(flow, asking).items()},
    )


def _lasting(flow: Flow, asking: "_Asking") -> Mapping[str, frozenset[str]]:
    """By step, the decisive variables that are asked for there, or anywhere behind it."""
    graph = graph_of(flow)
    anytime = [graph.starts[role] for role in (ON_ERROR, ON_HANG_UP) if role in graph.starts]
    used = {name: asking.used_by(step) for name, step in flow.steps.items()}
    returned = {ref[1] for ref in asking.asked if len(ref) > 1 and ref[0] in asking.kept.get(flow.name, ())}
    found: dict[str, frozenset[str]] = {}
    for name in flow.steps:
        behind = graph.reached([name, *anytime])
        found[name] = frozenset(returned).union(*(used[step] for step in behind if step in used))
    return found


class _Asking:
    """`asked` are the parts in conditions; `kept`, by flow, the variables under which flows that run it keep what
    it saved."""

    def __init__(self) -> None:
        self.compared: set[tuple[Ref, str | int | float | bool]] = set()
        self.truth: set[Ref] = set()
        self.read: set[Ref] = set()
        self.decisive: set[str] = set()
        self.conditions: set[Condition] = set()
        self.asked: set[Ref] = set()
        self.kept: dict[str, set[str]] = {}
        self._given: list[tuple[str, Template]] = []

    def step(self, name: str, step: Step) -> None:
        for _, expression in expressions(step):
            self._add(expression)
        self._given += _given(step)
        if isinstance(step, RunStep):
            self.kept.setdefault(step.run, set()).update(step.names_saved(name))

    def used_by(self, step: Step) -> frozenset[str]:
        """The variables that decide something in this step, or are put into others that do so later."""
        asked = (one.names for _, one in expressions(step) if isinstance(one, Condition))
        given = (value.names for name, value in _given(step) if name in self.decisive)
        return frozenset[str]().union(*asked, *given)

    def pass_on(self) -> None:
        """What is asked of a variable is asked of what it is made of as well."""
        before = -1
        while before != len(self.compared) + len(self.truth) + len(self.decisive):
            before = len(self.compared) + len(self.truth) + len(self.decisive)
            for name, value in self._given:
                if name in self.decisive:
                    self.decisive |= value.names
                source = _whole(value)
                if source is not None:
                    self._pass_on((name,), source)
            for names in self.kept.values():
                for name in names:
                    self._pass_on((name,), ())

    def _pass_on(self, whole: Ref, source: Ref) -> None:
        size = len(whole)
        for ref, constant in tuple(self.compared):
            if ref[:size] == whole and (source or ref[size:]):
                self.compared.add(((*source, *ref[size:]), constant))
        for ref in tuple(self.truth):
            if ref[:size] == whole and (source or ref[size:]):
                self.truth.add((*source, *ref[size:]))

    def _add(self, expression: Template | Condition) -> None:
        if isinstance(expression, Condition):
            tree = expression_tree(expression.source)
            self.decisive |= expression.names
            self.conditions.add(expression)
            self._condition(tree)
        elif expression.literal:
            return
        else:
            tree = text_tree(expression.source)
        for node in (tree, *tree.find_all((nodes.Name, nodes.Getattr, nodes.Getitem))):
            ref = _ref(node)
            if ref is not None:
                self.read.add(ref)
                if isinstance(expression, Condition):
                    self.asked.add(ref)
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
        if _ref(other) is not None:
            self.compared.add((ref, 1))  # less than, equal to and more than what the other one is


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


def _given(step: Step) -> Iterator[tuple[str, Template]]:
    """The variables that a step fills with texts, its own or those of a flow that it runs."""
    match step:
        case SetStep(set_=given) | RunStep(with_=given):
            yield from ((str(name), value) for name, value in given.items() if isinstance(value, Template))


def _whole(value: Template) -> Ref | None:
    """The part that a text is, whole and as it is."""
    if value.literal:
        return None
    found = [part for output in text_tree(value.source).body for part in output.iter_child_nodes()]
    return _ref(found[0]) if len(found) == 1 else None


def _order(value: Value) -> tuple[str, str]:
    return type(value).__name__, str(value)
