"""Which steps of two versions of a flow are the same under another name."""

from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any

from pydantic import BaseModel

from voiceapp.flow.flow import Flow
from voiceapp.flow.steps import Step
from voiceapp.flow.templates import Condition, Template

_ALIKE = 0.75
"""From so alike on, a step that is gone and one that is new are taken for the same under another name."""


def renamed(old: Flow, new: Flow) -> dict[str, str]:
    """Steps that have another name now, with that name: same verb, and nearly the same words."""
    gone = [name for name in old.steps if name not in new.steps]
    come = [name for name in new.steps if name not in old.steps]
    found: dict[str, str] = {}
    for before in gone:
        scored = [
            (_likeness(old.steps[before], new.steps[after]), after)
            for after in come
            if after not in found.values()
        ]
        best = max(scored, default=(0.0, ""))
        if best[0] >= _ALIKE:
            found[before] = best[1]
    return found


def _likeness(one: Step, other: Step) -> float:
    if one.verb != other.verb:
        return 0.0
    return SequenceMatcher(None, _words(one), _words(other), autojunk=False).ratio()


def _words(step: Step) -> str:
    """What a step says and does, where it leads left out."""
    return repr(
        [
            (name, plain(getattr(step, name, None)))
            for name in type(step).model_fields
            if name not in ("next", "note")
        ]
    )


def plain(value: Any) -> Any:
    """A value without what is only there to run it fast."""
    match value:
        case Template(source=source) | Condition(source=source):
            return source
        case BaseModel():
            return {name: plain(getattr(value, name)) for name in type(value).model_fields}
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case str():
            return str(value)
        case _:
            return value
