"""Everything that is wrong in a text with `{{ … }}` or in a condition, each at its place, in an author's words.

Jinja stops at the first thing that it cannot read. So a source that was refused is looked at once more here, piece
by piece: each `{{ … }}` and each condition of an `{% if … %}` alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import jinja2
from jinja2 import nodes

from voiceapp.flow.allowed_syntax import TOO_DEEP, Fault, Refused, Sort, Used, check, wrong_tag
from voiceapp.flow.sandbox import Lexed, Sandbox
from voiceapp.flow.template_words import Piece, unlexed, unparsed, unread, unusable

_CLOSERS = {"{{": "}}", "{%": "%}"}
_ENDINGS = {"else": "if", "elif": "if", "endif": "if", "endraw": "raw"}


@dataclass
class Found:
    """What is wrong in a source, and what is used in the pieces of it that can be read."""

    faults: list[Fault] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    secrets: set[str] = field(default_factory=set)


def in_condition(source: str, sandbox: Sandbox) -> Found:
    """What is wrong in a condition."""
    found = Found()
    lexed, fault = _lexed(source, sandbox, "variable")
    if fault:
        found.faults.append(fault)
    else:
        _look_into(found, sandbox, Piece(source, 0, len(source), lexed, "condition"))
    return _in_order(found)


def in_text(source: str, sandbox: Sandbox, *, is_spoken: bool) -> Found:
    """What is wrong in a text; one that `is_spoken` may tell no secret."""
    found = Found()
    lexed, fault = _lexed(source, sandbox, None)
    found.faults += [fault] if fault else []
    found.faults += _wrong_tags(lexed, is_whole=fault is None)
    for piece in _pieces(source, lexed):
        _look_into(found, sandbox, piece)
    if is_spoken and found.secrets:
        at = next((one.offset for one in lexed if one.value == "secret"), 0)
        found.faults.append(Fault("a secret cannot be spoken", at))
    return _in_order(found)


def name_in(source: str, sandbox: Sandbox, name: str, *, is_condition: bool) -> int:
    """Where a variable is named first in a text or a condition that can be used."""
    lexed, _ = _lexed(source, sandbox, "variable" if is_condition else None)
    words = [word for word in lexed if word.kind != "whitespace"]
    named = (one.offset for at, one in enumerate(words) if one.value == name and _sort(words, at) is Sort.NAME)
    return next(named, 0)


def _in_order(found: Found) -> Found:
    found.faults = sorted(dict.fromkeys(found.faults), key=lambda fault: fault.offset)
    return found


def _lexed(source: str, sandbox: Sandbox, state: str | None) -> tuple[list[Lexed], Fault | None]:
    """The words and signs of a source up to the first that is none, and what is wrong with that."""
    lexed: list[Lexed] = []
    try:
        for one in sandbox.words(source, state):
            if one.kind in ("variable_begin", "block_begin") and _is_open(source, one):
                sign = one.value[:2]
                return lexed, unread(f"this '{sign}' is not closed with '{_CLOSERS[sign]}'", one.offset)
            lexed.append(one)
    except jinja2.TemplateSyntaxError as error:
        return lexed, unlexed(error.message or "", source, lexed)
    return lexed, None


def _is_open(source: str, opening: Lexed) -> bool:
    sign = opening.value[:2]
    behind = opening.offset + 2
    end = source.find(_CLOSERS[sign], behind)
    return end < 0 or 0 <= source.find(sign, behind) < end


def _tags(lexed: Sequence[Lexed]) -> Iterator[tuple[Lexed, Lexed]]:
    """Every `{%` with what stands behind it."""
    words = [one for one in lexed if one.kind != "whitespace"]
    for before, after in pairwise(words):
        if before.kind == "block_begin":
            yield before, after


def _wrong_tags(lexed: Sequence[Lexed], *, is_whole: bool) -> Iterator[Fault]:
    """Tags that there are none of, and those that have no other half."""
    waiting: list[Lexed] = []
    for begin, tag in _tags(lexed):
        wrong = wrong_tag(tag.value)
        if tag.kind != "name":
            yield unread("the name of a tag is missing behind '{%'", begin.offset)
        elif wrong:
            yield Fault(wrong, tag.offset)
        elif tag.value == "if":
            waiting.append(tag)
        elif not waiting or (waiting[-1].value == "else" and tag.value != "endif"):
            yield unread(
                f"'{{% {tag.value} %}}' stands here without its '{{% {_ENDINGS[tag.value]} %}}'", tag.offset
            )
        elif tag.value == "endif":
            waiting.pop()
        else:
            waiting[-1] = Lexed(waiting[-1].offset, "name", tag.value)
    for tag in waiting if is_whole else ():
        yield unread("this '{% if %}' is not closed with '{% endif %}'", tag.offset)


def _pieces(source: str, lexed: Sequence[Lexed]) -> Iterator[Piece]:
    begin: int | None = None
    for at, one in enumerate(lexed):
        if one.kind in ("variable_begin", "block_begin"):
            begin = at
        elif begin is not None and one.kind in ("variable_end", "block_end"):
            inner = [word for word in lexed[begin + 1 : at] if word.kind != "whitespace"]
            opening, begin = lexed[begin], None
            if opening.kind == "variable_begin":
                yield Piece(source, opening.offset + len(opening.value), one.offset, inner, "{{ }}")
            elif inner and inner[0].value in ("if", "elif"):
                start = inner[0].offset + len(inner[0].value)
                yield Piece(source, start, one.offset, inner[1:], f"{{% {inner[0].value} %}}")


def _look_into(found: Found, sandbox: Sandbox, piece: Piece) -> None:
    words = [word for word in piece.lexed if word.kind != "whitespace"]
    first = words[0].offset if words else piece.start
    try:
        tree, at = sandbox.read_expression(piece.source[piece.start : piece.end])
    except RecursionError:
        found.faults.append(Fault(TOO_DEEP, first))
        return
    except jinja2.TemplateSyntaxError:
        found.faults.append(unusable(words))
        return
    if tree is None or at < len(words):
        found.faults.append(unparsed(piece, words, at))
        return
    used: Used = check(nodes.Output([tree]) if piece.where == "{{ }}" else tree)
    found.names |= used.names
    found.secrets |= used.secrets
    places = _Places(words, first)
    found.faults += [Fault(one.message, places.of(one)) for one in used.refused]


class _Places:
    """Where in an expression the things are that are refused; each word and sign stands for one of them."""

    def __init__(self, words: Sequence[Lexed], first: int) -> None:
        self._first = first
        self._left = [(_sort(words, at), word) for at, word in enumerate(words)]

    def of(self, refused: Refused) -> int:
        """The next place that can be meant, or the beginning of the expression."""
        for at, (sort, word) in enumerate(self._left):
            is_sign = refused.sort is Sort.SIGN and word.kind != "string"
            is_meant = refused.sort is Sort.CALL or word.value.strip("'\"") == refused.word
            if (sort is refused.sort or is_sign) and is_meant:
                del self._left[at]
                return word.offset
        return self._first


def _sort(words: Sequence[Lexed], at: int) -> Sort:
    """What a word is, by those around it."""
    before = [word.value for word in words[max(at - 2, 0) : at]]
    after = words[at + 1].value if at + 1 < len(words) else ""
    if before[-1:] == ["|"]:
        return Sort.FILTER
    if before[-1:] == ["is"] or before == ["is", "not"]:
        return Sort.TEST
    if before[-1:] == ["."] or (before[-1:] == ["["] and words[at].kind == "string"):
        return Sort.CALL if after == "(" else Sort.KEY
    if words[at].kind == "name":
        return Sort.CALL if after == "(" else Sort.NAME
    return Sort.ANY
