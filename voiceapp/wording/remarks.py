"""What whoever brings a table back should know although nothing speaks against it."""

from collections.abc import Iterator, Sequence

from voiceapp.flow.problems import listed
from voiceapp.wording.comparing import Comparing

_SHOWN = 3


def remarks(comparing: Comparing) -> Iterator[str]:
    """What of a table is not taken, and where it cannot be told whether it is out of date."""
    file = comparing.table.file
    for column in comparing.table.columns:
        if column not in comparing.languages:
            yield f"{file}: row 1: the column '{column}' is left alone: it is no language such as en-GB"
    if missing := len(comparing.lines.keys() - {row.id for row in comparing.table.rows}):
        yield f"{file}: has no row for {missing} of the flow's {len(comparing.lines)} lines: nothing changes there"
    if empty := [*_empty(comparing)]:
        cells = f"{len(empty)} cell{'s are' if len(empty) > 1 else ' is'} empty where the flow has a text"
        yield f"{file}: {cells}: nothing changes there: {_first(empty)}"
    if undated := list(dict.fromkeys(row.at for row, *_ in comparing.cells if not row.exported)):
        rows = f"row{'s' if len(undated) > 1 else ''} {_first([*map(str, undated)])}"
        unknown = "whether the flow has changed there since the table was written is not known"
        yield f"{file}: no 'exported' in {rows}: {unknown}"


def _empty(comparing: Comparing) -> Iterator[str]:
    for row in comparing.table.rows:
        for language in comparing.languages:
            had_one = language in comparing.lines[row.id].texts and language in (row.exported or row.texts)
            if had_one and not row.texts[language].strip():
                yield f"row {row.at} {language}"


def _first(places: Sequence[str]) -> str:
    """The first of these places, and how many more there are."""
    return listed([*places[:_SHOWN], f"{len(places) - _SHOWN} more"] if len(places) > _SHOWN + 1 else places)
