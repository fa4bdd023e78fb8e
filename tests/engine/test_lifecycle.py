"""The life of a call: the table that is used says what the declared machine does, for every pair there is."""

import itertools
from typing import Any

import pytest
from statemachine.exceptions import TransitionNotAllowed

from voiceapp.call import Phase
from voiceapp.engine.lifecycle import TABLE, CallLifecycle, after_event, after_telling, event_name
from voiceapp.events import EVENTS, CallHungUp, CallOpened, DigitsCollected, RecordingStored, StatusReported

TOLD = ("connect_told", "hang_up_told", "close_told")
NAMES = sorted({event_name(event) for event in EVENTS} - {event_name(CallOpened)}) + list(TOLD)


class Life:
    """What the machine keeps its state in."""

    def __init__(self, phase: Phase) -> None:
        self.state: Any = str(phase)


def declared(phase: Phase, name: str) -> Phase | None:
    """Where the machine itself goes."""
    life = Life(phase)
    machine = CallLifecycle(life)
    try:
        machine.send(name)
    except TransitionNotAllowed:
        return None
    return Phase(life.state)


def test_the_table_is_the_machine() -> None:
    for phase, name in itertools.product(Phase, NAMES):
        assert TABLE.get((phase, name)) == declared(phase, name), (phase, name)


def test_every_transition_is_of_an_event_or_of_what_is_told() -> None:
    assert {name for _, name in TABLE} == set(NAMES)
    assert {Phase(state.id) for state in CallLifecycle.states} == set(Phase)


def test_only_the_opening_of_a_call_has_no_row() -> None:
    """It makes the call; before it there is no phase."""
    without = {event for event in EVENTS if not any(after_event(phase, event) for phase in Phase)}
    assert without == {CallOpened}


def test_every_phase_is_reached() -> None:
    reached = {Phase.OPENED}
    while more := {target for (phase, _), target in TABLE.items() if phase in reached} - reached:
        reached |= more
    assert reached == set(Phase)


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase.over])
def test_after_the_end_nothing_leads_back(phase: Phase) -> None:
    moves = {target for (source, _), target in TABLE.items() if source is phase}
    assert moves == {phase}
    assert {event for event in EVENTS if after_event(phase, event)} <= {StatusReported, RecordingStored}


@pytest.mark.parametrize("phase", [phase for phase in Phase if not phase.over])
def test_every_live_phase_comes_to_an_end(phase: Phase) -> None:
    ends, reached = {Phase.ENDED, Phase.LOST, Phase.UNREACHED}, {phase}
    while more := {target for (source, _), target in TABLE.items() if source in reached} - reached:
        reached |= more
    assert reached & ends


@pytest.mark.parametrize(
    ("phase", "told", "after"),
    [
        (Phase.IN_FLOW, "hang_up_told", Phase.LEAVING),
        (Phase.CONNECTED, "hang_up_told", Phase.LEAVING),
        (Phase.LEAVING, "hang_up_told", Phase.LEAVING),
        (Phase.IN_FLOW, "connect_told", Phase.CONNECTED),
        (Phase.LEAVING, "connect_told", Phase.LEAVING),
        (Phase.CLOSING, "close_told", Phase.ENDED),
        (Phase.ENDED, "close_told", Phase.ENDED),
    ],
)
def test_after_telling(phase: Phase, told: str, after: Phase) -> None:
    assert after_telling(phase, told) is after


def test_names_of_events() -> None:
    assert (event_name(DigitsCollected), event_name(CallHungUp)) == ("digits_collected", "call_hung_up")
