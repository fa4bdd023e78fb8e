"""Texts with `{{ … }}` and conditions: checked and compiled once when a flow is loaded, then only run.

They are Jinja2, as far as `allowed_syntax` lets it through, run in `sandbox`. Where Jinja and what an author
expects differ, the author wins:

- `a.b` is the key `b` of a mapping or a field of a time (`now.hour`; `now.weekday` is 1 on a Monday), and
  nothing else: `result.items` is the key `items`. Where `a` is missing, so is `a.b`.
- Digits are text: `"5" == 5` is false and `"5" < 6` is an error (write `code | int < 6`).
- `default` stands in for none as well as for what is missing.
- A value that is missing, and none in a text, is a RenderError, never an empty text.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import lru_cache
from urllib.parse import quote

import jinja2
from jinja2 import nodes

from voiceapp.events import Value
from voiceapp.flow.allowed_syntax import TAGS, TOO_DEEP, Fault, TemplateError, check, check_source
from voiceapp.flow.sandbox import Sandbox, run
from voiceapp.flow.template_faults import in_condition, in_text, name_in
from voiceapp.flow.values import RenderError, as_text, bounded

__all__ = ["Condition", "Purpose", "RenderError", "Template", "TemplateError", "condition", "template"]

_UNSPEAKABLE = re.compile("[<>\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
"""Markup brackets, control characters, and marks that change what a reader of a log sees."""

_COMPILED_SOURCES = 8192


class Purpose(Enum):
    """What a text is for, which decides how values are put into it.

    SPEECH: without markup and control characters. URL: percent-encoded, unless the whole URL is one
    `{{ … }}`. DATA: as they are, and one whole `{{ … }}` keeps its type.
    """

    SPEECH = "speech"
    URL = "url"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled text. `literal`: the text is the source. `names`: the variables it uses, top level only.

    `secrets`: the NAMEs of its `{{ secret.NAME }}`; `scope["secret"]` maps them to what stands for them.
    """

    source: str
    purpose: Purpose
    literal: bool
    names: frozenset[str]
    secrets: frozenset[str]
    _compiled: jinja2.Template | None = field(repr=False, compare=False)
    _whole: bool = field(repr=False, compare=False)
    _plain: "tuple[tuple[str, bool], ...] | None" = field(default=None, repr=False, compare=False)
    """A text with nothing but names in it, `{{ name }}`, as (text or name, whether it is a name); not compiled,
    which takes a millisecond."""

    def render(self, scope: Mapping[str, object]) -> str:
        """The text, of at most 8 KiB; raises RenderError."""
        if self._plain is not None:
            return _filled(self._plain, _FINALIZE[self.purpose], scope)
        if self._compiled is None:
            return self.source
        text, value = run(self._compiled, scope)
        return as_text(value) if self._whole else bounded(text)

    def value(self, scope: Mapping[str, object]) -> Value:
        """As `render`, but data that is one whole `{{ … }}` keeps its JSON type; raises RenderError."""
        if self._compiled is None or not self._whole or self.purpose is not Purpose.DATA:
            return self.render(scope)
        _, value = run(self._compiled, scope)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, float) and not math.isfinite(value):
            raise RenderError("a calculation has no result")
        return value


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled condition. A number is true unless 0; a text, list or mapping when something is in it."""

    source: str
    names: frozenset[str]
    _compiled: jinja2.Template = field(repr=False, compare=False)

    def holds(self, scope: Mapping[str, object]) -> bool:
        """Whether it is true now; raises RenderError."""
        return bool(run(self._compiled, scope)[1])


@lru_cache(maxsize=_COMPILED_SOURCES)
def template(source: str, *, purpose: Purpose) -> Template:
    """Check and compile a text; raises TemplateError with everything that is wrong in it."""
    check_source(source)
    if not re.search(r"\{[{%#]", source):
        return Template(source, purpose, True, frozenset(), frozenset(), None, False)
    sandbox = _SANDBOXES[purpose]
    try:
        if TAGS.issuperset(sandbox.tags(source)):
            tree = sandbox.parse(source)
            used = check(tree)
            if not used.refused and not (used.secrets and purpose is Purpose.SPEECH):
                whole = None if purpose is Purpose.SPEECH else _whole_expression(tree)
                plain = None if whole else _plain_parts(tree)
                compiled = sandbox.compiled(whole or tree.body) if plain is None else None
                is_whole = whole is not None
                return Template(source, purpose, False, used.names, used.secrets, compiled, is_whole, plain)
    except (jinja2.TemplateSyntaxError, RecursionError) as error:
        raise _refused_text(source, purpose, error) from None
    raise _refused_text(source, purpose)


def left_of(error: ValueError, purpose: Purpose) -> Template:
    """What stands, for further checks, for a text that was refused: nothing but its names."""
    rest = getattr(error, "rest", None)
    return rest if isinstance(rest, Template) else template("", purpose=purpose)


def _refused_text(source: str, purpose: Purpose, error: Exception | None = None) -> TemplateError:
    found = in_text(source, _SANDBOXES[purpose], is_spoken=purpose is Purpose.SPEECH)
    rest = Template(source, purpose, False, frozenset(found.names), frozenset(found.secrets), None, False)
    return TemplateError(*(found.faults or [_unplaced(error)]), rest=rest)


@lru_cache(maxsize=_COMPILED_SOURCES)
def condition(source: str) -> Condition:
    """Check and compile a condition; raises TemplateError with everything that is wrong in it."""
    check_source(source)
    braces = re.search(r"\{[{%]", source)
    if braces:
        raise TemplateError(Fault("is a condition: write it without {{ }} and {% %}", braces.start()))
    sandbox = _SANDBOXES[Purpose.DATA]
    try:
        tree = sandbox.expression(source)
        used = check(tree)
        if not used.refused:
            return Condition(source, used.names, sandbox.compiled([tree]))
    except (jinja2.TemplateSyntaxError, RecursionError) as error:
        raise _refused_condition(source, error) from None
    raise _refused_condition(source)


def _refused_condition(source: str, error: Exception | None = None) -> TemplateError:
    found = in_condition(source, _SANDBOXES[Purpose.DATA])
    rest = Condition(
        source, frozenset(found.names), _SANDBOXES[Purpose.DATA].compiled([nodes.Const(True, lineno=1)])
    )
    return TemplateError(*(found.faults or [_unplaced(error)]), rest=rest)


def _unplaced(error: Exception | None) -> Fault:
    """What is wrong as a whole where every piece of it is right."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return Fault("cannot be read: look at its {% %}: each holds a tag's name, and if and elif a condition")
    return Fault(TOO_DEEP)


