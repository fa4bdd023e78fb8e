"""Files of tests: every mistake is told at its place, and everything that is not one is read as it is meant."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.rehearsal.stage import scenarios
from voiceapp.flow.problems import FlowProblems, Place
from voiceapp.rehearsal.conditions import Conditions, MockAnswer
from voiceapp.rehearsal.lines import Line
from voiceapp.rehearsal.scenario_file import read_scenarios

MISTAKES = yaml.safe_load((Path(__file__).parent / "mistakes.yaml").read_text(encoding="utf-8"))

WHOLE = """\
flow: line
tests:
  whole:
    note: What people read.
    carrier: [routee, callr]
    at: 2026-12-24T18:00:00+01:00
    from: +33600000000
    to: sip:desk@example.com
    direction: outbound
    inputs: {name: 007, vip: true}
    machine: true
    fails: hello
    refused: [+33123456780, "+33123456781"]
    fetch:
      https://a.example.com/x?y=1: {json: {id: 7, text: "7"}}
      POST https://*: [{status: 503, after: 1.5}, {}]
    call:
      - hears: >
          Hello
          you.
      - presses: 1
      - silence
      - pause: 5 s
      - records
      - records: nothing
      - dials: {"+33123456780": busy, "+33123456781": answered}
      - joins: room
      - leaves
      - whispers: A call.
      - alone: You are the first.
      - tones: 12#
      - recording: off
      - hangs up: callee
    saved: {a: 1, b: "1", c: 007, d: yes, e: true, f: null, g: 1e3, h: -0.5, i: "*"}
    fetched: ["GET https://a.example.com/x?y=1"]
    notified: []
    opted_out: [all]
    called_back: [{after: 60}]
    ends: completed
"""


@pytest.mark.parametrize(("text", "said"), [tuple(row.values()) for row in MISTAKES.values()], ids=MISTAKES)
def test_a_mistake(text: str, said: list[str]) -> None:
    with pytest.raises(FlowProblems) as caught:
        scenarios(text)
    assert [str(problem).removeprefix("tests/line.yaml:") for problem in caught.value.problems] == said


def test_everything_that_can_stand_in_a_test() -> None:
    (one,) = scenarios(WHOLE)
    assert (one.name, one.flow, one.file, one.place) == ("whole", "line", "tests/line.yaml", Place(3, 3))
    assert one.carriers == ("routee", "callr")
    assert one.conditions == Conditions(
        at=datetime(2026, 12, 24, 18, tzinfo=timezone(timedelta(hours=1))),
        caller="+33600000000",
        called="sip:desk@example.com",
        direction="outbound",
        inputs={"name": "007", "vip": "true"},
        machine=True,
        fails="hello",
        refused=frozenset({"+33123456780", "+33123456781"}),
        fetch={
            "https://a.example.com/x?y=1": (MockAnswer(200, {"id": 7, "text": "7"}),),
            "POST https://*": (MockAnswer(503, None, 1.5), MockAnswer()),
        },
    )
    assert one.expected.lines == (
        Line("hears", "Hello you."),
        Line("presses", "1"),
        Line("silence"),
        Line("pause", "5 s"),
        Line("records"),
        Line("records", "nothing"),
        Line("dials", "+33123456780: busy"),
        Line("dials", "+33123456781: answered"),
        Line("joins", "room"),
        Line("leaves"),
        Line("whispers", "A call."),
        Line("alone", "You are the first."),
        Line("tones", "12#"),
        Line("recording", "off"),
        Line("hangs up", "callee"),
    )
    typed: dict[str, Any] = {"a": 1, "b": "1", "c": "007", "d": "yes", "e": True, "f": None, "g": 1000.0}
    typed |= {"h": -0.5, "i": "*"}
    assert one.expected.saved == typed
    assert [type(value) for value in (one.expected.saved or {}).values()] == [type(v) for v in typed.values()]
    assert one.expected.fetched == ("GET https://a.example.com/x?y=1",)
    assert (one.expected.notified, one.expected.opted_out) == ((), ("all",))
    assert (one.expected.called_back, one.expected.ends) == (({"after": 60},), "completed")


def test_what_stands_nowhere_is_the_ordinary_call_and_is_not_looked_at() -> None:
    (one,) = scenarios("tests:\n  bare: {call: [silence]}\n")
    assert (one.flow, one.carriers, one.conditions) == ("line", (), Conditions())
    expected = one.expected
    assert (expected.saved, expected.fetched, expected.notified) == (None, None, None)
    assert (expected.opted_out, expected.called_back, expected.ends) == (None, None, None)


def test_a_time_without_a_zone_is_that_of_greenwich() -> None:
    (one,) = scenarios("tests:\n  late: {at: 2026-03-02T23:30:00, call: []}\n")
    assert one.conditions.at == datetime(2026, 3, 2, 23, 30, tzinfo=UTC)


def test_the_flow_is_that_of_the_file_unless_it_says_otherwise() -> None:
    (one,) = read_scenarios(b"tests: {one: {call: []}}", "/anywhere/tests/desk.yaml")
    assert one.flow == "desk"
