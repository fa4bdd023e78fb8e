"""What the API answers, written once as models: the OpenAPI document shows them, tests hold real answers to them.

The server itself does not pass its answers through them; `views.py` makes those.
"""

from datetime import datetime
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from voiceapp.actions import ACTIONS
from voiceapp.attempt import AttemptState
from voiceapp.call import Phase
from voiceapp.events import EVENTS, Direction
from voiceapp.outbound.click_to_call import SideStatus

ActionName = Annotated[str, Field(json_schema_extra={"enum": sorted(action.__name__ for action in ACTIONS)})]
EventName = Annotated[str, Field(json_schema_extra={"enum": sorted(event.__name__ for event in EVENTS)})]
Status = Annotated[
    str, Field(description=f"null before it is called, then {', '.join(filter(None, get_args(SideStatus)))}")
]
Id = Annotated[str, Field(description="32 hex characters, which sort by time")]


class Answer(BaseModel):
    """An answer, or a part of one: exactly these fields."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class _AnyCall(Answer):
    id: Id
    carrier: str
    """`callr` or `routee`"""
    ref: str
    """the carrier's own id, empty while there is none"""
    flow: str
    direction: Direction
    caller: str
    """the number that is shown: E.164, empty for the carrier's default"""
    called: str
    """E.164, or `sip:name@host`"""
    field: str
    """your own word for the call (`cdr_field`)"""
    live: bool
    """whether it still goes on, or will"""
    answered_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    """why it ended, empty while it goes on"""
    answers: dict[str, JsonValue]
    """what the flow saved, by name"""
    click_to_call: str | None
    """the click-to-call that it is a part of"""


class CallView(_AnyCall):
    """A call that has begun, inbound or outbound. Times are ISO 8601 in UTC."""

    app: str
    """the carrier's application (CALLR)"""
    version: str
    """of the flow, a hash of its content"""
    caller_name: str
    language: str
    started_at: datetime
    partial: str
    """keys of the answer that the hang-up interrupted"""
    turn: int
    """how many replies the carrier has had"""
    state: Phase
    seconds: float | None
    """from the answer to the end"""
    step: str
    """where in the flow it is, or ended"""
    machine: bool
    """an answering machine has it"""
    billed_seconds: float | None
    """as the carrier counts them"""
    price: float | None
    """in the currency of the carrier's account"""
    hang_up_cause: str
    """in the carrier's words"""
    hung_up_by: str
    recordings: list[str]
    """the carrier's names or URLs"""


class AttemptView(_AnyCall):
    """A call that has not begun: it waits for its time, or the carrier was asked and nobody has answered."""

    state: AttemptState
    reason: str
    """why it is failed, unknown or cancelled"""
    due_at: datetime
    """when it is dialled"""
    started_at: datetime | None
    """when the carrier was asked"""


class AttemptList(Answer):
    """The newest 200 at most."""

    attempts: list[AttemptView]


class HappenedView(Answer):
    """Something that happened, with its own fields beside these."""

    model_config = ConfigDict(extra="allow")
    event: EventName
    at: datetime


class ActionView(Answer):
    """Something that was to be done, with its own fields beside these."""

    model_config = ConfigDict(extra="allow")
    action: ActionName
    step: str
    """the step that asked for it"""


class TurnView(Answer):
    """One entry of a call's log: what came in, what it led to, what was answered."""

    number: int
    at: datetime
    key: str
    """what tells this post from others; the same for a repeated one"""
    events: list[HappenedView]
    steps: list[str]
    """the steps entered"""
    actions: list[ActionView]
    reply: JsonValue
    """the answer as the carrier got it, or null"""


class TracedCallView(CallView):
    """A call that has begun, with its trace."""

    trace: list[TurnView]


class TracedAttemptView(AttemptView):
    """A call that has not begun: its trace is empty."""

    trace: Annotated[list[TurnView], Field(max_length=0)]


class CallPage(Answer):
    """A page of calls, newest first."""

    calls: list[CallView]
    next: str | None
    """the cursor of the next page (`before`), null on the last"""


class SideView(Answer):
    """How far one side of a click-to-call is, in CALLR's words."""

    status: Status | None
    number: str
    call: str
    """the call's id; the carrier's own with `native`"""
    tries: Annotated[int, Field(alias="try", description="in which round")]


class ClickView(Answer):
    """A click-to-call."""

    id: Id
    carrier: str
    native: bool
    """the carrier's own service does it"""
    state: Literal["scheduled", "calling", "over", "failed", "unknown", "cancelled"]
    due_at: datetime
    """of the latest attempt"""
    a_status: SideView
    b_status: SideView
    calls: list[str]
    """ids of the calls to A, one an attempt"""
    reason: str
    """why it is failed, unknown or cancelled"""


class FieldError(Answer):
    """One field that is wrong."""

    field: str
    """its name, with dots into objects and lists (`b.0`)"""
    reason: str


class Problem(BaseModel):
    """What is wrong, as RFC 9457 has it."""

    model_config = ConfigDict(
        extra="forbid", use_attribute_docstrings=True, json_schema_serialization_defaults_required=False
    )

    type: Literal["about:blank"]
    title: str
    """the name of the HTTP status"""
    status: int
    detail: str
    """a sentence for people"""
    code: str = ""
    """a word for programs; a carrier's own where it was the carrier who refused"""
    errors: list[FieldError] = []
    call: CallView | AttemptView | ClickView | None = None
    """what came of it so far, when it was written down before it failed"""
