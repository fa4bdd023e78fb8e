"""Flow: one loaded flow file. Values only; everything in it was checked by the loader."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator

from voiceapp.events import Value
from voiceapp.flow.calendar import check_zone
from voiceapp.flow.fields import END, Flag, Name, Text, Way, WayField, read_name, read_text, whole
from voiceapp.flow.problems import Wrong, WrongParts, listed, nearest
from voiceapp.flow.prompts import LANGUAGE, language_hint
from voiceapp.flow.steps.dial import TARGET, DialStep
from voiceapp.flow.steps.menu import KeysField
from voiceapp.flow.steps.step import Step

InputType = Literal["text", "number", "phone", "phones", "flag"]
_INPUT_TYPES = ("text", "number", "phone", "phones", "flag")

PATTERN = re.compile(r"\+[1-9][0-9]{0,14}\*?|sip:(\*|[^\s@;?*]{1,64})@[A-Za-z0-9.-]{1,190}")
"""A number, the beginning of numbers, a SIP address, or all of a host."""


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

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    type: Annotated[InputType, BeforeValidator(_read_input_type)] = "text"
    default: Text | None = None
    personal: Flag = False

    @property
    def default_value(self) -> Value:
        """The default with its type; None when there is none and the input has to be passed."""
        return None if self.default is None else read_input(self.type, self.default)


class Head(BaseModel):
    """Everything in a flow file but its steps."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, hide_input_in_errors=True)

    flow: Annotated[str, PlainValidator(_read_flow_name)] = Field(description="its name: the file's stem")
    languages: Annotated[tuple[str, ...], PlainValidator(_read_languages)] = Field(
        description="those it speaks, as in `[en-GB, el-GR]`; a call begins in the first"
    )
    title: Text = Field(default="", description="what people call it")
    zone: Annotated[str, PlainValidator(_read_zone)] = Field(
        default="UTC", description="the time zone of `now`, and of `hours` that name none"
    )
    voice: dict[str, Annotated[Mapping[str, str], PlainValidator(_read_voice)]] = Field(
        default={}, description="for each language `female`, `male`, or carriers' own voices: `{callr: TTS_…}`"
    )
    inputs: dict[Annotated[Name, PlainValidator(_read_input_name)], Input] = Field(
        default={},
        description="what a start may pass; of each the `type` (text, number, phone, phones, flag), `default`, "
        "`personal`",
    )
    keys: KeysField = Field(default={}, description="keys listened to in every `menu` and `ask`")
    may_dial: Annotated[tuple[str, ...], PlainValidator(_read_patterns)] = Field(
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


@dataclass(frozen=True)
class Flow:
    """A flow ready to run: `below` is the step under each (or `end`), `digest` the hash of its file."""

    head: Head
    steps: Mapping[str, Step]
    below: Mapping[str, Way]
    digest: str
    file: str
    source: str
    personal: frozenset[str] = field(default_factory=frozenset)

    @property
    def name(self) -> str:
        """The flow's name, which is its file's stem."""
        return self.head.flow

    @cached_property
    def longest(self) -> timedelta:
        """After so long the call is ended."""
        return timedelta(minutes=self.head.max_minutes)

    @property
    def first(self) -> Way:
        """The step a call begins with."""
        return Way(next(iter(self.steps), END))

    def after(self, name: str) -> Way:
        """Where the call goes after a step that names no way itself."""
        return self.steps[name].next or self.below[name]

    def voice(self, language: str, carrier: str) -> str:
        """The voice to speak this language with on this carrier; `""` when the author named none."""
        voices = self.head.voice.get(language, {})
        return voices.get(carrier) or voices.get("", "")


@dataclass(frozen=True)
class Script:
    """A flow and all flows it runs, directly or not: what one version of it consists of.

    `version` is a hash over all their sources, by which a call stays with what it began with."""

    flow: Flow
    flows: Mapping[str, Flow]
    version: str

    @cached_property
    def dials(self) -> bool:
        """Whether any of its steps dials."""
        return any(isinstance(step, DialStep) for flow in self.flows.values() for step in flow.steps.values())

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers to dial that its authors wrote out."""
        dialling = [s for flow in self.flows.values() for s in flow.steps.values() if isinstance(s, DialStep)]
        return frozenset(target.source for step in dialling for target in step.dial if target.literal)


def with_defaults(flow: Flow, inputs: Mapping[str, Value]) -> dict[str, Value]:
    """The flow's inputs as passed, and their defaults; what it does not declare is left out."""
    declared = flow.head.inputs
    defaults: dict[str, Value] = {
        str(name): item.default_value for name, item in declared.items() if item.default is not None
    }
    return {**defaults, **{name: value for name, value in inputs.items() if name in declared}}


def typed_inputs(flow: Flow, values: Mapping[str, Value]) -> dict[str, Value]:
    """What another flow passes to this one: texts become what the inputs are declared as; raises ValueError."""
    typed = dict(values)
    for name, item in flow.head.inputs.items():
        value = values.get(name)
        if isinstance(value, str):
            try:
                typed[name] = read_input(item.type, value)
            except ValueError as error:
                raise ValueError(f"input '{name}' of flow '{flow.name}' {error}") from None
    return typed


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
