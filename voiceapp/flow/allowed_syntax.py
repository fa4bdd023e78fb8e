"""Which part of Jinja an author may use: an allow-list, checked on the syntax tree before compiling.

What is not listed here does not exist: no loops, calls, assignments, imports, slices, `*`, `%` or `**`.
Jinja's sandbox bounds neither time nor memory, so what could be unbounded has to be refused here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from jinja2 import nodes

from voiceapp.flow.mistakes import Mistake
from voiceapp.flow.problems import nearest

MAX_SOURCE = 4 * 1024
"""Bytes (UTF-8) of one template or condition."""

MAX_DEPTH = 40
"""Levels of the syntax tree; Python's own compiler gives up at 90 to 100."""

TAGS = frozenset({"if", "elif", "else", "endif", "raw", "endraw"})
TESTS = frozenset({"defined", "undefined", "none", "number", "string"})
FILTERS: Mapping[str, int] = {
    "digits": 0,
    "money": 1,
    "date": 0,
    "time": 0,
    "ordinal": 0,
    "default": 1,
    "int": 0,
    "round": 1,
    "length": 0,
    "upper": 0,
    "lower": 0,
    "title": 0,
    "trim": 0,
    "first": 0,
    "last": 0,
}
"""Every filter, with the most arguments it takes."""

_LEAVES_AND_BRANCHES = frozenset(
    {nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.Name, nodes.Const}
    | {nodes.Getattr, nodes.Getitem, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.CondExpr}
    | {nodes.And, nodes.Or, nodes.Not, nodes.Concat}
    | {nodes.Add, nodes.Sub, nodes.Div, nodes.FloorDiv, nodes.Neg, nodes.Pos}
)

_AUTHORS_WORDS: Mapping[type[nodes.Node], str] = {
    nodes.Call: "a call such as name()",
    nodes.Mul: "'*'",
    nodes.Pow: "'**'",
    nodes.Mod: "'%'",
    nodes.Slice: "a slice such as [1:3]",
    nodes.List: "a list that does not follow 'in'",
    nodes.Tuple: "a list that does not follow 'in'",
    nodes.Dict: "a mapping in braces",
}


class TemplateError(ValueError):
    """A template or condition cannot be used; `str()` is one sentence for its author.

    `line` counts from 1 and `offset` is a position in the source, each None where it is not known.
    """

    mistake = Mistake.TEMPLATE

    def __init__(self, message: str, line: int | None = None, offset: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Used:
    """What a checked tree refers to: top-level names, and the NAMEs of `secret.NAME`."""

    names: frozenset[str]
    secrets: frozenset[str]


def check(tree: nodes.Node, source: str) -> Used:
    """Raise a TemplateError for the first thing in `tree` that is not allowed."""
    names: set[str] = set()
    secrets: set[str] = set()
    waiting = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise TemplateError("is nested too deeply", node.lineno)
        _check_node(node, source)
        if isinstance(node, nodes.Name):
            names.add(node.name)
        children = []
        for child in _children(node):
            secret = _secret(child) if isinstance(node, nodes.Output) else None
            if secret:
                secrets.add(secret)
            else:
                children.append((child, depth + 1))
        waiting.extend(reversed(children))
    return Used(frozenset(names), frozenset(secrets))


def check_tag(name: str, line: int, source: str) -> None:
    """Raise a TemplateError for a tag `{% name … %}` that is not allowed."""
    if name not in TAGS:
        hint = nearest(name, TAGS) or f"; there are {', '.join(sorted(TAGS))}"
        message = f"there is no tag '{{% {name} %}}' here{hint}"
        raise TemplateError(message, line, _offset(source, line, name))


def _children(node: nodes.Node) -> list[nodes.Node]:
    listed = (nodes.List, nodes.Tuple)
    if isinstance(node, nodes.Operand) and node.op in ("in", "notin") and isinstance(node.expr, listed):
        return [*node.expr.items]
    return [*node.iter_child_nodes()]


def _secret(node: nodes.Node) -> str | None:
    """NAME, when this is exactly `secret.NAME`."""
    match node:
        case nodes.Getattr(node=nodes.Name(name="secret"), attr=name) if not name.startswith("__"):
            return str(name)
        case _:
            return None


def _check_node(node: nodes.Node, source: str) -> None:
    if type(node) not in _LEAVES_AND_BRANCHES:
        words = _AUTHORS_WORDS.get(type(node), f"'{type(node).__name__.lower()}'")
        raise TemplateError(f"{words} cannot be used here", node.lineno)
    match node:
        case nodes.Name(name=name):
            _check_name(name, node, source)
        case nodes.Getattr(attr=key) | nodes.Getitem(arg=nodes.Const(value=str(key))):
            if key.startswith("__"):
                _refuse(f"'{key}' cannot be looked up: it begins with two underscores", node, source, key)
        case nodes.Const(value=value):
            _check_constant(value, node)
        case nodes.Filter() | nodes.Test():
            _check_filter(node, source)
        case nodes.CondExpr(expr2=None):
            raise TemplateError("'… if …' inside a value needs an 'else'", node.lineno)
        case _:
            pass


def _check_name(name: str, node: nodes.Node, source: str) -> None:
    if name == "secret":
        words = "a secret can only stand alone, as {{ secret.NAME }}: not in a condition, with a filter or in []"
        _refuse(words, node, source, name)
    # Python folds look-alike letters of names into one, and Jinja gives `self` a meaning of its own.
    if name == "self" or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name, re.ASCII):
        _refuse(f"'{name}' cannot be a variable's name", node, source, name)


def _check_constant(value: object, node: nodes.Node) -> None:
    if isinstance(value, int | float) and not abs(value) < 10**15:
        raise TemplateError("a number here has at most 15 digits", node.lineno)
    if isinstance(value, str):
        _check_characters(value, node.lineno)


def _check_filter(node: nodes.Filter | nodes.Test, source: str) -> None:
    what, known = ("filter", set(FILTERS)) if isinstance(node, nodes.Filter) else ("test", set(TESTS))
    if node.name not in known:
        hint = nearest(node.name, known) or f"; there are {', '.join(sorted(known))}"
        _refuse(f"there is no {what} '{node.name}'{hint}", node, source, node.name)
    most = FILTERS[node.name] if what == "filter" else 0
    if node.kwargs or node.dyn_args or node.dyn_kwargs or len(node.args) > most:
        takes = "one value" if most else "nothing"
        _refuse(f"{what} '{node.name}' takes {takes} in parentheses", node, source, node.name)


def _refuse(message: str, node: nodes.Node, source: str, word: str) -> NoReturn:
    raise TemplateError(message, node.lineno, _offset(source, node.lineno, word))


def _offset(source: str, line: int, word: str) -> int | None:
    begin = sum(len(text) + 1 for text in source.split("\n")[: line - 1])
    offset = source.find(word, begin)
    return offset if offset >= 0 else None


def check_source(source: str) -> None:
    """Raise a TemplateError for a source that is too long or is no text that could be sent anywhere."""
    _check_characters(source, None)
    if len(source.encode()) > MAX_SOURCE:
        raise TemplateError(f"is longer than {MAX_SOURCE} bytes")


def _check_characters(text: str, line: int | None) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise TemplateError("holds half a character (a lone surrogate)", line) from None
