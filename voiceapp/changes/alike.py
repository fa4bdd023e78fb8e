"""Whether two versions of a flow differ in nothing but words, so that what is explored of one holds for both."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from pydantic import BaseModel

from voiceapp.flow.flow import Flow, Script
from voiceapp.flow.prompts import Said
from voiceapp.flow.templates import Condition, Template

_WORDS = frozenset({"title", "voice", "note"})
"""Keys that no decision depends on."""


def alike(old: Script, new: Script) -> bool:
    """Whether both ask and decide alike: the same steps, ways, settings and templates, in the same order. Only
    comments, notes, voices, and texts without placeholders may be others."""
    if old.flows.keys() != new.flows.keys():
        return False
    return all(_alike(flow, new.flows[name]) for name, flow in old.flows.items())


def _alike(old: Flow, new: Flow) -> bool:
    return old is new or (_bones(old.head), _bones(old.steps)) == (_bones(new.head), _bones(new.steps))


def _bones(value: Any) -> Any:
    """A value without its words."""
    match value:
        case Said(text=text) if text.literal:
            return Said
        case Template(source=source) | Condition(source=source):
            return type(value), source
        case BaseModel():
            names = [name for name in type(value).model_fields if name not in _WORDS]
            return type(value), [(name, _bones(getattr(value, name))) for name in names]
        case Mapping():
            return [(str(key), _bones(item)) for key, item in value.items()]
        case list() | tuple():
            return [_bones(item) for item in value]
        case _ if is_dataclass(value):
            return type(value), [(one.name, _bones(getattr(value, one.name))) for one in fields(value)]
        case _:
            return value
