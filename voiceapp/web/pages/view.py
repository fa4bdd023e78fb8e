"""An OpenAPI document as a page shows it: operations with their fields in rows, and texts in pieces."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec

from voiceapp.web.openapi.document import Json
from voiceapp.web.pages.text import Block, Line, Piece, blocks, limits, line

_NAMES = {"query": "Query", "path": "Path", "header": "Headers"}
_LONGEST_DEFAULT = 40
"""Characters; the only longer one is the list of all events."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A field. `depth`: 1 for a field of the field above."""

    name: str
    type: Line
    required: bool
    default: str
    limits: Line
    about: Line
    depth: int = 0


@dataclass(frozen=True, kw_only=True)
class AnswerShown:
    """An answer; `example` is JSON, empty where there is none."""

    status: str
    name: str
    about: Line
    type: Line
    example: str


@dataclass(frozen=True, kw_only=True)
class OperationShown:
    """`tables`: title -> rows; `callback`: it tells what becomes of it."""

    id: str
    method: str
    path: str
    summary: str
    about: Sequence[Block]
    keyless: bool
    callback: bool
    tables: Mapping[str, Sequence[Row]]
    curl: str
    answers: Sequence[AnswerShown]
    problems: Sequence[AnswerShown]


@dataclass(frozen=True, kw_only=True)
class ModelShown:
    """An object that stands in answers."""

    name: str
    about: Sequence[Block]
    rows: Sequence[Row]


