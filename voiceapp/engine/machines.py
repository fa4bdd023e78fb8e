"""Who picked up: a person or an answering machine. Whoever presses a key is a person."""

from msgspec.structs import replace

from voiceapp.actions import DetectMachine
from voiceapp.call import Call, Phase, Progress
from voiceapp.engine.walk import Walk
from voiceapp.events import (
    ActionCompleted,
    ActionFailed,
    DigitsCollected,
    Event,
    MachineDetected,
    PersonDetected,
    SilenceHeard,
)
from voiceapp.flow.ways import ON_MACHINE

DETECTING = "detecting"
"""The stage of a call while we listen who picked up."""


def answered(walk: Walk) -> None:
    """Somebody picked up: begins the flow, or finds out first who it is where the carrier does not."""
    detection = walk.call.terms.detection
    if detection is None or detection.carrier:
        walk.begin()
        return
    prompt = (walk.visit().phrase("press_key"),) if detection.method == "dtmf" else ()
    walk.call = replace(walk.call, answered_at=walk.at, progress=Progress(stage=DETECTING))
    walk.act((DetectMachine(step="", detection=detection, prompt=prompt),))


def heard(walk: Walk, event: Event) -> None:
    """What came while we listened. Where listening failed, it is taken for a person."""
    walk.call = replace(walk.call, progress=None)
    match event:
        case SilenceHeard() | MachineDetected():
            machine(walk)
        case DigitsCollected(digits=digits):
            walk.call = replace(walk.call, keys=walk.call.keys + digits)
            walk.begin()
        case PersonDetected() | ActionFailed() | ActionCompleted() | _:
            walk.begin()


def machine(walk: Walk) -> None:
    """A machine picked up: hangs up, or goes on as the flow says; without `on_machine` as with anybody."""
    call, way = walk.call, walk.script.flow.head.on_machine
    if call.keys:
        return
    detection = call.terms.detection
    leaves = detection is not None and detection.then == "hang_up"
    if not leaves and way is None:
        if not walk.steps and not call.frame.step:
            walk.begin()
        return
    walk.leave_inner_flows(1)
    walk.call = replace(
        walk.call, progress=None, fetch=None, outbox=(), machine=True, answered_at=call.answered_at or walk.at
    )
    if leaves:
        walk.finish("machine")
    else:
        walk.took(ON_MACHINE)
        walk.go(way)


def person_after_all(call: Call) -> bool:
    """Whether a key that is pressed now shows that it is a person: while a machine is spoken to, and no question
    of the flow is open that the key may be the answer to."""
    return call.machine and (call.phase is Phase.LEAVING or call.progress is None or bool(call.outbox))


def restart(walk: Walk, digits: str) -> None:
    """A person is on the line: the flow begins as for anybody."""
    keys = walk.call.keys + digits
    walk.call = replace(walk.call, keys=keys, machine=False, outbox=(), progress=None, end_reason="")
    walk.begin()
