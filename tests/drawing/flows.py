"""Flows to be drawn."""

from pathlib import Path

from voiceapp.flow.flow import Flow
from voiceapp.flow.loader import load_flow

ROOT = Path(__file__).parents[2]
SHIPPED = sorted([*(ROOT / "flows").glob("*.yaml"), *(ROOT / "tests" / "flows" / "shared").glob("*.yaml")])

ODD = """\
flow: odd
title: 'A "wide" menu & Ελληνικά'
languages: [el-GR, en-GB]
keys: {"0": ask_more, "*": repeat, "9": {set: {language: en-GB}}, "#": {say: {el-GR: Βοήθεια., en-GB: Help.}}}
on_error: end
steps:
  many:
    menu: {el-GR: Πατήστε ένα πλήκτρο., en-GB: Press a key.}
    keys:
      1: one
      2: one
      3: {set: {language: el-GR}, next: one}
      4: {say: {el-GR: 'Οκτώ <b>&"quoted"</b> # [x] `y` {z}', en-GB: Eight.}, next: many}
      "*": repeat
    otherwise: lost
  one:
    branch:
      - {if: "carrier == 'callr' and caller != '1'", next: many}
      - {if: "language == 'el-GR'", next: style}
  other: {run: elsewhere}
  ask_more: {ask: {el-GR: Κι άλλο, en-GB: More}, answer: {choices: {1: yes, 0: no}}}
  style: {fetch: "https://example.com/{{ caller }}", method: POST, failed: lost}
  nobody: {pause: 3, next: end}
  lost: {end: {el-GR: Αντίο., en-GB: Bye.}}
"""


def flow_of(text: str) -> Flow:
    """The flow in this text, which begins with its name."""
    name = text.partition("\n")[0].removeprefix("flow: ")
    return load_flow(text.encode(), f"{name}.yaml")


def shipped(path: Path) -> Flow:
    """The flow in this file."""
    return load_flow(path.read_bytes(), path.name)


def long_flow(steps: int) -> Flow:
    """So many steps that lead to the next, back, far ahead and to the end."""
    lines = ["flow: long", "languages: [en-GB]", 'keys: {"0": bye}', "steps:"]
    for at in range(steps):
        match at % 4:
            case 0:
                lines.append(f"  s{at}: {{say: Number {at}.}}")
            case 1:
                ahead = min(at * 7 % steps + 1, steps - 1)
                lines.append(f"  s{at}: {{menu: Press., keys: {{1: s{at - 1}, 2: s{ahead}}}, otherwise: bye}}")
            case 2:
                lines.append(f"  s{at}: {{ask: Which, answer: {{digits: 2}}, otherwise: s{at * 13 % steps}}}")
            case _:
                lines.append(f'  s{at}: {{dial: "+33123456789", busy: s{max(0, at - 6)}, next: end}}')
    return flow_of("\n".join([*lines, "  bye: {end: Bye.}"]))
