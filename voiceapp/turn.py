"""One turn, pure: what happened in, the call after it and the reply out.

Engine and codec meet here, and only here. The service uses it on live calls, a replay on stored ones, so that
both give the same bytes.
"""

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from voiceapp.actions import Action
from voiceapp.call import Call
from voiceapp.carriers.base import Carrier, Received
from voiceapp.engine.advance import advance, open_call
from voiceapp.engine.lookahead import Stretch, assumed_events, plan
from voiceapp.engine.tell import tell_all, tell_next, told_before
from voiceapp.events import (
    ActionCompleted,
    CallHungUp,
    CallLost,
    CallOpened,
    CallUnreached,
    DialEnded,
    Event,
    MachineDetected,
    RecordingStored,
    StatusReported,
)
from voiceapp.flow.flow import Script
from voiceapp.flow.ways import Taken

FACTS = (CallHungUp, CallUnreached, MachineDetected, StatusReported, RecordingStored)
"""What is taken whatever turn it names: it comes from the network, not from our reply."""

_NEVER_ANSWERED = frozenset({CallHungUp, CallUnreached, CallLost, StatusReported, RecordingStored})


class Happened(msgspec.Struct, gc=False, frozen=True):
    """A call after some events of one turn, before it is answered. `ignored`: events that were not legal;
    `before`: the call before the first of them, None when it began with them. `taken`: the ways out of steps."""

    call: Call
    events: tuple[Event, ...] = ()
    actions: tuple[Action, ...] = ()
    steps: tuple[str, ...] = ()
    ignored: tuple[Event, ...] = ()
    before: Call | None = None
    taken: tuple[Taken, ...] = ()


def on(call: Call) -> Happened:
    """Nothing yet, in a turn of this call."""
    return Happened(call, before=call)


class Answered(msgspec.Struct, gc=False, frozen=True):
    """The call after its reply was written, and the reply."""

    call: Call
    reply: bytes


def opened(event: CallOpened, script: Script) -> Happened:
    """A call that begins with this turn."""
    return Happened(open_call(event, script), (event,))


def counting(carrier: Carrier, call: Call, received: Received, *, current: bool) -> tuple[Event, ...]:
    """What of a post's events counts for this call; none when it names a turn that is not the `current` one and
    brings nothing that is true whatever it names."""
    events = carrier.news(received.events, call)
    if current:
        return events
    return tuple(_without_result(event) for event in events if isinstance(event, FACTS))


def moves(call: Call, received: Received, events: tuple[Event, ...], *, current: bool) -> bool:
    """Whether these events change anything: not a call that is over, nor a part of the plan that is past."""
    if call.phase.over and not any(isinstance(event, StatusReported | RecordingStored) for event in events):
        return False
    return not (current and received.assumed < call.assumed)


def moved(script: Script, carrier: Carrier, call: Call, received: Received, events: Iterable[Event]) -> Happened:
    """The call after a post: after what the running plan assumed and the post proves, and after its own events."""
    before = on(call)
    if received.assumed > call.assumed:
        proven = assumed_events(script, call, received.assumed - call.assumed)
        before = happen(script, carrier, before, proven)
    return happen(script, carrier, before, events)


def _without_result(event: Event) -> Event:
    return CallHungUp(at=event.at) if isinstance(event, CallHungUp) else event


def happen(script: Script, carrier: Carrier, before: Happened, events: Iterable[Event]) -> Happened:
    """The call after further events of the same turn."""
    for event in events:
        before = _happen(script, carrier, before, event)
    return before


def _happen(script: Script, carrier: Carrier, before: Happened, event: Event) -> Happened:
    advanced = advance(script, before.call, event)
    call = advanced.call
    if call.outbox:
        call = replace(call, outbox=carrier.expand(call.outbox))
    if carrier.takes_plan and _was_planned(event):
        call = replace(told_before(call), assumed=call.assumed + 1)
    return Happened(
        call,
        (*before.events, event),
        (*before.actions, *advanced.actions),
        (*before.steps, *advanced.steps),
        before.ignored if advanced.legal else (*before.ignored, event),
        before.before,
        (*before.taken, *advanced.taken) if advanced.taken else before.taken,
    )


def _was_planned(event: Event) -> bool:
    """Whether the plan that runs already holds what follows this event."""
    return isinstance(event, DialEnded | ActionCompleted) or getattr(event, "assumed", False)


def wants_answer(carrier: Carrier, events: tuple[Event, ...]) -> bool:
    """Whether the carrier acts upon the reply to a post with these events."""
    if not events or not _NEVER_ANSWERED.isdisjoint(map(type, events)):
        return False
    return not (carrier.takes_plan and isinstance(events[-1], DialEnded))


def answer(script: Script, carrier: Carrier, happened: Happened) -> Answered:
    """The reply to this turn."""
    call = happened.call
    if not wants_answer(carrier, happened.events):
        taken_back = any(
            isinstance(each, CallUnreached) and each.reason == "cancelled" for each in happened.events
        )
        return Answered(call, carrier.goodbye() if taken_back else carrier.nothing())
    if not call.outbox:
        return Answered(call, carrier.nothing() if carrier.takes_plan else carrier.goodbye())
    at = happened.events[-1].at
    if not carrier.takes_plan:
        call, told = tell_next(call, at)
        return Answered(call, carrier.encode(call, (Stretch(None, told),)))
    call, told = tell_all(call, at)
    return Answered(call, carrier.encode(call, plan(script, call, told)))
