"""Everything that can be done at a step is done in some call, also where it leads the same way."""

import pytest

from tests.rehearsal.stage import CARRIERS, script
from voiceapp.carriers.base import Carrier
from voiceapp.changes.behaviour import behaviour
from voiceapp.changes.decisions import every_decision
from voiceapp.paths.exploring import explore
from voiceapp.paths.touring import tours
from voiceapp.rehearsal.coverage import Counting

ASKING = """\
flow: line
languages: [en-GB]
steps:
  pick: {ask: One or two., answer: {choices: {1: yes, 2: no}}}
  many: {ask: How many., answer: {number: 1-3}, silence: Nothing., tries: 2}
  sure: {ask: A digit., answer: {digits: 1}, confirm: true}
"""
PRESSED: dict[str, tuple[str, str, set[str]]] = {
    "a choice that is new": ("1: yes, 2: no", "1: yes, 2: no, 3: maybe", {"pick, presses 3"}),
    "a choice that is gone": ("1: yes, 2: no", "1: yes", {"pick, presses 2"}),
    "a choice in another word": ("2: no", "2: never", {"pick, presses 2"}),
    "a larger number": ("number: 1-3", "number: 1-4", {"many, presses 4"}),
    "what is said to silence": ("Nothing.", "Hm.", {"many, silence"}),
}
OTHERS = """\
flow: line
languages: [en-GB]
on_hang_up: gone
steps:
  look: {fetch: "https://a.example.com/", save: it, failed: pick}
  pick: {menu: One., tries: 1, keys: {1: ring}}
  ring: {dial: "+33123456701", busy: room, no_answer: room, failed: room}
  room: {conference: monday}
  message: {record: Speak.}
  bye: {end: Bye.}
  gone: {set: {it: gone}}
"""
NAMES = {
    "look, answer 1",
    "look, answer 2",
    "pick, presses 1",
    "pick, presses 0",
    "pick, silence",
    "pick, hangs up",
    "ring, answered",
    "ring, busy",
    "ring, no answer",
    "ring, failed",
    "room, leaves",
    "message, speaks",
    "message, says nothing",
}


@pytest.mark.parametrize(("was", "now", "names"), PRESSED.values(), ids=PRESSED)
@pytest.mark.parametrize("carrier", CARRIERS.values(), ids=CARRIERS)
async def test_what_is_done_in_no_other_call(was: str, now: str, names: set[str], carrier: Carrier) -> None:
    assert was in ASKING
    found = await behaviour(script(ASKING), script(ASKING.replace(was, now)), [carrier])
    assert {one.name for one in found.different} == names


async def test_whatever_can_be_done() -> None:
    one, callr = script(OTHERS), CARRIERS["callr"]
    explored = await explore(one, callr)
    found = await every_decision(one, explored, ())
    assert sorted(tour.name for tour in found) == sorted(NAMES)
    toured = await tours(one, explored, Counting().of(one.flow, [callr]).items())
    further = await every_decision(one, explored, toured)
    calls = [(tour.conditions, tour.rehearsed.lines) for tour in toured]
    assert {tour.name for tour in found} - {tour.name for tour in further}
    assert [tour.name for tour in further if (tour.conditions, tour.rehearsed.lines) in calls] == []
