"""What an expression can do with a value: put it into a text, count with it, and the plain filters.

Values are the JSON types and datetimes. Whatever else turns up, or does not fit, is a RenderError, and no
message here ever quotes a value: it may be a caller's data.
"""

import math
import re
from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal
from types import NoneType, UnionType

MAX_TEXT = 8 * 1024
"""Bytes (UTF-8) that a text may become."""

_NUMERAL = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")
_KINDS: tuple[tuple[type | UnionType, str], ...] = (
    (NoneType, "none"),
    (bool, "true or false"),
    (int | float, "a number"),
    (str, "a text"),
    (list | tuple, "a list"),
    (dict, "a mapping"),
    (date | time, "a time"),
)
_WORD = re.compile(r"\w+(?:['’]\w+)*")


class RenderError(Exception):
    """A value is missing or of the wrong kind. `name` is the variable or key, when it is known."""

    def __init__(self, reason: str, name: str | None = None) -> None:
        super().__init__(reason)
        self.name = name


def kind(value: object) -> str:
    """What an author calls this kind of value."""
    return next((words for types, words in _KINDS if isinstance(value, types)), "something else")


def is_number(value: object) -> bool:
    """Whether this can be counted with: true and false cannot, and neither can digits, which are text."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def bounded(text: str) -> str:
    """`text`, unless it is longer than MAX_TEXT or cannot be written as UTF-8."""
    try:
        size = len(text) if text.isascii() or len(text) > MAX_TEXT else len(text.encode())
    except UnicodeEncodeError:
        raise RenderError("a text holds half a character") from None
    if size > MAX_TEXT:
        raise RenderError(f"a text is longer than {MAX_TEXT} bytes")
    return text


def as_text(value: object) -> str:
    """The value as it stands in a text: `true`, `3` for 3.0, `0.3` for 0.1 + 0.2, ISO 8601 for a time."""
    match value:
        case str():
            return bounded(value)
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float() if math.isfinite(value):
            plain = f"{Decimal(repr(round(value, 10) + 0.0)):f}"
            return plain.rstrip("0").rstrip(".") if "." in plain else plain
        case date() | time():
            return value.isoformat()
        case _:
            raise RenderError(f"{kind(value)} cannot stand in a text")


def as_number(value: object) -> Decimal:
    """The number this is, or writes in plain digits (`7`, `-3.50`)."""
    if is_number(value) and math.isfinite(value):  # type: ignore[arg-type]  # is_number has looked
        return Decimal(str(value))
    if isinstance(value, str) and _NUMERAL.fullmatch(value):
        return Decimal(value)
    raise RenderError(f"{kind(value)} that is no number stands where a number is needed")


def whole(value: object) -> int:
    """Filter `int`: what stands before the decimal point."""
    return int(as_number(value))


def rounded(value: object, places: object = 0) -> int | float:
    """Filter `round`: half goes up, away from zero, as people do it."""
    if not isinstance(places, int) or not 0 <= places <= 10:
        raise RenderError("'round' takes 0 to 10 decimal places")
    number = as_number(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return float(number) if places else int(number)


def length(value: object) -> int:
    """Filter `length`: of a text, a list or a mapping."""
    if isinstance(value, str | list | dict):
        return len(value)
    raise RenderError(f"{kind(value)} has no length")


def first(value: object) -> object:
    """Filter `first`: of a text or a list; none when that is empty."""
    return _end(value, 0)


def last(value: object) -> object:
    """Filter `last`: of a text or a list; none when that is empty."""
    return _end(value, -1)


def _end(value: object, index: int) -> object:
    if isinstance(value, str | list):
        return value[index] if value else None
    raise RenderError(f"{kind(value)} has no first and last")


def upper(value: object) -> str:
    """Filter `upper`."""
    return as_text(value).upper()


def lower(value: object) -> str:
    """Filter `lower`."""
    return as_text(value).lower()


def title(value: object) -> str:
    """Filter `title`: `jean-pierre o'neill` becomes `Jean-Pierre O'neill`."""
    return _WORD.sub(lambda word: word[0].capitalize(), as_text(value))


def trim(value: object) -> str:
    """Filter `trim`: no white space before and after."""
    return as_text(value).strip()
