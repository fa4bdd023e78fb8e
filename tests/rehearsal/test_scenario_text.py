"""Tests as text: what is written is read as the same; and a test that is written anew changes nothing else."""

import string
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as with_fields

from tests.flow.scenes import opening
from tests.rehearsal.stage import call, scenarios, script, stage
from voiceapp.actions import Action, CallBack, Notify, OptOut
from voiceapp.engine.advance import open_call
from voiceapp.flow.yaml_text import read
from voiceapp.rehearsal.back_end import Asked
from voiceapp.rehearsal.conditions import MONDAY_MORNING, Conditions, MockAnswer
from voiceapp.rehearsal.lines import Line
from voiceapp.rehearsal.rehearse import Rehearsed
from voiceapp.rehearsal.scenario import EXPECTED_KEYS
from voiceapp.rehearsal.scenario_text import body_of, expected_of, file_text, updated

LINE = """\
flow: line
languages: [en-GB]
steps:
  hello: {say: Hello.}
  code: {ask: Two keys., answer: {digits: 2}, tries: 1}
  bye: {end: Bye.}
"""
SCRIPT = script(LINE)
EMPTY = open_call(opening(SCRIPT), SCRIPT)

ODD = [
    "1e3",
    "007",
    "true",
    "null",
    "NULL",
    "no",
    "On",
    "~",
    "-",
    "- a",
    "?",
    ": ",
    "a: b",
    "a #b",
    "#a",
    "*",
    "&a",
    "!",
]
ODD += [
    "'",
    '"',
    "{}",
    "[a]",
    "1_000",
    "0x1F",
    "1:30",
    "=",
    "<<",
    "%a",
    "@a",
    "`a",
    "|",
    ">",
    " a",
    "a ",
    "a:",
    "\u2028",
]
ODD += [
    "---",
    "...",
    "2026-03-02",
    "+33123456789",
    "a\nb",
    "a\n\n b\n",
    "\ta",
    "\\",
    "é",
    "\U0001f600",
    "\u00a0",
    ".5",
]
TEXTS = st.sampled_from(ODD) | st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"), max_size=12
)
NUMBERS = st.integers(-(10**25), 10**25) | st.floats(-1e16, 1e16).filter(lambda x: x == 0 or abs(x) > 1e-9)
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
WORDS = TEXTS.map(lambda text: " ".join(text.split())).filter(bool)
NAMES = TEXTS.filter(lambda text: text.splitlines() == [text])
KEYS = st.text("0123456789*#", min_size=1, max_size=6)
PHONES = st.from_regex(r"\+[1-9][0-9]{6,13}", fullmatch=True)
LINES = st.one_of(
    st.builds(Line, st.sampled_from(["hears", "whispers", "alone"]), WORDS),
    st.builds(Line, st.just("presses"), KEYS),
    st.sampled_from([Line("silence"), Line("records"), Line("records", "nothing"), Line("leaves")]),
    st.builds(
        lambda number, outcome: Line("dials", f"{number}: {outcome}"),
        PHONES,
        st.sampled_from(["busy", "answered", "failed", "no_answer"]),
    ),
    st.builds(Line, st.just("hangs up"), st.sampled_from(["caller", "server"])),
)
URLS = st.text(string.ascii_letters + "/?=&*[]%", max_size=20).map(lambda path: f"https://a.example.com/{path}")
ANSWERS = st.builds(MockAnswer, st.integers(100, 599), VALUES, st.sampled_from([0.0, 0.5, 4.0]))
CONDITIONS = st.builds(
    Conditions,
    at=st.sampled_from(
        [
            MONDAY_MORNING,
            datetime(2026, 7, 1, 3, 4, 5, tzinfo=UTC),
            MONDAY_MORNING.astimezone(timezone(timedelta(hours=2))),
        ]
    ),
    caller=PHONES | st.just(""),
    direction=st.sampled_from(["inbound", "outbound"]),
    inputs=st.dictionaries(TEXTS, TEXTS, max_size=2),
    machine=st.booleans(),
    unreached=st.sampled_from([None, "busy"]),
    fails=TEXTS,
    refused=st.frozensets(PHONES, max_size=2),
    fetch=st.dictionaries(URLS, st.lists(ANSWERS, min_size=1, max_size=2).map(tuple), max_size=2),
)


@st.composite
def calls(draw: st.DrawFn) -> Rehearsed:
    saved, reason = draw(st.dictionaries(TEXTS, VALUES, max_size=3)), draw(TEXTS)
    ended = with_fields(EMPTY, frames=(with_fields(EMPTY.frames[0], saved=saved),), end_reason=reason)
    asked = draw(st.lists(st.builds(Asked, st.sampled_from(["GET", "POST"]), URLS, VALUES), max_size=2))
    notified = draw(
        st.lists(st.builds(lambda url, data: Notify(step="a", url=url, data=data), URLS, VALUES), max_size=1)
    )
    scopes = draw(
        st.lists(st.builds(lambda scope: OptOut(step="a", number="+33123456789", scope=scope), TEXTS), max_size=1)
    )
    later = CallBack(step="a", number="+33123456789", shown="", flow="line", after=60, inputs={"a": draw(VALUES)})
    actions: tuple[Action, ...] = (*notified, *scopes, *([later] if draw(st.booleans()) else []))
    lines = tuple(draw(st.lists(LINES, max_size=5)))
    return Rehearsed(lines, ended, actions, (), (), tuple(asked), (), (), {})


