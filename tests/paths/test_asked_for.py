"""What conditions and texts ask of variables, and the values that are tried."""

import json
from typing import Any

import pytest

from tests.rehearsal.stage import script
from voiceapp.paths.asked_for import asked_for
from voiceapp.paths.beginnings import beginnings
from voiceapp.paths.values import answers_of, values_of
from voiceapp.rehearsal.conditions import Conditions

HEAD = "flow: line\nlanguages: [en-GB]\n"
VALUES: dict[str, tuple[str, str, tuple[Any, ...]]] = {
    "a number": ("x > 3", "x", (3, 2, 4)),
    "from the other side": ("3 > x", "x", (3, 2, 4)),
    "a text": ("x == 'a'", "x", ("a", "not a")),
    "several texts": ("x in ['a', 'b'] or x == 'c'", "x", ("a", "b", "c", "not a")),
    "a truth": ("x", "x", (True, False)),
    "no truth": ("not x", "x", (True, False)),
    "a truth that is compared": ("x == true", "x", (True, False)),
    "both": ("x and x != 'a'", "x", ("a", "not a", True, False)),
    "through a filter": ("(x | int) >= 7", "x", (7, 6, 8)),
    "nothing": ("y == 1", "x", ("text",)),
}


@pytest.mark.parametrize(("condition", "name", "values"), VALUES.values(), ids=VALUES)
def test_values_that_make_a_difference(condition: str, name: str, values: tuple[Any, ...]) -> None:
    steps = f'  one: {{branch: [{{if: "{condition}", next: end}}], otherwise: end}}\n'
    inputs = "inputs: {x: {type: text, default: a}, y: {type: number, default: '1'}}\n"
    asked = asked_for([script(f"{HEAD}{inputs}steps:\n{steps}").flow])
    found = values_of(asked, (name,))
    assert found == values
    assert list(map(type, found)) == list(map(type, values))


ANSWERS: dict[str, tuple[str, str, list[Any]]] = {
    "parts": (
        "it.open",
        "Hello {{ it.name }}.",
        [{"name": "text", "open": True}, {"name": "text", "open": False}],
    ),
    "parts of parts": ("it.a.b == 'x'", "{{ it.a.c }}", [{"a": {"b": b, "c": "text"}} for b in ("x", "not x")]),
    "by key": ("it['a'] == 1", "Yes.", [{"a": 1}, {"a": 0}, {"a": 2}]),
    "the whole": ("it == 'x'", "{{ it }}", ["x", "not x"]),
    "in a text only": ("caller == 'x'", "{{ 'Yes' if it.n > 1 else 'No' }}", [{"n": 1}, {"n": 0}, {"n": 2}]),
}


@pytest.mark.parametrize(("condition", "text", "answers"), ANSWERS.values(), ids=ANSWERS)
def test_answers_of_a_back_end(condition: str, text: str, answers: list[Any]) -> None:
    flow = script(
        f"""{HEAD}steps:
  look: {{fetch: "https://a.example.com/", save: it, failed: end}}
  test: {{branch: [{{if: "{condition}", next: end}}], otherwise: say}}
  say: {{say: "{text}"}}
"""
    ).flow
    assert list(answers_of(asked_for([flow]), "it")) == answers


TELLING: dict[str, tuple[tuple[str, ...], int]] = {
    "one for each way in which conditions come out": (("it.a == 1 and it.b == 1 and it.c == 1",), 2),
    "others too, where something else decides as well": (
        ("it.a == 1", "it.b == 1", "tier == 'x' and it.c in [2, 5]"),
        16,
    ),
}


@pytest.mark.parametrize(("conditions", "count"), TELLING.values(), ids=TELLING)
def test_of_very_many_answers_those_that_tell_something(conditions: tuple[str, ...], count: int) -> None:
    ways = ", ".join(f'{{if: "{condition}", next: end}}' for condition in conditions)
    flow = script(
        f"""{HEAD}inputs: {{tier: {{type: text, default: a}}}}
steps:
  look: {{fetch: "https://a.example.com/", save: it, failed: end}}
  test: {{branch: [{ways}], otherwise: end}}
"""
    ).flow
    found = [json.dumps(answer) for answer in answers_of(asked_for([flow]), "it")]
    assert (len(found), len(set(found))) == (count, count)


BEGIN = """\
flow: line
languages: [en-GB]
inputs:
  vip: {type: flag, default: "false"}
  level: {type: number}
  name: {type: text, default: Ann}
  to: {type: phone, default: "+33123456701"}
on_error: sorry
on_machine: sorry
steps:
  vip: {branch: [{if: vip and level > 2, next: sorry}], otherwise: open}
  open: {hours: {mon-fri: "09:00-17:00"}, closed: sorry}
  hello: {say: "Hello {{ name }}."}
  sorry: {end: Sorry.}
"""


def test_beginnings() -> None:
    flow = script(BEGIN)
    found = beginnings(flow, asked_for([flow.flow]), "callr")
    assert found[0] == Conditions(inputs={"level": "1"})
    ordinary = [one for one in found if one.direction == "inbound"]
    assert {(one.inputs.get("vip", "false"), one.inputs["level"]) for one in ordinary} == {
        (vip, level) for vip in ("true", "false") for level in ("1", "2", "3")
    }
    assert {frozenset(one.inputs.keys() - {"vip"}) for one in ordinary} == {frozenset({"level"})}
    assert len({one.at for one in ordinary}) == 2
    assert [(one.caller, one.called, one.machine) for one in found if one.direction == "outbound"] == [
        (found[0].called, found[0].caller, machine) for machine in (False, True)
    ]


MANY = """\
flow: line
languages: [en-GB]
inputs: {a: {type: number, default: "0"}, b: {type: number, default: "0"}, c: {type: number, default: "0"}}
steps:
  one: {branch: [{if: a > 10 or a > 20, next: end}, {if: b > 30 or b > 40, next: end}]}
  two: {branch: [{if: c > 50, next: end}, {if: caller == 5, next: end}, {if: called == 5, next: end}]}
  open: {hours: {mon-fri: "09:00-17:00"}, closed: end}
  who: {branch: [{if: "caller in CALLERS", next: end}, {if: direction == 'outbound', next: end}]}
""".replace("CALLERS", str([f"+336000000{at:02}" for at in range(20)]))


def test_beginnings_are_not_too_many_and_each_kind_is_among_them() -> None:
    flow = script(MANY)
    found = beginnings(flow, asked_for([flow.flow]), "callr")
    assert len(found) == 97
    assert len({one.caller for one in found}) == 22
    assert {type(number) for one in found for number in (one.caller, one.called)} == {str}
    assert [one.machine for one in found if one.direction == "outbound"] == [False]


KEPT = """\
flow: line
languages: [en-GB]
steps:
  inner: {run: inner, save: got}
  test: {branch: [{if: got.state == 'a', next: end}, {if: got.open, next: end}, {if: got, next: end}]}
  more: {branch: [{if: got == 'b', next: end}]}
"""
INNER = """\
flow: inner
languages: [en-GB]
steps:
  look: {fetch: "https://a.example.com/", save: it, failed: end}
  keep: {set: {state: "{{ it.state }}", open: "{{ it.open }}"}}
"""


def test_what_is_asked_of_another_flow_s_answers_is_asked_of_what_they_are_made_of() -> None:
    asked = asked_for(script(KEPT, INNER).flows.values())
    assert asked.compared == {(("got",), "b"), *(((*ref, "state"), "a") for ref in (("got",), (), ("it",)))}
    assert asked.truth == {("got",), *((*ref, "open") for ref in (("got",), (), ("it",)))}
