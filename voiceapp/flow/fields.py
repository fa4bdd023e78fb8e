"""What an author may write in a field: text in, a typed value out, or a sentence that says what is wrong.

Everything arrives as text (see `yaml_text`); these are the only places where it becomes something else.
"""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import PlainValidator

from voiceapp.flow import shapes
from voiceapp.flow.problems import Path, Wrong, WrongParts, WrongWithin, rest_of, wrong_at
from voiceapp.flow.shapes import Shape, reads
from voiceapp.flow.templates import Condition, Purpose, Template, condition, left_of, template

END = "end"
REPEAT = "repeat"

Data = Template | list[Any] | dict[str, Any]
"""A tree whose leaves are templates, as `set`, `with` and `json` hold it."""


class Way(str):
    """Where to go: a step's name, `end`, or `repeat`."""

    __slots__ = ()


class Name(str):
    """A variable that a step saves."""

    __slots__ = ()


def read_text(value: Any) -> str:
    """A plain text; raises ValueError for a list or a mapping."""
    if not isinstance(value, str):
        raise ValueError(f"has to be a text, not {_kind(value)}")
    return value


def _kind(value: Any) -> str:
    if isinstance(value, str):
        return "a text"
    return "a mapping" if isinstance(value, dict) else "a list"


def _quoted(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else _kind(value)


def _whole(value: Any, low: int, high: int, unit: str) -> int:
    good = isinstance(value, str) and re.fullmatch(r"[0-9]{1,6}", value) and low <= int(value) <= high
    if not good:
        raise ValueError(f"has to be a whole number of {unit} from {low} to {high}, not {_quoted(value)}")
    return int(value)


def whole(low: int, high: int, unit: str) -> PlainValidator:
    """A whole number within bounds; `unit` is what it counts, for the message."""

    def read(value: Any) -> int:
        return _whole(value, low, high, unit)

    return reads(read, shapes.whole_number(low, high, unit))


def _read_seconds_fraction(value: Any) -> float:
    number = isinstance(value, str) and re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3})?", value)
    if not number or not 0 < float(value) <= 60:
        raise ValueError(f"has to be a number of seconds above 0 and up to 60, not {_quoted(value)}")
    return float(value)


def _read_flag(value: Any) -> bool:
    if value not in ("true", "false"):
        raise ValueError(f"has to be true or false, not {_quoted(value)}")
    return bool(value == "true")


def _read_way(value: Any) -> Way:
    if not isinstance(value, str) or not value:
        raise ValueError(f"has to be a step's name, not {_quoted(value)}")
    return Way(value)


NAME = r"[a-z][a-z0-9_]*"
NAME_RULE = "has to start with a letter a-z and hold only a-z, 0-9 and _"
WAY_SHAPE = shapes.written(rf"^{NAME}(\.[0-9*#])*$", "has to be a step's name, end, or behind a key repeat")
RESERVED = frozenset(
    {
        "caller",
        "called",
        "caller_name",
        "direction",
        "call_id",
        "carrier",
        "now",
        "secret",
        "true",
        "false",
        "none",
        "not",
        "and",
        "or",
        "in",
        "is",
        "if",
        "else",
    }
)


def read_name(value: Any) -> Name:
    """A variable's name; raises ValueError for reserved and malformed ones."""
    text = read_text(value)
    if not re.fullmatch(NAME, text):
        raise ValueError(f"'{text}' is no name: it {NAME_RULE}")
    if text in RESERVED:
        raise ValueError(f"'{text}' is a reserved name")
    return Name(text)


def _template_reader(purpose: Purpose) -> Callable[[Any], Template]:
    def read(value: Any) -> Template:
        return template(read_text(value), purpose=purpose)

    return read


read_speech = _template_reader(Purpose.SPEECH)
_read_data_text = _template_reader(Purpose.DATA)


def _read_url(value: Any) -> Template:
    url = _template_reader(Purpose.URL)(value)
    if not re.match(r"https?://[^/?#{]+|\{\{", url.source):
        raise ValueError("has to be a whole URL that starts with https://")
    return url


def _read_condition(value: Any) -> Condition:
    return condition(read_text(value))


def _data_of(value: Any) -> Any:
    wrong: list[Wrong | WrongWithin] = []
    data = _data(value, (), wrong)
    if wrong:
        raise WrongParts(wrong, rest_of(data, wrong))
    return data


