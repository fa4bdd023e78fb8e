"""A prompt: what a caller hears, as texts and sounds, in every language of the flow."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, assert_never

from voiceapp.flow.fields import read_speech, read_text
from voiceapp.flow.mistakes import Mistake
from voiceapp.flow.problems import Path, Wrong, WrongParts, WrongWithin, nearest, rest_of, wrong_at
from voiceapp.flow.shapes import defined, reads
from voiceapp.flow.templates import Purpose, Template, left_of

LANGUAGE = re.compile(r"[a-z]{2,3}-[A-Z]{2}")
_Wrongs = list[Wrong | WrongWithin]
_SOUND_KEYS = ("audio", "text", "media")


@dataclass(frozen=True)
class Said:
    """A text for the carrier's voice."""

    text: Template


@dataclass(frozen=True)
class Played:
    """A sound: a file below `flows/audio/` or an https URL; `{lang}` in it stands for the language.
    `text` says the same in words; `media` are carriers' own copies of it, by carrier."""

    source: str
    text: "Prompt | None" = None
    media: Mapping[str, str] = field(default_factory=dict)

    def file(self, language: str) -> str:
        """The source in this language."""
        return self.source.replace("{lang}", language)


@dataclass(frozen=True)
class PerLanguage:
    """One prompt for each language."""

    prompts: Mapping[str, "Prompt"]


@dataclass(frozen=True)
class InOrder:
    """Several prompts, one after the other."""

    prompts: tuple["Prompt", ...]


Prompt = Said | Played | PerLanguage | InOrder


def in_language(prompt: Prompt, language: str) -> tuple[Said | Played, ...]:
    """The texts and sounds of a prompt in one language, in order."""
    match prompt:
        case Said() | Played():
            return (prompt,)
        case PerLanguage():
            return in_language(prompt.prompts[language], language)
        case InOrder():
            return tuple(piece for part in prompt.prompts for piece in in_language(part, language))
        case _:
            assert_never(prompt)


def spoken_text(played: Played, language: str) -> Template | None:
    """What a sound says in this language, if the author wrote it down."""
    if played.text is None:
        return None
    for piece in in_language(played.text, language):
        if isinstance(piece, Said):
            return piece.text
    return None


def parts(prompt: Prompt, path: Path = ()) -> Iterator[tuple[Path, Prompt]]:
    """The prompt and everything in it, with the path of each."""
    yield path, prompt
    match prompt:
        case Said():
            pass
        case Played():
            if prompt.text is not None:
                yield from parts(prompt.text, (*path, "text"))
        case PerLanguage(prompts):
            for language, part in prompts.items():
                yield from parts(part, (*path, language))
        case InOrder(several):
            for at, part in enumerate(several):
                yield from parts(part, (*path, str(at)))
        case _:
            assert_never(prompt)


def language_hint(word: str) -> str:
    """How a language is written, for somebody who wrote `word`: `en_gb` was meant to be `en-GB`."""
    first, _, region = word.replace("_", "-").partition("-")
    meant = f"{first.lower()}-{region.upper()}"
    return f"; did you mean '{meant}'?" if LANGUAGE.fullmatch(meant) else ": write it as en-GB"


def read_prompt(value: Any) -> Prompt:
    """A prompt from what stands in the file; raises WrongParts with everything that is wrong in it."""
    wrong: _Wrongs = []
    prompt = _read(value, (), wrong)
    if wrong:
        raise WrongParts(wrong, rest_of(prompt, wrong))
    return prompt


def _read(value: Any, path: Path, wrong: _Wrongs) -> Prompt:
    if isinstance(value, str):
        return _said(value, path, wrong)
    if isinstance(value, list):
        if not value:
            wrong.append(Wrong(path, "is an empty list: there is nothing to say"))
        return InOrder(tuple(_read(item, (*path, str(at)), wrong) for at, item in enumerate(value)))
    if not value:
        wrong.append(Wrong(path, "is empty: there is nothing to say"))
        return InOrder(())
    if "audio" in value or "media" in value:
        return _played(value, path, wrong)
    if set(value) == {"text"}:
        return _read(value["text"], (*path, "text"), wrong)
    return _per_language(value, path, wrong)


