"""What an editor makes of a file: YAML 1.2 with its core types, and the marks of a schema on it."""

import re
from typing import Any

import jsonschema_rs
import yaml

from voiceapp.schema.flow_file import flow_schema
from voiceapp.schema.tests_file import tests_schema

_NULL = re.compile(r"null|Null|NULL|~|")
_TRUTH = re.compile(r"true|True|TRUE|false|False|FALSE")
_WHOLE = re.compile(r"[-+]?[0-9]+")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FRACTION = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")

FLOWS = jsonschema_rs.Draft7Validator(flow_schema())
TESTS = jsonschema_rs.Draft7Validator(tests_schema())


def as_edited(text: str) -> Any:
    """The values of a YAML text as editors type them."""
    return _value(yaml.compose(text, Loader=yaml.SafeLoader))


def marked(text: str, schema: jsonschema_rs.Draft7Validator = FLOWS) -> list[str]:
    """Where in a file of this text the schema finds something wrong, as paths with dots."""
    found = schema.iter_errors(as_edited(text))
    return sorted({".".join(str(part) for part in error.instance_path) for error in found})


def _value(node: yaml.Node | None) -> Any:
    match node:
        case yaml.MappingNode(value=pairs):
            return {str(key.value): _value(value) for key, value in pairs}
        case yaml.SequenceNode(value=items):
            return [_value(item) for item in items]
        case yaml.ScalarNode(value=text, style=None):
            return typed(text)
        case yaml.ScalarNode(value=text):
            return text
        case _:
            return None


def typed(text: str) -> Any:
    """A scalar without quotes, by the core schema of YAML 1.2."""
    if _NULL.fullmatch(text):
        return None
    if _TRUTH.fullmatch(text):
        return text.lower() == "true"
    if _WHOLE.fullmatch(text):
        return int(text)
    if _OTHER_BASE.fullmatch(text):
        return int(text, 0)
    return float(text) if _FRACTION.fullmatch(text) else text