def expression_tree(source: str) -> nodes.Node:
    """What a condition is made of; of one that `condition` has taken."""
    return _SANDBOXES[Purpose.DATA].expression(source)


def offset_of(name: str, used_in: Template | Condition) -> int:
    """The position in its source where a text or a condition first names this variable."""
    is_condition = isinstance(used_in, Condition)
    return name_in(used_in.source, _SANDBOXES[Purpose.DATA], name, is_condition=is_condition)


def text_tree(source: str) -> nodes.Template:
    """What a text is made of; of one that `template` has taken."""
    return _SANDBOXES[Purpose.DATA].parse(source)


def condition_of(part: nodes.Expr) -> Condition:
    """A part of a condition as one of its own, without a source; compiling changes `part`."""
    names = frozenset(node.name for node in (nodes.Template([nodes.Output([part])])).find_all(nodes.Name))
    return Condition("", names, _SANDBOXES[Purpose.DATA].compiled([part]))


def _whole_expression(tree: nodes.Template) -> list[nodes.Node] | None:
    """The one `{{ … }}` that a text consists of, white space around it aside."""
    if not all(isinstance(part, nodes.Output) for part in tree.body):
        return None
    parts = [part for output in tree.body for part in output.iter_child_nodes()]
    content = [part for part in parts if not (isinstance(part, nodes.TemplateData) and not part.data.strip())]
    return content if len(content) == 1 and not isinstance(content[0], nodes.TemplateData) else None


def _plain_parts(tree: nodes.Template) -> tuple[tuple[str, bool], ...] | None:
    parts: list[tuple[str, bool]] = []
    for output in tree.body:
        for part in output.iter_child_nodes() if isinstance(output, nodes.Output) else [output]:
            match part:
                case nodes.TemplateData(data=data):
                    parts.append((data, False))
                case nodes.Name(name=name):
                    parts.append((name, True))
                case _:
                    return None
    return tuple(parts)


_Finalize = Callable[[str], str]


def _filled(parts: tuple[tuple[str, bool], ...], finalize: _Finalize, scope: Mapping[str, object]) -> str:
    """What Jinja would make of it, without its context and its generator."""
    filled = []
    for text, is_name in parts:
        if is_name:
            if text not in scope:
                raise RenderError(f"'{text}' has no value", text)
            try:
                filled.append(finalize(as_text(scope[text])))
            except ValueError:
                raise RenderError("a value does not fit its use") from None
        else:
            filled.append(text)
    return bounded("".join(filled))


def _speakable(text: str) -> str:
    return _UNSPEAKABLE.sub(" ", text)


def _url_part(text: str) -> str:
    # Dots survive percent-encoding, and `..` would climb out of the author's path.
    if text and not text.strip("."):
        raise RenderError("dots alone cannot be a part of a URL")
    return quote(text, safe="")


_FINALIZE: Mapping[Purpose, _Finalize] = {
    Purpose.SPEECH: _speakable,
    Purpose.URL: _url_part,
    Purpose.DATA: str,
}
_SANDBOXES: Mapping[Purpose, Sandbox] = {purpose: Sandbox(finalize) for purpose, finalize in _FINALIZE.items()}
