"""The head of a flow file: everything in it but its steps."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from voiceapp.events import Value
from voiceapp.flow import shapes
from voiceapp.flow.calendar import check_zone
from voiceapp.flow.fields import (
    NAME,
    NAME_RULE,
    NAME_SHAPE,
    RESERVED,
    Flag,
    Name,
    Text,
    WayField,
    read_name,
    read_text,
    whole,
)
from voiceapp.flow.problems import Wrong, WrongParts, listed, nearest
from voiceapp.flow.prompts import LANGUAGE, language_hint
from voiceapp.flow.shapes import Shape, reads, written
from voiceapp.flow.steps.dial import TARGET
from voiceapp.flow.steps.menu import KeysField

InputType = Literal["text", "number", "phone", "phones", "flag"]
_INPUT_TYPES = ("text", "number", "phone", "phones", "flag")

PATTERN = re.compile(r"\+[1-9][0-9]{0,14}\*?|sip:(\*|[^\s@;?*]{1,64})@[A-Za-z0-9.-]{1,190}")
"""A number, the beginning of numbers, a SIP address, or all of a host."""

_LANGUAGE = written(f"^{LANGUAGE.pattern}$", "has to be a language, written as en-GB")
_LANGUAGES: Shape = {
    "type": "array",
    "items": _LANGUAGE,
    "minItems": 1,
    "uniqueItems": True,
    "errorMessage": "has to be a list of languages, as in [en-GB, el-GR]",
}
_VOICE: Shape = {
    "type": ["string", "object"],
    "pattern": "^(female|male)$",
    "additionalProperties": written(".", "has to be the carrier's name of a voice", "number", "boolean"),
    "errorMessage": "has to be female, male, or a mapping of carriers to their own voices",
    "examples": ["female", "male"],
}
_INPUT_NAME = shapes.name(NAME, NAME_RULE, RESERVED | {"language"})
_ZONE: Shape = {
    **written(r"^[A-Za-z0-9_+/-]+$", "has to be a time zone, such as Europe/Athens"),
    "examples": ["Europe/Athens", "Europe/Paris", "UTC"],
}
_PATTERNS = shapes.one_or_more(
    written(f"^({PATTERN.pattern})$", "is no number, nor the beginning of numbers", "number")
)


def _when(kind: InputType, default: Shape) -> Shape:
    """An input's `default` where its `type` is `kind`."""
    of_kind: Shape = {"properties": {"type": {"pattern": f"^{kind}$"}}, "required": ["type"]}
    return {"if": of_kind, "then": {"properties": {"default": default}}}


_INPUT: Shape = {
    "allOf": [
        _when("number", written("^-?[0-9]{1,15}$", "has to be a whole number", "integer")),
        _when("phone", written(f"^({TARGET.pattern})$", "has to be a number such as +33123456789", "number")),
        _when("flag", shapes.FLAG),
    ]
}


