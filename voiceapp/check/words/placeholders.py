"""What a text puts into itself: its `{{ … }}`, and the variables whose values are heard."""

from collections.abc import Iterator
from functools import lru_cache

from jinja2 import nodes

from voiceapp.flow.sandbox import Sandbox
from voiceapp.flow.templates import Template

Variable = tuple[str, ...]
"""A variable's name and the keys behind it: `result.count` is ("result", "count")."""

_SYNTAX = Sandbox(str)


@lru_cache(maxsize=4096)
def syntax(source: str) -> nodes.Template:
    """What a text that was loaded is made of."""
    return _SYNTAX.parse(source)


def printed(text: Template) -> Iterator[nodes.Expr]:
    """Every `{{ … }}` of a text, those inside `{% if %}` too."""
    if text.literal:
        return
    for output in syntax(text.source).find_all(nodes.Output):
        yield from (part for part in output.nodes if not isinstance(part, nodes.TemplateData))


def variables(expression: nodes.Node) -> Iterator[Variable]:
    """The variables whose values come to be heard: not what a condition asks for, nor the value of `default`."""
    match expression:
        case nodes.Name(name=name):
            yield (name,)
        case nodes.Getattr(node=inner, attr=key) | nodes.Getitem(node=inner, arg=nodes.Const(value=str(key))):
            yield from ((*variable, key) for variable in variables(inner))
        case nodes.Getitem(node=inner) | nodes.Filter(node=nodes.Node() as inner):
            yield from variables(inner)
        case nodes.CondExpr(expr1=one, expr2=other):
            for branch in (one, other):
                yield from () if branch is None else variables(branch)
        case nodes.Compare() | nodes.Test() | nodes.Not():
            return
        case _:
            for child in expression.iter_child_nodes():
                yield from variables(child)