def read_data(value: Any) -> Data:
    """A tree of templates; raises WrongParts with every bad template in it."""
    data: Data = _data_of(value)
    return data


def _data(value: Any, path: Path, wrong: list[Wrong | WrongWithin]) -> Data:
    if isinstance(value, Mapping):
        return {key: _data(item, (*path, key), wrong) for key, item in value.items()}
    if isinstance(value, list):
        return [_data(item, (*path, str(at)), wrong) for at, item in enumerate(value)]
    try:
        return _read_data_text(value)
    except ValueError as error:
        wrong += wrong_at(path, error)
        return left_of(error, Purpose.DATA)


def _read_data_mapping(value: Any) -> dict[str, Data]:
    if not isinstance(value, Mapping):
        raise ValueError(f"has to be a mapping of names to values, not {_kind(value)}")
    data: dict[str, Data] = _data_of(value)
    return data


def _read_assignments(value: Any) -> dict[Name, Data]:
    data = _read_data_mapping(value)
    if not data:
        raise ValueError("names no variable")
    wrong, names = [], {}
    for key, item in data.items():
        try:
            names[read_name(key)] = item
        except ValueError as error:
            wrong.append(Wrong((key,), str(error), at_key=True))
    if wrong:
        raise WrongParts(wrong)
    return names


def _read_header_templates(value: Any) -> dict[str, Template]:
    data = _read_data_mapping(value)
    wrong = [Wrong((key,), "has to be a text") for key, item in data.items() if not isinstance(item, Template)]
    wrong += [
        Wrong((key,), f"'{key}' is no header's name", at_key=True)
        for key in data
        if not re.fullmatch(r"[A-Za-z0-9-]{1,64}", key)
    ]
    if wrong:
        raise WrongParts(wrong)
    return {key: item for key, item in data.items() if isinstance(item, Template)}


NAME_SHAPE = shapes.name(NAME, NAME_RULE, RESERVED)
_FRACTION: Shape = {
    "type": ["number", "string"],
    "exclusiveMinimum": 0,
    "maximum": 60,
    "pattern": r"^[0-9]{1,3}(\.[0-9]{1,3})?$",
    "errorMessage": "has to be a number of seconds above 0 and up to 60",
}
_URL = shapes.written(r"^(https?://[^/?#{]+|\{\{)", "has to be a whole URL that starts with https://")
_CONDITION: Shape = {
    **shapes.written(r"\S", "has to be a condition", "number", "boolean"),
    **shapes.refused({"pattern": r"\{[{%]", "type": "string"}, "is a condition: write it without {{ }} and {% %}"),
}
_LANGUAGE: Shape = {
    **shapes.written(rf"^[a-z]{{2,3}}-[A-Z]{{2}}$|{shapes.TEMPLATE}", "has to be one of the flow's languages"),
    "description": "the language the caller hears from here on: one of the flow's",
}
_ASSIGNMENTS: Shape = {
    **shapes.MAPPING,
    "minProperties": 1,
    "propertyNames": NAME_SHAPE,
    "properties": {"language": _LANGUAGE},
    "additionalProperties": shapes.DATA,
}
_HEADERS: Shape = {
    **shapes.MAPPING,
    "patternProperties": {"^[A-Za-z0-9-]{1,64}$": shapes.TEXT},
    "additionalProperties": False,
    "errorMessage": "has to be a mapping of headers' names to texts",
}

Text = Annotated[str, reads(read_text, shapes.TEXT)]
Flag = Annotated[bool, reads(_read_flag, shapes.FLAG)]
Fraction = Annotated[float, reads(_read_seconds_fraction, _FRACTION)]
WayField = Annotated[Way, reads(_read_way, WAY_SHAPE)]
NameField = Annotated[Name, reads(read_name, NAME_SHAPE)]
UrlField = Annotated[Template, reads(_read_url, _URL)]
ConditionField = Annotated[Condition, reads(_read_condition, _CONDITION)]
DataField = Annotated[Data, reads(read_data, shapes.DATA)]
DataMapping = Annotated[dict[str, Data], reads(_read_data_mapping, shapes.MAPPING)]
Assignments = Annotated[dict[Name, Data], reads(_read_assignments, _ASSIGNMENTS)]
Headers = Annotated[dict[str, Template], reads(_read_header_templates, _HEADERS)]