def _read_languages(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError("has to be a list of languages, as in [en-GB, el-GR]")
    wrong = []
    for at, item in enumerate(value):
        if not isinstance(item, str):
            wrong.append(Wrong((str(at),), "has to be a language, written as en-GB"))
        elif not LANGUAGE.fullmatch(item):
            wrong.append(Wrong((str(at),), f"'{item}' is no language{language_hint(item)}"))
        elif item in value[:at]:
            wrong.append(Wrong((str(at),), f"'{item}' stands here twice"))
    if wrong:
        raise WrongParts(wrong)
    return tuple(value)


def _read_voice(value: Any) -> Mapping[str, str]:
    """`female`, or `{callr: TTS_EN-GB_SERENA}`: a voice by carrier, with `""` for every carrier."""
    if isinstance(value, str):
        if value not in ("female", "male"):
            raise ValueError(f"'{value}' is no voice: write female, male, or one carrier's own as {{callr: …}}")
        return {"": value}
    if not isinstance(value, dict) or not all(isinstance(name, str) and name for name in value.values()):
        raise ValueError("has to be female, male, or a mapping of carriers to their own voices")
    return dict(value)


def _read_input_type(value: Any) -> str:
    if value not in _INPUT_TYPES:
        hint = nearest(str(value), _INPUT_TYPES) or f": an input is {listed(_INPUT_TYPES, 'or')}"
        raise ValueError(f"there is no type '{value}'{hint}")
    return str(value)


def _read_input_name(value: Any) -> Name:
    name = read_name(value)
    if name == "language":
        raise ValueError("'language' is a reserved name")
    return name


def _read_zone(value: Any) -> str:
    zone = read_text(value)
    check_zone(zone)
    return zone


def _read_patterns(value: Any) -> tuple[str, ...]:
    patterns = value if isinstance(value, list) else [value]
    wrong = [
        Wrong(
            (str(at),) if isinstance(value, list) else (), f"'{item}' is no number, nor the beginning of numbers"
        )
        for at, item in enumerate(patterns)
        if not (isinstance(item, str) and PATTERN.fullmatch(item))
    ]
    if wrong or not patterns:
        raise WrongParts(wrong or [Wrong((), "names no number")])
    return tuple(patterns)


def _read_flow_name(value: Any) -> str:
    return str(read_name(value))


class Input(BaseModel):
    """What whoever starts the call may pass."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, json_schema_extra=dict(_INPUT)
    )

    type: Annotated[InputType, BeforeValidator(_read_input_type)] = Field(
        default="text", description="text, number, phone, phones (several) or flag (true or false)"
    )
    default: Text | None = Field(
        default=None, description="its value when none is passed; without one it has to be passed"
    )
    personal: Flag = Field(default=False, description="whether it tells of a person: kept out of logs")

    @property
    def default_value(self) -> Value:
        """The default with its type; None when there is none and the input has to be passed."""
        return None if self.default is None else read_input(self.type, self.default)


class Head(BaseModel):
    """Everything in a flow file but its steps."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, hide_input_in_errors=True)

    flow: Annotated[str, reads(_read_flow_name, NAME_SHAPE)] = Field(description="its name: the file's stem")
    languages: Annotated[tuple[str, ...], reads(_read_languages, _LANGUAGES)] = Field(
        description="those it speaks, as in `[en-GB, el-GR]`; a call begins in the first"
    )
    title: Text = Field(default="", description="what people call it")
    zone: Annotated[str, reads(_read_zone, _ZONE)] = Field(
        default="UTC", description="the time zone of `now`, and of `hours` that name none"
    )
    voice: dict[str, Annotated[Mapping[str, str], reads(_read_voice, _VOICE)]] = Field(
        default={},
        description="for each language `female`, `male`, or carriers' own voices: `{callr: TTS_…}`",
        json_schema_extra={"propertyNames": dict(_LANGUAGE)},
    )
    inputs: dict[Annotated[Name, reads(_read_input_name, NAME_SHAPE)], Input] = Field(
        default={},
        description="what a start may pass; of each the `type` (text, number, phone, phones, flag), `default`, "
        "`personal`",
        json_schema_extra={"propertyNames": dict(_INPUT_NAME)},
    )
    keys: KeysField = Field(default={}, description="keys listened to in every `menu` and `ask`")
    may_dial: Annotated[tuple[str, ...], reads(_read_patterns, _PATTERNS)] = Field(
        default=(), description='the only numbers that it may dial, as in `["+331*", "sip:*@example.com"]`'
    )
    on_machine: WayField | None = Field(
        default=None, description="step to go to when an answering machine answered"
    )
    on_hang_up: WayField | None = Field(default=None, description="silent steps to run when the caller has gone")
    on_error: WayField | None = Field(default=None, description="step to go to when one failed and names no way")
    max_minutes: Annotated[int, whole(1, 240, "minutes")] = Field(
        default=60, description="after so many minutes the call is ended"
    )


def read_input(kind: InputType, text: str) -> Value:
    """An input's value from text; raises ValueError in the words of whoever passed it."""
    match kind:
        case "text":
            return text
        case "number":
            if not re.fullmatch(r"-?[0-9]{1,15}", text):
                raise ValueError("has to be a whole number")
            return int(text)
        case "phone":
            if not TARGET.fullmatch(text):
                raise ValueError("has to be a number such as +33123456789 or sip:name@host")
            return text
        case "phones":
            numbers = [number.strip() for number in text.split(",")]
            if not all(TARGET.fullmatch(number) for number in numbers):
                raise ValueError("has to be numbers such as +33123456789, with commas between them")
            return numbers
        case "flag":
            if text not in ("true", "false"):
                raise ValueError("has to be true or false")
            return text == "true"
