"""What counts as a difference between a test and the call that came of it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as with_fields

from tests.rehearsal.stage import call, scenarios, script, stage
from voiceapp.actions import Notify
from voiceapp.rehearsal.back_end import Asked
from voiceapp.rehearsal.comparing import Difference, alike, differences
from voiceapp.rehearsal.rehearse import Rehearsed
from voiceapp.rehearsal.scenario import Expected

LINE = """\
flow: line
languages: [en-GB]
steps:
  hello: {say: [Good, morning.]}
  code: {ask: How many keys., answer: {number: 1-9}, tries: 1}
  tell: {notify: "https://a.example.com/", with: {code: "{{ code }}", at: "{{ now }}"}}
  bye: {end: Bye.}
"""
SCRIPT = script(LINE)
TEST = """\
tests:
  one:
    call:
      - hears: Good morning. How many keys.
      - presses: 3
      - hears: Bye.
      - hangs up: server
    saved: {code: 3}
    fetched: []
    notified: [{url: https://a.example.com/, with: {code: 3, at: "*"}}]
    opted_out: []
    called_back: []
    ends: completed
"""


async def came() -> Rehearsed:
    return await call(SCRIPT, "3")


def expected(text: str = TEST) -> Expected:
    return scenarios(text)[0].expected


SAME = {
    "as it is": TEST,
    "cut into other pieces": TEST.replace(
        "Good morning. How many keys.", "Good\n      - hears: morning. How many keys."
    ),
    "whatever is heard": TEST.replace("Good morning. How many keys.", '"*"').replace("Bye.", '"*"'),
    "not looked at": TEST[: TEST.index("    saved")],
    "any value": TEST.replace("{code: 3}", '{code: "*"}').replace("completed", '"*"'),
    "any values": TEST.replace("saved: {code: 3}", "saved: {code: 3}").replace(
        'with: {code: 3, at: "*"}', 'with: "*"'
    ),
    "anything that was told": TEST.replace('[{url: https://a.example.com/, with: {code: 3, at: "*"}}]', '["*"]'),
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
async def test_the_same(text: str) -> None:
    assert differences(expected(text), await came()) == ()


OTHERS = yaml.safe_load((Path(__file__).parent / "differences.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("was", "now", "said"), [tuple(row.values()) for row in OTHERS.values()], ids=OTHERS)
async def test_a_difference(was: str, now: str, said: list[Any]) -> None:
    assert was in TEST
    text = TEST.replace(was, now)
    rehearsed = (await stage(LINE).play(scenarios(text)[0]))[0].rehearsed
    assert rehearsed is not None
    on_the_phone = [one for one in differences(expected(text), rehearsed) if one.what == said[0]]
    assert on_the_phone == [Difference(*said)]
    if said[0] != "call":
        assert len(differences(expected(text), rehearsed)) == 1


async def test_all_that_differs_is_told_but_of_the_call_the_first_line_only() -> None:
    text = TEST.replace("morning", "evening").replace("Bye", "Good bye").replace("code: 3", "code: 4")
    found = differences(expected(text.replace("completed", "hung_up")), await came())
    assert [(one.what, one.at) for one in found] == [
        ("call", 0),
        ("saved", None),
        ("notified", None),
        ("ends", None),
    ]


async def test_defects_and_requests_that_nobody_answers_are_differences() -> None:
    broken = replace(await came(), defects=("no reply",), unexpected=(Asked("GET", "https://b/"),))
    assert differences(expected(), broken) == (
        Difference("defect", "none", "no reply"),
        Difference("fetch", "an answer for it in the test", "GET https://b/"),
    )


async def test_what_is_sent_to_a_back_end_is_shown_with_its_url() -> None:
    asked = (Asked("GET", "https://b/"), Asked("POST", "https://b/", {"a": 1}))
    fetched = ("GET https://b/", {"POST https://b/": {"a": 1}})
    asking = replace(await came(), asked=asked)
    assert differences(replace(expected(), fetched=fetched), asking) == ()
    assert [one.what for one in differences(replace(expected(), fetched=fetched[:1]), asking)] == ["fetched"]


async def test_what_is_notified_is_compared_with_its_url() -> None:
    rehearsed = await came()
    other = tuple(
        with_fields(action, url="https://b/") if isinstance(action, Notify) else action
        for action in rehearsed.actions
    )
    assert [one.what for one in differences(expected(), replace(rehearsed, actions=other))] == ["notified"]


@pytest.mark.parametrize(("one", "other"), [(1, True), (0, False), (1, 1.0), ("1", 1), (None, False), ([], {})])
def test_what_only_looks_alike(one: Any, other: Any) -> None:
    assert not alike(one, other)
    assert not alike([other], [one])


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.floats(-2, 2) | st.text("ab1", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=3),
)


@settings(deadline=None)
@given(JSON, JSON)
def test_alike_is_equal_and_of_the_same_type(one: Any, other: Any) -> None:
    assert alike(one, one)
    assert alike("*", one)
    assert alike(["*", one], [other, one])
    assert alike({"a": one, "b": "*"}, {"b": other, "a": one})
    assert alike(one, other) is (repr(one) == repr(other) or (one == other and _typed(one) == _typed(other)))


def _typed(value: Any) -> Any:
    match value:
        case dict():
            return {name: _typed(item) for name, item in value.items()}
        case list():
            return [_typed(item) for item in value]
        case _:
            return type(value)
