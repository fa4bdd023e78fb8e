"""What was taken, from a coverage file and from calls."""

import json

import pytest

from tests.drawing.flows import flow_of
from voiceapp.drawing.painted import FLOW, Painted, comparable, counted, from_coverage
from voiceapp.errors import OperatorError
from voiceapp.flow.ways import Taken

FLOW_TEXT = """\
flow: small
languages: [en-GB]
keys: {"0": two, "9": end}
on_hang_up: three
steps:
  one: {menu: Press 1., keys: {1: two}}
  two: {say: Two., next: end}
  three: {set: {x: y}, next: end}
  four: {end: Bye.}
"""
SMALL = flow_of(FLOW_TEXT)
GOOD = {
    "steps": {"one": 3, "two": 0},
    "ways": {"one": {"key 1": 2, "otherwise": 0}, "": {"flow key 0": 1, "on_hang_up": 0}},
    "tries": {"one": {"try 2": 1}},
}


def coverage(small: object) -> bytes:
    return json.dumps({"flows": {"small": small, "other": {"steps": {}, "ways": {}}}, "version": 1}).encode()


def test_a_coverage_file() -> None:
    ways = {("one", "key 1"): 2, ("one", "otherwise"): 0, (FLOW, "flow key 0"): 1, (FLOW, "on_hang_up"): 0}
    assert from_coverage(coverage(GOOD), SMALL) == Painted({"one": 3, "two": 0}, ways)


WRONG: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"nothing", "is no coverage file: "),
    "no text": (b"\xff\xfe", "is no coverage file: "),
    "other JSON": (b"[1]", "is no coverage file: Expected `object`, got `array`"),
    "no flows": (b"{}", "is no coverage file: Object missing required field `flows`"),
    "not this flow": (b'{"flows": {"a": {"steps": {}, "ways": {}}}}', "holds nothing of flow small, only of a"),
    "no flow": (b'{"flows": {}}', "holds nothing of flow small, only of none"),
    "no steps": (coverage({"ways": {}}), "is no coverage file: Object missing required field `steps`"),
    "a count below nothing": (
        coverage({**GOOD, "steps": {"one": -1}}),
        "is no coverage file: Expected `int` >= 0",
    ),
    "a count in words": (coverage({**GOOD, "steps": {"one": "3"}}), "is no coverage file: Expected `int`, got"),
    "another step": (
        coverage({**GOOD, "steps": {"six": 1}}),
        "was written for another version of flow small: this has no step six",
    ),
    "a way of another step": (
        coverage({**GOOD, "ways": {"six": {"next": 1}}}),
        "was written for another version",
    ),
    "another way": (
        coverage({**GOOD, "ways": {"one": {"key 2": 1}}}),
        "was written for another version of flow small: step one has no way 'key 2'",
    ),
    "another key of the flow": (
        coverage({**GOOD, "ways": {"": {"flow key 5": 1}}}),
        "was written for another version of flow small: this has no way 'flow key 5'",
    ),
}


@pytest.mark.parametrize(("text", "message"), WRONG.values(), ids=WRONG)
def test_a_wrong_coverage_file_is_one_sentence(text: bytes, message: str) -> None:
    with pytest.raises(OperatorError) as refused:
        from_coverage(text, SMALL)
    assert str(refused.value).startswith(message)
    assert "\n" not in str(refused.value)


def test_calls_are_counted_in_their_own_flow_only() -> None:
    entered = ["one", "two", "inner/one", "small/three", "one"]
    taken = [
        Taken("small", "one", "key 1"),
        Taken("inner", "one", "key 1"),
        Taken("small", "one", "flow key 0"),
        Taken("small", "one", "try 2"),
        Taken("small", "two", "on_hang_up"),
        Taken("small", "one", "on_hang_up"),
    ]
    painted = counted(SMALL, entered, taken)
    assert painted.steps == {"one": 2, "two": 1, "three": 1, "four": 0}
    assert painted.ways == {
        ("one", "key 1"): 1,
        ("one", "otherwise"): 0,
        ("two", "next"): 0,
        ("three", "next"): 0,
        (FLOW, "flow key 0"): 1,
        (FLOW, "flow key 9"): 0,
        (FLOW, "on_hang_up"): 2,
    }


CHANGED = {
    "another text": (("Two.", "Deux."), True),
    "a way led elsewhere": (("{1: two}", "{1: three}"), True),
    "a step more": (("  three:", "  between: {say: Well.}\n  three:"), True),
    "a step less": (("  two: {say: Two., next: end}\n", ""), False),
    "another name for an end": (("four", "five"), False),
    "a key more": (("{1: two}", "{1: two, 2: end}"), True),
    "another key": (("{1: two}", "{2: two}"), False),
    "a key of the flow less": ((', "9": end', ""), False),
    "no way at the hang-up": (("on_hang_up: three\n", ""), False),
}


@pytest.mark.parametrize(("change", "expected"), CHANGED.values(), ids=CHANGED)
def test_versions_whose_ways_all_exist_can_be_compared(change: tuple[str, str], expected: bool) -> None:
    text = FLOW_TEXT.replace(*change)
    assert text != FLOW_TEXT
    if change[1] == "" and "two" in change[0]:
        text = text.replace("{1: two}", "{1: three}").replace('"0": two', '"0": three')
    assert comparable(SMALL, flow_of(text)) is expected
