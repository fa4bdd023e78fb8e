"""What a change makes of carriers, waiting and findings: what is new is told, and nothing else."""

import pytest

from tests.rehearsal.stage import CARRIERS, scripts
from voiceapp.changes.fitness import Fitness, fitness
from voiceapp.changes.telling import fitness_told
from voiceapp.check.subject import Subject

LINE = """\
flow: line
languages: [en-GB]
inputs: {who: {type: text, default: you}}
steps:
  hello: {say: "Hello {{ who }}."}
  look: {fetch: "https://a.example.com/", timeout: 1, save: it, failed: bye}
  tell: {say: "It is {{ it.name }}."}
  main: {menu: One or two., keys: {1: tell, 2: bye}}
  bye: {end: Bye.}
"""
ROUTEE_CANNOT = "  tell.record: Routee cannot record the caller alone"
WAITED = "a back end may be waited for"
TOLD: dict[str, tuple[dict[str, str], list[str]]] = {
    "nothing": ({"Hello": "Welcome"}, []),
    "still in time": ({"timeout: 1": "timeout: 1.5"}, []),
    "no longer served": (
        {'tell: {say: "It is {{ it.name }}."}': "tell: {record: Speak.}"},
        ["Routee does not serve it any more", ROUTEE_CANNOT],
    ),
    "too slow": (
        {"timeout: 1": "timeout: 5"},
        [
            "Routee does not serve it any more",
            "  look.timeout: Routee waits 3 s for a reply, which leaves 1.7 s for a fetch",
            f"on CALLR {WAITED} 6 s, before 1 s: too long, since a reply can wait 3.5 s",
        ],
    ),
    "without end": (
        {"failed: bye": "failed: look"},
        [
            f"on CALLR {WAITED} without end, before 1 s: too long, since a reply can wait 3.5 s",
            f"on Routee {WAITED} without end, before 1 s: too long, since a reply can wait 1.7 s",
        ],
    ),
}


def changed(changes: dict[str, str], text: str = LINE) -> str:
    for was, now in changes.items():
        assert was in text
        text = text.replace(was, now)
    return text


def compared(old: str, new: str, *beside: str) -> Fitness:
    before, after = ({name: Subject(one) for name, one in scripts(text, *beside).items()} for text in (old, new))
    names = ("line", *(name for name in before if name != "line"))
    return fitness((), [before[name] for name in names], [after[name] for name in names], CARRIERS.values())


@pytest.mark.parametrize(("changes", "told"), TOLD.values(), ids=TOLD)
def test_carriers_and_waiting(changes: dict[str, str], told: list[str]) -> None:
    found = compared(LINE, changed(changes))
    assert list(fitness_told(found)) == told
    assert not told or not found.same


def test_the_way_back_is_told_too() -> None:
    endless, recording = changed({"failed: bye": "failed: look"}), changed(TOLD["no longer served"][0])
    assert list(fitness_told(compared(endless, LINE))) == [
        f"on CALLR {WAITED} 1 s, before without end: no longer too long, since a reply can wait 3.5 s",
        f"on Routee {WAITED} 1 s, before without end: no longer too long, since a reply can wait 1.7 s",
    ]
    assert list(fitness_told(compared(recording, LINE))) == ["Routee serves it now, and did not before"]
    both = {"failed: bye": "failed: look"} | TOLD["no longer served"][0]
    assert list(fitness_told(compared(changed(both), endless))) == [
        "Routee serves it now, and did not before",
        f"on Routee {WAITED} without end: too long, since a reply can wait 1.7 s",
    ]


SIX = {"{1: tell, 2: bye}": "{1: tell, 2: bye, 3: look, 4: main, 5: hello, 6: end}"}
NEVER = "{if: 1 > 2, next: bye}"
UNUSED = "{who: {type: text, default: you}, more: {type: text, default: x}}"
FINDINGS: dict[str, tuple[dict[str, str], dict[str, str], list[str]]] = {
    "nothing": ({}, {"Hello": "Welcome"}, []),
    "something new": ({}, {"{who: {type: text, default: you}}": UNUSED}, ["VF204 inputs.more"]),
    "it was there": ({"{who: {type: text, default: you}}": UNUSED}, {"Hello": "Welcome"}, []),
    "it moved": ({"{who: {type: text, default: you}}": UNUSED}, {"inputs:": "# Here.\ninputs:"}, []),
    "it is gone": ({"{who: {type: text, default: you}}": UNUSED}, {UNUSED: "{who: {type: text}}"}, []),
    "one more of the same": (
        {"{who: {type: text, default: you}}": UNUSED},
        {", more:": ", less: {type: text, default: y}, more:"},
        ["VF204 inputs.less"],
    ),
    "a long menu": ({}, SIX, ["VF301 steps.main.keys", "VF109 steps.main.keys.6"]),
    "a longer one": (SIX, {"6: end": "6: end, 7: {set: {more: a}, next: bye}"}, []),
    "its step is renamed": (SIX, {"  main: {": "  choose: {", "4: main": "4: choose"}, []),
    "its place in a list is another": (
        {"  main:": f"  sort: {{branch: [{NEVER}]}}\n  main:"},
        {f"[{NEVER}": f"[{{if: who == 'me', next: bye}}, {NEVER}"},
        [],
    ),
    "the same once more, elsewhere": (
        {"  main:": f"  sort: {{branch: [{NEVER}]}}\n  main:"},
        {"  main:": f"  again: {{branch: [{NEVER}]}}\n  main:"},
        ["VF202 steps.again.branch.0.if"],
    ),
    "ignored": (
        {},
        {
            "inputs:": "# voiceapp: ignore VF204 for later\ninputs:",
            "{who: {type: text, default: you}}": UNUSED,
        },
        [],
    ),
}


@pytest.mark.parametrize(("before", "changes", "found"), FINDINGS.values(), ids=FINDINGS)
def test_what_check_finds_now(before: dict[str, str], changes: dict[str, str], found: list[str]) -> None:
    old = changed(before)
    findings = compared(old, changed(changes, old)).findings
    assert [f"{one.rule} {'.'.join(one.path)}" for one in findings] == found


def test_flows_that_run_it_are_looked_at() -> None:
    outer = "flow: outer\nlanguages: [en-GB]\nsteps:\n  a: {run: line, with: {who: me}}\n"
    gone = changed({"inputs: {who: {type: text, default: you}}\n": "", "{{ who }}": "you"})
    found = compared(LINE, gone, outer).findings
    assert [(one.file, one.rule) for one in found] == [("outer.yaml", "VF206")]
    assert compared(LINE, LINE, outer).same
