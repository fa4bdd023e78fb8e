"""The table that translators get and give back: a CSV file with a line a row and a language a column.

It opens in any spreadsheet: UTF-8 with a byte order mark (without one Excel takes it for another encoding), and no
cell that a spreadsheet would take for a formula. What comes back may have been saved with `;` or tabs.
"""

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from voiceapp.errors import AuthoringError
from voiceapp.wording.lines import Line

ID, STEP, CONTEXT, EXPORTED = "id", "step", "context", "exported"
_ABOUT = (ID, STEP, CONTEXT, EXPORTED)

_FORMULA = re.compile("'*([\t\r\n]|\\s*[=+\\-@|%＝＋－＠])")
"""What a spreadsheet may take for a formula, and the same behind apostrophes that are the author's own."""


class WordingRefused(AuthoringError):
    """A table cannot be brought back into its flow. `str()` is every reason, one a line."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("\n".join(self.reasons))


@dataclass(frozen=True)
class Row:
    """A row that came back. `at` is its number in a spreadsheet; `exported` the digests of the texts that the flow
    had when the table was written, by language."""

    at: int
    id: str
    texts: Mapping[str, str]
    exported: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """A table that came back: which languages it has columns for, and its rows."""

    file: str
    languages: tuple[str, ...]
    rows: tuple[Row, ...]


def digest(text: str) -> str:
    """By which a text is known to be the same one."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def write_table(lines: Iterable[Line], languages: Iterable[str], added: Iterable[str] = ()) -> bytes:
    """The table of these lines, with an empty column for each language that is `added`."""
    languages = tuple(languages)
    columns = (*languages, *added)
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow((ID, STEP, CONTEXT, *columns, EXPORTED))
    for line in lines:
        texts = line.texts
        digests = " ".join(f"{one}:{digest(texts[one])}" for one in languages if one in texts)
        cells = (line.id, line.step, line.context, *(texts.get(one, "") for one in columns), digests)
        writer.writerow([_guarded(cell) for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def read_table(content: bytes, file: str) -> Table:
    """The table in a CSV file; raises WordingRefused with everything that is wrong with its form."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WordingRefused([f"{file}: not UTF-8 text: save it as 'CSV UTF-8'"]) from None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        head, *rows = [[_unguarded(cell) for cell in row] for row in reader] or [[]]
    except csv.Error as error:
        raise WordingRefused([f"{file}: line {reader.line_num}: not CSV: {error}"]) from None
    head = [cell.strip() for cell in head]
    wrong = [*_wrong_head(head), *_wrong_rows(head, rows)]
    if wrong:
        raise WordingRefused(f"{file}: {reason}" for reason in wrong)
    languages = tuple(cell for cell in head if cell and cell not in _ABOUT)
    return Table(file, languages, tuple(_rows(head, rows, languages)))


def _rows(head: list[str], rows: list[list[str]], languages: tuple[str, ...]) -> Iterator[Row]:
    for at, cells in enumerate(rows, 2):
        row = dict(zip(head, cells, strict=False))
        if any(cell.strip() for cell in cells):
            texts = {one: re.sub("\r\n?", "\n", row.get(one, "")) for one in languages}
            digests = (pair.partition(":") for pair in row.get(EXPORTED, "").split())
            yield Row(at, row[ID].strip(), texts, {language: value for language, _, value in digests})


def _wrong_head(head: list[str]) -> Iterator[str]:
    if ID not in head:
        yield f"row 1: has to name the columns: {ID}, {STEP}, {CONTEXT} and the languages; there is no '{ID}'"
    yield from (f"row 1: the column '{cell}' stands here twice" for cell in sorted(_twice(filter(None, head))))


def _wrong_rows(head: list[str], rows: list[list[str]]) -> Iterator[str]:
    if ID not in head:
        return
    column = head.index(ID)
    for at, cells in enumerate(rows, 2):
        if any(cell.strip() for cell in cells[len(head) :]):
            yield f"row {at}: has more cells than there are columns"
        elif any(cell.strip() for cell in cells) and not "".join(cells[column : column + 1]).strip():
            yield f"row {at}: has no id"
    ids = [cells[column].strip() for cells in rows if len(cells) > column]
    yield from (f"the id '{each}' stands in two rows" for each in sorted(_twice(filter(None, ids))))


def _twice(words: Iterable[str]) -> set[str]:
    counts = Counter(words)
    return {word for word, count in counts.items() if count > 1}


def _delimiter(text: str) -> str:
    """Spreadsheets write what their country uses; no column's name holds any of them."""
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
