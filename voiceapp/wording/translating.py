"""Texts that come back in a table -> the flow's file with them, and with nothing else changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from voiceapp.flow.flow import Flow
from voiceapp.flow.loader import load_flow
from voiceapp.flow.problems import FlowProblems
from voiceapp.flow.yaml_text import Tree
from voiceapp.wording.changes import AddKeys, Append, Change, Put
from voiceapp.wording.comparing import Comparing, Wanted
from voiceapp.wording.lines import Line, SpokenPrompt, lines_of
from voiceapp.wording.remarks import remarks
from voiceapp.wording.table import Table, WordingRefused
from voiceapp.wording.written import Choice, Part, Text, Wordless, heard, texts_of
from voiceapp.wording.yaml_edit import CannotEdit, edited


@dataclass(frozen=True)
class Translated:
    """What a table makes of a flow; how many texts are others than before; the languages it gained; what whoever
    brought the table should know."""

    flow: Flow
    texts: int
    languages: tuple[str, ...]
    remarks: tuple[str, ...]


def translated(flow: Flow, table: Table, *, force: bool = False) -> Translated:
    """The flow with the texts of the table. A cell that is empty, or as it was written, leaves a text as it is.

    Raises WordingRefused with every reason. `force` brings in even texts whose source has changed since, those
    with other placeholders than their source, and those that a spreadsheet seems to have spoilt.
    """
    comparing = Comparing(flow, table)
    refused = [*comparing.refused()]
    doubts = [] if force else [*comparing.doubts()]
    if refused or doubts:
        advice = ["--force brings in these texts all the same"] if not refused else []
        raise WordingRefused([*refused, *doubts, *advice])
    new = _loaded(flow, [*_changes(comparing)])
    _check_says(new, {**_said(comparing.lines.values()), **comparing.wanted})
    return Translated(new, len(comparing.wanted), comparing.added, tuple(remarks(comparing)))


def _changes(comparing: Comparing) -> Iterator[Change]:
    if comparing.added:
        yield Append(("languages",), comparing.added)
    for prompt in comparing.prompts:
        yield from _prompt_changes(prompt, comparing.flow.head.languages, comparing.wanted, comparing.added)


def _prompt_changes(
    prompt: SpokenPrompt, languages: tuple[str, ...], wanted: Wanted, added: tuple[str, ...]
) -> Iterator[Change]:
    lines = iter(prompt.lines)
    for part in prompt.parts:
        own = [next(lines) for _ in texts_of(part, languages)]
        match part:
            case Text():
                yield from _shared(part, own[0], (*languages, *added), wanted)
            case Choice():
                for line in own:
                    for language, spot in line.spots.items():
                        if (line.id, language) in wanted:
                            yield Put(spot.path, wanted[line.id, language])
                entries = {language: _branch(part, languages[0], own, language, wanted) for language in added}
                if entries:
                    yield AddKeys(part.path, entries)
            case Wordless():
                pass


def _shared(text: Text, line: Line, languages: tuple[str, ...], wanted: Wanted) -> Iterator[Put]:
    """A text for all languages stays one as long as it is the same in all."""
    texts = {language: wanted.get((line.id, language), text.source) for language in languages}
    if len(set(texts.values())) > 1:
        yield Put(text.path, texts)
    elif texts[languages[0]] != text.source:
        yield Put(text.path, texts[languages[0]])


def _branch(part: Part, model: str, lines: list[Line], language: str, wanted: Wanted) -> Tree:
    """What a new language hears: the texts, and the wordless sounds where the model language has them."""
    texts = iter([wanted[line.id, language] for line in lines if (line.id, language) in wanted])
    pieces: list[Tree] = []
    for piece in heard((part,), model):
        pieces += [piece.tree] if isinstance(piece, Wordless) else [next(texts)]
    pieces += texts
    return pieces[0] if len(pieces) == 1 else pieces


def _loaded(flow: Flow, changes: list[Change]) -> Flow:
    try:
        return load_flow(edited(flow.source, changes).encode(), flow.file)
    except CannotEdit:
        reason = "is written in a way in which these texts cannot be put in without touching more than them"
        raise WordingRefused([f"{flow.file}: {reason}"]) from None
    except FlowProblems as error:
        told = [f"{'.'.join(problem.path)}: {problem.message}" for problem in error.problems]
        raise WordingRefused([f"{flow.file}: would not load with these texts:", *told]) from None


def _check_says(flow: Flow, expected: Wanted) -> None:
    """A text such as `true` may be one that its step takes for something else."""
    found = _said(lines_of(flow))
    different = [
        f"{flow.file}: {line} cannot say '{text}' in {language}: that means something else there"
        for (line, language), text in expected.items()
        if found.get((line, language)) != text
    ]
    if different:
        raise WordingRefused(different)


def _said(lines: Iterable[Line]) -> Wanted:
    return {(line.id, language): text for line in lines for language, text in line.texts.items()}
