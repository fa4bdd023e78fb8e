"""Which languages a call can be in at each step."""

import pytest

from tests.rehearsal.stage import script
from voiceapp.flow.languages import languages_at

HEAD = "flow: line\nlanguages: [en-GB, fr-FR, el-GR]\ninputs: {tongue: {type: text, default: en-GB}}\n"
EN, FR, GR = "en-GB", "fr-FR", "el-GR"
ROWS: dict[str, tuple[str, dict[str, set[str]]]] = {
    "the first, until another is set": (
        "  a: {pause: 1}\n  b: {set: {language: fr-FR}}\n  c: {pause: 1}\n",
        {"a": {EN}, "b": {EN}, "c": {FR}},
    ),
    "both behind a choice": (
        "  a: {branch: [{if: tongue, next: b}], otherwise: c}\n  b: {set: {language: fr-FR}}\n  c: {pause: 1}\n",
        {"a": {EN}, "b": {EN}, "c": {EN, FR}},
    ),
    "round and round": (
        "  a: {pause: 1}\n  b: {branch: [{if: tongue, next: c}], otherwise: end}\n"
        "  c: {set: {language: el-GR}, next: a}\n",
        {"a": {EN, GR}, "b": {EN, GR}, "c": {EN, GR}},
    ),
    "one that only the call knows": (
        '  a: {set: {language: "{{ tongue }}"}}\n  b: {pause: 1}\n',
        {"a": {EN}, "b": {EN, FR, GR}},
    ),
    "another variable": ("  a: {set: {tongue: fr-FR}}\n  b: {pause: 1}\n", {"a": {EN}, "b": {EN}}),
    "steps that nobody comes to": ("  a: {pause: 1, next: end}\n  b: {pause: 1}\n", {"a": {EN}}),
}


@pytest.mark.parametrize(("steps", "languages"), ROWS.values(), ids=ROWS)
def test_languages(steps: str, languages: dict[str, set[str]]) -> None:
    assert languages_at(script(f"{HEAD}steps:\n{steps}").flow) == languages


def test_what_follows_on_anything_is_come_to_in_every_language_there_is() -> None:
    steps = "steps:\n  a: {set: {language: fr-FR}}\n  b: {pause: 1, next: end}\n  c: {pause: 1}\n"
    assert languages_at(script(f"{HEAD}on_error: c\n{steps}").flow)["c"] == {EN, FR}
    assert languages_at(script(f"{HEAD}on_machine: c\n{steps}").flow)["c"] == {EN}
