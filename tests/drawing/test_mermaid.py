"""The Mermaid text of flows. Mermaid 11 reads all of these; here they are held to what it read."""

import re
from pathlib import Path

import pytest

from tests.drawing.flows import ODD, SHIPPED, flow_of, shipped
from voiceapp.drawing.mermaid import escaped, mermaid
from voiceapp.drawing.model import drawing_of
from voiceapp.drawing.painted import Painted

SMALL = """\
flow: small
title: A small flow
languages: [en-GB, el-GR]
keys: {"9": end}
steps:
  end_or_more:
    menu: {en-GB: "Press 1 for \\"more\\" [or #].", el-GR: Πατήστε 1.}
    keys: {1: style, "*": repeat}
  style: {end: {en-GB: Bye., el-GR: Αντίο.}}
"""
TEXT = """\
flowchart TD
  accTitle: A small flow
  mark0(["call begins"]):::as_start
  mark1(["any question"]):::as_start
  s.end_or_more[/"<b>end_or_more</b> menu<br/>Press 1 for #34;more#34; #91;or #35;#93;."/]:::as_question
  s.style(["<b>style</b> end<br/>Bye."]):::as_end
  mark4(["end"]):::as_end
  mark5(["end"]):::as_end
  mark0 --> s.end_or_more
  mark1 -.->|"9"| mark4
  s.end_or_more -->|"1"| s.style
  s.end_or_more -->|"#42;"| s.end_or_more
  s.end_or_more -->|"otherwise"| mark5
  classDef as_start fill:#1e293b,stroke:#1e293b,color:#ffffff
  classDef as_question fill:#dbeafe,stroke:#2563eb,color:#0f172a
  classDef as_end fill:#ffe4e6,stroke:#e11d48,color:#0f172a
"""
ESCAPED = {
    'say "hi" # now': "say #34;hi#34; #35; now",
    "<b>&amp;</b>": "#60;b#62;#38;amp;#60;/b#62;",
    "a_b _c_ *d*": "a_b #95;c#95; #42;d#42;",
    "1. one": "1#46; one",
    "2) two": "2#41; two",
    "in 2026. Then": "in 2026. Then",
    "- a - b": "#45; a - b",
    "+33": "#43;33",
    "https://x": "https#58;//x",
    "well: yes": "well: yes",
    "{{ x | y }} [z]": "#123;#123; x #124; y #125;#125; #91;z#93;",
    "`a` ~b~ \\n %%{": "#96;a#96; #126;b#126; #92;n #37;#37;#123;",
    "a\n  b ": "a b",
    "Γεια σας, 你好": "Γεια σας, 你好",
}


def test_the_text_of_a_flow() -> None:
    assert mermaid(drawing_of(flow_of(SMALL))) == TEXT


def test_the_text_of_a_painted_flow() -> None:
    ways = {("end_or_more", "key 1"): 3, ("end_or_more", "otherwise"): 0, ("end_or_more", "key *"): 1}
    text = mermaid(drawing_of(flow_of(SMALL), Painted({"end_or_more": 4, "style": 0}, ways)))
    assert [line for line in text.splitlines() if "inkStyle" in line or "never" in line or "×" in line] == [
        '  s.end_or_more[/"<b>end_or_more</b> menu<br/>Press 1 for #34;more#34; #91;or #35;#93;.<br/>×4"/]'
        ":::as_question",
        '  s.style(["<b>style</b> end<br/>Bye.<br/>never"]):::as_end',
        '  s.end_or_more -->|"1 ×3"| s.style',
        '  s.end_or_more -->|"#42; ×1"| s.end_or_more',
        '  s.end_or_more -->|"otherwise never"| mark5',
        "  linkStyle 2 stroke:#15803d,stroke-width:5.0px",
        "  linkStyle 3 stroke:#15803d,stroke-width:2.7px",
        "  linkStyle 4 stroke:#dc2626",
        "  classDef as_never stroke:#dc2626,stroke-width:3px",
        "  class s.style as_never",
    ]


@pytest.mark.parametrize(("text", "expected"), ESCAPED.items(), ids=range(len(ESCAPED)))
def test_markup_is_escaped(text: str, expected: str) -> None:
    assert escaped(text) == expected


NODE = r'  (s\.[\w.]+|mark\d+)(?:\(\[|\[/|\[\[|\{\{|\[|\()"[^"]+"(?:\]\)|/\]|\]\]|\}\}|\]|\)):::as_\w+'
LINE = r'  (s\.[\w.]+|mark\d+) (?:-->|-\.->)(?:\|"[^"]+"\|)? (s\.[\w.]+|mark\d+)'


@pytest.mark.parametrize("path", [*SHIPPED, None], ids=lambda path: path.stem if path else "odd")
def test_every_line_is_one_that_mermaid_reads(path: Path | None) -> None:
    flow = flow_of(ODD) if path is None else shipped(path)
    drawing = drawing_of(flow)
    head, title, *lines = mermaid(drawing).splitlines()
    assert (head, title[:12]) == ("flowchart TD", "  accTitle: ")
    nodes = [match[1] for line in lines if (match := re.fullmatch(NODE, line))]
    ends = [(match[1], match[2]) for line in lines if (match := re.fullmatch(LINE, line))]
    classes = [line for line in lines if re.fullmatch(r"  classDef as_\w+ [\w:#,]+", line)]
    assert len(nodes) == len(set(nodes)) == len(drawing.nodes)
    assert len(ends) == len(drawing.lines)
    assert {name for pair in ends for name in pair} <= set(nodes)
    assert len(lines) == len(nodes) + len(ends) + len(classes)


def test_a_long_text_is_cut() -> None:
    words = "word " * 40
    text = mermaid(drawing_of(flow_of(f"flow: one\nlanguages: [en-GB]\nsteps:\n  it: {{say: {words}}}\n")))
    assert f"<br/>{'word ' * 12}".rstrip() + "…" in text
