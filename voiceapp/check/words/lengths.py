"""How long the prompts of a flow take: recordings by their files, texts by estimate."""

from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import assert_never

from voiceapp.check.subject import Subject
from voiceapp.check.words.pieces import heard
from voiceapp.check.words.placeholders import Variable
from voiceapp.check.words.sounds import NoSound, read_sound
from voiceapp.check.words.speech import UNKNOWN, template_seconds, text_seconds
from voiceapp.flow.answers import Answer, Choices, Digits, Number
from voiceapp.flow.flow import Flow
from voiceapp.flow.problems import Path
from voiceapp.flow.prompts import Played, Prompt, Said, spoken_text
from voiceapp.flow.steps.ask import AskStep


def typical_values(flow: Flow) -> Mapping[Variable, str]:
    """Values as long as an input or an answer may well be, where the flow tells."""
    values: dict[Variable, str] = {}
    for name, text in _told(flow):
        values[(name,)] = max(values.get((name,), ""), text, key=text_seconds)
    return values


def _told(flow: Flow) -> Iterator[tuple[str, str]]:
    for name, item in flow.head.inputs.items():
        if item.default is not None and text_seconds(item.default) > UNKNOWN:
            yield name, item.default
    for step_name, step in flow.steps.items():
        if isinstance(step, AskStep):
            yield from ((saved, _longest(step.answer)) for saved in step.names_saved(step_name))


def _longest(answer: Answer) -> str:
    match answer:
        case Digits(most=most):
            return "5" * most
        case Number(high=high):
            return str(high)
        case Choices(words=words):
            return max(words.values(), key=text_seconds)
        case _:
            assert_never(answer)


def longest(
    subject: Subject, prompt: Prompt, path: Path, values: Mapping[Variable, str]
) -> tuple[float, str, Path]:
    """Seconds of a prompt, in the language in which it takes longest, and where that stands."""
    return max(_lengths(subject, prompt, path, values), key=lambda length: length[0])


def _lengths(
    subject: Subject, prompt: Prompt, path: Path, values: Mapping[Variable, str]
) -> Iterator[tuple[float, str, Path]]:
    for language in subject.flow.head.languages:
        pieces = list(heard(prompt, language, path))
        seconds = sum(_seconds(piece, language, subject.audio, values) for _, piece in pieces)
        yield seconds, language, pieces[0][0] if len(pieces) == 1 else path


def _seconds(piece: Said | Played, language: str, audio: FilePath | None, values: Mapping[Variable, str]) -> float:
    match piece:
        case Said(text=text):
            return template_seconds(text, values)
        case Played():
            return _sound_seconds(piece, language, audio, values)
        case _:
            assert_never(piece)


def _sound_seconds(sound: Played, language: str, audio: FilePath | None, values: Mapping[Variable, str]) -> float:
    if audio is not None and not sound.source.startswith("https://"):
        try:
            return read_sound(audio / sound.file(language)).seconds
        except NoSound:
            pass  # which VF311 says
    text = spoken_text(sound, language)
    return 0 if text is None else template_seconds(text, values)
