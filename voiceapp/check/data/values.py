"""What a variable can hold, as far as a flow says it: a set of kinds of values, each of one value or of many."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import count

from voiceapp.flow.problems import listed

MOST_TEXTS = 64
"""So many texts are told apart; with more of them a variable holds any text."""

MOST_LISTED = 128
"""So many values of a range are looked at one by one."""


class Absent(Enum):
    """Nothing: no step has saved it; or it may lack for a reason that is not this flow's, such as an input that
    whoever starts the call did not pass."""

    UNSAVED = "unsaved"
    EXCUSED = "excused"


@dataclass(frozen=True, slots=True)
class One:
    """This text, true, false or none."""

    value: str | bool | None


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `low` to `high`."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Texts:
    """Any text but these; with `digits`, only of digits, so many at least and at most."""

    but: frozenset[str] = frozenset()
    digits: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Anything:
    """Whatever JSON has."""


Kind = Absent | One | Whole | Texts | Anything
Known = frozenset[Kind]
"""What a variable can hold at some step; empty where no call comes."""

UNSAVED: Known = frozenset({Absent.UNSAVED})
ANYTHING: Known = frozenset({Anything()})
TEXT: Known = frozenset({Texts()})
FLAG: Known = frozenset({One(True), One(False)})
FURTHEST = 10**15
NUMBER: Known = frozenset({Whole(-FURTHEST, FURTHEST)})
_ABSENT: Known = frozenset(Absent)


def known(kinds: Iterable[Kind]) -> Known:
    """The kinds as one set that says the same in only one way: ranges that touch become one."""
    together = frozenset(kinds)
    if Anything() in together:
        return (together & _ABSENT) | ANYTHING
    whole = sorted((kind for kind in together if isinstance(kind, Whole)), key=lambda kind: kind.low)
    if len(whole) > 1:
        together = frozenset(kind for kind in together if not isinstance(kind, Whole)) | {*_merged(whole)}
    ones = {kind for kind in together if isinstance(kind, One) and isinstance(kind.value, str)}
    if len(ones) <= MOST_TEXTS and Texts() not in together:
        return together
    # Any text swallows every text: if it did not for good, joining would go round in circles.
    return frozenset(kind for kind in together - ones if not isinstance(kind, Texts)) | TEXT


def _merged(ranges: list[Whole]) -> Iterator[Whole]:
    now = ranges[0]
    for after in ranges[1:]:
        if after.low > now.high + 1:
            yield now
            now = after
        else:
            now = Whole(now.low, max(now.high, after.high))
    yield now


@lru_cache(maxsize=16384)
def joined(one: Known, other: Known) -> Known:
    """What a variable can hold that can hold either."""
    return one if other <= one else known(one | other)


@lru_cache(maxsize=4096)
def excused(one: Known) -> Known:
    """The same, where it is not this flow's fault that nothing was saved."""
    return (one - UNSAVED) | {Absent.EXCUSED} if Absent.UNSAVED in one else one


def present(one: Known) -> Known:
    """The same without nothing."""
    return one - _ABSENT


def worded(one: Known) -> str:
    """What a variable can hold, in words: `a number from 0 to 10`."""
    words = sorted(_words(kind) for kind in one)
    if len(words) > 4:
        words = [*words[:3], f"{len(words) - 3} more"]
    return " or ".join(words)


def _words(kind: Kind) -> str:
    match kind:
        case Absent():
            return "not there"
        case One(None):
            return "none"
        case One(bool() as flag):
            return "true" if flag else "false"
        case One(text):
            return f"the text '{text}'"
        case Whole(low, high) if low == high:
            return f"the number {low}"
        case Whole(low, high) if max(-low, high) < FURTHEST:
            return f"a number from {low} to {high}"
        case Whole(low) if -low < FURTHEST:
            return f"a number from {low} up"
        case Whole(_, high) if high < FURTHEST:
            return f"a number up to {high}"
        case Whole():
            return "a number"
        case Texts(but, digits=None) if but:
            others = listed([f"'{text}'" for text in sorted(but)], "or")
            return f"any text but {others}"
        case Texts(digits=None):
            return "a text"
        case Texts():
            return "digits, which are a text"
        case Anything():
            return "anything"


@dataclass(frozen=True, slots=True)
class Sort:
    """Values that conditions cannot tell apart: those of `kinds`, one of which is `value`. `alone`: it is the only
    one; `opaque`: none can stand for the others. Nothing at all has `absent`."""

    kinds: Known
    value: object = None
    alone: bool = False
    opaque: bool = False
    absent: bool = False


def sorts(one: Known, constants: frozenset[object], *, listed: bool) -> tuple[Sort, ...]:
    """What a variable can hold, in sorts that no comparison with these constants can tell apart further. `listed`:
    it is used in other ways too, and ranges are better looked at value by value where they are short."""
    return tuple(sort for kind in one for sort in _sorts(kind, constants, listed))


def _sorts(kind: Kind, constants: frozenset[object], listed: bool) -> Iterator[Sort]:
    match kind:
        case Absent():
            yield Sort(frozenset({kind}), absent=True)
        case One(value):
            yield Sort(frozenset({kind}), value, alone=True)
        case Anything():
            yield Sort(frozenset({kind}), opaque=True)
        case Whole(low, high) if listed and high - low < MOST_LISTED:
            yield from (_numbers(number, number) for number in range(low, high + 1))
        case Whole():
            yield from _ranges(kind, constants)
        case Texts(digits=(least, most)) if (
            listed and sum(10**size for size in range(least, most + 1)) <= MOST_LISTED
        ):
            for size in range(least, most + 1):
                for number in range(10**size):
                    if (text := f"{number:0{size}}") not in kind.but:
                        yield Sort(frozenset({One(text)}), text, alone=True)
        case Texts():
            yield from _texts(kind, constants)


def _ranges(whole: Whole, constants: frozenset[object]) -> Iterator[Sort]:
    low = whole.low
    for number in sorted(c for c in constants if isinstance(c, int | float) and not isinstance(c, bool)):
        below, above = -int(-number // 1) - 1, int(number // 1) + 1
        if low <= min(below, whole.high):
            yield _numbers(low, min(below, whole.high))
        if number == int(number) and whole.low <= number <= whole.high:
            yield _numbers(int(number), int(number))
        low = max(low, above)
    if low <= whole.high:
        yield _numbers(low, whole.high)


def _numbers(low: int, high: int) -> Sort:
    return Sort(frozenset({Whole(low, high)}), low, alone=low == high)


def _texts(texts: Texts, constants: frozenset[object]) -> Iterator[Sort]:
    named = {constant for constant in constants if isinstance(constant, str)} | {""}
    apart = sorted(text for text in named if text not in texts.but and _fits(text, texts))
    for text in apart:
        yield Sort(frozenset({One(text)}), text, alone=True)
    rest = Texts(texts.but.union(apart), texts.digits)
    another = _another(rest)
    if another is not None:
        yield Sort(frozenset({rest}), another)


def _fits(text: str, texts: Texts) -> bool:
    if texts.digits is None:
        return True
    least, most = texts.digits
    return text.isascii() and text.isdigit() and least <= len(text) <= most


def _another(texts: Texts) -> str | None:
    """A text that is one of these; None when there is none."""
    if texts.digits is None:
        return next(text for text in (f"text {number}" for number in count()) if text not in texts.but)
    least, most = texts.digits
    longest = (f"{number:0{size}}" for size in range(most, least - 1, -1) for number in range(10**size))
    return next((text for text in longest if text not in texts.but), None)
