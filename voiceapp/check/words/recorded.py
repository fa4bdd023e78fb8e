"""What was read out when each sound was recorded: the list `flows/audio/recorded.csv`, kept beside the sounds.

    file,language,text,sha256
    welcome_en-GB.wav,en-GB,Welcome to the clinic.,9f86d081…

A text changes more easily than a recording, and a checkout forgets when files were written; so the list keeps the
text. `sha256` is that of the file, so that a row is known not to speak of a newer recording; it may be left out.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from voiceapp.check.words.pieces import sounds
from voiceapp.flow.flow import Flow
from voiceapp.flow.problems import Path
from voiceapp.flow.prompts import spoken_text

FILE = "recorded.csv"
"""Its name, below `flows/audio/`."""

COLUMNS = ("file", "language", "text", "sha256")
_NEEDED = COLUMNS[:3]


class Recorded(NamedTuple):
    """In this file, below `flows/audio/`, this text is spoken in this language."""

    file: str
    language: str
    text: str
    sha256: str = ""


def read_recorded(content: bytes) -> tuple[Recorded, ...]:
    """The rows of the list; raises ValueError, which names the line, when it is no such list."""
    try:
        lines = io.StringIO(content.decode("utf-8-sig"), newline="")
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8 text") from None
    rows = csv.DictReader(lines, strict=True)
    try:
        if not set(_NEEDED) <= set(rows.fieldnames or ()):
            raise ValueError(f"line 1: the columns have to be {','.join(COLUMNS)}")
        return tuple(_row(row, rows.line_num) for row in rows)
    except csv.Error as error:
        raise ValueError(f"line {rows.reader.line_num}: {error}") from None


def _row(row: Mapping[str | None, str | None], line: int) -> Recorded:
    match [row[name] for name in _NEEDED]:
        case [str(file), str(language), str(text)] if None not in row:
            return Recorded(file, language, text, row.get("sha256") or "")
        case _:
            raise ValueError(f"line {line}: there are not as many cells as columns")


def write_recorded(rows: Iterable[Recorded]) -> str:
    """The list with these rows, as `read_recorded` reads it; in a fixed order, for the sake of diffs."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(sorted(rows))
    return lines.getvalue()


def to_record(flow: Flow) -> Iterator[tuple[Path, Recorded]]:
    """What the sounds below `flows/audio/` have to say as the flow stands now, with the path of each;
    those without a text are left out."""
    for path, sound in sounds(flow):
        if sound.source.startswith("https://"):
            continue
        for language in flow.head.languages:
            text = spoken_text(sound, language)
            if text is not None:
                yield path, Recorded(sound.file(language), language, " ".join(text.source.split()))
