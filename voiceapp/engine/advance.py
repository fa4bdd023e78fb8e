"""One event through a flow until the call waits again.

`advance` is a function: the same script, call and event give the same call and actions, for ever, which is
what makes a stored call replayable. Time is `event.at`.
"""

from typing import NamedTuple

from msgspec.structs import replace

from voiceapp.actions import Action
from voiceapp.call import Call, Frame, Phase
from voiceapp.engine import dials, machines
from voiceapp.engine.bill import billed
from voiceapp.engine.lifecycle import after_event
from voiceapp.engine.machines import DETECTING
from voiceapp.engine.walk import Walk
from voiceapp.events import (
    ActionCompleted,
    ActionFailed,
    CallAnswered,
    CallHungUp,
    CallLost,
    CallOffered,
    CallOpened,
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
from voiceapp.flow.flow import Script, with_defaults
from voiceapp.flow.ways import Taken


class Advanced(NamedTuple):
    """What one event led to: the call after it, what to do (errands and carrier actions, in order), the
    steps that were entered, and the ways that were taken out of steps. `legal` is False when the event may not
    arrive in the call's phase, or is the answer to a request that nobody waits for any more."""

    call: Call
    actions: tuple[Action, ...] = ()
    steps: tuple[str, ...] = ()
    taken: tuple[Taken, ...] = ()
    legal: bool = True


def open_call(event: CallOpened, script: Script) -> Call:
    """The call that this event opens; it has not begun its flow."""
    flow = script.flow
    return Call(
        id=event.call_id,
        key=event.key,
        carrier=event.carrier,
        app=event.app,
        ref=event.ref,
        flow=event.flow,
        version=event.version,
        direction=event.direction,
        caller=event.caller,
        called=event.called,
        caller_name=event.caller_name,
        field=event.field,
        started_at=event.at,
        turn_at=event.at,
        language=flow.head.languages[0],
        frames=(Frame(flow=flow.name, saved=with_defaults(flow, event.inputs)),),
        terms=event.terms,
    )


def advance(script: Script, call: Call, event: Event) -> Advanced:
    """What `event` does to `call`."""
    phase = after_event(call.phase, type(event))
    if phase is None:
        return Advanced(call, legal=False)
    if call.phase is Phase.LEAVING and isinstance(event, DigitsCollected) and not call.machine:
        return Advanced(call, legal=False)
    walk = Walk(script, call if phase is call.phase else replace(call, phase=phase), event.at)
    match event:
        case _ if phase is Phase.IN_FLOW and call.progress is not None and call.progress.stage == DETECTING:
            machines.heard(walk, event)
        case DigitsCollected(digits=digits) if machines.person_after_all(call):
            machines.restart(walk, digits)
        case DigitsCollected(digits=digits):
            walk.digits(event, digits)
        case ActionCompleted() | SilenceHeard():
            walk.completed(event)
        case CallOffered():
            walk.begin()
        case CallAnswered():
            machines.answered(walk)
        case MachineDetected():
            machines.machine(walk)
        case PersonDetected():
            return Advanced(call, legal=False)
        case DialRefused():
            dials.refused(walk, event)
        case FetchCompleted() | FetchFailed() | FetchDelayed() if call.fetch is None:
            return Advanced(call, legal=False)
        case FetchCompleted() | FetchFailed():
            walk.call = replace(walk.call, fetch=None)
            walk.resume(event)
        case ActionFailed() if phase is Phase.LEAVING:
            walk.completed(event)
        case ActionFailed(reason=reason) if call.outbox:
            walk.call = replace(walk.call, outbox=())  # it was to be said in one go with what was refused
            walk.fail(reason)
        case ActionFailed() | VoiceRecorded() | DialEnded() | FetchDelayed():
            walk.resume(event)
        case CallHungUp(result=result):
            walk.hung_up(result)
        case CallUnreached(reason=reason):
            walk.over(reason)
        case CallLost():
            walk.over("lost")
        case StatusReported() | RecordingStored():
            walk.call = replace(walk.call, bill=billed(walk.call.bill, event))
        case CallOpened():
            pass
    call = replace(walk.call, outbox=walk.outbox(), silent=walk.silent)
    return Advanced(call, tuple(walk.actions), tuple(walk.steps), tuple(walk.taken))
