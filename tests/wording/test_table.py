"""The table: its form, what spreadsheets do to it, and that no cell of it is a formula."""

import csv
import io
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wording.flows import ODD, flow_in, flow_of
from voiceapp.wording.lines import lines_of
from voiceapp.wording.table import WordingRefused, read_table, write_table

ONE = "flow: odd\nlanguages: [en-GB, el-GR]\nsteps:\n  one: {say: {en-GB: Hello., el-GR: Γεια.}}\n"


def written(text: str) -> bytes:
    """The table of a flow that says this."""
    flow = flow_of(ONE.replace("Hello.", "'" + text.replace("'", "''") + "'"))
    return write_table(lines_of(flow), flow.head.languages)


def test_what_a_table_looks_like() -> None:
    flow = flow_of(ONE)
    content = write_table(lines_of(flow), flow.head.languages, ["de-DE"])
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines() == [
        '"id","step","context","en-GB","el-GR","de-DE","exported"',
        '"odd.one.say","one","said; the call begins here","Hello.","Γεια.","","en-GB:2d8bd7d9 el-GR:e9c44be3"',
    ]


FORMULAS = {
    "=1+1": "'=1+1",
    "+33 1": "'+33 1",
    "-5 degrees": "'-5 degrees",
    "@here": "'@here",
    "  =1": "'  =1",
    "|calc": "'|calc",
    "%x": "'%x",
    "＝1": "'＝1",
    "'=1": "''=1",
    "''-": "'''-",
    "'s Avonds": "'s Avonds",
    "It's": "It's",
    "1 = 1": "1 = 1",
    "'": "'",
}


@pytest.mark.parametrize(("text", "cell"), FORMULAS.items(), ids=FORMULAS)
def test_no_cell_is_a_formula_and_comes_back_as_it_was(text: str, cell: str) -> None:
    content = written(text)
    (_, row) = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert row[3] == cell
    assert read_table(content, "t.csv").rows[0].texts["en-GB"] == text


def test_a_formula_that_a_translator_wrote_is_a_text() -> None:
    table = read_table(b"id,en-GB\r\nodd.one.say,=A1\r\n", "t.csv")
    assert table.rows[0].texts == {"en-GB": "=A1"}


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n\t")))
def test_any_cell_comes_back(text: str) -> None:
    """Also one that no flow says."""
    line = lines_of(flow_of(ONE))[0]
    spot = line.spots["en-GB"]
    odd = type(line)(line.id, 1, line.step, text, {"en-GB": type(spot)(spot.path, text)})
    rows = read_table(write_table([odd], ["en-GB"]), "t.csv").rows
    assert [row.texts for row in rows] == [{"en-GB": text}]


def named(text: str, delimiter: str) -> str:
    """A first line that names the delimiter, before a table that has it."""
    return f"sep={delimiter}\r\n{rewritten(text, delimiter)}"


RESAVED: dict[str, Callable[[str], bytes]] = {
    "semicolons": lambda text: rewritten(text, ";").encode("utf-8-sig"),
    "tabs, without a byte order mark": lambda text: rewritten(text, "\t").encode(),
    "unix line ends": lambda text: text.replace("\r\n", "\n").encode("utf-8-sig"),
    "windows line ends, in cells too": lambda text: text.replace("\r\n", "\n").replace("\n", "\r\n").encode(),
    "blank rows at the end": lambda text: f"{text},,,,,\r\n\r\n".encode(),
    "cells without a column": lambda text: text.replace("\r\n", ",\r\n", 1).encode(),
    "empty columns": lambda text: re.sub(r"\r\n(?=\"|$)", ",,\r\n", text).encode(),
    "old Macintosh line ends": lambda text: text.replace("\r\n", "\r").encode(),
    "a delimiter that is named": lambda text: named(text, ";").encode("utf-8-sig"),
    "another delimiter that is named": lambda text: named(text, "|").encode(),
    "a tab that is named": lambda text: named(text, "\t").encode(),
    "a named delimiter before the byte order mark": lambda text: (
        b"SEP=;\n" + rewritten(text, ";").encode("utf-8-sig")
    ),
    "a named delimiter that became a row": lambda text: f'"sep=;",,,,,\r\n{rewritten(text, ",")}'.encode(),
    "Excel's Unicode text": lambda text: rewritten(text, "\t").encode("utf-16"),
    "UTF-16, the other way round": lambda text: b"\xfe\xff" + rewritten(text, ";").encode("utf-16-be"),
}


