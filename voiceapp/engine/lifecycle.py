"""The life of a call: which event may arrive in which phase, and where it leads.

Declared with python-statemachine, so that the picture can be read, drawn and checked for unreachable states;
used as a table compiled once from that declaration. A machine object per request costs a thousand times the
look-up and grows with its states; a test holds machine and table against each other.

No state is `final`: the library then raises on every later event, and here late events are normal.
"""

import re
from collections.abc import Mapping

from statemachine import State, StateMachine

from voiceapp.call import Phase
from voiceapp.events import EVENTS


class CallLifecycle(StateMachine):
    """Phases and their transitions; each transition is named after the event that causes it. The three
    that end in `_told` are caused by what we tell the carrier rather than by what it tells us."""

    catch_errors_as_events = False
    allow_event_without_transition = False

    opened = State(initial=True)
    in_flow = State()
    connected = State()
    leaving = State()
    closing = State()
    ended = State()
    unreached = State()
    lost = State()

    call_offered = opened.to(in_flow)
    call_answered = opened.to(in_flow)
    call_unreached = opened.to(unreached)
    person_detected = in_flow.to(in_flow)
    dial_refused = in_flow.to(in_flow)
    machine_detected = opened.to(in_flow) | in_flow.to(in_flow) | leaving.to(in_flow)

    connect_told = in_flow.to(connected)
    hang_up_told = in_flow.to(leaving) | connected.to(leaving)
    close_told = closing.to(ended)

    action_completed = in_flow.to(in_flow) | connected.to(in_flow) | leaving.to(leaving)
    action_failed = in_flow.to(in_flow) | connected.to(in_flow) | leaving.to(leaving)
    digits_collected = in_flow.to(in_flow) | leaving.to(in_flow)
    silence_heard = in_flow.to(in_flow)
    voice_recorded = in_flow.to(in_flow)
    dial_ended = connected.to(in_flow)
    fetch_completed = in_flow.to(in_flow) | closing.to(closing)
    fetch_failed = in_flow.to(in_flow) | closing.to(closing)
    fetch_delayed = in_flow.to(in_flow)

    call_hung_up = opened.to(closing) | in_flow.to(closing) | connected.to(closing) | leaving.to(closing)
    call_lost = opened.to(lost) | in_flow.to(lost) | connected.to(lost) | leaving.to(lost) | closing.to(lost)

    recording_stored = (
        in_flow.to(in_flow)
        | connected.to(connected)
        | leaving.to(leaving)
        | closing.to(closing)
        | ended.to(ended)
        | lost.to(lost)
    )
    status_reported = (
        opened.to(opened)
        | in_flow.to(in_flow)
        | connected.to(connected)
        | leaving.to(leaving)
        | closing.to(closing)
        | ended.to(ended)
        | unreached.to(unreached)
        | lost.to(lost)
    )


def event_name(event: type) -> str:
    """`DigitsCollected` -> `digits_collected`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", event.__name__).lower()


def compile_table(machine: type[StateMachine]) -> Mapping[tuple[Phase, str], Phase]:
    """(phase, transition name) -> phase, for every declared transition."""
    table: dict[tuple[Phase, str], Phase] = {}
    for state in machine.states:
        for transition in state.transitions:
            target = transition.target
            for event in transition.events:
                table[Phase(state.id), str(event)] = Phase(target.id)
    return table


TABLE = compile_table(CallLifecycle)
_EVENTS = {
    (phase, event): TABLE[phase, event_name(event)]
    for phase in Phase
    for event in EVENTS
    if (phase, event_name(event)) in TABLE
}


def after_event(phase: Phase, event: type) -> Phase | None:
    """The phase this kind of event leads to, or None when it may not arrive now."""
    return _EVENTS.get((phase, event))


def after_telling(phase: Phase, transition: str) -> Phase:
    """The phase after we told the carrier something (`connect_told`, …), which may be the same."""
    return TABLE.get((phase, transition), phase)
