"""The SVG of flows: well-formed, complete, the same every time, and readable."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.drawing.flows import ODD, SHIPPED, flow_of, long_flow, shipped
from voiceapp.drawing.jumps import FAR, shortened
from voiceapp.drawing.layers import Link, layered, leading_back
from voiceapp.drawing.lettering import clean, fitted, width, wrapped
from voiceapp.drawing.model import Drawing, drawing_of
from voiceapp.drawing.painted import Painted
from voiceapp.drawing.svg import svg
from voiceapp.flow.flow import Flow

SVG = "{http://www.w3.org/2000/svg}"
PLAIN = {"svg", "title", "desc", "defs", "marker", "path", "rect", "text", "tspan", "g"}


def texts(root: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def parsed(flow: Flow, painted: Painted | None = None) -> ElementTree.Element:
    return ElementTree.fromstring(svg(drawing_of(flow, painted)))  # noqa: S314 - our own text


@pytest.mark.parametrize("path", [*SHIPPED, None], ids=lambda path: path.stem if path else "odd")
def test_everything_is_in_it(path: Path | None) -> None:
    flow = flow_of(ODD) if path is None else shipped(path)
    drawing = drawing_of(flow)
    root = parsed(flow)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == PLAIN
    written = texts(root)
    for node in drawing.nodes:
        assert node.title in written
    titles = [title.text or "" for title in root.iter(f"{SVG}title")]
    for line in drawing.lines:
        ways = ", ".join(way.words or way.name for way in line.ways)
        assert any(title.endswith(f": {ways}") for title in titles), ways
    arrows = [path for path in root.iter(f"{SVG}path") if path.get("marker-end")]
    assert len(arrows) == len(drawing.lines)
    assert sum("stroke-dasharray" in path.attrib for path in arrows) == sum(line.dashed for line in drawing.lines)


def test_who_cannot_see_it_is_told() -> None:
    root = parsed(flow_of(ODD))
    assert root.get("role") == "img"
    title, description = root[0], root[1]
    assert title.text == 'A "wide" menu & Ελληνικά: the flow odd'
    assert (description.text or "").startswith("9 steps: menu many, say many.4, branch one")


def test_a_legend_of_what_is_there() -> None:
    written = texts(parsed(flow_of("flow: one\nlanguages: [en-GB]\nsteps:\n  it: {say: Hello.}\n")))
    assert written[:5] == ["one", "a call comes in", "is heard", "ends the call", "call begins"]


def test_the_same_flow_is_the_same_picture() -> None:
    assert svg(drawing_of(flow_of(ODD))) == svg(drawing_of(flow_of(ODD)))


def test_markup_in_a_text_is_text() -> None:
    flow = flow_of("flow: one\nlanguages: [en-GB]\nsteps:\n  it: {say: 'ab <script>&amp;]]></svg>'}\n")
    assert "ab <script>&amp;]]></svg>" in texts(parsed(flow))


def test_paint() -> None:
    painted = Painted({"many": 12, "one": 0}, {("many", "key 1"): 12, ("many", "key 2"): 0, ("one", "if 1"): 0})
    root = parsed(flow_of(ODD), painted)
    markers = [path.get("marker-end") for path in root.iter(f"{SVG}path") if path.get("marker-end")]
    assert (markers.count("url(#taken)"), markers.count("url(#never)")) == (1, 1)
    assert {"×12", "never", "1 ×12, 2 never"} <= set(texts(root))
    colours = {span.text: span.get("fill") for span in root.iter(f"{SVG}tspan")}
    assert colours["1 ×12"] != colours["2 never"]


def test_thick_is_often() -> None:
    ways = {("many", "key 1"): 9, ("many", "key 4"): 3, ("many", "otherwise"): 1}
    root = parsed(flow_of(ODD), Painted({}, ways))
    taken = [path for path in root.iter(f"{SVG}path") if path.get("marker-end") == "url(#taken)"]
    assert [path.get("stroke-width") for path in taken] == ["4.6", "2.5", "1.8"]


def test_a_thousand_steps_are_drawn() -> None:
    flow = long_flow(1000)
    root = parsed(flow)
    written = set(texts(root))
    assert all(name in written for name in flow.steps)
    assert "→ bye" in written
    _, _, wide, high = map(float, root.attrib["viewBox"].split())
    assert wide < 20_000 > high / 20


def test_far_edges_become_references() -> None:
    drawing = drawing_of(long_flow(200))
    near = shortened(drawing)
    assert all(abs(span) <= FAR for line, span in spans(near) if line in drawing.lines)
    kept = set(drawing.lines) & set(near.lines)
    assert {line for line, span in spans(drawing) if abs(span) <= 1} <= kept
    assert len(near.lines) == len(drawing.lines)
    references = [node for node in near.nodes if node not in drawing.nodes]
    assert references
    assert {node.title.removeprefix("→ ") for node in references} <= {node.title for node in drawing.nodes}
    assert shortened(near) == near


def spans(drawing: Drawing) -> list[tuple[object, int]]:
    names = dict.fromkeys((node.name for node in drawing.nodes), 0.0)
    links = [Link(line.source, line.target) for line in drawing.lines]
    rows = layered(names, links, leading_back(names, links))
    return [(line, rows[line.target] - rows[line.source]) for line in drawing.lines]


MEASURED = {
    ("Please enter your order number, then press hash.", False): 24.95,
    ("Πατήστε ένα πλήκτρο από το ένα έως το εννέα", False): 23.87,
    ("Добро пожаловать", False): 9.98,
    ("ΚΑΛΩΣ ΗΡΘΑΤΕ", False): 7.81,
    ("WELCOME MMMM @", False): 9.93,
    ("https://crm.example.com/calls", False): 15.15,
    ("{{ first_name }}", False): 8.47,
    ("busy · no answer", False): 8.51,
    ("×1234", False): 3.38,
    ("department", True): 6.67,
    ("whispered_and_recorded", True): 14.01,
    ("never", True): 3.21,
}
"""Widths in DejaVu Sans, whether bold, as shares of its size."""


@pytest.mark.parametrize(("text", "bold"), MEASURED, ids=range(len(MEASURED)))
def test_a_text_is_never_wider_than_thought_nor_much_narrower(text: str, bold: bool) -> None:
    assert MEASURED[text, bold] <= width(text, 1, bold=bold) <= 1.2 * MEASURED[text, bold]


def test_lettering() -> None:
    assert width("iii", 10) < width("www", 10)
    assert width("你好", 10) > width("ab", 10)
    assert width("e\u0301", 10) == width("e", 10)
    assert width("ab", 10, bold=True) > width("ab", 10)
    assert fitted("short", 10, 100) == "short"
    cut = fitted("a rather long text", 10, 60)
    assert cut.endswith("…")
    assert width(cut, 10) <= 60
    lines = wrapped("one two three four five six seven", 10, 70, 2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert all(width(line, 10) <= 70 for line in lines)
    assert wrapped("https://example.com/a/long/address and more", 10, 70, 2) == [
        fitted("https://example.com/a/long/address", 10, 70)
    ]
    assert wrapped("", 10, 70, 2) == []
    assert clean(" a\tb\n c ") == "a b c"
