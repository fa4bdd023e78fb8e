"""What conditions and texts ask of variables, and the values that are tried."""

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
