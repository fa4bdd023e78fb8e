"""A pydantic model -> the JSON Schema of what an author writes for it; a schema -> the text that editors read."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from voiceapp.flow.shapes import SHAPE

DEFINITIONS = "#/definitions/"


class _Written(GenerateJsonSchema):
    """Without titles, which repeat the keys; and without null, which is no way to leave a key out."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Editors write the default beside the key: one that says no, or nothing, helps nobody."""
        shape = super().default_schema(schema)
        return shape if shape.get("default") else {key: shape[key] for key in shape if key != "default"}


def model_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of a model; the models in it stand where they are used. Raises KeyError for a key that no shape
    or no description belongs to."""
    schema = model.model_json_schema(schema_generator=_Written, ref_template=f"{DEFINITIONS}{{model}}")
    inner = schema.pop("$defs", {})
    written: dict[str, Any] = _resolved(schema, inner)
    for where, field in fields(written):
        if "description" not in field or len(field) == 1:
            raise KeyError(f"{model.__name__}: nothing tells editors what to write under {where}")
    return written


def fields(schema: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every key that a schema names, with the schema of its value."""
    for key, field in schema.get("properties", {}).items():
        yield f"{path}{key}", field
        yield from fields(field, f"{path}{key}.")
    others = schema.get("patternProperties", {}).values()
    for below in (schema.get("items"), schema.get("additionalProperties"), *others):
        if isinstance(below, Mapping):
            yield from fields(below, f"{path}….")


def text_of(schema: Mapping[str, Any]) -> str:
    """A whole schema as a file; the same code writes the same text."""
    return json.dumps(_in_markdown(schema), ensure_ascii=False, indent=1) + "\n"


def _in_markdown(schema: Any) -> Any:
    """The same, with what is said in backticks told to editors as such."""
    match schema:
        case dict():
            told = {key: _in_markdown(value) for key, value in schema.items()}
            description = schema.get("description")
            if isinstance(description, str) and "`" in description:
                told.setdefault("markdownDescription", description)
            return told
        case list():
            return [_in_markdown(item) for item in schema]
        case _:
            return schema


def _resolved(schema: Any, models: Mapping[str, Any]) -> Any:
    match schema:
        case {"$ref": str(ref)}:
            return _resolved(models[ref.removeprefix(DEFINITIONS)], models)
        case dict():
            left_out = (SHAPE, "title") if isinstance(schema.get("title"), str) else (SHAPE,)
            written = {key: _resolved(value, models) for key, value in schema.items() if key not in left_out}
            if SHAPE in schema:
                written["allOf"] = [{"$ref": f"{DEFINITIONS}{schema[SHAPE]}"}]
            return written
        case list():
            return [_resolved(item, models) for item in schema]
        case _:
            return schema
