"""What is wrong with a flow and where: the one form in which every authoring mistake is said."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from voiceapp.errors import AuthoringError
from voiceapp.flow.mistakes import Mistake

Path = tuple[str, ...]
"""Keys and list positions from the top of the file to a value, all as text."""

_RAW = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that steer a terminal, break a line, turn a text around, or cannot be written at all."""


def printable(text: str) -> str:
    """The text as it can be shown to somebody: what only steers a terminal is spelt out, as in `\\x1b`."""
    return _RAW.sub(lambda sign: sign[0].encode("unicode_escape").decode("ascii"), text)


@dataclass(frozen=True, order=True)
class Place:
    """A position in a file; lines and columns count from 1."""

    line: int
    column: int


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake, in the author's words; `path` and `message` hold nothing but what can be printed."""

    file: str
    place: Place
    path: Path
    message: str
    mistake: Mistake = field(default=Mistake.FORM, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", tuple(printable(part) for part in self.path))
        object.__setattr__(self, "message", printable(self.message))

    def __str__(self) -> str:
        where = ".".join(self.path)
        start = f"{printable(self.file)}:{self.place.line}:{self.place.column}: "
        return f"{start}{where}: {self.message}" if where else f"{start}{self.message}"


class FlowProblems(AuthoringError):
    """Every problem found, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Wrong(NamedTuple):
    """What is wrong at `path`; with `at_key`, the key there rather than its value."""

    path: Path
    message: str
    at_key: bool = False
    mistake: Mistake = Mistake.FORM


class WrongWithin(NamedTuple):
    """What is wrong inside the text at `path`: at `offset`, a position in it, counted from 0."""

    path: Path
    message: str
    offset: int
    mistake: Mistake = Mistake.TEMPLATE


class WrongParts(ValueError):
    """Raised while one value is read: what is wrong in which of its parts (paths relative to the value).
    `rest` is the value without them, for further checks, or None."""

    def __init__(self, parts: Iterable[Wrong | WrongWithin], rest: object = None) -> None:
        self.rest = rest
        self.parts = tuple(parts)
        super().__init__("; ".join(part.message for part in self.parts))


def wrong_at(path: Path, error: ValueError) -> list[Wrong | WrongWithin]:
    """What an error says that reading the value at `path` ended with."""
    if isinstance(error, WrongParts):
        return [part._replace(path=(*path, *part.path)) for part in error.parts]
    return [Wrong(path, str(error), mistake=mistake_of(error))]


def rest_of(read: object, wrong: Iterable[Wrong | WrongWithin]) -> object:
    """What was read, for further checks, when nothing is wrong in it but what its texts say; else None."""
    return read if all(isinstance(part, WrongWithin) for part in wrong) else None


def mistake_of(error: ValueError) -> Mistake:
    """The kind of mistake that reading a value ended with."""
    kind = getattr(error, "mistake", None)
    return kind if isinstance(kind, Mistake) else Mistake.FORM


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` when a known name is close to `word`, else an empty text."""
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"; did you mean '{close[0]}'?" if close else ""


def listed(names: Iterable[str], joint: str = "and") -> str:
    """`a, b and c`."""
    *head, last = list(names) or ["none"]
    return f"{', '.join(head)} {joint} {last}" if head else last
