"""The built-in sentences: all of them in every language, with the same gaps to fill."""

from string import Formatter
from typing import get_args

import pytest

from voiceapp.flow import phrases
from voiceapp.flow.phrases import LANGUAGES, Phrase, phrase

NAMES: tuple[Phrase, ...] = get_args(Phrase)


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_the_languages() -> None:
    assert sorted(LANGUAGES) == ["bg", "de", "el", "en", "es", "fr", "hu", "it", "nl", "pl", "pt", "ru", "sv"]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_phrase_in_every_language(language: str) -> None:
    sentences = phrases._SENTENCES[language]
    assert set(sentences) == set(NAMES)
    for name in NAMES:
        assert gaps(sentences[name]) == gaps(phrases._SENTENCES["en"][name])
        said = phrase(name, language, digits="0 0 7")
        assert not set("{}<>\n") & set(said)
        assert said.endswith(".")
        assert "  " not in said


@pytest.mark.parametrize("language", sorted(LANGUAGES - {"en"}))
def test_no_phrase_is_left_in_english(language: str) -> None:
    for name in NAMES:
        assert phrases._SENTENCES[language][name] != phrases._SENTENCES["en"][name]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("name", ["review", "confirm"])
def test_choices_name_both_keys(name: Phrase, language: str) -> None:
    said = phrase(name, language, digits="9")
    assert said.index("1") < said.index("2")


@pytest.mark.parametrize("language", ["en-GB", "en", "EN-us", "xx-YY", "xx", ""])
def test_english_where_nothing_is_nearer(language: str) -> None:
    assert phrase("apology", language) == ("We are sorry, there is a problem. Please call again later. Goodbye.")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en-GB", "You entered 0 0 7. If this is right, press 1. To enter it again, press 2."),
        (
            "el-GR",
            "Πληκτρολογήσατε 0 0 7. Αν είναι σωστό, πατήστε 1. Για να το πληκτρολογήσετε ξανά, πατήστε 2.",
        ),
        ("fr-CA", "Vous avez saisi 0 0 7. Si c'est exact, tapez 1. Pour recommencer, tapez 2."),
    ],
)
def test_a_gap_is_filled(language: str, said: str) -> None:
    assert phrase("confirm", language, digits="0 0 7") == said


def test_what_fills_a_gap_is_not_read_again() -> None:
    assert "{digits} {0}" in phrase("confirm", "en", digits="{digits} {0}")


def test_a_gap_cannot_be_forgotten() -> None:
    with pytest.raises(KeyError):
        phrase("confirm", "en")
