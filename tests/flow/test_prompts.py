"""Prompts: what they may hold, what of them is heard in a language, and what is in them."""

from typing import Any

import pytest

from voiceapp.flow.problems import WrongParts
from voiceapp.flow.prompts import Played, Said, in_language, language_hint, parts, read_prompt, spoken_text

BOTH: Any = {"en-GB": "Hello.", "fr-FR": "Bonjour."}
SOUND: Any = {"audio": "hello_{lang}.wav", "text": BOTH, "media": {"callr": "131"}}


def heard(value: Any, language: str) -> list[str]:
    """What of a prompt is heard: texts as they are, sounds by their file."""
    pieces = in_language(read_prompt(value), language)
    return [piece.text.source if isinstance(piece, Said) else f"<{piece.file(language)}>" for piece in pieces]


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        ("Hello.", ["Hello."], ["Hello."]),
        ({"text": "Hello."}, ["Hello."], ["Hello."]),
        (BOTH, ["Hello."], ["Bonjour."]),
        (["One.", BOTH], ["One.", "Hello."], ["One.", "Bonjour."]),
        ({"en-GB": ["One.", "Two."], "fr-FR": "Un."}, ["One.", "Two."], ["Un."]),
        (SOUND, ["<hello_en-GB.wav>"], ["<hello_fr-FR.wav>"]),
        ({"audio": "a/b-c.d_1.mp3"}, ["<a/b-c.d_1.mp3>"], ["<a/b-c.d_1.mp3>"]),
        ({"audio": "{lang}/x.wav"}, ["<en-GB/x.wav>"], ["<fr-FR/x.wav>"]),
        (
            {"audio": "https://a.example/x.wav?y=1"},
            ["<https://a.example/x.wav?y=1>"],
            ["<https://a.example/x.wav?y=1>"],
        ),
        ({"en-GB": SOUND, "fr-FR": [SOUND, "Fin."]}, ["<hello_en-GB.wav>"], ["<hello_fr-FR.wav>", "Fin."]),
        ([["One."], [["Two."]]], ["One.", "Two."], ["One.", "Two."]),
    ],
)
def test_what_is_heard(value: Any, english: list[str], french: list[str]) -> None:
    assert heard(value, "en-GB") == english
    assert heard(value, "fr-FR") == french


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [("Hello.", "fr-FR", "Hello."), (BOTH, "fr-FR", "Bonjour."), (None, "en-GB", None)],
)
def test_what_a_sound_says(text: Any, language: str, said: str | None) -> None:
    sound = read_prompt({"audio": "x.wav"} if text is None else {"audio": "x.wav", "text": text})
    assert isinstance(sound, Played)
    spoken = spoken_text(sound, language)
    assert (spoken and spoken.source) == said


def test_everything_in_a_prompt_with_its_path() -> None:
    found = [(".".join(path), type(part).__name__) for path, part in parts(read_prompt(["One.", SOUND]), ("say",))]
    assert found == [
        ("say", "InOrder"),
        ("say.0", "Said"),
        ("say.1", "Played"),
        ("say.1.text", "PerLanguage"),
        ("say.1.text.en-GB", "Said"),
        ("say.1.text.fr-FR", "Said"),
    ]


NO_FILE = "has to be a file below flows/audio/ or a URL that starts with https://"


@pytest.mark.parametrize(
    "source",
    [
        *(
            "",
            "/etc/passwd",
            "../x.wav",
            "a/../x.wav",
            "a//x.wav",
            "./x.wav",
            "x.wav|y",
            "a b.wav",
            "x.wav\n",
            "ä.wav",
        ),
        *(
            "{other}.wav",
            "http://a.example/x.wav",
            "https://",
            "https:///x.wav",
            "https://a@b/x.wav",
            "https://a/|x",
        ),
        *("https://a.example/x y.wav", "ftp://a.example/x.wav", "data:audio/wav;base64,xx", "file:///x.wav"),
    ],
)
def test_no_sound_from_elsewhere(source: str) -> None:
    with pytest.raises(WrongParts) as caught:
        read_prompt({"audio": source})
    assert [(part.path, part.message) for part in caught.value.parts] == [(("audio",), f"'{source}' {NO_FILE}")]


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("  ", ["- is empty: there is nothing to say"]),
        ([], ["- is an empty list: there is nothing to say"]),
        ({}, ["- is empty: there is nothing to say"]),
        (
            ["", {"en-GB": ""}],
            ["0 is empty: there is nothing to say", "1.en-GB is empty: there is nothing to say"],
        ),
        ({"audio": ["x.wav"]}, ["audio has to be a text, not a list"]),
        ({"audio": "x.wav", "text": SOUND}, ["text has to be what the sound says: one text, or one per language"]),
        (
            {"audio": "x.wav", "media": {"callr": ["1"]}},
            ["media.callr has to be the carrier's number of the sound"],
        ),
        ({"audio": "x.wav", "en-GB": "x"}, ["en-GB unknown key 'en-GB' in a sound"]),
        ({"text": {"text": ""}}, ["text.text is empty: there is nothing to say"]),
        (
            {"en-GB": "{{ x"},
            ["en-GB cannot be read: this '{{' is not closed with '}}'"],
        ),
        (
            {"EN-gb": "x", "el_gr": "y"},
            [
                "EN-gb 'EN-gb' is no language; did you mean 'en-GB'?",
                "el_gr 'el_gr' is no language; did you mean 'el-GR'?",
            ],
        ),
    ],
)
def test_a_wrong_prompt(value: Any, wrong: list[str]) -> None:
    with pytest.raises(WrongParts) as caught:
        read_prompt(value)
    assert [f"{'.'.join(part.path) or '-'} {part.message}" for part in caught.value.parts] == wrong


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("en-gb", "; did you mean 'en-GB'?"),
        ("EN_GB", "; did you mean 'en-GB'?"),
        ("en", ": write it as en-GB"),
        ("english", ": write it as en-GB"),
        ("", ": write it as en-GB"),
    ],
)
def test_how_a_language_is_written(word: str, hint: str) -> None:
    assert language_hint(word) == hint
