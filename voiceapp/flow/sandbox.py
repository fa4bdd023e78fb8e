"""Jinja2 with everything taken away but values: what a compiled template or condition can reach at run time.

`allowed_syntax` has already refused what could be unbounded. Here no method, function or attribute of any
object can be reached, nothing is defined but what the scope holds, and what is missing says its name.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, NamedTuple, cast

import jinja2
from jinja2 import UndefinedError, nodes, pass_context
from jinja2.parser import Parser
from jinja2.runtime import Context, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from voiceapp.flow import spoken, values
from voiceapp.flow.values import RenderError, as_text, bounded, is_number, kind

_TIME_FIELDS = frozenset({"year", "month", "day", "hour", "minute", "second"})
_JOIN = "~"
_RESULT = "__result"  # no author can write a name with two underscores


class Lexed(NamedTuple):
    """A word or a sign of a source: where it begins, what Jinja calls its kind, and itself."""

    offset: int
    kind: str
    value: str


class _Missing(StrictUndefined):
    """Stands for what is not there. The error that any use of it raises has nothing but its name."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        return self._undefined_name or ""


class Sandbox(ImmutableSandboxedEnvironment):
    """Compiles checked syntax. `finalize` makes what each `{{ … }}` gives into text."""

    intercepted_binops = frozenset({"+", "-", "/", "//"})
    intercepted_unops = frozenset({"+", "-"})

    def __init__(self, finalize: Callable[[str], str]) -> None:
        super().__init__(
            undefined=_Missing,
            finalize=lambda value: finalize(as_text(_given(value))),
            keep_trailing_newline=True,
            optimized=False,  # folding constants can raise what only a run may raise
        )
        self.globals = {}
        self.filters = {**_FILTERS}
        self.tests = {**_TESTS}

    def tags(self, source: str) -> Iterator[str]:
        """The name of every `{% tag %}`; raises jinja2.TemplateSyntaxError."""
        begun = False
        for _, element, text in self.lex(source):
            if begun and element == "name":
                yield text
            begun = element == "block_begin" or (begun and element == "whitespace")

    def words(self, source: str, state: str | None) -> Iterator[Lexed]:
        """Every word and sign of a text or, in the state "variable", of an expression, up to the first that cannot
        be read; then raises jinja2.TemplateSyntaxError."""
        end = 0
        for _, element, text in self.lexer.tokeniter(source, None, None, state):
            offset = source.find(text, end)  # white space in between may have been left out
            end = offset + len(text)
            yield Lexed(offset, element, text)

    def expression(self, source: str) -> nodes.Expr:
        """The syntax of what could stand in `{{ … }}`; raises jinja2.TemplateSyntaxError."""
        parser = Parser(self, source, state="variable")
        tree = parser.parse_expression()
        if not parser.stream.eos:
            parser.fail("goes on behind its end")
        return tree

    def read_expression(self, source: str) -> tuple[nodes.Expr | None, int]:
        """The syntax of what could stand in `{{ … }}`, None where it has none, and how many of its words could be
        read; raises jinja2.TemplateSyntaxError where one of them is no word."""
        words = sum(1 for _ in self._tokenize(source, None, None, "variable"))
        parser = Parser(self, source, state="variable")
        tree = None
        with suppress(jinja2.TemplateSyntaxError):
            tree = parser.parse_expression()
        return tree, words - sum(1 for _ in parser.stream)

    def compiled(self, body: list[nodes.Node]) -> jinja2.Template:
        """What renders these nodes; a single expression is evaluated instead, for `run` to give its value."""
        if len(body) == 1 and isinstance(body[0], nodes.Expr):
            body = [nodes.Assign(nodes.Name(_RESULT, "store"), body[0], lineno=1)]
        tree = _Joins().visit(nodes.Template(body, lineno=1))
        return jinja2.Template.from_code(self, self.compile(tree.set_environment(self)), {})

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`obj.attribute`: an item of a mapping or a field of a time."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, _Missing):
            return obj
        if isinstance(obj, date):
            if attribute == "weekday":
                return obj.isoweekday()
            if attribute in _TIME_FIELDS and hasattr(obj, attribute):
                return getattr(obj, attribute)
        return self.undefined(name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """`obj[argument]`: an item of a mapping, list or text. No error names the key: it may be data."""
        if isinstance(obj, _Missing):
            return obj
        key = _given(argument)
        if isinstance(obj, Mapping) and isinstance(key, str):
            return obj.get(key, self.undefined())
        if isinstance(obj, list | str) and isinstance(key, int) and -len(obj) <= key < len(obj):
            return obj[key]
        return self.undefined()

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """`+ - / //` on numbers; `+` on two texts."""
        if is_number(_given(left)) and is_number(_given(right)):
            return super().call_binop(context, operator, left, right)
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return bounded(left + right)
        raise RenderError(f"'{operator}' stands between {kind(left)} and {kind(right)}")

    def call_unop(self, context: Context, operator: str, arg: Any) -> Any:
        """A sign before a number."""
        if is_number(_given(arg)):
            return super().call_unop(context, operator, arg)
        raise RenderError(f"'{operator}' stands before {kind(arg)}")


def run(compiled: jinja2.Template, scope: Mapping[str, object]) -> tuple[str, Any]:
    """The text of a compiled template, or None and the value of a compiled expression; raises RenderError."""
    # Compiled code writes to the context's own variables only, never to the scope.
    context = compiled.new_context(cast("dict[str, Any]", scope), shared=True)
    try:
        text = "".join(compiled.root_render_func(context))
        return text, _given(context.vars.get(_RESULT))
    except UndefinedError as error:
        name = error.message or None
        raise RenderError(f"'{name}' has no value" if name else "an item has no value", name) from None
    except (TypeError, RecursionError):
        raise RenderError("values of different kinds meet") from None
    except ArithmeticError:
        raise RenderError("a calculation has no result") from None
    except (ValueError, LookupError, jinja2.TemplateError):
        raise RenderError("a value does not fit its use") from None


class _Joins(NodeTransformer):
    """`a ~ b` by a filter of ours: Jinja's own would write Python's words for none, lists and mappings."""

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:
        parts = nodes.List([self.visit(part) for part in node.nodes], lineno=node.lineno)
        return nodes.Filter(parts, _JOIN, [], [], None, None, lineno=node.lineno)


def _given(value: Any) -> Any:
    if isinstance(value, _Missing):
        str(value)  # raises, with the name of what is missing
    return value


def _joined(parts: list[Any]) -> str:
    return bounded("".join([as_text(_given(part)) for part in parts]))


def _default(value: Any, fallback: Any = "") -> Any:
    return fallback if value is None or isinstance(value, _Missing) else value


def _plain(function: Callable[..., Any]) -> Callable[..., Any]:
    def apply(value: Any, *arguments: Any) -> Any:
        return function(_given(value), *map(_given, arguments))

    return apply


def _localised(function: Callable[..., str]) -> Callable[..., str]:
    @pass_context
    def apply(context: Context, value: Any, *arguments: Any) -> str:
        return function(_given(value), str(context.get("language", "en")), *map(_given, arguments))

    return apply


_FILTERS: Mapping[str, Callable[..., Any]] = {
    "digits": _localised(spoken.digits),
    "money": _localised(spoken.money),
    "date": _localised(spoken.date),
    "time": _localised(spoken.time),
    "ordinal": _localised(spoken.ordinal),
    "int": _plain(values.whole),
    "round": _plain(values.rounded),
    "length": _plain(values.length),
    "upper": _plain(values.upper),
    "lower": _plain(values.lower),
    "title": _plain(values.title),
    "trim": _plain(values.trim),
    "first": _plain(values.first),
    "last": _plain(values.last),
    "default": _default,
    _JOIN: _joined,
}

_TESTS: Mapping[str, Callable[[Any], bool]] = {
    "defined": lambda value: not isinstance(value, _Missing),
    "undefined": lambda value: isinstance(value, _Missing),
    "none": lambda value: _given(value) is None,
    "number": lambda value: is_number(_given(value)),
    "string": lambda value: isinstance(_given(value), str),
}
