"""What counts as an answer to an `ask`: digits, a number, or a choice."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, assert_never

from voiceapp.events import Value
from voiceapp.flow.fields import read_text
from voiceapp.flow.problems import Wrong, WrongParts, nearest
from voiceapp.flow.shapes import Shape, reads, refused, written


@dataclass(frozen=True)
class Digits:
    """`{digits: 6}` or `{digits: 4-10}`: kept as text, leading zeros and all."""

    least: int
    most: int


@dataclass(frozen=True)
class Number:
    """`{number: 0-10}`: a whole number in a range."""

    low: int
    high: int


@dataclass(frozen=True)
class Choices:
    """`{choices: {1: yes, 2: no}}`: a key stands for a word."""

    words: Mapping[str, str]


Answer = Digits | Number | Choices


def longest(answer: Answer) -> int:
    """How many keys the longest good answer has."""
    match answer:
        case Digits(_, most):
            return most
        case Number(_, high):
            return len(str(high))
        case Choices(words):
            return max(len(key) for key in words)
        case _:
            assert_never(answer)


def fixed(answer: Answer) -> bool:
    """Whether every good answer has the same number of keys."""
    match answer:
        case Digits(least, most):
            return least == most
        case Number(low, high):
            return len(str(low)) == len(str(high))
        case Choices(words):
            return len({len(key) for key in words}) == 1
        case _:
            assert_never(answer)


def value_of(answer: Answer, keys: str) -> Value | None:
    """The value that these keys answer with, or None when they are no good answer."""
    match answer:
        case Digits(least, most):
            return keys if keys.isdigit() and keys.isascii() and least <= len(keys) <= most else None
        case Number(low, high):
            good = keys.isdigit() and keys.isascii() and len(keys) <= longest(answer) and low <= int(keys) <= high
            return int(keys) if good else None
        case Choices(words):
            return words.get(keys)
        case _:
            assert_never(answer)


def could_grow(answer: Answer, keys: str) -> bool:
    """Whether further keys could still make a good answer of these."""
    match answer:
        case Digits(_, most):
            return keys.isdigit() and keys.isascii() and len(keys) < most
        case Number(low, high):
            return keys.isdigit() and keys.isascii() and _number_could_grow(low, high, keys)
        case Choices(words):
            return any(key != keys and key.startswith(keys) for key in words)
        case _:
            assert_never(answer)


def _number_could_grow(low: int, high: int, keys: str) -> bool:
    if keys.startswith("0"):
        return False
    least, most = int(keys), int(keys)
    for _ in range(len(str(high)) - len(keys)):
        least, most = least * 10, most * 10 + 9
        if least <= high and most >= low:
            return True
    return False


def _range(text: str, what: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{1,12})(?:\s*-\s*([0-9]{1,12}))?", text.strip())
    if found is None:
        raise ValueError(f"'{text}' is no {what}: write one number, or two as in 4-10")
    low = int(found[1])
    high = int(found[2]) if found[2] else low
    if low > high:
        raise ValueError(f"'{text}' runs backwards: {low} is more than {high}")
    return low, high


def _digits(value: Any) -> Digits:
    least, most = _range(read_text(value), "count of digits")
    if not 1 <= least <= most <= 20:
        raise ValueError("an answer has from 1 to 20 digits")
    return Digits(least, most)


def _number(value: Any) -> Number:
    text = read_text(value)
    if "-" not in text:
        raise ValueError(f"'{text}' is no range of numbers: write two, as in 0-10")
    return Number(*_range(text, "range of numbers"))


def _choices(value: Any) -> Choices:
    if not isinstance(value, Mapping) or not value:
        raise ValueError("has to map keys to words, as in {1: yes, 2: no}")
    wrong = [
        Wrong((key,), f"'{key}' cannot be typed: use the keys 0 to 9 and *", at_key=True)
        for key in value
        if not re.fullmatch(r"[0-9*]{1,20}", key)
    ]
    wrong += [
        Wrong((key,), "has to be a word, as in {1: yes, 2: no}")
        for key, word in value.items()
        if not isinstance(word, str) or not word.strip()
    ]
    if wrong:
        raise WrongParts(wrong)
    return Choices(dict(value))


_READERS: Mapping[str, Callable[[Any], Answer]] = {"digits": _digits, "number": _number, "choices": _choices}


def read_answer(value: Any) -> Answer:
    """An answer's description; raises WrongParts where it is wrong."""
    if not isinstance(value, Mapping) or len(value) != 1:
        raise ValueError(
            "has to be one of {digits: 6}, {digits: 4-10}, {number: 0-10}, {choices: {1: yes, 2: no}}"
        )
    (kind, described), *_ = value.items()
    if kind not in _READERS:
        message = f"unknown kind of answer '{kind}'{nearest(kind, _READERS)}"
        raise WrongParts([Wrong((kind,), message, at_key=True)])
    try:
        return _READERS[kind](described)
    except WrongParts as error:
        raise WrongParts(part._replace(path=(kind, *part.path)) for part in error.parts) from None
    except ValueError as error:
        raise WrongParts([Wrong((kind,), str(error))]) from None


_KINDS = "has to be one of {digits: 6}, {digits: 4-10}, {number: 0-10}, {choices: {1: yes, 2: no}}"
_SHAPE: Shape = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": False,
    "errorMessage": _KINDS,
    **refused({"minProperties": 2}, _KINDS),
    "properties": {
        "digits": {
            **written(
                r"^\s*[0-9]{1,12}(\s*-\s*[0-9]{1,12})?\s*$", "has to be 1 to 20, or two as in 4-10", "integer"
            ),
            "minimum": 1,
            "maximum": 20,
            "description": "how many digits: `6`, or from so many to so many: `4-10`; kept as text",
        },
        "number": {
            **written(r"^\s*[0-9]{1,12}\s*-\s*[0-9]{1,12}\s*$", "has to be a range of numbers, as in 0-10"),
            "description": "a whole number in a range, as in `0-10`",
        },
        "choices": {
            "type": "object",
            "minProperties": 1,
            "patternProperties": {"^[0-9*]{1,20}$": written(r"\S", "has to be a word", "number", "boolean")},
            "additionalProperties": False,
            "errorMessage": "has to map keys to words, as in {1: yes, 2: no}: the keys are 0 to 9 and *",
            "description": "keys and the word each stands for, as in `{1: yes, 2: no}`",
        },
    },
}

AnswerField = Annotated[Answer, reads(read_answer, _SHAPE)]
