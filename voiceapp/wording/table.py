"""The table that translators get and give back: a CSV file with a line a row and a language a column.

It opens in any spreadsheet: UTF-8 with a byte order mark (without one Excel takes it for another encoding), and no
cell that a spreadsheet would take for a formula. What comes back may have been saved with `;` or tabs, with a
first line that says so (`sep=;`), or as what Excel calls Unicode text.
"""

import codecs
import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from voiceapp.errors import AuthoringError
from voiceapp.flow.problems import listed
from voiceapp.wording.lines import Line

ID, STEP, CONTEXT, EXPORTED = "id", "step", "context", "exported"
_ABOUT = (ID, STEP, CONTEXT, EXPORTED)

_FORMULA = re.compile("'*([\t\r\n]|\\s*[=+\\-@|%＝＋－＠])")
"""What a spreadsheet may take for a formula, and the same behind apostrophes that are the author's own."""


_BOM = "\ufeff"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DELIMITER_LINE = re.compile('"?sep=([^\\w\r\n"\' ])"?[,;\t]*(?:\r\n?|\n)', re.IGNORECASE)
"""What Excel understands, and what other spreadsheets make of it, for which it is a row."""


class WordingRefused(AuthoringError):
    """A table cannot be brought back into its flow. `str()` is every reason, one a line."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("\n".join(self.reasons))


@dataclass(frozen=True)
class Row:
    """A row that came back. `at` is its number in a spreadsheet; `texts` what stands in it, by column; `exported`
    the digests of the texts that the flow had when the table was written, by language."""

    at: int
    id: str
    texts: Mapping[str, str]
    exported: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """A table that came back: the columns beside its own, which are languages or somebody's remarks, and its
    rows."""

    file: str
    columns: tuple[str, ...]
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
        text = content.decode("utf-16" if content.startswith(_UTF_16) else "utf-8")
    except UnicodeDecodeError:
        raise WordingRefused([f"{file}: no CSV file in UTF-8: save it as 'CSV UTF-8'"]) from None
    try:
        head, *rows = [*_cells(text)] or [[]]
    except csv.Error as error:
        raise WordingRefused([f"{file}: {error}"]) from None
    head = [cell.strip() for cell in head]
    wrong = [*_wrong_head(head), *_wrong_rows(head, rows)]
    if wrong:
        raise WordingRefused(f"{file}: {reason}" for reason in wrong)
    columns = tuple(cell for cell in head if cell and cell not in _ABOUT)
    return Table(file, columns, tuple(_rows(head, rows, columns)))


def _cells(text: str) -> Iterator[list[str]]:
    """The rows of a CSV text, without a first line that only names the delimiter. Raises csv.Error, which says in
    which line the row begins that cannot be read."""
    text = text.removeprefix(_BOM)
    named = _DELIMITER_LINE.match(text)
    body = text[named.end() :].removeprefix(_BOM) if named else text
    delimiter = _delimiter(body, named[1] if named else "")
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    begins = 2 if named else 1
    before = begins
    try:
        for row in reader:
            yield [_unguarded(cell) for cell in row]
            begins = before + reader.line_num
    except csv.Error as error:
        raise csv.Error(f"line {begins}: not CSV: {_about_quotes(str(error))}") from None


def _about_quotes(error: str) -> str:
    """What is wrong in a row, in other words than the reader's where they are about quotes."""
    if "unexpected end" in error or "field limit" in error:
        return "a quote opens in this row that nothing closes"
    return "a quote in this row is not doubled, or not closed" if "expected after" in error else error


def _rows(head: list[str], rows: list[list[str]], columns: tuple[str, ...]) -> Iterator[Row]:
    for at, cells in enumerate(rows, 2):
        row = dict(zip(head, cells, strict=False))
        if any(cell.strip() for cell in cells):
            texts = {one: re.sub("\r\n?", "\n", row.get(one, "")) for one in columns}
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
    ids: dict[str, list[int]] = {}
    for at, cells in enumerate(rows, 2):
        row_id = "".join(cells[column : column + 1]).strip()
        ids.setdefault(row_id, []).append(at)
        named = zip_longest(head, cells, fillvalue="")
        nameless = [cell.strip() for name, cell in named if not name and cell.strip()]
        if nameless:
            yield f"row {at}: '{nameless[0]}' stands in a column that has no name in row 1"
        elif any(cell.strip() for cell in cells) and not row_id:
            yield f"row {at}: has no id"
    for each, places in ids.items():
        if each and len(places) > 1:
            yield f"rows {listed(map(str, places))} have the same id '{each}'"


def _twice(words: Iterable[str]) -> set[str]:
    counts = Counter(words)
    return {word for word, count in counts.items() if count > 1}


def _delimiter(text: str, named: str) -> str:
    """Spreadsheets write what their country uses; none of the table's own columns has it in its name. One that the
    file names itself may be another, or no longer the one it has."""
    first = re.split("[\r\n]", text, maxsplit=1)[0]
    return max(f"{named},;\t", key=first.count)


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
