"""When one exploration holds for two versions of a flow."""

import pytest

from tests.paths.scenes import SCRIPTS
from tests.rehearsal.stage import CARRIERS, script
from voiceapp.changes import behaviour as module
from voiceapp.changes.alike import alike
from voiceapp.flow.flow import Script
from voiceapp.paths.exploring import Explored, explore

HEAD = """\
flow: line
title: A line
languages: [en-GB, fr-FR]
voice: {en-GB: female}
inputs: {name: {type: text, default: you}}
steps:
  hello: {note: For us., say: [{en-GB: Hello., fr-FR: Bonjour.}, {en-GB: "You, {{ name }}.", fr-FR: Vous.}]}
  main: {menu: {en-GB: One or two., fr-FR: Un ou deux.}, keys: {1: one, 2: {set: {it: two}, next: two}}, tries: 2}
"""
ONE = "  one: {branch: [{if: name == 'Ann', next: two}]}\n"
TWO = '  two: {end: {audio: "bye-{lang}.wav", text: {en-GB: Bye., fr-FR: Salut.}}}\n'
FLOW = HEAD + ONE + TWO
WORDS = {
    "a comment": ("steps:", "steps:  # here"),
    "a title": ("A line", "The line"),
    "a voice": ("female", "male"),
    "a note": ("For us.", "For all."),
    "a text": ("Hello.", "Welcome whoever you are."),
    "what a sound says": ("Salut.", "Au revoir."),
    "layout": ("  main:", "\n  main:"),
}
MORE = {
    "a placeholder": ("Hello.", '"Hello {{ name }}."'),
    "another placeholder": ("{{ name }}", "{{ name | upper }}"),
    "a key": ("1: one", "1: two"),
    "a further key": ("{1: one", "{3: one, 1: one"),
    "tries": ("tries: 2", "tries: 3"),
    "a condition": ("'Ann'", "'Bob'"),
    "what is set": ("it: two", "it: three"),
    "a default": ("default: you", "default: them"),
    "a sound": ("bye-{lang}", "goodbye-{lang}"),
    "fewer pieces": ("{en-GB: Hello., fr-FR: Bonjour.}, ", ""),
    "order": (ONE + TWO, TWO + ONE),
    "a way": ("next: two}]", "next: main}]"),
    "a language": ("[en-GB, fr-FR]", "[fr-FR, en-GB]"),
}


def changed(was: str, now: str) -> Script:
    assert was in FLOW
    return script(FLOW.replace(was, now, 1))


@pytest.mark.parametrize(("was", "now"), WORDS.values(), ids=WORDS)
def test_other_words(was: str, now: str) -> None:
    assert alike(script(FLOW), changed(was, now))


@pytest.mark.parametrize(("was", "now"), MORE.values(), ids=MORE)
def test_more_than_words(was: str, now: str) -> None:
    assert not alike(script(FLOW), changed(was, now))


def test_the_flows_that_it_runs_count() -> None:
    outer = "flow: outer\nlanguages: [en-GB]\nsteps:\n  a: {run: inner}\n"
    inner = "flow: inner\nlanguages: [en-GB]\nsteps:\n  a: {say: Inside.}\n"
    assert alike(script(outer, inner), script(outer, inner.replace("Inside", "Within")))
    assert not alike(script(outer, inner), script(outer, inner.replace("say: Inside.", "pause: 1")))
    assert not alike(script(outer, inner), script(outer))


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_flow_and_itself(name: str) -> None:
    assert alike(SCRIPTS[name], script(*(flow.source for flow in SCRIPTS[name].flows.values())))


@pytest.mark.parametrize(("change", "explorations"), [(("One or", "1 or"), 1), (("tries: 2", "tries: 3"), 2)])
async def test_what_is_alike_is_explored_once(
    monkeypatch: pytest.MonkeyPatch, change: tuple[str, str], explorations: int
) -> None:
    explored: list[str] = []

    async def counted(flow: Script, carrier: object) -> Explored:
        explored.append(flow.version)
        return await explore(flow, CARRIERS["callr"])

    monkeypatch.setattr(module, "explore", counted)
    found = await module.behaviour(script(FLOW), changed(*change), [CARRIERS["callr"]])
    assert len(explored) == explorations
    assert found.whole
    assert found.different
