"""Two versions of a flow on every path of either."""

from pathlib import Path

import pytest

from tests.mutants.operators import Mutant, mutants
from tests.paths.scenes import SCRIPTS
from tests.rehearsal.stage import CARRIERS, script, scripts
from voiceapp.changes.behaviour import Behaviour, Outcome, behaviour
from voiceapp.flow.flow import Script
from voiceapp.flow.library import AUDIO, scripts_of
from voiceapp.flow.loader import load_flow
from voiceapp.flow.problems import FlowProblems
from voiceapp.flow.surroundings import Surroundings
from voiceapp.terminal.diff import difference

FLOWS = Path(__file__).parents[2] / "flows"
LINE = """\
flow: line
languages: [en-GB]
inputs: {name: {type: text, default: you}}
steps:
  hello: {say: "Hello {{ name | upper }}."}
  main: {menu: One or two., tries: 1, keys: {1: one, 2: two}}
  one: {end: One.}
  two: {end: Two.}
"""
SAME, PROMPT, WAY, DEAD = Outcome.SAME, Outcome.OTHER_PROMPT, Outcome.OTHER_WAY, Outcome.DEAD_END
CHANGED: dict[str, tuple[tuple[str, str], set[Outcome]]] = {
    "nothing": (("Hello", "Hello"), {SAME}),
    "another name of a step": (("two}}\n  one: {end: One.}\n  two:", "b}}\n  one: {end: One.}\n  b:"), {SAME}),
    "other words": (("One.", "Number one."), {SAME, PROMPT}),
    "other words for all": (("Hello", "Welcome"), {PROMPT}),
    "keys swapped": (("{1: one, 2: two}", "{1: two, 2: one}"), {SAME, WAY}),
    "a step that nobody notices": (("  main:", "  way: {branch: [{if: name, next: main}]}\n  main:"), {SAME}),
    "a key is gone": (("1: one, 2", "2"), {SAME, WAY}),
    "a step fails": (("name | upper", "name | int"), {DEAD}),
    "a pause": (("  one: {end: One.}", "  one: {pause: 3, next: end}"), {SAME, WAY}),
}


async def compared(old: Script, new: Script) -> Behaviour:
    return await behaviour(old, new, list(CARRIERS.values()))


@pytest.mark.parametrize(("change", "outcomes"), CHANGED.values(), ids=CHANGED)
async def test_a_change(change: tuple[str, str], outcomes: set[Outcome]) -> None:
    was, now = change
    assert was in LINE
    found = await compared(script(LINE), script(LINE.replace(was, now)))
    assert {one.outcome for one in found.compared} == outcomes
    assert {one.outcome for one in found.different} == outcomes - {SAME}
    assert all(one.first is not None for one in found.compared if one.outcome is PROMPT)
    assert found.whole


DONE: dict[str, tuple[str, str, Outcome]] = {
    "a pause": ("{pause: 3}", "{pause: 4}", WAY),
    "a number that is dialled": ('{dial: "+33123456701"}', '{dial: "+33123456702"}', WAY),
    "a room": ("{conference: monday}", "{conference: friday}", WAY),
    "tones": ('{send_keys: "12"}', '{send_keys: "13"}', WAY),
    "a sound": ("{play: {audio: a.wav}}", "{play: {audio: b.wav}}", PROMPT),
}


@pytest.mark.parametrize(("was", "now", "outcome"), DONE.values(), ids=DONE)
async def test_what_is_done_on_the_phone_is_noticed_where_it_is_done(was: str, now: str, outcome: Outcome) -> None:
    old, new = (f"flow: line\nlanguages: [en-GB]\nsteps:\n  here: {what}\n" for what in (was, now))
    found = await compared(script(old), script(new))
    assert {(one.step, one.outcome) for one in found.compared} == {("here", outcome)}


@pytest.mark.parametrize("name", SCRIPTS)
async def test_a_flow_and_itself(name: str) -> None:
    found = await compared(SCRIPTS[name], SCRIPTS[name])
    assert (found.different, found.whole) == ((), True)


async def test_paths_of_the_new_version_are_compared_too() -> None:
    found = await compared(script(LINE), script(LINE.replace("2: two}", "2: two, 3: one}")))
    assert {one.name for one in found.different} == {"main, key 3"}


async def test_more_calls_than_may_be_tried_are_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    from voiceapp.changes import behaviour as module
    from voiceapp.paths.exploring import Explored, explore

    async def few(flow: Script, carrier: object) -> Explored:
        return await explore(flow, CARRIERS["callr"], 2)

    monkeypatch.setattr(module, "explore", few)
    assert not (await compared(script(LINE), script(LINE))).whole


CHOOSING = """\
flow: choosing
languages: [en-GB]
keys: {"9": bye}
on_machine: bye
steps:
  pick: {ask: One or two., answer: {choices: {1: yes, 2: no}}, tries: 1, otherwise: bye}
  many: {ask: How many., answer: {number: 1-3}, tries: 1}
  sorry: {say: Sorry.}
  bye: {end: Bye.}
"""
MUTATED = {
    **{name.removeprefix("shipped: "): one for name, one in SCRIPTS.items() if name.startswith("shipped: ")},
    **scripts(CHOOSING),
}


def sample() -> list[tuple[str, Mutant]]:
    """Every kind of mutant of every key once, in the shortest flow that has it; the survey has too many paths."""
    found: dict[str, tuple[str, Mutant]] = {}
    for name, one in sorted(MUTATED.items(), key=lambda item: len(item[1].flow.source)):
        for mutant in mutants(one.flow.source) if name != "survey" else ():
            where, _, what = mutant.what.partition(": ")
            kind = " ".join(word for word in what.split() if word in _KINDS)
            found.setdefault(f"{where.rpartition('.')[2]} {kind}", (name, mutant))
    return list(found.values())


_KINDS = ("redirected", "deleted", "dropped", "swapped", "shortened", "case", "without")
SAMPLE = {f"{name}: {mutant.what}": (name, mutant) for name, mutant in sample()}


@pytest.mark.parametrize(("name", "mutant"), SAMPLE.values(), ids=SAMPLE)
async def test_no_mutant_means_the_same(name: str, mutant: Mutant) -> None:
    old = MUTATED[name]
    around = Surroundings(FLOWS / AUDIO, {file.stem for file in FLOWS.glob("*.yaml")})
    try:
        flow = load_flow(mutant.text.encode(), f"{name}.yaml", around)
    except FlowProblems:
        return
    new = scripts_of({**old.flows, name: flow})[name]
    assert not (await difference(old, new, list(CARRIERS.values()), [])).empty


def test_the_sample_is_large() -> None:
    assert len(SAMPLE) > 20
    assert {kind for kind in _KINDS if any(kind in name for name in SAMPLE)} == set(_KINDS)


async def test_a_difference_on_one_carrier_is_not_hidden_by_the_other() -> None:
    on_callr = "\"{{ 'Hi.' if carrier == 'callr' else 'Bye.' }}\""
    flow = "flow: line\nlanguages: [en-GB]\nsteps:\n  bye: {say: Bye.}\n"
    found = await compared(script(flow), script(flow.replace("Bye.", on_callr)))
    assert {one.outcome for one in found.compared} == {Outcome.SAME, Outcome.OTHER_PROMPT}
