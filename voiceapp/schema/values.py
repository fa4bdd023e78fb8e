"""What the schema of tests is put together from."""

from collections.abc import Iterable, Mapping
from typing import Any

from voiceapp.flow.shapes import Shape, refused


def described(shape: Shape, description: str, *examples: str | int) -> Shape:
    """The shape with what it is for; `examples` are offered, and shown under the pointer."""
    return {**shape, "description": description, **({"examples": list(examples)} if examples else {})}


def within(shape: Shape, **bounds: int) -> Shape:
    """The shape, whose numbers are within these bounds. Of others editors say what the shape says, which of a bare
    `minimum` they do not."""
    return {**shape, **refused({"type": "number", "not": bounds}, shape["errorMessage"])}


def only(properties: Mapping[str, Any]) -> Shape:
    """These keys and no others."""
    return {"properties": properties, "additionalProperties": False}


def a_list(item: Shape, description: str) -> Shape:
    """A list of such items."""
    return {"type": "array", "items": item, "errorMessage": "has to be a list", "description": description}


def one_of(words: Iterable[str], message: str, *meanings: str) -> Shape:
    """One of these words, each with what it means; raises ValueError when a meaning is missing."""
    meaning = dict(zip(words, meanings, strict=True))
    return {"enum": list(meaning), "enumDescriptions": list(meaning.values()), "errorMessage": message}
