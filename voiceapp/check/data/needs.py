"""Which variables an expression cannot do without, and which of them can be seen in what it gives."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain

from jinja2 import nodes

from voiceapp.flow.templates import Condition, Template, expression_tree, text_tree

Names = frozenset[str]
_NONE: Names = frozenset()
_MAY_GUARD = re.compile("default|defined|if|and|or")
_MAY_DECIDE = re.compile(r"\bif\b")
_PRESENCE: Mapping[str, bool] = {"defined": True, "undefined": False}


def needed(expression: Template | Condition) -> Names:
    """The variables without which it fails: those that neither `default` stands in for nor `is defined` guards."""
    if not expression.names or _MAY_GUARD.search(expression.source) is None:
        return expression.names
    return _needed_in(expression.source, text=isinstance(expression, Template))


@lru_cache(maxsize=4096)
def _needed_in(source: str, *, text: bool) -> Names:
    return needed_by(text_tree(source) if text else expression_tree(source))


def needed_by(node: nodes.Node) -> Names:
    """The same of a part of one."""
    match node:
        case nodes.Name(name=name):
            return frozenset({name})
        case nodes.Filter(name="default", node=nodes.Node() as inner, args=others):
            return (_NONE if _looked_up(inner) else needed_by(inner)) | _of_all(others)
        case nodes.Test(name=("defined" | "undefined"), node=inner) if _looked_up(inner):
            return _NONE
        case nodes.And(left=left, right=right):
            return needed_by(left) | (needed_by(right) - defined_if(left, True))
        case nodes.Or(left=left, right=right):
            return needed_by(left) | (needed_by(right) - defined_if(left, False))
        case nodes.CondExpr(test=test, expr1=then, expr2=other):
            return _either(test, [then], [] if other is None else [other])
        case nodes.If(test=test, body=then, elif_=more, else_=other):
            if more:
                rest = nodes.If(more[0].test, more[0].body, more[1:], other)
                return _either(test, then, [rest])
            return _either(test, then, other)
        case _:
            return _of_all(node.iter_child_nodes())


def looked_at(text: Template) -> Names:
    """The variables by which a text decides what to say: those in its `… if …` and `{% if %}`."""
    if text.literal or _MAY_DECIDE.search(text.source) is None:
        return _NONE
    return _looked_at_in(text.source)


@lru_cache(maxsize=4096)
def _looked_at_in(source: str) -> Names:
    tree = text_tree(source)
    choices = (node.test for node in tree.find_all(nodes.CondExpr))
    blocks = (node.test for node in tree.find_all(nodes.If))
    return _NONE.union(*map(names_in, chain(choices, blocks)))


def names_in(node: nodes.Node) -> Names:
    """Every variable in a part of an expression."""
    if isinstance(node, nodes.Name):
        return frozenset({node.name})
    return frozenset(found.name for found in node.find_all(nodes.Name))


def _either(test: nodes.Node, then: Iterable[nodes.Node], other: Iterable[nodes.Node]) -> Names:
    guarded = (_of_all(then) - defined_if(test, True)) | (_of_all(other) - defined_if(test, False))
    return needed_by(test) | guarded


def _of_all(parts: Iterable[nodes.Node]) -> Names:
    return _NONE.union(*map(needed_by, parts))


def defined_if(node: nodes.Node, outcome: bool) -> Names:
    """The variables that are there when a condition comes to this."""
    match node:
        case nodes.Test(name=name, node=inner) if name in _PRESENCE and _PRESENCE[name] is outcome:
            return _root(inner)
        case nodes.Not(node=inner):
            return defined_if(inner, not outcome)
        case nodes.And(left=left, right=right):
            return _joint(left, right, True, outcome)
        case nodes.Or(left=left, right=right):
            return _joint(left, right, False, outcome)
        case nodes.Filter(name="default", node=nodes.Node() as inner, args=others) if outcome:
            return _NONE if any(map(_truthy, others)) else _root(inner)
        case _:
            return _NONE


def _joint(left: nodes.Node, right: nodes.Node, both: bool, outcome: bool) -> Names:
    """`both`: the outcome for which both sides have to come to it."""
    sides = defined_if(left, outcome), defined_if(right, outcome)
    return sides[0] | sides[1] if outcome is both else sides[0] & sides[1]


def _truthy(node: nodes.Node) -> bool:
    return not (isinstance(node, nodes.Const) and not node.value)


def _root(node: nodes.Node) -> Names:
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        node = node.node
    return frozenset({node.name}) if isinstance(node, nodes.Name) else _NONE


def _looked_up(node: nodes.Node) -> bool:
    """Whether it is a variable or an item of one, by a key that is written out."""
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        if isinstance(node, nodes.Getitem) and not isinstance(node.arg, nodes.Const):
            return False
        node = node.node
    return isinstance(node, nodes.Name)


def shown(expression: Template) -> Iterator[tuple[str, ...]]:
    """The variables whose value can be read in this text, each with the keys that lead to the item that is shown:
    `{{ patient }}`, but not `{{ patient | length }}` nor `{% if patient == '7' %}`."""
    if not expression.literal:
        yield from _shown(text_tree(expression.source))


def _shown(node: nodes.Node) -> Iterator[tuple[str, ...]]:
    match node:
        case nodes.Name(name=name):
            yield (name,)
        case nodes.Getattr() | nodes.Getitem() if _looked_up(node):
            yield _keys(node)
        case nodes.Test() | nodes.Compare() | nodes.Not() | nodes.Filter(name="length"):
            return
        case nodes.CondExpr(expr1=then, expr2=other):
            yield from _shown(then)
            yield from _shown(other) if other is not None else ()
        case nodes.If(body=then, elif_=more, else_=other):
            for part in [*then, *more, *other]:
                yield from _shown(part)
        case _:
            for part in node.iter_child_nodes():
                yield from _shown(part)


def _keys(node: nodes.Node) -> tuple[str, ...]:
    match node:
        case nodes.Getattr(node=inner, attr=key):
            return (*_keys(inner), key)
        case nodes.Getitem(node=inner, arg=nodes.Const(value=key)):
            return (*_keys(inner), str(key))
        case nodes.Name(name=name):
            return (name,)
        case _:
            return ()


def whole_expression(expression: Template) -> nodes.Node | None:
    """What stands in a text that is one `{{ … }}`, whose value is saved as it is; None for any other."""
    if expression.literal:
        return None
    inside = [
        part
        for output in text_tree(expression.source).body
        for part in (output.nodes if isinstance(output, nodes.Output) else [output])
        if not (isinstance(part, nodes.TemplateData) and not part.data.strip())
    ]
    return inside[0] if len(inside) == 1 and isinstance(inside[0], nodes.Expr) else None


def copied(expression: Template) -> str | None:
    """The variable that a text consists of, `{{ name }}`: what is saved as it is."""
    whole = whole_expression(expression) if len(expression.names) == 1 else None
    return str(whole.name) if isinstance(whole, nodes.Name) else None
