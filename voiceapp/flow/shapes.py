"""Shapes: what an editor accepts for a value, as JSON Schema (draft-07), written beside what reads it.

The loader takes every scalar as text; an editor has typed it before (`3`, `true`, `+33…`). So a shape accepts what
the loader accepts, quoted or not, and may be the wider of the two, never the narrower. But for one thing: `null`,
`~`, `true` and `false` are marked where a name or a word to say is wanted, though the loader takes their letters.

`errorMessage` is what editors built on yaml-language-server say in place of their own words.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema

Shape = Mapping[str, Any]

SHAPE = "shape"
"""The key by which a shape stands for a definition of the whole schema; pydantic would resolve a `$ref` itself."""

TEXT: Shape = {"type": ["string", "number", "boolean", "null"], "errorMessage": "has to be a text"}
FLAG: Shape = {
    "type": ["boolean", "string"],
    "pattern": "^(true|false)$",
    "errorMessage": "has to be true or false",
}
DATA: Shape = {"type": ["string", "number", "boolean", "null", "object", "array"]}
MAPPING: Shape = {"type": "object", "errorMessage": "has to be a mapping of names to values"}
TEMPLATE = r"\{[{%#]"
"""In a text whose value nobody knows before the call."""


def reads(read: Callable[..., Any], shape: Shape) -> PlainValidator:
    """A field's reader together with the shape of what it reads."""
    return PlainValidator(read, json_schema_input_type=Annotated[Any, WithJsonSchema(dict(shape))])


def defined(name: str, message: str, *types: str) -> Shape:
    """The shape of these types that the whole schema defines under this name (see `voiceapp.schema`)."""
    return {SHAPE: name, "type": list(types), "errorMessage": message}


def whole_number(low: int, high: int, unit: str) -> Shape:
    """A whole number within bounds."""
    return {
        "type": ["string", "integer"],
        "minimum": low,
        "maximum": high,
        "pattern": "^[0-9]{1,6}$",
        "errorMessage": f"has to be a whole number of {unit} from {low} to {high}",
    }


def written(pattern: str, message: str, *others: str) -> Shape:
    """A text of this form; `others` are the types it may be as well when it stands without quotes."""
    return {"type": ["string", *others], "pattern": pattern, "errorMessage": message}


def one_or_more(item: Shape) -> Shape:
    """One such value, or a list of some."""
    return {**item, "type": [*item["type"], "array"], "items": item, "minItems": 1}


def refused(when: Shape, message: str) -> Shape:
    """Marks what fits `when`, but for null."""
    return {"if": when, "then": {"type": "null", "errorMessage": message}}


def true(message: str) -> Shape:
    """A truth that can only be true."""
    return {"if": {"type": "boolean"}, "then": {"enum": [True], "errorMessage": message}}


def name(pattern: str, rule: str, reserved: Iterable[str]) -> Shape:
    """A text of this form that is none of the reserved ones."""
    return {
        **written(f"^{pattern}$", f"is no name: it {rule}"),
        **refused({"pattern": f"^({'|'.join(sorted(reserved))})$"}, "is a reserved name"),
    }
