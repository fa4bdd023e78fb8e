"""What a variable can hold that `set` gives a value to, given what others can hold."""

from collections.abc import Mapping

from jinja2 import nodes

from voiceapp.check.data.needs import whole_expression
from voiceapp.check.data.values import (
    ANYTHING,
    FLAG,
    FURTHEST,
    NUMBER,
    TEXT,
    Anything,
    Kind,
    Known,
    One,
    Texts,
    Whole,
    known,
    present,
)
from voiceapp.flow.fields import Data
from voiceapp.flow.templates import Template
from voiceapp.flow.values import RenderError

_TO_TEXT = frozenset({"upper", "lower", "title", "trim", "digits", "money", "date", "time", "ordinal"})
_TO_NUMBER: Mapping[str, Known] = {"int": NUMBER, "length": frozenset({Whole(0, FURTHEST)})}


def assigned(data: Data, env: Mapping[str, Known]) -> Known:
    """What this comes to where the variables hold what `env` says; where it fails, nothing is assigned."""
    if not isinstance(data, Template):
        return ANYTHING
    if not data.names:
        return frozenset({_constant(data)})
    expression = whole_expression(data)
    return TEXT if expression is None else _value(expression, env)


def _value(node: nodes.Node, env: Mapping[str, Known]) -> Known:
    match node:
        case nodes.Name(name=name):
            return present(env[name]) if name in env else ANYTHING
        case nodes.Const(value=str() | bool() | None as value):
            return frozenset({One(value)})
        case nodes.Const(value=int(number)):
            return frozenset({Whole(number, number)})
        case nodes.CondExpr(expr1=one, expr2=nodes.Node() as other):
            return known(_value(one, env) | _value(other, env))
        case nodes.Compare() | nodes.Test() | nodes.Not():
            return FLAG
        case nodes.Add(left=left, right=right) | nodes.Sub(left=left, right=right):
            whole = all(isinstance(kind, Whole) for side in (left, right) for kind in _value(side, env))
            return NUMBER if whole else ANYTHING
        case nodes.Filter(name=name) if name in _TO_NUMBER:
            return _TO_NUMBER[name]
        case nodes.Concat():
            return TEXT
        case nodes.Filter(name=name) if name in _TO_TEXT:
            return TEXT
        case _:
            return ANYTHING


def _constant(data: Template) -> Kind:
    """What a text without variables comes to."""
    if data.secrets:
        return Texts()
    try:
        value = data.value({})
    except RenderError:
        return Anything()
    match value:
        case str() | bool() | None:
            return One(value)
        case int():
            return Whole(value, value)
        case _:
            return Anything()
