"""The OpenAPI 3.1 document of the API: the operations, and the models of what is asked, answered and told."""

import inspect
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

from voiceapp import __version__
from voiceapp.web.openapi import callback, examples
from voiceapp.web.openapi.answers import Problem
from voiceapp.web.openapi.operations import OPERATIONS, Operation, Parameter
from voiceapp.web.openapi.problems import COMMON
from voiceapp.web.openapi.told import AttemptNews, CallNews

Json = dict[str, Any]

ABOUT = """\
Place calls with a flow, connect two people, and look at what became of it.

Every request needs a key, as `Authorization: Bearer KEY` or `X-Api-Key: KEY`. Numbers are E.164 with their plus
(`+33123456789`), times ISO 8601 with their zone, durations seconds. A field that is not known is an error, in a
body as in a query.

What is wrong is answered as `application/problem+json` (RFC 9457): `detail` for people, `code` for programs, and
in `errors` every field with its reason. Where `call` is there, it was written down before it failed."""


def document(server: str) -> Json:
    """The whole document. `server`: the URL that paths are appended to."""
    paths: dict[str, Json] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    tags = dict.fromkeys(operation.tag for operation in OPERATIONS)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "voiceapp",
            "version": __version__,
            "summary": "Calls that flows make and answer",
            "description": ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": server}],
        "security": [{"bearer": []}, {"api_key": []}],
        "tags": [{"name": tag} for tag in [*tags, _ITSELF]],
        "paths": {**paths, **_itself()},
        "components": {
            "schemas": _schemas(),
            "responses": {f"Problem{status}": _problem(status, about) for status, about in COMMON.items()},
            "callbacks": {"told": {"{$request.body#/callback/url}": {"post": _told()}}},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "one of `VOICEAPP_API_KEYS`"},
                "api_key": {"type": "apiKey", "in": "header", "name": "X-Api-Key", "description": "the same"},
            },
        },
    }


_ITSELF = "This documentation"


def _itself() -> dict[str, Json]:
    """Where the document and its page are; neither needs a key."""
    described = (
        ("/v1/openapi.json", "get_openapi", "Get this document", "application/json", "object"),
        ("/v1/docs", "get_docs", "Read this document as a page", "text/html", "string"),
    )
    return {
        path: {
            "get": {
                "operationId": name,
                "tags": [_ITSELF],
                "summary": summary,
                "description": "Needs no key.",
                "security": [],
                "responses": {
                    "200": {"description": "It.", "content": {kind: {"schema": {"type": schema}}}},
                    "500": _shared(500),
                },
            }
        }
        for path, name, summary, kind, schema in described
    }


def _operation(operation: Operation) -> Json:
    about = "\n\n".join(filter(None, (inspect.getdoc(operation.handler), operation.about)))
    described: Json = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": about,
        "parameters": [_parameter(parameter) for parameter in operation.parameters],
    }
    if operation.body is not None:
        content = {"schema": _reference(operation.body), "example": operation.asked}
        described["requestBody"] = {"required": True, "content": {"application/json": content}}
    described["responses"] = _responses(operation)
    if operation.tells:
        described["callbacks"] = {"told": {"$ref": "#/components/callbacks/told"}}
    return described


def _parameter(parameter: Parameter) -> Json:
    described: Json = {
        "name": parameter.name,
        "in": parameter.where,
        "required": parameter.where == "path",
        "description": parameter.about,
        "schema": parameter.schema,
    }
    return described if parameter.example is None else {**described, "example": parameter.example}


def _responses(operation: Operation) -> Json:
    good: Json = {
        "description": "Done." if operation.status == 200 else "Taken.",
        "content": {"application/json": {"schema": _any_of(operation.answers), "example": operation.answered}},
    }
    if operation.located:
        good["headers"] = {"Location": _header("where to ask how far it is", required=True)}
    problems = {status: _shared(status) for status in COMMON}
    problems |= {status: _problem(status, about) for status, about in operation.problems.items()}
    return {str(operation.status): good, **{str(status): problems[status] for status in sorted(problems)}}


def _problem(status: int, about: str) -> Json:
    described: Json = {
        "description": about,
        "content": {"application/problem+json": {"schema": _reference(Problem)}},
    }
    if status == 401:
        described["headers"] = {"WWW-Authenticate": _header("`Bearer`", required=True)}
    elif status in (429, 503):
        described["headers"] = {"Retry-After": _header("seconds to wait, where that is known", required=False)}
    return described


def _shared(status: int) -> Json:
    return {"$ref": f"#/components/responses/Problem{status}"}


def _header(about: str, *, required: bool) -> Json:
    return {"description": about, "required": required, "schema": {"type": "string"}}


def _told() -> Json:
    content = {
        "schema": _any_of((AttemptNews, CallNews)),
        "examples": {"placed": {"value": examples.ATTEMPT_NEWS}, "ended": {"value": examples.CALL_NEWS}},
    }
    return {
        "operationId": "told",
        "summary": "What became of the call",
        "description": callback.ABOUT,
        "security": [],
        "parameters": [_parameter(parameter) for parameter in callback.HEADERS],
        "requestBody": {"required": True, "content": {"application/json": content}},
        "x-codeSamples": [{"lang": "Python", "source": callback.CHECK}],
        "responses": {status: {"description": about} for status, about in callback.ANSWERS.items()},
    }


def _schemas() -> Json:
    asked = [operation.body for operation in OPERATIONS if operation.body is not None]
    answered: list[type[BaseModel]] = [model for operation in OPERATIONS for model in operation.answers]
    wanted = [*_as(asked, "validation"), *_as([*answered, AttemptNews, CallNews, Problem], "serialization")]
    _, made = models_json_schema(
        list(dict.fromkeys(wanted)), ref_template="#/components/schemas/{model}", schema_generator=_Schemas
    )
    schemas: dict[str, Json] = made["$defs"]
    schemas["Problem"]["examples"] = [examples.PROBLEM]
    return dict(sorted(schemas.items()))


def _as(models: Iterable[type[BaseModel]], mode: JsonSchemaMode) -> list[tuple[type[BaseModel], JsonSchemaMode]]:
    return [(model, mode) for model in models]


class _Schemas(GenerateJsonSchema):
    """Without titles that say the name of a field again."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _any_of(models: Sequence[type[BaseModel]]) -> Json:
    schemas = [_reference(model) for model in models]
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _reference(model: type[BaseModel]) -> Json:
    return {"$ref": f"#/components/schemas/{model.__name__}"}
