"""What of a flow counts as covered: which items there are, and that calls take no way that is not among them."""

import asyncio
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rehearsal.stage import CARRIERS, call, script, stage
from tests.rehearsal.test_calls import SCENES
from voiceapp.emulators.caller import Outcome, ScriptedCaller
from voiceapp.flow.library import load_library
from voiceapp.flow.ways import Taken, is_flow_key
from voiceapp.rehearsal.conditions import CarrierName, Conditions, MockAnswer
from voiceapp.rehearsal.coverage import FLOW, Counting, Coverage, Share
from voiceapp.rehearsal.rehearse import Rehearsed, rehearse

WHOLE = """\
flow: whole
languages: [en-GB, fr-FR]
keys: {"0": desk, "*": repeat}
on_hang_up: tell
on_error: sorry
steps:
  hello: {say: {en-GB: Hello., fr-FR: Bonjour.}}
  language:
    menu: {en-GB: One or two., fr-FR: Un ou deux.}
    keys: {1: code, 2: {set: {language: fr-FR}, next: code}}
    tries: 2
  code: {ask: {en-GB: Two keys., fr-FR: Deux.}, answer: {digits: 2}, tries: 3, confirm: true, otherwise: bye}
  test: {branch: [{if: "code == '11'", next: desk}, {if: "code == '22'", next: bye}], otherwise: look}
  look: {fetch: "https://a.example.com/", failed: sorry}
  bye: {end: {en-GB: Bye., fr-FR: Adieu.}}
  desk: {dial: "+33123456701", busy: sorry}
  last: {end: true}
  sorry: {end: {en-GB: Sorry., fr-FR: Pardon.}}
  tell: {notify: "https://b.example.com/", next: end}
  nowhere: {say: {en-GB: Never., fr-FR: Jamais.}, next: nowhere}
"""
DIAL = """\
flow: whole
languages: [en-GB]
steps:
  desk: {dial: '+33123456701', no_answer: engaged}
  engaged: {end: Engaged.}
"""


def covered(*calls: Rehearsed, text: str = WHOLE, carriers: tuple[str, ...] = ("callr", "routee")) -> Coverage:
    counting = Counting()
    for one in calls:
        counting.add(one)
    return counting.of(script(text).flow, [CARRIERS[name] for name in carriers])


def test_the_items_of_a_flow() -> None:
    nothing = covered()
    assert "nowhere" not in nothing.steps
    assert list(nothing.steps) == [
        *("hello", "language", "language.2", "code", "test", "look", "bye", "desk", "last", "sorry", "tell"),
    ]
    by_step: dict[str, list[str]] = {}
    for step, way in nothing.ways:
        by_step.setdefault(step, []).append(way)
    assert by_step == {
        "hello": ["next"],
        "language": ["key 1", "key 2", "otherwise"],
        "language.2": ["next"],
        "code": ["next", "otherwise"],
        "test": ["if 1", "if 2", "otherwise"],
        "look": ["next", "failed"],
        "desk": ["answered", "busy", "no_answer", "failed"],
        "tell": ["next"],
        FLOW: ["flow key 0", "flow key *", "on_hang_up", "on_error"],
    }
    assert list(nothing.rungs) == [("language", "try 2"), ("code", "try 2"), ("code", "try 3"), ("code", "again")]
    assert [pair for pair in nothing.languages if pair[0] in ("hello", "language", "code")] == [
        ("hello", "en-GB"),
        ("language", "en-GB"),
        ("code", "en-GB"),
        ("code", "fr-FR"),
    ]
    assert {*nothing.ways.values(), *nothing.steps.values(), *nothing.rungs.values()} == {0}


async def test_what_a_call_covers() -> None:
    flow = script(WHOLE)
    found = covered(await call(flow, "2 7 * 12 1"), await call(flow, "2 ."))
    assert {name: count for name, count in found.steps.items() if count} == {
        "hello": 2,
        "language": 2,
        "language.2": 2,
        "code": 3,
        "test": 1,
        "look": 1,
        "sorry": 1,
        "tell": 2,
        "bye": 1,
    }
    assert found.ways["language.2", "next"] == 2
    assert found.ways["test", "otherwise"] == found.ways["look", "failed"] == 1
    assert (found.ways[FLOW, "flow key *"], found.ways[FLOW, "flow key 0"]) == (1, 0)
    assert (found.languages["code", "fr-FR"], found.languages["code", "en-GB"]) == (2, 0)
    assert found.shares()["languages"] == Share(5, 8)


