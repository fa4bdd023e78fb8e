"""Calls that come out otherwise for one reason are one entry, and no other call is in it."""

import pytest

from tests.rehearsal.stage import CARRIERS, script
from voiceapp.changes.behaviour import Compared, Outcome, behaviour, compare
from voiceapp.changes.groups import each, grouped, otherwise
from voiceapp.changes.telling import calls_told
from voiceapp.flow.flow import Script
from voiceapp.rehearsal.actor import Actor
from voiceapp.rehearsal.clock import Clock
from voiceapp.rehearsal.conditions import Conditions
from voiceapp.rehearsal.lines import Line
from voiceapp.rehearsal.rehearse import rehearse

LINE = """\
flow: line
languages: [en-GB]
inputs: {name: {type: text, default: you}}
steps:
  hello: {say: "Hello {{ name }}."}
  main: {menu: "Please press one key, the one or the two.", keys: {1: one, 2: two}, tries: 1}
  lost: {end: Sorry.}
  one: {say: One.}
  more: {ask: How many., answer: {number: 1-3}, tries: 1}
  told: {notify: "https://a.example.com/", with: {many: "{{ more | default(0) }}", at: "{{ now }}"}}
  bye: {end: Bye.}
  two: {end: Two.}
"""
CASES: dict[str, tuple[dict[str, str], list[str]]] = {
    "a prompt early in all calls": (
        {"Hello": "Welcome"},
        [
            "other prompt  7 calls at hello, for example: main, otherwise",
            "  - hears      Hello you. Please press one …",
            "  + hears      Welcome you. Please press one …",
        ],
    ),
    "a prompt later in some": (
        {"How many.": "How much."},
        [
            "other prompt  4 calls at more, for example: more, otherwise",
            "  - hears      One. How many.",
            "  + hears      One. How much.",
        ],
    ),
    "prompts of two steps": (
        {"How many.": "How much.", "Two.": "Second."},
        [
            "other prompt  4 calls at more, for example: more, otherwise",
            "  - hears      One. How many.",
            "  + hears      One. How much.",
            "other prompt  1 call at two: main, key 2",
            "  - hears      Two.",
            "  + hears      Second.",
        ],
    ),
    "keys swapped": (
        {"{1: one, 2: two}": "{1: two, 2: one}"},
        [
            "other way     5 calls, for example: main, key 2",
            "  main leads to one, before to two",
            "  - hears      Two.",
            "  + hears      One. How many.",
            "  ended: completed -> hung_up",
            "other way     5 calls, for example: more, otherwise",
            "  main leads to two, before to one",
            "  - hears      One. How many.",
            "  + hears      Two.",
        ],
    ),
    "a prompt, and a key behind it": (
        {"Hello": "Welcome", "1: one": "1: two"},
        [
            "other way     5 calls at hello, for example: more, otherwise",
            "  - hears      Hello you. Please press one …",
            "  + hears      Welcome you. Please press one …",
            "  main leads to two, before to one",
            "other prompt  3 calls at hello, for example: main, otherwise",
            "  - hears      Hello you. Please press one …",
            "  + hears      Welcome you. Please press one …",
        ],
    ),
    "what is told": (
        {"{many: ": "{number: "},
        [
            "other way     2 calls, for example: more, next",
            "  notified 1 with many: 1 -> nothing",
            "  notified 1 with number: nothing -> 1",
        ],
    ),
    "nothing is told": (
        {'many: "{{ more | default(0) }}"': 'many: ""'},
        [
            "other way     2 calls, for example: more, next",
            "  notified 1 with many: 1 -> an empty text",
        ],
    ),
    "a step in between": (
        {"  more: {ask": "  wait: {pause: 3}\n  more: {ask"},
        [
            "other way     4 calls, for example: more, otherwise",
            "  one leads to wait, before to more",
            "  - hears      One. How many.",
            "  + hears      One.",
        ],
    ),
    "a step fails": (
        {"How many.": "'{{ name | int }}'"},
        [
            "dead end      5 calls at more, for example: more, otherwise",
            "  - hears      One. How many.",
            "  + hears      We are sorry, there is a problem. Please call again later. Goodbye.",
            "  ended: completed -> apologised: a text that is no number stands where a number is needed",
        ],
    ),
}


def changed(changes: dict[str, str], text: str = LINE) -> str:
    for was, now in changes.items():
        assert was in text
        text = text.replace(was, now)
    return text


async def different(changes: dict[str, str]) -> tuple[Compared, ...]:
    return (await behaviour(script(LINE), script(changed(changes)), [CARRIERS["callr"]])).compared


@pytest.mark.parametrize(("changes", "told"), CASES.values(), ids=CASES)
async def test_what_is_told(changes: dict[str, str], told: list[str]) -> None:
    found = grouped(await different(changes))
    assert [line for group in found for line in calls_told(group)] == told


