"""What is drawn of a flow: every step, every way, and how often."""

from pathlib import Path

import pytest

from tests.drawing.flows import ODD, SHIPPED, flow_of, shipped
from voiceapp.drawing.excerpt import excerpt
from voiceapp.drawing.model import ANY, KINDS, Drawing, drawing_of
from voiceapp.drawing.painted import FLOW, Painted
from voiceapp.flow.flow import Flow
from voiceapp.flow.graph import graph_of
from voiceapp.flow.steps import BY_VERB, STEPS, Step
from voiceapp.flow.steps.set import SetStep

ODD_LINES = [
    "@first > many",
    "@on_error > @end @on_error",
    f"{ANY} - 0 > ask_more",
    f"{ANY} - *: repeat · 9: language = en-GB > {ANY}",
    f"{ANY} - # > keys.#",
    "many - 1, 2 · 3: language = el-GR > one",
    "many - 4 > many.4",
    "many - * > many",
    "many - otherwise > lost",
    "many.4 > many",
    "one - if 1: carrier == 'callr' and caller != '1' > many",
    "one - if 2: language == 'el-GR' > style",
    "one - otherwise > other",
    "other > ask_more",
    "ask_more > style",
    "ask_more - otherwise > @end ask_more",
    "style > nobody",
    "style - failed > lost",
    "nobody > @end nobody",
    f"keys.# > {ANY}",
]
EXCERPTS = {
    "say": "Hello {{ first_name }}.",
    "play": "Welcome to the clinic.",
    "pause": "2 s",
    "menu": "For sales press 1, for support press 2.",
    "ask": "Your patient number, please.",
    "record": "Please leave a message after the tone.",
    "dial": "+302310123456, +302310123457",
    "conference": "monday_meeting",
    "branch": "",
    "hours": "Europe/Athens, holidays of GR",
    "set": "language = el-GR, total = {{ price + 5 }}",
    "fetch": "https://results.example.com/patients/{{ patient_number }}",
    "run": "flow satisfaction",
    "send_keys": "12#",
    "notify": "https://crm.example.com/calls",
    "opt_out": "no more calls: all",
    "call_back": "with flow satisfaction, 600 s later",
    "end": "Thank you. Goodbye.",
}
WAYS = {
    "nothing": ("say: Hello.", "one > two"),
    "next with another": ("{ask: Well, answer: {digits: 1}, otherwise: two}", "one - next · otherwise > two"),
    "words of two parts": (
        '{dial: "+33123456789", no_answer: two, answered: end, failed: end, busy: end}',
        "one - no answer > two",
    ),
}


def lines_of(drawing: Drawing) -> list[str]:
    return [
        f"{line.source} - {line.label} > {line.target}" if line.label else f"{line.source} > {line.target}"
        for line in drawing.lines
    ]


def test_the_lines_of_a_flow() -> None:
    drawing = drawing_of(flow_of(ODD))
    assert lines_of(drawing) == ODD_LINES
    assert {line.source for line in drawing.lines if line.dashed} == {ANY}


@pytest.mark.parametrize(("body", "line"), WAYS.values(), ids=WAYS)
def test_what_is_written_on_a_line(body: str, line: str) -> None:
    braced = body if body.startswith("{") else f"{{{body}}}"
    flow = flow_of(f"flow: small\nlanguages: [en-GB]\nsteps:\n  one: {braced}\n  two: {{end: Bye.}}\n")
    assert line in lines_of(drawing_of(flow))


def test_every_verb_has_a_kind() -> None:
    assert set(KINDS) == set(BY_VERB)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.verb)
def test_the_words_of_every_verb(step: type[Step]) -> None:
    body = "\n".join(f"    {line}" for line in BY_VERB[step.verb].example.splitlines())
    names = ("sales", "support", "voicemail", "goodbye", "reception", "night", "why", "thanks")
    rest = "\n".join(f"  {name}: {{end: true}}" for name in names)
    inputs = "inputs: {first_name: {type: text}, price: {type: number}, patient_number: {type: text}, order: "
    head = f"flow: one\nlanguages: [en-GB, el-GR, fr-FR]\n{inputs}{{type: text}}, score: {{type: number}}}}\n"
    flow = flow_of(f"{head}steps:\n  it:\n{body}\n{rest}\n".replace("say: {en-GB", "say: {el-GR: Γεια., en-GB"))
    assert excerpt(flow.steps["it"], "en-GB") == EXCERPTS[step.verb]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_nothing_of_a_shipped_flow_is_left_out(path: Path) -> None:
    complete(shipped(path))


def test_nothing_of_an_odd_flow_is_left_out() -> None:
    complete(flow_of(ODD))


def complete(flow: Flow) -> None:
    """Every step is a node, or a word on a line; every way out of every step is on one line."""
    drawing = drawing_of(flow)
    steps = {node.name for node in drawing.nodes if node.verb}
    words = {name for name, step in flow.steps.items() if isinstance(step, SetStep) and "." in name}
    assert steps == set(flow.steps) - words
    ways = [(line.source, way.name) for line in drawing.lines for way in line.ways]
    assert len(ways) == len(set(ways))
    for name, edges in graph_of(flow).edges.items():
        for edge in edges:
            source = ANY if edge.name.startswith("flow key") else name
            assert name in words or (source, edge.name) in ways
    ends = {node.name for node in drawing.nodes}
    assert {end for line in drawing.lines for end in (line.source, line.target)} <= ends


def test_counts_stand_where_they_belong() -> None:
    ways = {
        ("many", "key 1"): 2,
        ("many", "key 2"): 0,
        ("many", "key 3"): 1,
        (FLOW, "flow key 0"): 4,
        (FLOW, "on_error"): 0,
    }
    drawing = drawing_of(flow_of(ODD), Painted({"many": 7, "one": 0}, ways))
    assert {node.name: node.times for node in drawing.nodes if node.times is not None} == {"many": 7, "one": 0}
    labels = {(line.source, line.target): (line.label, line.times) for line in drawing.lines}
    assert labels["many", "one"] == ("1 ×2, 2 never · 3: language = el-GR ×1", 3)
    assert labels[ANY, "ask_more"] == ("0 ×4", 4)
    assert labels["@on_error", "@end @on_error"] == ("never", 0)
    assert labels["many", "lost"] == ("otherwise", None)
    assert drawing_of(flow_of(ODD)).lines[0].times is None
