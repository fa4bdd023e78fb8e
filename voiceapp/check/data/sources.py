"""A part of a text or condition, written out again: what is read from it is the same."""

from collections.abc import Mapping

from jinja2 import nodes

_COMPARED: Mapping[str, str] = {
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "lteq": "<=",
    "gt": ">",
    "gteq": ">=",
    "in": "in",
    "notin": "not in",
}
_CHOICE, _OR, _AND, _NOT, _TEST, _COMPARE, _SUM, _JOIN, _QUOTIENT, _SIGN, _FILTER, _WORD = range(12)
"""How tightly each holds together: what holds less tightly than what it stands in needs parentheses."""


def written(node: nodes.Node) -> str:
    """This expression as a flow has it; raises TypeError for what `allowed_syntax` does not let through."""
    return _written(node)[0]


def _inside(node: nodes.Node, least: int) -> str:
    text, holds = _written(node)
    return text if holds >= least else f"({text})"


def _written(node: nodes.Node) -> tuple[str, int]:
    """The text, and how tightly it holds together."""
    match node:
        case nodes.CondExpr(test=test, expr1=one, expr2=nodes.Node() as other):
            return f"{_inside(one, _OR)} if {_inside(test, _OR)} else {_inside(other, _CHOICE)}", _CHOICE
        case nodes.Or(left=left, right=right):
            return f"{_inside(left, _OR)} or {_inside(right, _AND)}", _OR
        case nodes.And(left=left, right=right):
            return f"{_inside(left, _AND)} and {_inside(right, _NOT)}", _AND
        case nodes.Not(node=nodes.Test(name=name, node=inner)):
            return f"{_inside(inner, _FILTER)} is not {name}", _TEST
        case nodes.Not(node=inner):
            return f"not {_inside(inner, _NOT)}", _NOT
        case nodes.Test(name=name, node=inner):
            return f"{_inside(inner, _FILTER)} is {name}", _TEST
        case nodes.Compare(expr=first, ops=operands):
            others = (f" {_COMPARED[one.op]} {_inside(one.expr, _SUM)}" for one in operands)
            return f"{_inside(first, _SUM)}{''.join(others)}", _COMPARE
        case _:
            return _value(node)


def _value(node: nodes.Node) -> tuple[str, int]:
    match node:
        case nodes.Add(left=left, right=right):
            return f"{_inside(left, _SUM)} + {_inside(right, _JOIN)}", _SUM
        case nodes.Sub(left=left, right=right):
            return f"{_inside(left, _SUM)} - {_inside(right, _JOIN)}", _SUM
        case nodes.Concat(nodes=several):
            return " ~ ".join(_inside(one, _QUOTIENT) for one in several), _JOIN
        case nodes.Div(left=left, right=right):
            return f"{_inside(left, _QUOTIENT)} / {_inside(right, _SIGN)}", _QUOTIENT
        case nodes.FloorDiv(left=left, right=right):
            return f"{_inside(left, _QUOTIENT)} // {_inside(right, _SIGN)}", _QUOTIENT
        case nodes.Neg(node=inner):
            return f"-{_inside(inner, _WORD)}", _SIGN
        case nodes.Pos(node=inner):
            return f"+{_inside(inner, _WORD)}", _SIGN
        case nodes.Filter(name=name, node=nodes.Node() as inner, args=others):
            more = f"({', '.join(map(written, others))})" if others else ""
            return f"{_inside(inner, _FILTER)} | {name}{more}", _FILTER
        case _:
            return _word(node), _WORD


def _word(node: nodes.Node) -> str:
    match node:
        case nodes.Name(name=name):
            return str(name)
        case nodes.Const(value=str() as text):
            return repr(text)
        case nodes.Const(value=value):
            return str(value).lower()
        case nodes.Getattr(node=inner, attr=key):
            return f"{_inside(inner, _WORD)}.{key}"
        case nodes.Getitem(node=inner, arg=key):
            return f"{_inside(inner, _WORD)}[{written(key)}]"
        case nodes.List(items=items):
            return f"[{', '.join(map(written, items))}]"
        case nodes.Tuple(items=items):
            return f"({', '.join(map(written, items))}{',' if len(items) == 1 else ''})"
        case _:
            raise TypeError(f"no expression: {node}")