def test_what_the_carrier_cannot_tell_is_no_item() -> None:
    """Routee does not tell a busy line from one that nobody answers."""
    on = {name: {way for _, way in covered(text=DIAL, carriers=(name,)).ways} for name in CARRIERS}
    for name, ways in on.items():
        assert ways - {"next"} == {str(outcome) for outcome in CARRIERS[name].dial_outcomes}
    assert {way for _, way in covered(text=DIAL).ways} == on["callr"] | on["routee"]


def test_a_flow_that_fits_no_carrier_is_taken_as_if_one_could_do_all() -> None:
    neither = "flow: whole\nlanguages: [el-GR]\nsteps:\n  voice: {record: A.}\n  bye: {end: Bye.}\n"
    assert list(covered(text=neither, carriers=("routee",)).steps) == ["voice", "bye"]


@pytest.mark.parametrize(("share", "percent"), [(Share(0, 0), 100.0), (Share(1, 4), 25.0), (Share(3, 3), 100.0)])
def test_a_share(share: Share, percent: float) -> None:
    assert (share.percent, share.whole) == (percent, percent == 100.0)


FLOWS = Path(__file__).parents[2] / "flows"
SHARED = Path(__file__).parents[1] / "flows" / "shared"
SCRIPTS = {
    **load_library(FLOWS).scripts,
    **{f"shared {name}": one for name, one in load_library(SHARED).scripts.items()},
    **{name: script(scene["flow"]) for name, scene in SCENES.items()},
    "whole": script(WHOLE),
}
TOKENS = st.sampled_from(["1", "2", "3", "5", "9", "0", "*", "#", "11#", "42", "123456", ".", ".", "!", "1!"])
OUTCOMES: st.SearchStrategy[Outcome] = st.sampled_from(["answered", "busy", "no_answer", "failed"])


@settings(deadline=None, max_examples=250)
@given(st.data())
def test_a_call_goes_no_way_that_is_not_counted(data: st.DataObject) -> None:
    flow = SCRIPTS[data.draw(st.sampled_from(sorted(SCRIPTS)))]
    place = stage()
    name: CarrierName = data.draw(st.sampled_from([c for c in ("callr", "routee") if not place.misfits(flow, c)]))
    conditions = Conditions(
        carrier=name,
        direction=data.draw(st.sampled_from(["inbound", "outbound"])),
        machine=data.draw(st.booleans()),
        fails=data.draw(st.sampled_from(["", *flow.flow.steps])),
        fetch={"*": (MockAnswer(data.draw(st.sampled_from([200, 200, 503])), {"ready": True, "count": 2}),)},
    )
    caller = ScriptedCaller(
        " ".join(data.draw(st.lists(TOKENS, max_size=12))),
        voice=data.draw(st.sampled_from(["speaks", "silent", "hangs_up"])),
        parties={number: data.draw(OUTCOMES) for number in sorted(set(re.findall(r"\+\d+", flow.flow.source)))},
        leaves=data.draw(st.booleans()),
        machine=conditions.machine,
    )
    came = asyncio.run(rehearse(flow, CARRIERS[name], conditions, lambda *_: caller))
    counting = Counting()
    counting.add(came)
    items = counting.of(flow.flow, CARRIERS.values())
    counted = {*items.ways, *items.rungs}
    mine = [taken for taken in came.taken if taken.flow == flow.flow.name]
    assert [taken for taken in mine if _item(taken) not in counted] == []
    assert set(counting.steps) - {(flow.flow.name, step) for step in items.steps} == {
        pair for pair in counting.steps if pair[0] != flow.flow.name
    }
    if not came.ends.startswith("apologised"):  # the server's own words are those of no step
        assert {pair for pair in came.spoken if "/" not in pair[0]} <= set(items.languages)


def _item(taken: Taken) -> tuple[str, str]:
    whole_flow = is_flow_key(taken.name) or taken.name in ("on_hang_up", "on_machine", "on_error")
    return (FLOW if whole_flow else taken.step, taken.name)


async def test_calls_that_never_came_to_us_cover_nothing() -> None:
    came = replace(await call(script(WHOLE)), call=None)
    assert set(covered(came).steps.values()) == {0}
