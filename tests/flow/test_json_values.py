"""Values in YAML that have a type: what stands plain as in JSON, and everything else as text."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceapp.flow.json_values import is_json_scalar, json_value
from voiceapp.flow.yaml_text import read

PLAIN: dict[str, Any] = {
    "0": 0,
    "7": 7,
    "-7": -7,
    "1.5": 1.5,
    "-0.5": -0.5,
    "1e3": 1000.0,
    "1E+3": 1000.0,
    "2e-1": 0.2,
    "true": True,
    "false": False,
    "null": None,
    "12345678901234567890123": 12345678901234567890123,
    "007": "007",
    "+33123456789": "+33123456789",
    "1.": "1.",
    ".5": ".5",
    "1_000": "1_000",
    "0x1f": "0x1f",
    "True": "True",
    "no": "no",
    "yes": "yes",
    "on": "on",
    "~": "~",
    "NaN": "NaN",
    ".inf": ".inf",
    "1:30": "1:30",
    "2026-03-02": "2026-03-02",
    "1e999": "1e999",
    "nulls": "nulls",
    "1 2": "1 2",
}


@pytest.mark.parametrize("text", PLAIN)
def test_what_stands_plain(text: str) -> None:
    document = read(f"a: {{b: [{text}]}}".encode(), "x")
    value = json_value(document, document.tree, ())
    assert value == {"a": {"b": [PLAIN[text]]}}
    assert isinstance(value, dict)
    assert type(value["a"]["b"][0]) is type(PLAIN[text])


@pytest.mark.parametrize("text", PLAIN)
@pytest.mark.parametrize("quote", ["'", '"'])
def test_what_stands_in_quotes_is_text(text: str, quote: str) -> None:
    document = read(f"a: {quote}{text}{quote}".encode(), "x")
    assert json_value(document, document.tree, ()) == {"a": text}


def test_blocks_are_text() -> None:
    document = read(b"a: |\n  7\nb: >-\n  true\nc:\n  - 7\n  - '7'\n", "x")
    assert json_value(document, document.tree, ()) == {"a": "7\n", "b": "true", "c": [7, "7"]}


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | st.none())
def test_what_is_a_json_scalar_is_read_as_json_reads_it(value: Any) -> None:
    text = json.dumps(value)
    document = read(f"a: {text}".encode(), "x")
    found = json_value(document, document.tree, ())
    assert found == ({"a": json.loads(text)} if is_json_scalar(text) else {"a": text})


@given(st.text("0123456789+-.eEtrufalsn", max_size=30))
def test_no_text_is_too_odd(text: str) -> None:
    if is_json_scalar(text):
        json.loads(text)
