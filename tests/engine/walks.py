"""Random walks: events as a carrier, a caller and a back end might send them, in any order."""

from datetime import timedelta
from pathlib import Path

from hypothesis import strategies as st
from msgspec.structs import replace

from tests.flow.scenes import MONDAY_NOON, opening
from voiceapp.call import Call, from_json, to_json
from voiceapp.engine.advance import Advanced, advance, open_call
from voiceapp.engine.tell import tell_all, tell_next
from voiceapp.events import (
    ActionCompleted,
    ActionFailed,
    CallAnswered,
    CallHungUp,
    CallLost,
    CallOffered,
    CallUnreached,
    DialEnded,
    DialRefused,
    DigitsCollected,
    Event,
    FetchCompleted,
    FetchDelayed,
    FetchFailed,
    MachineDetected,
    PersonDetected,
    RecordingStored,
    SilenceHeard,
    StatusReported,
    VoiceRecorded,
)
from voiceapp.flow.flow import Script
from voiceapp.flow.library import load_library

SHARED = Path(__file__).parents[1] / "flows" / "shared"
SCRIPTS = load_library(SHARED).scripts

_DIGITS = st.text("0123456789*#", max_size=7)
_AT = st.just(MONDAY_NOON)
_ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text("a1 {}", max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["ready", "count", "x"]), inner),
    max_leaves=4,
)
_RESULT = st.builds(DigitsCollected, at=_AT, digits=_DIGITS) | st.builds(
    VoiceRecorded, at=_AT, recording=st.sampled_from(["", "r1"])
)

EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(DigitsCollected, at=_AT, digits=st.sampled_from("0123456789"), more=st.booleans()),
    st.builds(DigitsCollected, at=_AT, digits=_DIGITS, more=st.booleans()),
    st.builds(SilenceHeard, at=_AT, assumed=st.booleans()),
    st.builds(ActionCompleted, at=_AT),
    st.builds(ActionFailed, at=_AT, reason=st.just("refused")),
    st.builds(VoiceRecorded, at=_AT, recording=st.sampled_from(["", "r1"])),
    st.builds(DialEnded, at=_AT, outcome=st.sampled_from(["answered", "busy", "no_answer", "failed"])),
    st.builds(FetchCompleted, at=_AT, value=_ANY_JSON | st.just({"ready": True, "count": 2})),
    st.builds(FetchFailed, at=_AT, reason=st.just("timed out")),
    st.builds(FetchDelayed, at=_AT),
    st.builds(MachineDetected, at=_AT),
    st.builds(PersonDetected, at=_AT),
    st.builds(DialRefused, at=_AT, numbers=st.just(("+33123456789",)), reasons=st.just(("region",))),
    st.builds(CallHungUp, at=_AT, result=st.none() | _RESULT),
    st.builds(CallUnreached, at=_AT, reason=st.just("busy")),
    st.builds(CallLost, at=_AT),
    st.builds(CallOffered, at=_AT),
    st.builds(CallAnswered, at=_AT),
    st.builds(RecordingStored, at=_AT, recording=st.just("r2")),
    st.builds(StatusReported, at=_AT, status=st.just("UP")),
)
"""Events that move a call come more often than those that end it, by their number of kinds."""


def begun(script: Script, *, answered: bool = False) -> Advanced:
    """A call in which the first event has happened."""
    call = open_call(opening(script, "outbound" if answered else "inbound"), script)
    return advance(script, call, (CallAnswered if answered else CallOffered)(at=MONDAY_NOON))


def told(call: Call, *, plan: bool) -> Call:
    """The call after its reply: the next thing told, or everything; it went through JSON on its way."""
    call = from_json(to_json(call))
    if not call.outbox:
        return call
    return (tell_all if plan else tell_next)(call, call.turn_at)[0]


def after(event: Event, seconds: int) -> Event:
    """The event, so many seconds into the call."""
    return replace(event, at=MONDAY_NOON + timedelta(seconds=seconds))