@settings(deadline=None)
@given(TEXTS, CONDITIONS, st.sampled_from([(), ("callr",), ("callr", "routee")]), calls())
def test_what_is_written_is_read_as_the_same(
    name: str, conditions: Conditions, carriers: tuple[str, ...], rehearsed: Rehearsed
) -> None:
    body = body_of(SCRIPT, conditions, carriers, rehearsed)
    (one,) = scenarios(file_text("line", {name: body}, "Two lines\nof comment"))
    assert (one.name, one.flow, one.carriers, one.conditions) == (name, "line", carriers, conditions)
    assert one.expected.lines == rehearsed.lines
    came = expected_of(rehearsed)
    for key in EXPECTED_KEYS[1:]:
        value = getattr(one.expected, key)
        assert repr(list(value) if isinstance(value, tuple) else value) == repr(came.get(key))


FILE = """\
# A file of tests.
flow: line   # the flow


tests:

  # The first one of all.
  first:
    note: "It stays: as it is."
    call:   # here
    # what is said
    - hears: Good morning.
    -
      presses: 42

    # between
    ends:    failed   # no longer

  second:   # the second
      ends: >-
        hung
        up
      saved: {code: "1",
              other: 2}
      # before the call
      call: [{hears: Good day.},
        {presses: "17"}]
      # behind it

  third: {ends: completed, call: [{hears: A.}]}
# The end.
"""
FIRST = """\
    call:
      - hears: Hello.
      - hears: Two keys.
      - presses: "42"
      - hears: Bye.
      - hangs up: server

    # between
    ends: completed
"""
SECOND = """\
      ends: completed
      saved:
        code: "17"
      # before the call
      call:
        - hears: Hello.
        - hears: Two keys.
        - presses: "17"
        - hears: Bye.
        - hangs up: server
"""


def with_new(before: str, after: str, new: str) -> str:
    """The file with the text between these two replaced."""
    head, _, rest = FILE.partition(before)
    return head + before + new + after + rest.partition(after)[2]


UPDATED = {
    ("first", "42"): with_new('as it is."\n', "\n  second:", FIRST),
    ("second", "17"): with_new("# the second\n", "      # behind it", SECOND),
}


@pytest.mark.parametrize(("name", "keys"), UPDATED)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
async def test_a_test_that_is_written_anew_passes_and_nothing_else_is_another(
    name: str, keys: str, end: str
) -> None:
    text = FILE.replace("\n", end)
    one = next(one for one in scenarios(text) if one.name == name)
    came = expected_of(await call(SCRIPT, keys))
    new = updated(text, read(text.encode(), "line.yaml"), one, came)
    assert new == UPDATED[name, keys].replace("\n", end)
    again = next(one for one in scenarios(new) if one.name == name)
    assert [result.differences for result in await stage(LINE).play(again)] == [(), ()]


IN_BRACES = {
    "in one line": "tests:\n  one: {ends: no, call: []}\n",
    "in lines of their own": "tests:\n  one: {\n    ends: no,\n    call: []\n  }\n",
    "around all": "tests: {one: {\n  ends: no,\n  call: []}}\n",
    "a text that goes on like a test": 'tests:\n  one:\n    call: []\n    ends: "no\n  two: x"\n',
    "a text on the margin": 'tests:\n  one:\n    call: []\n    ends: "no\n\nmore"\n  two: {call: []}\n',
}


@pytest.mark.parametrize("text", IN_BRACES.values(), ids=IN_BRACES)
async def test_what_stands_in_braces_is_refused_rather_than_broken(text: str) -> None:
    one = scenarios(text)[0]
    came = expected_of(await call(SCRIPT, "42"))
    with pytest.raises(ValueError, match="'one' is written in braces: give each of its keys a line of its own"):
        updated(text, read(text.encode(), "line.yaml"), one, came)


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.tuples(NAMES, calls()), min_size=1, max_size=3, unique_by=lambda pair: pair[0]), calls(), st.data()
)
def test_of_several_tests_only_one_is_written_anew(
    written: list[tuple[str, Rehearsed]], came: Rehearsed, data: st.DataObject
) -> None:
    text = file_text("line", {name: body_of(SCRIPT, Conditions(), (), one) for name, one in written})
    before = scenarios(text)
    at = data.draw(st.integers(0, len(before) - 1))
    after = scenarios(updated(text, read(text.encode(), "line.yaml"), before[at], expected_of(came)))
    assert after[at].expected.lines == came.lines
    kept = [replace(one, place=before[0].place) for one in (*after[:at], *after[at + 1 :])]
    assert kept == [replace(one, place=before[0].place) for one in (*before[:at], *before[at + 1 :])]
