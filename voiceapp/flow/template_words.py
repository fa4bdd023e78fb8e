"""What is wrong in one `{{ … }}` or condition that Jinja cannot read, in an author's words.

Jinja knows the line only, and speaks of tokens and statements; what it had read by then says where.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from voiceapp.flow.allowed_syntax import Fault
from voiceapp.flow.sandbox import Lexed

_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_MEANT = {"&": "write 'and'", "!": "write 'not', or '!=' for 'is not'"} | dict.fromkeys("“”„‘’«»", "write ' or \"")


@dataclass(frozen=True)
class Piece:
    """An expression in a source, from `start` to `end`, and its words and signs; `where` it stands."""

    source: str
    start: int
    end: int
    lexed: Sequence[Lexed]
    where: str


def unread(why: str, offset: int) -> Fault:
    """A source that cannot be read on from here."""
    return Fault(f"cannot be read: {why}", offset)


def unlexed(says: str, source: str, lexed: Sequence[Lexed]) -> Fault:
    """What Jinja means when it cannot tell words and signs apart behind those that it could."""
    last = lexed[-1] if lexed else Lexed(0, "", "")
    if last.kind in ("comment_begin", "raw_begin"):
        sign, closer = ("{#", "#}") if last.kind == "comment_begin" else ("{% raw %}", "{% endraw %}")
        return unread(f"this '{sign}' is not closed with '{closer}'", last.offset)
    end = last.offset + len(last.value)
    at = end + len(source[end:]) - len(source[end:].lstrip())
    sign = source[at : at + 1]
    bracket = re.search(", expected '(.)'", says)
    if bracket:
        return unread(f"'{bracket[1]}' is missing before this '{sign}'", at)
    if "char" in says and sign in ("'", '"'):
        return unread("this quote is not closed", at)
    if sign in ("'", '"'):
        return unread("a backslash in this text means nothing: write it twice", at)
    hint = f": {_MEANT[sign]}" if sign in _MEANT else ""
    return unread(f"'{sign}' does not belong here{hint}", at)


def unparsed(piece: Piece, words: Sequence[Lexed], at: int) -> Fault:
    """What an expression lacks that cannot be read on from the word at this index."""
    if not words:
        return unread(f"nothing stands in this {piece.where}", piece.start)
    if at < len(words):
        word = words[at]
        return _misplaced(word, words[at - 1].value if at else "")
    open_: list[Lexed] = []
    for word in words:
        if word.kind == "operator" and word.value in _BRACKETS:
            open_.append(word)
        elif word.kind == "operator" and word.value in _BRACKETS.values() and open_:
            open_.pop()
    last = words[-1]
    if last.kind in ("string", "float") and len(words) > 1 and words[-2].value == ".":
        return _misplaced(last, ".")
    if open_ and last.value not in ("and", "or", "not", "in", "is", "if", "else") and last.kind != "operator":
        sign = open_[-1].value
        return unread(f"this '{sign}' is not closed with '{_BRACKETS[sign]}'", open_[-1].offset)
    return unread(f"something is missing behind '{last.value}'", last.offset)


def unusable(words: Sequence[Lexed]) -> Fault:
    """What is wrong in an expression one of whose words is none, such as a text with half an escape."""
    for word in words:
        if word.kind == "name" and not word.value.isidentifier():
            return Fault(f"'{word.value}' cannot be a variable's name", word.offset)
    texts = [word.offset for word in words if word.kind == "string" and "\\" in word.value]
    return unread("a backslash in this text means nothing: write it twice", next(iter(texts), words[0].offset))


def _misplaced(word: Lexed, before: str) -> Fault:
    hint = {"=": "; to compare, write '=='", "|": "; for one or the other, write 'or'"}.get(word.value, "")
    shown = word.value if word.kind == "string" else f"'{word.value}'"
    return unread(f"{shown} does not belong here{hint if word.value == '=' or before == '|' else ''}", word.offset)
