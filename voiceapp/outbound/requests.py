"""What an application may ask for: the bodies of POST /v1/calls and POST /v1/click-to-call.

Read strictly: a field that is not known is an error that names the nearest one, as it is in flows.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StrictBool,
    StrictInt,
    StrictStr,
    ValidationError,
)
from pydantic_core import ErrorDetails

from voiceapp.errors import RequestRefused
from voiceapp.flow.problems import nearest
from voiceapp.terms import CALLBACK_EVENTS, DetectionMethod, MachineAction, MachineDetection
from voiceapp.tolls.rules import normalised

M = TypeVar("M", bound="_Asked")

LONGEST_RING, LONGEST_CALL = 300, 14_400

_NO_TIME = "is no time such as 2026-03-01T09:00:00+01:00"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LARGEST_INPUT = 10**15
"""One more than an input may be, the same as in a hook's URL: what is longer is no number but a text."""


def _target(text: str) -> str:
    if text.startswith("sip:"):
        return text
    return normalised(text)


def _shown(text: str) -> str:
    if text == "hidden" or not any(char.isdigit() for char in text):
        return text
    return normalised(text)


def _exactly(text: Any) -> Any:
    if not isinstance(text, str):
        raise ValueError("has to be a text in quotes")
    return text


def _input_value(value: Any) -> Any:
    texts = isinstance(value, list) and all(isinstance(item, str) for item in value)
    if not (texts or isinstance(value, str | int)):
        raise ValueError("has to be a text, a whole number, true or false, or a list of texts")
    if isinstance(value, int) and abs(value) >= _LARGEST_INPUT:
        raise ValueError("has more than 15 digits: write it as a text")
    return value


def _moment(value: Any) -> Any:
    """A bare number would be taken for seconds since 1970: long past, so that the phone would ring at once."""
    if not (isinstance(value, str) and _DAY.match(value)):
        raise ValueError(_NO_TIME)
    return value


def _event(name: str) -> str:
    if name not in CALLBACK_EVENTS:
        raise ValueError(f"there is no event '{name}'{nearest(name, CALLBACK_EVENTS)}")
    return name


InputValue = Annotated[StrictStr | StrictBool | StrictInt | list[StrictStr], BeforeValidator(_input_value)]
Moment = Annotated[AwareDatetime, BeforeValidator(_moment), Strict(False)]
Target = Annotated[
    str,
    BeforeValidator(_exactly),
    AfterValidator(_target),
    Field(
        description="a number in E.164 (+33123456789), or sip:name@host", examples=["+33123456789"], max_length=256
    ),
]
Shown = Annotated[
    str,
    BeforeValidator(_exactly),
    AfterValidator(_shown),
    Field(
        description="the number that is shown, a sender's name (Routee), or hidden (CALLR)",
        max_length=32,
        pattern=r"^[+0-9A-Za-z .()/-]+$",
    ),
]


Event = Annotated[str, AfterValidator(_event), Field(json_schema_extra={"enum": list(CALLBACK_EVENTS)})]
Carrier = Annotated[
    Literal["callr", "routee"] | None,
    Field(description="who places it; else the first that has an account here and can do it"),
]
Inputs = Annotated[dict[str, InputValue], Field(description="the flow's inputs, by name")]
Ring = Annotated[int, Field(ge=5, le=LONGEST_RING, description="seconds; Routee rings for 60 at most")]
MaxDuration = Annotated[int | None, Field(ge=1, le=LONGEST_CALL, description="seconds after the answer")]
At = Annotated[
    Moment | None,
    Field(description="when to call, with its time zone, at most a year ahead; else now"),
]
CdrField = Annotated[
    str,
    Field(
        max_length=32,
        pattern=r"^[0-9A-Za-z]*$",
        description="your own word for the call, which comes back in everything about it",
    ),
]


class _Asked(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, hide_input_in_errors=True, allow_inf_nan=False
    )


class CallbackRequest(_Asked):
    """Where to tell what becomes of the call: Standard Webhooks, signed, retried for a day."""

    url: Annotated[
        str,
        Field(
            max_length=2048,
            pattern=r"^https?://",
            description="where to post, https unless the operator allows more",
            examples=["https://crm.example.com/calls"],
        ),
    ]
    events: Annotated[tuple[Event, ...], Field(min_length=1, description="what to tell")] = CALLBACK_EVENTS


class DetectionRequest(_Asked):
    """Who picked up. Only `then` matters to Routee, which detects by itself; the rest is for CALLR, with the
    fields and defaults of its own detection. Durations in seconds."""

    then: Annotated[MachineAction, Field(description="what to do with a machine")] = "continue"
    method: Annotated[
        DetectionMethod, Field(description="listen for the silence behind a short hello, or ask for a key")
    ] = "silence"
    silence_seconds: Annotated[
        float, Field(ge=0.05, le=5.0, description="seconds of silence that tell a person")
    ] = 1.8
    silence_iterations: Annotated[int, Field(ge=1, le=3, description="how often that silence")] = 1
    silence_timeout: Annotated[int, Field(ge=1, le=120, description="seconds to listen at most")] = 3
    dtmf_iterations: Annotated[int, Field(ge=1, le=10, description="how often to ask for a key")] = 2
    dtmf_timeout: Annotated[int, Field(ge=1, le=30, description="seconds to wait for the key")] = 2

    def detection(self, *, carrier: bool) -> MachineDetection:
        """As the call has it; `carrier`: it detects by itself."""
        return MachineDetection(carrier=carrier, **self.model_dump())


