"""Where in a file a position inside one of its texts is.

YAML folds lines, drops indentation and reads escapes, so that a text is not what the file holds. But what is no
white space stands in both in the same order: the n-th sign of the text is the n-th that the file writes for it.
"""

import re
from collections.abc import Iterator
from itertools import islice

from voiceapp.flow.problems import Place

LINE_END = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
UNUSABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What can be written in a file and stands in none of its texts."""

_DOUBLE = re.compile(
    r"\\(?:x(?P<x>[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})|U(?P<U>[0-9a-fA-F]{8})|\r\n|(?s:.))|(?s:.)"
)
_SINGLE = re.compile(r"''|(?s:.)")
_PLAIN = re.compile(r"(?s:.)")
_WHITE = frozenset("\\" + sign for sign in "nrtvfNLP_ \t\n\r") | {"\\\r\n"}
_NOTHING = frozenset("\\" + sign for sign in "0abe")


def place_within(source: str, start: Place, text: str, offset: int) -> Place:
    """Where the character at `offset` of `text` stands in `source`, if the file writes this text from `start` on;
    for white space, where the next sign behind it stands. Falls back to `start`."""
    lines = LINE_END.finditer(source)
    line_start = next((found.end() for found in islice(lines, start.line - 2, None)), 0) if start.line > 1 else 0
    begin = line_start + start.column - 1
    signs = [at for at, sign in enumerate(text) if not sign.isspace()]
    count = sum(at < offset for at in signs[:-1])
    for at in islice(_signs(source, begin), count, None) if signs else ():
        return _place_at(source, at)
    return start


def _signs(source: str, begin: int) -> Iterator[int]:
    """Where each sign of the text stands that the file writes from `begin` on; goes on behind its end."""
    match source[begin : begin + 1]:
        case '"':
            pattern, begin = _DOUBLE, begin + 1
        case "'":
            pattern, begin = _SINGLE, begin + 1
        case "|" | ">":
            header = LINE_END.search(source, begin)
            pattern, begin = _PLAIN, header.end() if header else len(source)
        case _:
            pattern = _PLAIN
    for found in pattern.finditer(source, begin):
        if _is_sign(found):
            yield found.start()


def _is_sign(found: re.Match[str]) -> bool:
    written = found[0]
    if written in _WHITE or written in _NOTHING:
        return False
    code = next((digits for digits in found.groups() if digits), "") if written.startswith("\\") else ""
    sign = chr(int(code, 16)) if code else written[-1]
    return not sign.isspace() and not UNUSABLE.match(sign)


def _place_at(source: str, at: int) -> Place:
    line, begin = 1, 0
    for found in LINE_END.finditer(source, 0, at):
        line, begin = line + 1, found.end()
    return Place(line, at - begin + 1)
