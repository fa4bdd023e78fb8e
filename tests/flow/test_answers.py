"""What counts as an answer, how long it may be, and whether further keys could still make one."""

import itertools
from typing import Any

import pytest

from voiceapp.flow.answers import could_grow, fixed, longest, read_answer, value_of
from voiceapp.flow.problems import WrongParts

SIX = {"digits": "6"}
FOUR_TO_SIX = {"digits": "4-6"}
SCORE = {"number": "0-10"}
AGE = {"number": "18-120"}
TWENTIES = {"number": "20-29"}
CHOICE = {"choices": {"1": "yes", "2": "no"}}
UNEVEN = {"choices": {"1": "one", "12": "twelve", "*": "star"}}


@pytest.mark.parametrize(
    ("described", "keys", "value"),
    [
        (SIX, "000123", "000123"),
        (SIX, "00012", None),
        (SIX, "0001234", None),
        (SIX, "00012*", None),
        (SIX, "", None),
        (SIX, "١٢٣٤٥٦", None),
        (SIX, "²²²²²²", None),
        (FOUR_TO_SIX, "1234", "1234"),
        (FOUR_TO_SIX, "123456", "123456"),
        (FOUR_TO_SIX, "123", None),
        (FOUR_TO_SIX, "1234567", None),
        (SCORE, "0", 0),
        (SCORE, "00", 0),
        (SCORE, "07", 7),
        (SCORE, "10", 10),
        (SCORE, "11", None),
        (SCORE, "007", None),
        (SCORE, "", None),
        (SCORE, "*", None),
        (AGE, "17", None),
        (AGE, "18", 18),
        (AGE, "018", 18),
        (AGE, "120", 120),
        (AGE, "121", None),
        (CHOICE, "1", "yes"),
        (CHOICE, "3", None),
        (CHOICE, "", None),
        (UNEVEN, "12", "twelve"),
        (UNEVEN, "*", "star"),
    ],
)
def test_the_value_of_keys(described: Any, keys: str, value: object) -> None:
    answer = value_of(read_answer(described), keys)
    assert answer == value
    assert type(answer) is type(value)


@pytest.mark.parametrize(
    ("described", "most", "same"),
    [
        (SIX, 6, True),
        (FOUR_TO_SIX, 6, False),
        (SCORE, 2, False),
        (AGE, 3, False),
        (TWENTIES, 2, True),
        (CHOICE, 1, True),
        (UNEVEN, 2, False),
        ({"digits": " 4 - 10 "}, 10, False),
    ],
)
def test_the_longest_answer(described: Any, most: int, same: bool) -> None:
    assert (longest(read_answer(described)), fixed(read_answer(described))) == (most, same)


@pytest.mark.parametrize(
    ("described", "keys", "grows"),
    [
        (SIX, "1", True),
        (SIX, "12345", True),
        (SIX, "123456", False),
        (SIX, "1*", False),
        (SIX, "", False),
        (SCORE, "1", True),
        (SCORE, "2", False),
        (SCORE, "0", False),
        (SCORE, "10", False),
        (AGE, "1", True),
        (AGE, "12", True),
        (AGE, "13", False),
        (AGE, "2", True),
        (CHOICE, "1", False),
        (UNEVEN, "1", True),
        (UNEVEN, "12", False),
    ],
)
def test_whether_keys_could_grow(described: Any, keys: str, grows: bool) -> None:
    assert could_grow(read_answer(described), keys) is grows


@pytest.mark.parametrize("described", [FOUR_TO_SIX, SCORE, AGE, TWENTIES, CHOICE, UNEVEN, {"number": "0-9"}])
def test_keys_grow_exactly_when_longer_ones_answer(described: Any) -> None:
    answer = read_answer(described)
    for length in (1, 2, 3):
        for typed in itertools.product("012*", repeat=length):
            keys = "".join(typed)
            longer = (
                keys + "".join(more)
                for count in range(1, 5)
                for more in itertools.product("0123456789*" if count < 3 else "01", repeat=count)
            )
            meant = any(value_of(answer, further) is not None for further in longer)
            if not (keys.startswith("0") and "number" in described):
                assert could_grow(answer, keys) == meant, keys


@pytest.mark.parametrize(
    ("described", "path", "said"),
    [
        ({"digits": "21"}, ("digits",), "an answer has from 1 to 20 digits"),
        ({"digits": "0-4"}, ("digits",), "an answer has from 1 to 20 digits"),
        ({"digits": ["4"]}, ("digits",), "has to be a text, not a list"),
        ({"digits": "4-"}, ("digits",), "'4-' is no count of digits: write one number, or two as in 4-10"),
        ({"number": "-5-5"}, ("number",), "'-5-5' is no range of numbers: write one number, or two as in 4-10"),
        ({"choices": "yes"}, ("choices",), "has to map keys to words, as in {1: yes, 2: no}"),
        ({"choices": {"#": "x"}}, ("choices", "#"), "'#' cannot be typed: use the keys 0 to 9 and *"),
    ],
)
def test_a_wrong_description(described: Any, path: tuple[str, ...], said: str) -> None:
    with pytest.raises(WrongParts) as caught:
        read_answer(described)
    assert [(part.path, part.message) for part in caught.value.parts] == [(path, said)]
