"""Which keys a text tells callers to press, in every language that voiceapp speaks."""

import pytest

from voiceapp.check.ways.announced import announced
from voiceapp.flow.phrases import LANGUAGES, phrase
from voiceapp.flow.templates import Purpose, template


def _announced(text: str) -> list[str]:
    return list(announced(template(text, purpose=Purpose.SPEECH)))


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_words_of_the_built_in_sentences_are_known(language: str) -> None:
    assert _announced(phrase("review", language)) == ["1", "2"]
    assert _announced(phrase("press_key", language)) == []


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Press the 3 key, or press *.", ["3", "*"]),
        ("APPUYEZ SUR LA TOUCHE 4 ou tapez « 5 ».", ["4"]),
        ("Drücken Sie bitte die Taste 6.", ["6"]),
        ("Press 10, press 10.", ["10"]),
        ("Press 3 times; press 100; press 24/7; press 1.5; suppress 1; dial 1", []),
        ("Press {{ n }} 5, press 6{{ n }}, press {% if n %}7{% endif %}", []),
    ],
)
def test_only_what_stands_right_behind_such_a_word_counts(text: str, keys: list[str]) -> None:
    assert _announced(text) == keys
