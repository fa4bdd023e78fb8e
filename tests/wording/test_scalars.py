"""A text as YAML: in the style of its place where that says the same, else in double quotes."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from voiceapp.wording.scalars import block, scalar

STYLES = {
    ("Hello.", None): "Hello.",
    ("It's: fine", None): '"It\'s: fine"',
    ("It's: fine", "'"): "'It''s: fine'",
    ("two\nlines", "'"): '"two\\nlines"',
    ("Hello", '"'): '"Hello"',
    ("a # b", None): '"a # b"',
    ("a #b", None): '"a #b"',
    ("a#b", None): "a#b",
    (" spaced ", None): '" spaced "',
    ("{{ name }}", None): '"{{ name }}"',
    ("- dash", None): '"- dash"',
    ("no", None): '"no"',
    ("112", None): '"112"',
    ("a\\b", '"'): '"a\\\\b"',
    ("*", None): '"*"',
    ("Γεια; 你好 🙂", None): "Γεια; 你好 🙂",
    ("\u2028\ufeff", None): '"\\u2028\\ufeff"',
}


@pytest.mark.parametrize(("text", "style"), STYLES, ids=map(repr, STYLES))
def test_style(text: str, style: str | None) -> None:
    assert scalar(text, style, in_braces=False) == STYLES[text, style]


BRACES = {"Hello, you": '"Hello, you"', "a]b": '"a]b"', "Press 1.": "Press 1.", "why?": '"why?"', "a:b": "a:b"}


@pytest.mark.parametrize(("text", "written"), BRACES.items(), ids=BRACES)
def test_in_braces(text: str, written: str) -> None:
    assert scalar(text, in_braces=True) == written


@given(
    text=st.text(st.characters(exclude_categories=["Cs"])),
    style=st.sampled_from([None, "'", '"']),
    in_braces=st.booleans(),
)
def test_any_text_is_read_as_it_was(text: str, style: str | None, in_braces: bool) -> None:
    written = scalar(text, style, in_braces=in_braces)
    assert "\n" not in written
    document = f"- [{{k: {written}, l: m}}, n]\n" if in_braces else f"- k: {written}   # why\n  l: m\n"
    loaded = yaml.safe_load(document)
    mapping = loaded[0][0] if in_braces else loaded[0]
    assert mapping == {"k": text, "l": "m"}


LONG = "word " * 40 + "end"

BLOCKS = {
    "literal": ("one\n two\n\nthree\n", "|", "|\n  one\n   two\n\n  three"),
    "literal without its last line end": ("one\ntwo", "|", "|-\n  one\n  two"),
    "folded": (f"{LONG}\n", ">", f">\n  {'word ' * 19}word\n  {'word ' * 19}word\n  end"),
    "folded, of two lines": ("one\ntwo\n", ">", None),
    "folded, with two spaces": (
        f"a  {LONG}\n",
        ">",
        f">\n  a  {'word ' * 18}word\n  {'word ' * 19}word\n  word end",
    ),
    "begins with a space": (" one\n", "|", None),
    "ends with two line ends": ("one\n\n", "|", None),
}


@pytest.mark.parametrize(("text", "header", "written"), BLOCKS.values(), ids=BLOCKS)
def test_block(text: str, header: str, written: str | None) -> None:
    assert block(text, header, 2, "\n", "\n") == written
