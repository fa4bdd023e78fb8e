"""The lines of a call as they stand in a file of scenarios, both ways."""

import re
from collections.abc import Mapping, Sequence

from voiceapp.flow.problems import Path, Wrong, nearest
from voiceapp.flow.yaml_text import Tree
from voiceapp.rehearsal.lines import (
    ALONE,
    DIALS,
    HANGS_UP,
    HEARS,
    JOINS,
    LEAVES,
    NOTHING,
    PAUSE,
    PRESSES,
    RECORDING,
    RECORDS,
    SILENCE,
    TONES,
    UNREACHED,
    WHISPERS,
    Line,
)

_OUTCOMES = ("answered", "busy", "no_answer", "failed")
_ALONE = (SILENCE, RECORDS, LEAVES)
_SPOKEN = (HEARS, WHISPERS, ALONE)
"""What is words, of which only the words count: not where their lines end."""


def read_lines(tree: Tree, path: Path, wrong: list[Wrong]) -> tuple[list[Line], ...]:
    """The lines below `path`, item by item; what is wrong with them is added to `wrong`."""
    if not isinstance(tree, list):
        wrong.append(Wrong(path, "has to be a list of what happens, as in - hears: Hello."))
        return ()
    return tuple(_read(item, (*path, str(at)), wrong) for at, item in enumerate(tree))


def _read(item: Tree, path: Path, wrong: list[Wrong]) -> list[Line]:
    if isinstance(item, str) and item in _ALONE:
        return [Line(item)]
    if isinstance(item, dict) and len(item) == 1:
        ((kind, detail),) = item.items()
        if kind == DIALS:
            return _dials(detail, (*path, kind), wrong)
        problem = _problem(kind, detail)
        if problem is None:
            words = str(detail)
            return [Line(kind, " ".join(words.split()) if kind in _SPOKEN else words)]
        wrong.append(Wrong((*path, kind), problem, at_key=kind not in _DETAILS))
        return []
    wrong.append(Wrong(path, _nothing(item)))
    return []


def _nothing(item: Tree) -> str:
    """Why this is no line."""
    if isinstance(item, str) and item in _DETAILS:
        return f"has to say more, as in - {item}: …; it takes {_DETAILS[item][1]}"
    hint = nearest(item, [*_ALONE, *_DETAILS]) if isinstance(item, str) and item else ""
    return f"is nothing that happens on a call{hint or ': write - hears: Hello., or - silence'}"


_DETAILS: Mapping[str, tuple[str, str]] = {
    HEARS: (r"(?s).*\S.*", "the words that the caller hears"),
    PRESSES: (r"[0-9*#]+", "keys: 0 to 9, * and #"),
    PAUSE: (r"[0-9]+ s", "seconds, as in 5 s"),
    RECORDS: (NOTHING, f"{NOTHING}, or stands alone for a caller who speaks"),
    DIALS: (r"(?s).*", "what becomes of each number, as in {+33123456789: busy}"),
    JOINS: (r".+", "the name of the room"),
    WHISPERS: (r"(?s).*\S.*", "the words that the called party hears"),
    ALONE: (r"(?s).*\S.*", "the words for who is alone in the room"),
    TONES: (r"[0-9*#]+", "keys: 0 to 9, * and #"),
    RECORDING: (r"on|off", "on or off"),
    HANGS_UP: (r"caller|callee|server|carrier", "caller, callee, server or carrier"),
    UNREACHED: (r"busy|no_answer|failed", "busy, no_answer or failed"),
}
"""What may stand behind each kind of line, and how that is said."""


def _problem(kind: str, detail: Tree) -> str | None:
    if kind in _ALONE and kind not in _DETAILS:
        return f"stands alone: - {kind}"
    if kind not in _DETAILS:
        return f"'{kind}' is nothing that happens on a call{nearest(kind, [*_ALONE, *_DETAILS])}"
    pattern, meaning = _DETAILS[kind]
    if isinstance(detail, str) and re.fullmatch(pattern, detail):
        return None
    return f"has to be {meaning}"


def _dials(detail: Tree, path: Path, wrong: list[Wrong]) -> list[Line]:
    if not isinstance(detail, dict) or not detail:
        wrong.append(Wrong(path, f"has to say {_DETAILS[DIALS][1]}"))
        return []
    for number, outcome in detail.items():
        if outcome not in _OUTCOMES:
            wrong.append(Wrong((*path, number), f"has to be {', '.join(_OUTCOMES[:-1])} or {_OUTCOMES[-1]}"))
    return [Line(DIALS, f"{number}: {outcome}") for number, outcome in detail.items()]


def written_lines(lines: Sequence[Line]) -> list[Tree]:
    """The lines as `read_lines` takes them."""
    return [_written(line) for line in lines]


def _written(line: Line) -> Tree:
    if line.kind == DIALS:
        number, _, outcome = line.detail.rpartition(": ")
        return {DIALS: {number: outcome}}
    return {line.kind: line.detail} if line.detail else line.kind