REASONS: dict[str, tuple[dict[str, str], list[tuple[str, str]]]] = {
    "a prompt, and keys swapped behind it": (
        {"Hello": "Welcome", "{1: one, 2: two}": "{1: two, 2: one}"},
        [
            ("other prompt", ""),
            ("other way", "main leads to one, before to two"),
            ("other way", "main leads to two, before to one"),
        ],
    ),
    "a prompt, and a step behind it that fails": (
        {"Hello": "Welcome", "How many.": "'{{ name | int }}'"},
        [("dead end", ""), ("other prompt", "")],
    ),
    "a prompt, and another name of a step": (
        {"Hello": "Welcome", "2: two": "2: second", "  two: {end": "  second: {end"},
        [("other prompt", "")],
    ),
    "another first step": (
        {"  hello:": "  first: {pause: 3}\n  hello:"},
        [("other way", "the call begins with first, before with hello")],
    ),
    "calls end earlier": (
        {"{{ now }}": "{{ name | int }}"},
        [("dead end", "the call no longer goes on from told to bye")],
    ),
    "calls go on": (
        {"bye: {end: Bye.}": "bye: {say: Bye.}"},
        [("other way", "the call goes on from bye to two now")],
    ),
    "another way, which fails in some": (
        {
            "1: one": "1: odd",
            "  two: {end: Two.}\n": "  two: {end: Two.}\n"
            "  odd: {menu: Which., keys: {1: two, 2: wrong}, tries: 1, otherwise: two}\n"
            "  wrong: {say: '{{ name | int }}'}\n",
        },
        [("dead end", "main leads to odd, before to one"), ("other way", "main leads to odd, before to one")],
    ),
}


@pytest.mark.parametrize(("changes", "reasons"), REASONS.values(), ids=REASONS)
async def test_what_is_for_another_reason_is_apart(
    changes: dict[str, str], reasons: list[tuple[str, str]]
) -> None:
    found = [group.example for group in grouped(await different(changes))]
    assert sorted((str(one.outcome), "" if one.parting is None else str(one.parting)) for one in found) == reasons


async def test_that_it_took_longer_on_another_way_is_not_told() -> None:
    longer = await different({"  more: {ask": "  take: {record: Speak.}\n  more: {ask"})
    found = [other for one in longer for other in otherwise(one)]
    assert found
    assert [one for one in found if one.what.endswith(" at") and "nothing" not in one[1:]] == []
    swapped = await different({"{1: one, 2: two}": "{1: two, 2: one}"})
    assert "notified 1 with at" in {other.what for one in swapped for other in otherwise(one)}
    other_time = await different({"{{ now }}": "2026-01-01T00:00:00+00:00"})
    assert {other.what for one in other_time for other in otherwise(one)} == {"notified 1 with at"}


async def test_every_call_is_in_one_group() -> None:
    found = await different({"Hello": "Welcome", "1: one": "1: two", "How many.": "How much."})
    assert len(found) > 3
    for groups in (grouped(found), each(found)):
        calls = [one for group in groups for one in group.calls]
        assert sorted(map(id, calls)) == sorted(id(one) for one in found if one.outcome is not Outcome.SAME)
        ranks = [list(Outcome).index(group.example.outcome) for group in groups]
        assert ranks == sorted(ranks, reverse=True)
    assert {len(group.calls) for group in each(found)} == {1}
    assert max(len(group.calls) for group in grouped(found)) > 1


NAMED: dict[str, tuple[dict[str, str], int]] = {
    "the same words around a name": ({"Hello": "Welcome"}, 1),
    "other words for each": ({"{{ name }}": "{{ name | upper }}"}, 2),
    "another way, and a name behind it": ({"1: one, 2: two": "1: two, 2: one", "One.": "'For {{ name }}.'"}, 1),
}


@pytest.mark.parametrize(("changes", "groups"), NAMED.values(), ids=NAMED)
async def test_calls_of_people_with_names(changes: dict[str, str], groups: int) -> None:
    compared = [await called(name, script(LINE), script(changed(changes))) for name in ("Ann", "Bob")]
    assert len(grouped(compared)) == groups


SEVERAL: dict[str, tuple[dict[str, str], dict[str, str], list[str]]] = {
    "the same words at two steps": ({"Bye.": "Two."}, {"Two.": "Second."}, ["bye", "two"]),
    "more besides in some": (
        {"  hello:": "  wait: {pause: 3}\n  hello:"},
        {"pause: 3": "pause: 4", "{many: ": "{number: "},
        ["wait", "wait"],
    ),
    "two steps that lead elsewhere alike": (
        {"2: two": "2: two, 3: bye", "{number: 1-3}": "{number: 1-3}, otherwise: bye"},
        {"3: bye": "3: two", "otherwise: bye": "otherwise: two"},
        ["two", "two"],
    ),
    "a step that leads to two now": ({"2: two": "2: one"}, {"1: one, 2: one": "1: two, 2: bye"}, ["bye", "two"]),
    "a step that led to two": ({"2: two": "2: lost"}, {"1: one, 2: lost": "1: two, 2: two"}, ["two", "two"]),
    "a step that no longer fails, and calls that go on from it or do not": (
        {"How many.": "'{{ name | int }}'", "{number: 1-3}": "{number: 1-3}, otherwise: bye"},
        {"'{{ name | int }}'": "How many."},
        ["one", "one"],
    ),
    "nothing that is heard": (
        {"two: {end: Two.}": "two: {notify: 'https://b.example.com/', with: {why: x}, next: end}"},
        {"{many: ": "{number: ", "why: x": "why: y"},
        ["", ""],
    ),
}


@pytest.mark.parametrize(("before", "changes", "steps"), SEVERAL.values(), ids=SEVERAL)
async def test_where_it_is_noticed(before: dict[str, str], changes: dict[str, str], steps: list[str]) -> None:
    old = changed(before)
    found = await behaviour(script(old), script(changed(changes, old)), [CARRIERS["callr"]])
    assert sorted(group.example.step for group in grouped(found.compared)) == steps


async def called(name: str, old: Script, new: Script) -> Compared:
    """What becomes of a call of somebody of this name."""

    def casting(_: object, clock: Clock) -> Actor:
        return Actor([Line("presses", "2")], clock)

    conditions = Conditions(inputs={"name": name})
    before = await rehearse(old, CARRIERS["callr"], conditions, casting)
    return compare(name, before, await rehearse(new, CARRIERS["callr"], conditions, casting), {})
