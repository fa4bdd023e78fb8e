"""The prompts of a flow, piece by piece: what rules about prompts look through."""

from collections.abc import Iterator
from typing import assert_never

from voiceapp.flow.flow import Flow
from voiceapp.flow.leaves import prompts
from voiceapp.flow.problems import Path
from voiceapp.flow.prompts import InOrder, PerLanguage, Played, Prompt, Said, parts
from voiceapp.flow.steps import Step


def whole_prompts(flow: Flow) -> Iterator[tuple[Path, Step, Prompt]]:
    """Every prompt of the flow, whole, with its step; a path begins with the step's name."""
    for name, step in flow.steps.items():
        for path, prompt in prompts(step):
            yield (name, *path), step, prompt


def sounds(flow: Flow) -> Iterator[tuple[Path, Played]]:
    """Every sound of the flow."""
    for path, _, prompt in whole_prompts(flow):
        yield from ((inner, part) for inner, part in parts(prompt, path) if isinstance(part, Played))


def texts(flow: Flow) -> Iterator[tuple[Path, Said]]:
    """Every text of the flow that is spoken, or that says what a sound says."""
    for path, _, prompt in whole_prompts(flow):
        yield from ((inner, part) for inner, part in parts(prompt, path) if isinstance(part, Said))


def heard(prompt: Prompt, language: str, path: Path) -> Iterator[tuple[Path, Said | Played]]:
    """What is heard of a prompt in one language, in order, with the path of each."""
    match prompt:
        case Said() | Played():
            yield path, prompt
        case PerLanguage(prompts=several):
            yield from heard(several[language], language, (*path, language))
        case InOrder(prompts=several_in_order):
            for at, part in enumerate(several_in_order):
                yield from heard(part, language, (*path, str(at)))
        case _:
            assert_never(prompt)


def said(prompt: Prompt, language: str, path: Path) -> Iterator[tuple[Path, Said | None]]:
    """The same in words: of a sound its text, None where its author wrote none."""
    for inner, piece in heard(prompt, language, path):
        if isinstance(piece, Said):
            yield inner, piece
        elif piece.text is None:
            yield inner, None
        else:
            for deeper, words in heard(piece.text, language, (*inner, "text")):
                yield deeper, words if isinstance(words, Said) else None