def _short_detection(value: Any) -> Any:
    if not isinstance(value, str | dict):
        raise ValueError("has to be hang_up or continue, or a JSON object that says how to detect")
    return {"then": value} if isinstance(value, str) else value


Detection = Annotated[
    DetectionRequest,
    BeforeValidator(_short_detection, json_schema_input_type=Literal["hang_up", "continue"] | DetectionRequest),
    Field(description="hang_up or continue, or an object that says how to detect"),
]


class CallRequest(_Asked):
    """Call somebody with a flow."""

    flow: Annotated[str, Field(max_length=64, description="the flow that the called party hears")]
    to: Target
    from_: Annotated[Shown | None, Field(alias="from")] = None
    carrier: Carrier = None
    inputs: Inputs = {}
    machine_detection: Detection | None = None
    ring: Ring = 30
    max_duration: MaxDuration = None
    at: At = None
    callback: CallbackRequest | None = None
    cdr_field: CdrField = ""


class ClickToCallRequest(_Asked):
    """Connect two people: A is called first, then B. Each is one number or several, tried in turn."""

    a: Annotated[tuple[Target, ...], Field(min_length=1, max_length=10, description="called first")]
    b: Annotated[tuple[Target, ...], Field(min_length=1, max_length=10, description="called once A has answered")]
    from_: Annotated[Shown | None, Field(alias="from")] = None
    carrier: Carrier = None
    inputs: Inputs = {}
    at: At = None
    attempts: Annotated[int, Field(ge=1, le=5, description="how often all of A's numbers are tried")] = 1
    pause: Annotated[int, Field(ge=30, le=300, description="seconds between two attempts")] = 30
    machine_detection_a: Detection | None = None
    machine_detection_b: Detection | None = None
    record: Annotated[bool, Field(description="record what A and B say")] = False
    voicemail: Annotated[bool, Field(description="A may leave a message when B does not answer")] = False
    ring: Ring = 30
    max_duration: MaxDuration = None
    callback: CallbackRequest | None = None
    cdr_field: CdrField = ""
    native: bool = Field(default=False, description="CALLR's own click-to-call in place of the flow click_to_call")


def read_request(model: type[M], body: bytes) -> M:
    """A request from its body; raises RequestRefused with every field that is wrong."""
    try:
        return model.model_validate_json(body or b"{}")
    except ValidationError as invalid:
        raise RequestRefused(*_innermost([_field(error, model) for error in invalid.errors()])) from None


def _innermost(errors: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """Without what is said of a list only because something in it is wrong."""
    return [error for error in errors if not any(other.startswith(f"{error[0]}.") for other, _ in errors)]


_REASONS: Mapping[str, str] = {
    "missing": "is missing",
    "json_invalid": "is not JSON",
    "timezone_aware": "needs its time zone, as in 2026-03-01T09:00:00+01:00",
    "datetime_from_date_parsing": _NO_TIME,
    "datetime_parsing": _NO_TIME,
    "datetime_object_invalid": _NO_TIME,
    "model_type": "has to be a JSON object",
    "model_attributes_type": "has to be a JSON object",
    "bool_type": "has to be true or false",
    "string_type": "has to be a text in quotes",
    "tuple_type": "has to be a list",
    "too_short": "has to have at least one entry",
    "dict_type": "has to be a JSON object",
    "int_type": "has to be a whole number",
    "float_type": "has to be a number",
    "finite_number": "has to be a number",
}
_FORMS: Mapping[str, str] = {
    "url": "has to begin with https:// or http://",
    "from": "has to be a number, a name, or hidden",
    "cdr_field": "may hold the letters A to Z and digits only",
}


def _field(error: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    kind, path = error["type"], error["loc"]
    field = ".".join(map(str, path)) or "body"
    if kind == "extra_forbidden":
        names = [known.alias or name for name, known in model.model_fields.items()]
        return field, f"is not known{nearest(str(path[-1]), names) if len(path) == 1 else ''}"
    if kind == "value_error":
        return field, str(error["ctx"]["error"])
    if kind in ("greater_than_equal", "less_than_equal"):
        limit = error["ctx"].get("ge", error["ctx"].get("le"))
        return field, f"has to be {'at least' if 'ge' in error['ctx'] else 'at most'} {limit:g}"
    if kind == "literal_error":
        return field, f"has to be {error['ctx']['expected']}"
    if kind == "string_pattern_mismatch":
        return field, _FORMS[str(path[-1])]
    if kind in ("string_too_long", "too_long"):
        parts = "entries" if isinstance(error["input"], list) else "characters"
        return field, f"has more than {error['ctx']['max_length']} {parts}"
    return field, _REASONS.get(kind, "is not valid")


def utc(at: datetime | None) -> datetime | None:
    """The same moment in UTC; raises RequestRefused for one that no clock shows."""
    if at is None:
        return None
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise RequestRefused(("at", "is no time that will come")) from None
