"""What is proven of a turn's waiting is never exceeded by a call, and is reached by some."""

from collections import defaultdict

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from tests.check.waiting import AT, Line, flows
from tests.flow.scenes import opening, script
from voiceapp.actions import Pause
from voiceapp.carriers import Callr, CallrOptions, Carrier, Routee, RouteeOptions
from voiceapp.check import times
from voiceapp.check.times import RETRY_PAUSE, turns_of
from voiceapp.check.turns import Begin
from voiceapp.egress.fetch import RETRY_AFTER
from voiceapp.events import CallOffered, FetchDelayed
from voiceapp.flow.ways import ON_ERROR
from voiceapp.service.post_turn import RESERVE
from voiceapp.turn import happen, opened

CALLR: Carrier = Callr(CallrOptions())
ROUTEE: Carrier = Routee(RouteeOptions(public_url="https://calls.example.com"))
BOTH = (CALLR, ROUTEE)


def test_the_seconds_are_those_of_the_service() -> None:
    assert (times.RESERVE, times.RETRY_PAUSE) == (RESERVE, RETRY_AFTER)
    slow = script("it: {fetch: https://a.example.com/}")
    begun = happen(slow, CALLR, opened(opening(slow), slow), [CallOffered(at=AT), FetchDelayed(at=AT)])
    assert begun.call.outbox == (Pause(step="it", seconds=times.HELD),)


def test_where_turns_begin() -> None:
    whole = script(
        """
        look: {run: inner}
        greet: {say: Hello.}
        order: {fetch: https://a.example.com/, failed: bye}
        bye: {end: Bye.}
        """.replace("\n        ", "\n"),
        "on_machine: order\non_error: order",
        inner="\n\nknown: {fetch: https://a.example.com/, meanwhile: One moment.}",
    )
    found = [(turn.worst.steps[0].step, set(turn.begins)) for turn in turns_of(whole, CALLR)]
    assert found == [
        ("look", {Begin("test", "", "first")}),
        ("order", {Begin("test", "greet", "next"), Begin("test", "", "on_machine")}),
        ("order", {Begin("test", "", "on_error")}),
    ]


def test_a_turn_begins_with_what_the_carrier_tells_of_a_dial() -> None:
    whole = script(
        'desk: {dial: "+33123456789", no_answer: bye}\n'
        "asked: {fetch: https://a.example.com/, failed: bye}\n"
        "bye: {end: Bye.}"
    )
    begins = {
        carrier.name: {begin.way for turn in turns_of(whole, carrier) for begin in turn.begins} for carrier in BOTH
    }
    assert begins == {"callr": {"first", "answered", "busy", "failed"}, "routee": {"first", "answered"}}


@pytest.mark.parametrize("carrier", BOTH, ids=lambda carrier: carrier.name)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_call_waits_longer_than_is_proven(carrier: Carrier, data: st.DataObject) -> None:
    main, inner = data.draw(flows(plan=carrier.takes_plan))
    top, _, steps = main.partition("\n\n")
    whole = script(steps, top + "\n", inner=inner)
    assume(not any(carrier.misfits(flow) for flow in whole.flows.values()))
    bounds: dict[Begin, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for turn in turns_of(whole, carrier):
        for begin in turn.begins:
            key = begin._replace(flow="", step="") if begin.way == ON_ERROR else begin
            turned, silent = bounds[key]
            bounds[key] = max(turned, min(turn.budget, turn.worst.seconds)), max(silent, turn.worst.seconds)
    for waited in Line(whole, carrier, data).waits():
        key = waited.begin._replace(flow="", step="") if waited.begin.way == ON_ERROR else waited.begin
        turned, silent = bounds[key]
        event(f"waits {bool(waited.turn)}")
        # A last try that finds no time left ends after the pause before it: RESERVE is for that.
        assert waited.turn <= turned + carrier.takes_plan * RETRY_PAUSE + 1e-6, (key, waited, dict(bounds))
        if not carrier.takes_plan:
            assert waited.silent <= silent + 1e-6, (key, waited, dict(bounds))
