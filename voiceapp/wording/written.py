"""A prompt as it is written in its file: where each of its texts stands, and which of them a language hears.

`flow.prompts` reads the same shapes for their meaning, and keeps no places.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import assert_never

from voiceapp.flow.problems import Path
from voiceapp.flow.yaml_text import Tree


@dataclass(frozen=True)
class Text:
    """A text, where it stands, and the sound that says it (`""`: the carrier's voice does)."""

    path: Path
    source: str
    sound: str = ""


@dataclass(frozen=True)
class Wordless:
    """A sound whose words nobody wrote down, as it is in the file."""

    tree: Tree


@dataclass(frozen=True)
class Choice:
    """One prompt for each language."""

    path: Path
    branches: Mapping[str, tuple["Part", ...]]


Part = Text | Wordless | Choice


def written(tree: Tree, path: Path, sound: str = "") -> tuple[Part, ...]:
    """The parts of a prompt that stands at `path`, in the order they are heard."""
    match tree:
        case str():
            return (Text(path, tree, sound),)
        case list():
            return tuple(part for at, item in enumerate(tree) for part in written(item, (*path, str(at))))
        case dict() if "audio" in tree and "text" not in tree:
            return (Wordless(tree),)
        case dict() if "text" in tree:
            return written(tree["text"], (*path, "text"), str(tree.get("audio", sound)))
        case dict():
            return (Choice(path, {key: written(item, (*path, key), sound) for key, item in tree.items()}),)
        case _:
            assert_never(tree)


def heard(parts: tuple[Part, ...], language: str) -> Iterator[Text | Wordless]:
    """What somebody hears of these in one language, in order."""
    for part in parts:
        if isinstance(part, Choice):
            yield from heard(part.branches[language], language)
        else:
            yield part


def texts_of(part: Part, languages: tuple[str, ...]) -> list[dict[str, Text]]:
    """The texts of a part, one after the other, each by language. Where languages have different numbers of them,
    the later ones are missing in some."""
    match part:
        case Text():
            return [dict.fromkeys(languages, part)]
        case Wordless():
            return []
        case Choice():
            columns = [[text for text in heard((part,), one) if isinstance(text, Text)] for one in languages]
            return [
                {language: text for language, text in zip(languages, row, strict=True) if text is not None}
                for row in zip_longest(*columns)
            ]
        case _:
            assert_never(part)
