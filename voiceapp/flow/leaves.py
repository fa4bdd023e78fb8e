"""Everything of one kind inside a step: its ways, its templates, its prompts, with the path of each."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from voiceapp.flow.fields import Way
from voiceapp.flow.problems import Path
from voiceapp.flow.prompts import InOrder, PerLanguage, Played, Prompt, Said, parts
from voiceapp.flow.templates import Condition, Template

Leaf = Way | Template | Condition | Prompt
_PROMPTS = (Said, Played, PerLanguage, InOrder)
_PLAIN = frozenset({str, int, float, bool, type(None)})
"""What most fields hold: nothing of interest, and too much of it to look at closely."""


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Leaf]]:
    """All ways, templates, conditions and prompts (whole ones) below `value`, in the order they are declared."""
    match value:
        case Way() | Template() | Condition():
            yield path, value
        case _ if isinstance(value, _PROMPTS):
            yield path, value
        case BaseModel():
            for name, info in type(value).model_fields.items():
                inner = getattr(value, name, None)
                if type(inner) not in _PLAIN:
                    yield from leaves(inner, (*path, info.alias or name))
        case dict() | Mapping():
            for key, item in value.items():
                yield from leaves(item, (*path, str(key)))
        case list() | tuple():
            for at, item in enumerate(value):
                yield from leaves(item, (*path, str(at)))
        case _:
            return


class _Itself:
    """Stands for one very value, whatever it is equal to: steps never change."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and self.value is other.value


@lru_cache(maxsize=4096)
def _kept(itself: _Itself) -> tuple[tuple[Path, Leaf], ...]:
    """All leaves, found once: the rules of `check` ask some thirty times for those of each step."""
    return tuple(leaves(itself.value))


def ways(value: Any) -> Iterator[tuple[Path, Way]]:
    """Where a step may go, as far as it says so."""
    return ((path, leaf) for path, leaf in _kept(_Itself(value)) if isinstance(leaf, Way))


def prompts(value: Any) -> Iterator[tuple[Path, Prompt]]:
    """The prompts of a step, whole."""
    return ((path, leaf) for path, leaf in _kept(_Itself(value)) if isinstance(leaf, _PROMPTS))


def expressions(value: Any) -> Iterator[tuple[Path, Template | Condition]]:
    """The templates and conditions of a step, those inside its prompts too."""
    for path, leaf in _kept(_Itself(value)):
        if isinstance(leaf, Template | Condition):
            yield path, leaf
        elif isinstance(leaf, _PROMPTS):
            yield from ((inner, part.text) for inner, part in parts(leaf, path) if isinstance(part, Said))