def _said(value: str, path: Path, wrong: _Wrongs) -> Said:
    if not value.strip():
        wrong.append(Wrong(path, "is empty: there is nothing to say"))
    try:
        return Said(read_speech(value))
    except ValueError as error:
        wrong += wrong_at(path, error)
        return Said(left_of(error, Purpose.SPEECH))


def _played(value: Mapping[str, Any], path: Path, wrong: _Wrongs) -> Played:
    wrong += [
        Wrong(
            (*path, key), f"unknown key '{key}' in a sound{nearest(key, _SOUND_KEYS)}", True, Mistake.UNKNOWN_KEY
        )
        for key in value
        if key not in _SOUND_KEYS
    ]
    source = ""
    if "audio" not in value:
        wrong.append(Wrong(path, "the key 'audio' is missing", mistake=Mistake.MISSING_KEY))
    else:
        try:
            source = _read_source(value["audio"])
        except ValueError as error:
            wrong.append(Wrong((*path, "audio"), str(error)))
    media = _read_media(value.get("media", {}), (*path, "media"), wrong)
    text = _read_sound_text(value["text"], (*path, "text"), wrong) if "text" in value else None
    return Played(source, text, media)


def _read_media(value: Any, path: Path, wrong: _Wrongs) -> Mapping[str, str]:
    if not isinstance(value, Mapping):
        wrong.append(Wrong(path, "has to name a carrier and its id of the sound, as in {callr: 131}"))
        return {}
    wrong += [
        Wrong((*path, carrier), "has to be the carrier's number of the sound")
        for carrier, number in value.items()
        if not isinstance(number, str) or not re.fullmatch(r"[0-9]{1,18}", number)
    ]
    return dict(value)


def _read_sound_text(value: Any, path: Path, wrong: _Wrongs) -> Prompt:
    text = _read(value, path, wrong)
    if any(isinstance(part, Played | InOrder) for _, part in parts(text)):
        wrong.append(Wrong(path, "has to be what the sound says: one text, or one per language"))
    return text


def _read_source(value: Any) -> str:
    source = read_text(value)
    if re.fullmatch(r"https://[^\s/?#@|]+(/[^\s|]*)?", source):
        return source
    inside = all(part not in ("", ".", "..") for part in source.split("/"))
    if not inside or not re.fullmatch(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*", source.replace("{lang}", "x")):
        raise ValueError(f"'{source}' has to be a file below flows/audio/ or a URL that starts with https://")
    return source


def _per_language(value: Mapping[str, Any], path: Path, wrong: _Wrongs) -> PerLanguage:
    prompts: dict[str, Prompt] = {}
    for key, item in value.items():
        if key == "text":
            wrong.append(Wrong((*path, key), "'text' stands beside 'audio' or alone", at_key=True))
        elif not LANGUAGE.fullmatch(key):
            wrong.append(Wrong((*path, key), _no_language(key, item, value), at_key=True))
        else:
            prompts[key] = _read(item, (*path, key), wrong)
    return PerLanguage(prompts)


def _no_language(key: str, item: Any, value: Mapping[str, Any]) -> str:
    """What is wrong with a key: in `{en-GB: Yes, please.}` what stands behind the comma is one too."""
    if not item and any(LANGUAGE.fullmatch(other) for other in value):
        return f"'{key}' stands behind a comma: in braces, a text with a comma in it has to stand in quotes"
    return f"'{key}' is no language{nearest(key, _SOUND_KEYS) or language_hint(key)}"


PROMPT_SHAPE = defined(
    "prompt",
    "has to be what is said: a text, one for each language, {audio: …}, or a list of these",
    *("string", "number", "boolean", "object", "array"),
)
PromptField = Annotated[Prompt, reads(read_prompt, PROMPT_SHAPE)]
