"""What a change of a flow's text means, and that nothing else is told."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.paths.scenes import SCRIPTS
from tests.rehearsal.stage import script
from voiceapp.changes.meaning import changes

FLOW = """\
flow: line
languages: [en-GB, fr-FR]
inputs: {name: {type: text, default: there}}
keys: {"0": two}
max_minutes: 10
steps:
  hello: {say: {en-GB: Hello., fr-FR: Bonjour.}}
  main:
    menu: {en-GB: One or two., fr-FR: Un ou deux.}
    keys: {1: one, 2: two}
    tries: 2
    otherwise: ask
  many:
    ask: {en-GB: How many., fr-FR: Combien.}
    answer: {number: 1-9}
    save: more
    question: How satisfied
  one: {say: {en-GB: One., fr-FR: Une.}}
  test: {branch: [{if: more > 3, next: two}], otherwise: ask}
  two: {end: {en-GB: Two., fr-FR: Deux.}}
  ask:
    ask: {en-GB: Yes or no., fr-FR: Oui ou non.}
    answer: {choices: {1: yes, 2: no}}
"""
TABLE = yaml.safe_load((Path(__file__).parent / "meaning.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE)
def test_a_change(row: dict[str, Any]) -> None:
    text, old = FLOW, FLOW + row.get("from", "")
    for was, now in {row["was"]: row["now"], **row.get("also", {})}.items():
        assert was in text
        text = text.replace(was, now)
    assert list(map(str, changes(script(old).flow, script(text).flow))) == row["means"]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_flow_means_the_same_as_itself(name: str) -> None:
    flow = SCRIPTS[name].flow
    assert changes(flow, script(flow.source).flow) == ()
