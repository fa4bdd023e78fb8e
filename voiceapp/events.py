"""What happened on a call: a closed union, past participles, carrier-neutral.

An event is a fact that came from outside the engine, the time included: the log of a call is a list of
these, and folding them over the call's flow version gives the call again. Times are aware UTC datetimes,
durations seconds, phone numbers E.164 text, digits text.
"""

from datetime import datetime
from typing import Any, Literal, get_args

import msgspec

from voiceapp.terms import NO_TERMS, Terms

Value = Any
"""What a variable may hold: the JSON types (text, int, float, bool, None, lists and dicts of these)."""

Direction = Literal["inbound", "outbound"]
DialOutcome = Literal["answered", "busy", "no_answer", "failed"]
UnreachedReason = Literal["busy", "no_answer", "congestion", "rejected", "failed", "machine", "cancelled"]


class _Event(msgspec.Struct, gc=False, frozen=True, tag=True, tag_field="event", omit_defaults=True, kw_only=True):
    at: datetime


class CallOpened(_Event, gc=False, frozen=True):
    """First event of every call: who, where, and which version of which flow. `key` seeds the turn nonces; `terms`
    are those of a call that we placed."""

    call_id: str
    key: str
    carrier: str
    app: str
    ref: str
    flow: str
    version: str
    direction: Direction
    caller: str = ""
    called: str = ""
    caller_name: str = ""
    field: str = ""
    inputs: dict[str, Value] = {}
    terms: Terms = NO_TERMS


class CallOffered(_Event, gc=False, frozen=True):
    """An inbound call rings and waits for its first command."""


class CallAnswered(_Event, gc=False, frozen=True):
    """The called party of an outbound call picked up."""


class CallUnreached(_Event, gc=False, frozen=True):
    """An outbound call never became a conversation."""

    reason: UnreachedReason


class MachineDetected(_Event, gc=False, frozen=True):
    """The carrier says that an answering machine picked up."""


class PersonDetected(_Event, gc=False, frozen=True):
    """No answering machine, but a person picked up."""


class DialRefused(_Event, gc=False, frozen=True):
    """The flow wants to dial what may not be dialled: `numbers`, each with why in `reasons`."""

    numbers: tuple[str, ...]
    reasons: tuple[str, ...]


class ActionCompleted(_Event, gc=False, frozen=True):
    """The carrier did what it was told, and there is nothing to tell about it."""


class ActionFailed(_Event, gc=False, frozen=True):
    """The carrier refused or could not do what it was told; `reason` is its own words."""

    reason: str


class DigitsCollected(_Event, gc=False, frozen=True):
    """Keys the caller pressed, without the `#` that may have ended them; `""` for `#` alone.
    `more`: passed on while the caller may still be typing, so further keys may belong to them."""

    digits: str
    more: bool = False


class SilenceHeard(_Event, gc=False, frozen=True):
    """The caller pressed nothing in time. `assumed`: inferred from where a later answer came from."""

    assumed: bool = False


class VoiceRecorded(_Event, gc=False, frozen=True):
    """`recording` is the carrier's name or URL for what was recorded; `""` when nothing was."""

    recording: str


class DialEnded(_Event, gc=False, frozen=True):
    """The leg that a dial step started is over. `assumed`: inferred, the carrier does not tell."""

    outcome: DialOutcome
    assumed: bool = False


class FetchCompleted(_Event, gc=False, frozen=True):
    """The HTTP answer of a fetch step, read as JSON (or as text when it is none)."""

    value: Value


class FetchFailed(_Event, gc=False, frozen=True):
    """A fetch step got no usable answer; `reason` names no address and no data."""

    reason: str


class FetchDelayed(_Event, gc=False, frozen=True):
    """A fetch step's answer is not there yet, and the carrier has to be told something now."""


class RecordingStored(_Event, gc=False, frozen=True):
    """A recording made by the carrier can be had at `recording`."""

    recording: str
    seconds: float | None = None


class StatusReported(_Event, gc=False, frozen=True):
    """The carrier's own word on the call (`status`), with duration in seconds and price in its currency, the
    cause of the hang-up (ISDN, as the carrier writes it) and who hung up. `machine`: one had picked up."""

    status: str
    seconds: float | None = None
    price: float | None = None
    cause: str = ""
    hung_up_by: str = ""
    machine: bool = False


class CallHungUp(_Event, gc=False, frozen=True):
    """The call is over. `result` is the answer that the hang-up interrupted, where the carrier sends one."""

    result: DigitsCollected | VoiceRecorded | None = None


class CallLost(_Event, gc=False, frozen=True):
    """No hang-up was ever reported and the longest time a call may take is over."""


Event = (
    CallOpened
    | CallOffered
    | CallAnswered
    | CallUnreached
    | MachineDetected
    | PersonDetected
    | DialRefused
    | ActionCompleted
    | ActionFailed
    | DigitsCollected
    | SilenceHeard
    | VoiceRecorded
    | DialEnded
    | FetchCompleted
    | FetchFailed
    | FetchDelayed
    | RecordingStored
    | StatusReported
    | CallHungUp
    | CallLost
)

EVENTS: tuple[type[_Event], ...] = get_args(Event)
