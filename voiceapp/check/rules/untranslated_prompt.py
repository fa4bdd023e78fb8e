"""VF304: a sentence that says the same words in two languages, and belongs to one of them."""

from collections.abc import Iterator, Mapping

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.check.words.function_words import shows
from voiceapp.check.words.pieces import whole_prompts
from voiceapp.flow.problems import Path
from voiceapp.flow.prompts import PerLanguage, Prompt, Said, parts


def _look(subject: Subject) -> Iterator[Remark]:
    for path, _, prompt in whole_prompts(subject.flow):
        for inner, part in parts(prompt, path):
            if isinstance(part, PerLanguage):
                yield from _in(part.prompts, inner)


def _in(several: Mapping[str, Prompt], path: Path) -> Iterator[Remark]:
    words = {language: text.text.source for language, text in several.items() if isinstance(text, Said)}
    for language, text in words.items():
        for other, same in words.items():
            if other != language and same.split() == text.split() and _is_only(text, other, language):
                yield Remark(
                    (*path, language),
                    f"callers who chose {language} hear the words of {other}",
                    f"translate it into {language}",
                )


def _is_only(text: str, language: str, other: str) -> bool:
    """Whether this is a sentence of one language with nothing of the other in it."""
    return shows(text, language, 2) is True and shows(text, other, 1) is False


UNTRANSLATED_PROMPT = Rule(
    "VF304",
    Severity.NOTE,
    "prompt that was not translated",
    "Callers chose a language and are spoken to in another, by a voice that cannot pronounce it.",
    _look,
)