def rewritten(text: str, delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(csv.reader(io.StringIO(text, newline="")))
    return out.getvalue()


@pytest.mark.parametrize("save", RESAVED.values(), ids=RESAVED)
def test_what_spreadsheets_make_of_it(save: Callable[[str], bytes]) -> None:
    flow = flow_in(ODD)
    content = write_table(lines_of(flow), flow.head.languages)
    assert read_table(save(content.decode("utf-8-sig")), "t.csv") == read_table(content, "t.csv")


@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"], ids=repr)
def test_the_first_row_alone_tells_the_delimiter(newline: str) -> None:
    table = read_table(f"id,en-GB{newline}x,a; b; c; d{newline}".encode(), "t.csv")
    assert [row.texts for row in table.rows] == [{"en-GB": "a; b; c; d"}]


WRONG = {
    "nothing": (
        b"",
        "t.csv: row 1: has to name the columns: id, step, context and the languages; there is no 'id'",
    ),
    "another encoding": (
        "id,el-GR\r\nx,Γεια".encode("iso-8859-7"),
        "t.csv: no CSV file in UTF-8: save it as 'CSV UTF-8'",
    ),
    "UTF-16 that was cut": (
        "id,el-GR".encode("utf-16")[:-1],
        "t.csv: no CSV file in UTF-8: save it as 'CSV UTF-8'",
    ),
    "a spreadsheet's own file": (b"PK\x03\x04\x14\xff\xa4", "t.csv: no CSV file in UTF-8: save it as 'CSV UTF-8'"),
    "an open quote": (
        b'id,en-GB\r\nx,"Hel\r\nlo"\r\ny,"Hello\r\nz,Bye\r\n',
        "t.csv: line 4: not CSV: a quote opens in this row that nothing closes",
    ),
    "an open quote, below the delimiter's name": (
        b'sep=,\r\nid,en-GB\r\nx,"Hello',
        "t.csv: line 3: not CSV: a quote opens in this row that nothing closes",
    ),
    "a quote within quotes": (
        b'id,en-GB\r\nx,"Say "yes", please"\r\n',
        "t.csv: line 2: not CSV: a quote in this row is not doubled, or not closed",
    ),
    "a column twice": (b"id,en-GB,en-GB\r\n", "t.csv: row 1: the column 'en-GB' stands here twice"),
    "an id twice": (b"id,en-GB\r\nx,a\r\ny,b\r\n\r\nx,b\r\nx,\r\n", "t.csv: rows 2, 5 and 6 have the same id 'x'"),
    "a row without an id": (b"id,en-GB\r\n,Hello\r\n", "t.csv: row 2: has no id"),
    "too many cells": (
        b"id,en-GB\r\nx,Hello, you\r\n",
        "t.csv: row 2: 'you' stands in a column that has no name in row 1",
    ),
    "too many cells beside empty columns": (
        b"id,en-GB,,,fr-FR\r\nx,Hello,, you,\r\n",
        "t.csv: row 2: 'you' stands in a column that has no name in row 1",
    ),
    "a cell without end": (
        b'id,en-GB\r\nx,"' + b"a" * 200_000,
        "t.csv: line 2: not CSV: a quote opens in this row that nothing closes",
    ),
}


@pytest.mark.parametrize(("content", "reason"), WRONG.values(), ids=WRONG)
def test_what_is_no_such_table(content: bytes, reason: str) -> None:
    with pytest.raises(WordingRefused) as refused:
        read_table(content, "t.csv")
    assert str(refused.value).startswith(reason)