class View:
    """What a page needs of one document."""

    def __init__(self, document: Json) -> None:
        self._document = document
        self.info: Mapping[str, str] = document["info"]
        self.server: str = document["servers"][0]["url"]
        ((self._callback_url, methods),) = document["components"]["callbacks"]["told"].items()
        self._callback: Json = methods["post"]

    def operations(self) -> Mapping[str, Sequence[OperationShown]]:
        """Tag -> its operations."""
        groups: dict[str, list[OperationShown]] = {tag["name"]: [] for tag in self._document["tags"]}
        for path, methods in self._document["paths"].items():
            for method, operation in methods.items():
                groups[operation["tags"][0]].append(self._operation(method, path, operation))
        return groups

    def callback(self) -> OperationShown:
        """What is sent to applications."""
        return self._operation("post", self._callback_url, self._callback)

    def callback_examples(self) -> Sequence[str]:
        """Bodies that applications get, as JSON."""
        return [
            _json(example["value"]) for example in _content(self._callback["requestBody"])["examples"].values()
        ]

    def code_samples(self) -> Mapping[str, str]:
        """Language -> how to check that what was sent is ours."""
        return {sample["lang"]: sample["source"] for sample in self._callback["x-codeSamples"]}

    def models(self) -> Sequence[ModelShown]:
        """What answers are made of."""
        asked = {"CallRequest", "ClickToCallRequest", "CallbackRequest", "DetectionRequest"}
        return [
            ModelShown(name=name, about=blocks(schema.get("description", "")), rows=list(self._rows(schema)))
            for name, schema in self._document["components"]["schemas"].items()
            if "properties" in schema and name not in asked
        ]

    def _operation(self, method: str, path: str, operation: Json) -> OperationShown:
        answers = [self._answer(status, answer) for status, answer in operation["responses"].items()]
        return OperationShown(
            id=operation["operationId"],
            method=method.upper(),
            path=path,
            summary=operation["summary"],
            about=blocks(operation["description"]),
            keyless=operation.get("security") == [],
            callback="callbacks" in operation,
            tables=self._tables(operation),
            curl=self._curl(method, path, operation),
            answers=[answer for answer in answers if answer.status.startswith("2")],
            problems=[answer for answer in answers if not answer.status.startswith("2")],
        )

    def _tables(self, operation: Json) -> Mapping[str, Sequence[Row]]:
        tables: dict[str, list[Row]] = {}
        for parameter in operation.get("parameters", []):
            described = {**parameter["schema"], "description": parameter["description"]}
            row = self._row(parameter["name"], described, parameter["required"], 0)
            tables.setdefault(_NAMES[parameter["in"]], []).append(row)
        schema = _content(operation.get("requestBody", {})).get("schema", {})
        if "$ref" in schema:
            tables["Body"] = list(self._rows(self._resolved(schema), nested=True))
        elif "anyOf" in schema:
            types = self._type(schema)
            tables["Body"] = [Row(name="body", type=types, required=True, default="", limits=(), about=())]
        return tables

    def _rows(self, schema: Json, *, nested: bool = False, depth: int = 0) -> Iterator[Row]:
        required = schema.get("required", [])
        for name, field in schema.get("properties", {}).items():
            yield self._row(name, field, name in required, depth, plain=nested)
            inner = next((each for each in _branches(field) if "$ref" in each), None) if nested else None
            if inner is not None:
                yield from self._rows(self._resolved(inner), nested=True, depth=depth + 1)

    def _row(self, name: str, field: Json, required: bool, depth: int, *, plain: bool = False) -> Row:
        branches = [field, *_branches(field)]
        texts = [
            each.get("description") for each in (*branches, *(map(self._resolved, branches) if plain else ()))
        ]
        default = field.get("default")
        shown = default if isinstance(default, str) else _json(default, indent=False)
        return Row(
            name=name,
            type=self._type(field, plain=plain),
            required=required,
            default="" if default in (None, {}) else shown if len(shown) <= _LONGEST_DEFAULT else "all",
            limits=[piece for limit in (each for one in branches for each in limits(one)) for piece in limit][1:],
            about=line(next(filter(None, texts), "")),
            depth=depth,
        )

    def _type(self, schema: Json, *, plain: bool = False) -> Line:
        """What may stand there; without links when `plain`, as its fields follow."""
        if "$ref" in schema:
            model, name = self._resolved(schema), schema["$ref"].rpartition("/")[2]
            if "properties" not in model:
                return self._type(model)
            return [Piece("text", "object")] if plain else [Piece("link", name, f"#{name}")]
        if "anyOf" in schema:
            kinds = [self._type(each, plain=plain) for each in schema["anyOf"]]
            return [piece for kind in kinds for piece in (Piece("text", " or "), *kind)][1:]
        if "const" in schema or "enum" in schema:
            values: list[str] = schema.get("enum") or [schema["const"]]
            return [piece for each in values for piece in (Piece("text", " "), Piece("code", each))][1:]
        if schema.get("type") == "array":
            return [Piece("text", "list of "), *self._type(schema["items"], plain=plain)]
        if "additionalProperties" in schema and "properties" not in schema:
            return [Piece("text", "object of "), *self._type(schema["additionalProperties"])]
        kind: str = schema.get("type", "any JSON")
        return [Piece("text", "time" if schema.get("format") == "date-time" else kind)]

    def _answer(self, status: str, answer: Json) -> AnswerShown:
        resolved = self._resolved(answer)
        content = _content(resolved)
        return AnswerShown(
            status=status,
            name=HTTPStatus(int(status)).phrase if status.isdecimal() else "",
            about=line(resolved["description"]),
            type=self._type(content["schema"]) if content else (),
            example=_json(content["example"]) if "example" in content else "",
        )

    def _curl(self, method: str, path: str, operation: Json) -> str:
        query, words = [], ["curl"] if method == "get" else ["curl", f"-X {method.upper()}"]
        headers = [] if operation.get("security") == [] else ['"Authorization: Bearer $VOICEAPP_KEY"']
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path":
                path = path.replace(f"{{{parameter['name']}}}", parameter["example"])
            elif parameter["in"] == "query" and "example" in parameter:
                query.append(f"{parameter['name']}={parameter['example']}")
            elif parameter["in"] == "header":
                headers.append(shlex.quote(f"{parameter['name']}: {parameter.get('example', '')}"))
        words.append(shlex.quote(f"{self.server}{path}{'?' if query else ''}{'&'.join(query)}"))
        lines = [" ".join(words), *(f"-H {header}" for header in headers)]
        body = _content(operation.get("requestBody", {})).get("example")
        if body is not None:
            lines += ["-H 'Content-Type: application/json'", f"-d {shlex.quote(_json(body))}"]
        return " \\\n  ".join(lines)

    def _resolved(self, schema: Json) -> Json:
        """What a reference leads to."""
        found: Any = schema
        while "$ref" in found:
            reference: str = found["$ref"]
            found = self._document
            for part in reference.removeprefix("#/").split("/"):
                found = found[part]
        return dict(found)


def _branches(schema: Json) -> Iterator[Json]:
    for each in schema.get("anyOf", []):
        yield each
        yield from _branches(each)


def _content(described: Json) -> Json:
    return next(iter(described.get("content", {}).values()), {})


def _json(value: object, *, indent: bool = True) -> str:
    encoded = msgspec.json.encode(value)
    return msgspec.json.format(encoded, indent=2 if indent else 0).decode()
