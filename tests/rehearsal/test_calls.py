"""Everything that can come to a rehearsed call from outside, and everything its caller can do."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.rehearsal.stage import scenarios, stage
from voiceapp.rehearsal.actor import Actor
from voiceapp.rehearsal.clock import Clock
from voiceapp.rehearsal.comparing import Difference
from voiceapp.rehearsal.conditions import Conditions
from voiceapp.rehearsal.lines import Line
from voiceapp.rehearsal.scenario import Scenario

SCENES: dict[str, dict[str, str]] = yaml.safe_load((Path(__file__).parent / "calls.yaml").read_text("utf-8"))
TESTS = {
    f"{name}: {one.name}": (scene["flow"], one)
    for name, scene in SCENES.items()
    for one in scenarios(scene["tests"])
}


@pytest.mark.parametrize(("flow", "scenario"), TESTS.values(), ids=TESTS)
async def test_it_comes_out_as_written(flow: str, scenario: Scenario) -> None:
    results = await stage(flow).play(scenario)
    assert [result.differences for result in results] == [()] * len(results)


GOOD = "flow: line\nlanguages: [en-GB]\ninputs: {guests: {type: number, default: '1'}}\nsteps:\n  a: {end: Bye.}\n"
VOICE = "flow: line\nlanguages: [en-GB]\nsteps:\n  a: {record: Speak.}\n"
NEITHER = (
    "flow: line\nlanguages: [el-GR]\nsteps:\n  a: {record: Speak.}\n  b: {dial: '+33123456701', record: true}\n"
)
IMPOSSIBLE: dict[str, tuple[str, str, str, str]] = {
    "another flow": (GOOD, "{call: []}", "", "there is no flow 'other'"),
    "a carrier that cannot do it": (
        VOICE,
        "{carrier: routee, call: []}",
        "routee",
        "routee cannot do it: a.record: Routee cannot record the caller alone",
    ),
    "an input that is none": (
        GOOD,
        "{inputs: {gests: 1}, call: []}",
        "callr",
        "the flow line has no input 'gests'",
    ),
    "an input of another type": (
        GOOD,
        "{inputs: {guests: many}, call: []}",
        "callr",
        "the input 'guests' has to be a whole number",
    ),
}


@pytest.mark.parametrize(("flow", "body", "carrier", "why"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
async def test_why_a_test_cannot_be_played(flow: str, body: str, carrier: str, why: str) -> None:
    of = "flow: other\n" if "no flow" in why else ""
    result, *_ = await stage(flow).play(scenarios(f"{of}tests:\n  one: {body}\n")[0])
    assert (result.carrier, result.rehearsed, result.passed) == (carrier, None, False)
    assert result.differences == (Difference("test", "a call", why),)


async def test_a_test_that_names_no_carrier_is_played_on_all_that_the_flow_fits() -> None:
    (one,) = scenarios("tests:\n  one: {call: []}\n")
    assert [result.carrier for result in await stage(GOOD).play(one)] == ["callr", "routee"]
    assert [result.carrier for result in await stage(VOICE).play(one)] == ["callr"]


async def test_a_back_end_that_nobody_speaks_for_is_not_found_and_is_told_of() -> None:
    scene = SCENES["a back end that is slower than the caller's patience"]
    (one,) = scenarios("tests:\n  one: {carrier: callr, call: [{hears: Sorry.}, {hangs up: server}]}\n")
    (result,) = await stage(scene["flow"]).play(one)
    assert result.differences == (
        Difference("fetch", "an answer for it in the test", "GET https://a.example.com/"),
    )


async def test_a_number_that_the_lines_do_not_speak_of_answers() -> None:
    actor = Actor([Line("dials", "+33123456702: busy")], Clock(Conditions().at))
    assert [await actor.dialled(f"+3312345670{last}") for last in "123"] == ["answered", "busy", "answered"]


def test_every_kind_of_condition_is_in_the_table() -> None:
    used: set[Any] = set()
    for scene in SCENES.values():
        for body in yaml.safe_load(scene["tests"])["tests"].values():
            used |= set(body)
    assert {
        "carrier",
        "at",
        "to",
        "direction",
        "inputs",
        "machine",
        "unreached",
        "fails",
        "refused",
        "fetch",
    } <= used
