"""What an application may ask for: the bodies of POST /v1/calls and POST /v1/click-to-call.

Read strictly: a field that is not known is an error that names the nearest one, as it is in flows.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    ValidationError,
)
from pydantic_core import ErrorDetails

from voiceapp.errors import RequestRefused
from voiceapp.flow.problems import nearest
from voiceapp.outbound.toll_guard import normalised
from voiceapp.terms import CALLBACK_EVENTS, MachineDetection

M = TypeVar("M", bound="_Asked")

InputValue = StrictStr | StrictBool | StrictInt | list[StrictStr]
LONGEST_RING, LONGEST_CALL = 300, 14_400


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


def _event(name: str) -> str:
    if name not in CALLBACK_EVENTS:
        raise ValueError(f"there is no event '{name}'{nearest(name, CALLBACK_EVENTS)}")
    return name


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


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, allow_inf_nan=False)


class CallbackRequest(_Asked):
    """Where to tell what becomes of the call: Standard Webhooks, signed, retried for a day."""

    url: Annotated[str, Field(max_length=2048, pattern=r"^https?://", examples=["https://crm.example.com/calls"])]
    events: Annotated[tuple[Annotated[str, AfterValidator(_event)], ...], Field(min_length=1)] = CALLBACK_EVENTS


class DetectionRequest(_Asked):
    """Who picked up. Only `then` matters to Routee, which detects by itself; the rest is for CALLR, with the
    fields and defaults of its own detection. Durations in seconds."""

    then: Literal["hang_up", "continue"] = "continue"
    method: Literal["silence", "dtmf"] = "silence"
    silence_seconds: Annotated[float, Field(ge=0.05, le=5.0)] = 1.8
    silence_iterations: Annotated[int, Field(ge=1, le=3)] = 1
    silence_timeout: Annotated[int, Field(ge=1, le=120)] = 3
    dtmf_iterations: Annotated[int, Field(ge=1, le=10)] = 2
    dtmf_timeout: Annotated[int, Field(ge=1, le=30)] = 2

    def detection(self, *, carrier: bool) -> MachineDetection:
        """As the call has it; `carrier`: it detects by itself."""
        return MachineDetection(carrier=carrier, **self.model_dump())


def _short_detection(value: Any) -> Any:
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
    carrier: Literal["callr", "routee"] | None = None
    inputs: dict[str, InputValue] = Field(default={}, description="the flow's inputs, by name")
    machine_detection: Detection | None = None
    ring: Annotated[int, Field(ge=5, le=LONGEST_RING, description="seconds; Routee rings for 60 at most")] = 30
    max_duration: Annotated[int | None, Field(ge=1, le=LONGEST_CALL, description="seconds after the answer")] = (
        None
    )
    at: AwareDatetime | None = Field(default=None, description="when to call, with its time zone; else now")
    callback: CallbackRequest | None = None
    cdr_field: Annotated[str, Field(max_length=32, pattern=r"^[0-9A-Za-z]*$")] = Field(
        default="", description="your own word for the call, which comes back in everything about it"
    )


class ClickToCallRequest(_Asked):
    """Connect two people: A is called first, then B. Each is one number or several, tried in turn."""

    a: Annotated[tuple[Target, ...], Field(min_length=1, max_length=10)]
    b: Annotated[tuple[Target, ...], Field(min_length=1, max_length=10)]
    from_: Annotated[Shown | None, Field(alias="from")] = None
    carrier: Literal["callr", "routee"] | None = None
    inputs: dict[str, InputValue] = {}
    at: AwareDatetime | None = None
    attempts: Annotated[int, Field(ge=1, le=5, description="how often all of A's numbers are tried")] = 1
    pause: Annotated[int, Field(ge=30, le=300, description="seconds between two attempts")] = 30
    machine_detection_a: Detection | None = None
    machine_detection_b: Detection | None = None
    record: bool = False
    voicemail: bool = False
    ring: Annotated[int, Field(ge=5, le=LONGEST_RING)] = 30
    max_duration: Annotated[int | None, Field(ge=1, le=LONGEST_CALL)] = None
    callback: CallbackRequest | None = None
    cdr_field: Annotated[str, Field(max_length=32, pattern=r"^[0-9A-Za-z]*$")] = ""
    native: bool = Field(default=False, description="CALLR's own click-to-call in place of the flow click_to_call")


def read_request(model: type[M], body: bytes) -> M:
    """A request from its body; raises RequestRefused with every field that is wrong."""
    try:
        return model.model_validate_json(body or b"{}")
    except ValidationError as invalid:
        raise RequestRefused(*_unique(_field(error, model) for error in invalid.errors())) from None


def _unique(errors: Any) -> Sequence[tuple[str, str]]:
    return tuple({field: (field, reason) for field, reason in errors}.values())


_REASONS = {
    "missing": "is missing",
    "json_invalid": "is not JSON",
    "timezone_aware": "needs its time zone, as in 2026-03-01T09:00:00+01:00",
    "datetime_from_date_parsing": "is no time such as 2026-03-01T09:00:00+01:00",
    "datetime_parsing": "is no time such as 2026-03-01T09:00:00+01:00",
    "model_type": "has to be a JSON object",
    "model_attributes_type": "has to be a JSON object",
    "bool_type": "has to be true or false",
    "bool_parsing": "has to be true or false",
    "string_type": "has to be a text in quotes",
    "tuple_type": "has to be a list",
    "dict_type": "has to be a JSON object",
    "int_type": "has to be a whole number",
    "int_parsing": "has to be a whole number",
    "int_from_float": "has to be a whole number",
}


def _field(error: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    kind, path = error["type"], [part for part in error["loc"] if not _is_tag(part)]
    field = ".".join(map(str, path)) or "body"
    if kind == "extra_forbidden":
        names = [known.alias or name for name, known in model.model_fields.items()]
        return field, f"is not known{nearest(str(path[-1]), names) if len(path) == 1 else ''}"
    if kind == "value_error":
        return field, str(error["ctx"]["error"])
    if kind in ("greater_than_equal", "less_than_equal"):
        limit = error["ctx"].get("ge", error["ctx"].get("le"))
        return field, f"has to be {'at least' if 'ge' in error['ctx'] else 'at most'} {limit}"
    if kind == "literal_error":
        return field, f"has to be {error['ctx']['expected']}"
    return field, _REASONS.get(kind, "is not valid")


def _is_tag(part: int | str) -> bool:
    """What pydantic puts into the place for its own sake: the branch of a union."""
    return isinstance(part, str) and (part in ("str", "bool", "int") or "[" in part)


def utc(at: datetime | None) -> datetime | None:
    """The same moment in UTC; raises RequestRefused for one that no clock shows."""
    if at is None:
        return None
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise RequestRefused(("at", "is no time that will come")) from None
