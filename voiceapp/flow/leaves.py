"""Everything of one kind inside a step: its ways, its templates, its prompts, with the path of each."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from voiceapp.flow.fields import Way
from voiceapp.flow.problems import Path
from voiceapp.flow.prompts import InOrder, PerLanguage, Played, Prompt, Said, parts
from voiceapp.flow.templates import Condition, Template

Leaf = Way | Template | Condition | Prompt
_PROMPTS = (Said, Played, PerLanguage, InOrder)


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Leaf]]:
    """All ways, templates, conditions and prompts (whole ones) below `value`, in the order they are declared."""
    match value:
        case Way() | Template() | Condition():
            yield path, value
        case _ if isinstance(value, _PROMPTS):
            yield path, value
        case BaseModel():
            for name, info in type(value).model_fields.items():
                yield from leaves(getattr(value, name, None), (*path, info.alias or name))
        case Mapping():
            for key, item in value.items():
                yield from leaves(item, (*path, str(key)))
        case list() | tuple():
            for at, item in enumerate(value):
                yield from leaves(item, (*path, str(at)))
        case _:
            return


def ways(value: Any) -> Iterator[tuple[Path, Way]]:
    """Where a step may go, as far as it says so."""
    return ((path, leaf) for path, leaf in leaves(value) if isinstance(leaf, Way))


def prompts(value: Any) -> Iterator[tuple[Path, Prompt]]:
    """The prompts of a step, whole."""
    return ((path, leaf) for path, leaf in leaves(value) if isinstance(leaf, _PROMPTS))


def expressions(value: Any) -> Iterator[tuple[Path, Template | Condition]]:
    """The templates and conditions of a step, those inside its prompts too."""
    for path, leaf in leaves(value):
        if isinstance(leaf, Template | Condition):
            yield path, leaf
        elif isinstance(leaf, _PROMPTS):
            yield from ((inner, part.text) for inner, part in parts(leaf, path) if isinstance(part, Said))
