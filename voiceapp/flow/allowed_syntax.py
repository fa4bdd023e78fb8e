"""Which part of Jinja an author may use: an allow-list, checked on the syntax tree before compiling.

What is not listed here does not exist: no loops, calls, assignments, imports, slices, `*`, `%` or `**`.
Jinja's sandbox bounds neither time nor memory, so what could be unbounded has to be refused here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from jinja2 import nodes

from voiceapp.flow.mistakes import Mistake
from voiceapp.flow.problems import WrongParts, WrongWithin, nearest, printable

MAX_SOURCE = 4 * 1024
"""Bytes (UTF-8) of one template or condition."""

MAX_DEPTH = 40
"""Levels of the syntax tree; Python's own compiler gives up at 90 to 100."""

TOO_DEEP = "is nested too deeply"
_HALVES = "holds half a character (a lone surrogate)"

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

_LOOKED_INTO = (nodes.Mul, nodes.Pow, nodes.Mod, nodes.List, nodes.Tuple, nodes.Filter, nodes.Test, nodes.CondExpr)
"""What may be wrong itself and still have parts that are said to be wrong as well."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a template or condition. `offset` is its position in the source."""

    message: str
    offset: int = 0


class TemplateError(WrongParts):
    """A template or condition cannot be used; `str()` says everything that is wrong in it.

    `rest` is a Template or a Condition that knows nothing but its names, or None.
    """

    mistake = Mistake.TEMPLATE

    def __init__(self, *faults: Fault, rest: object = None) -> None:
        super().__init__([WrongWithin((), printable(one.message), one.offset) for one in faults], rest)


class Sort(Enum):
    """What stands for a refused thing in the source: a name of this sort, a sign, or nothing to go by."""

    NAME = auto()
    FILTER = auto()
    TEST = auto()
    KEY = auto()
    SIGN = auto()
    CALL = auto()
    ANY = auto()


class Refused(NamedTuple):
    """Something in a tree that is not allowed, and the word or sign that stands for it in the source."""

    message: str
    sort: Sort = Sort.ANY
    word: str = ""


@dataclass(frozen=True, slots=True)
class Used:
    """What a tree refers to: top-level names, and the NAMEs of `secret.NAME`; and everything in it that is not
    allowed."""

    names: frozenset[str]
    secrets: frozenset[str]
    refused: tuple[Refused, ...] = ()


def check(tree: nodes.Node) -> Used:
    """What is in `tree`, with everything that is not allowed."""
    names: set[str] = set()
    secrets: set[str] = set()
    refused: list[Refused] = []
    waiting = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MAX_DEPTH:
            refused.append(Refused(TOO_DEEP))
            continue
        wrong = _wrong_in(node)
        if wrong is not None:
            refused.append(wrong)
            if not isinstance(node, _LOOKED_INTO):
                continue
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
    return Used(frozenset(names), frozenset(secrets), tuple(refused))


def wrong_tag(name: str) -> str | None:
    """What is wrong with a tag `{% name … %}`, or None."""
    if name in TAGS:
        return None
    hint = nearest(name, TAGS) or f"; there are {', '.join(sorted(TAGS))}"
    return f"there is no tag '{{% {name} %}}' here{hint}"


def _children(node: nodes.Node) -> list[nodes.Node]:
    listed = (nodes.List, nodes.Tuple)
    if isinstance(node, nodes.Operand) and node.op in ("in", "notin") and isinstance(node.expr, listed):
        return [*node.expr.items]
    if isinstance(node, nodes.Filter | nodes.Test):
        return [one for one in node.iter_child_nodes() if not isinstance(one, nodes.Keyword)]
    return [*node.iter_child_nodes()]


def _secret(node: nodes.Node) -> str | None:
    """NAME, when this is exactly `secret.NAME`."""
    match node:
        case nodes.Getattr(node=nodes.Name(name="secret"), attr=name) if not name.startswith("__"):
            return str(name)
        case _:
            return None


def _wrong_in(node: nodes.Node) -> Refused | None:
    if type(node) not in _LEAVES_AND_BRANCHES:
        words = _AUTHORS_WORDS.get(type(node), f"'{type(node).__name__.lower()}'")
        sort, sign = (Sort.CALL, "") if isinstance(node, nodes.Call) else (Sort.SIGN, words.strip("'"))
        return Refused(f"{words} cannot be used here", sort, sign)
    match node:
        case nodes.Name(name=name):
            return _wrong_name(name)
        case nodes.Getattr(attr=key) | nodes.Getitem(arg=nodes.Const(value=str(key))):
            if key.startswith("__"):
                return Refused(f"'{key}' cannot be looked up: it begins with two underscores", Sort.KEY, key)
        case nodes.Const(value=value):
            return _wrong_constant(value)
        case nodes.Filter() | nodes.Test():
            return _wrong_filter(node)
        case nodes.CondExpr(expr2=None):
            return Refused("'… if …' inside a value needs an 'else'", Sort.SIGN, "if")
        case _:
            pass
    return None


def _wrong_name(name: str) -> Refused | None:
    if name == "secret":
        words = "a secret can only stand alone, as {{ secret.NAME }}: not in a condition, with a filter or in []"
        return Refused(words, Sort.NAME, name)
    # Python folds look-alike letters of names into one, and Jinja gives `self` a meaning of its own.
    if name == "self" or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name, re.ASCII):
        return Refused(f"'{name}' cannot be a variable's name", Sort.NAME, name)
    return None


def _wrong_constant(value: object) -> Refused | None:
    if isinstance(value, int | float) and not abs(value) < 10**15:
        return Refused("a number here has at most 15 digits")
    if isinstance(value, str) and _holds_halves(value):
        return Refused(_HALVES)
    return None


def _wrong_filter(node: nodes.Filter | nodes.Test) -> Refused | None:
    is_filter = isinstance(node, nodes.Filter)
    what, known = ("filter", set(FILTERS)) if is_filter else ("test", set(TESTS))
    sort = Sort.FILTER if is_filter else Sort.TEST
    if node.name not in known:
        hint = nearest(node.name, known) or f"; there are {', '.join(sorted(known))}"
        return Refused(f"there is no {what} '{node.name}'{hint}", sort, node.name)
    most = FILTERS[node.name] if is_filter else 0
    if node.kwargs or node.dyn_args or node.dyn_kwargs or len(node.args) > most:
        takes = "one value" if most else "nothing"
        return Refused(f"{what} '{node.name}' takes {takes} in parentheses", sort, node.name)
    return None


def check_source(source: str) -> None:
    """Raise a TemplateError for a source that is too long or is no text that could be sent anywhere."""
    if _holds_halves(source):
        raise TemplateError(Fault(_HALVES))
    if len(source.encode()) > MAX_SOURCE:
        raise TemplateError(Fault(f"is longer than {MAX_SOURCE} bytes"))


def _holds_halves(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
