"""What carriers tell beside the turns of a call, and what applications are told of it all: each thing once."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.flow.scenes import MONDAY_NOON, opening, script
from voiceapp.attempt import Attempt, AttemptState, DialOrder
from voiceapp.call import NO_BILL, Bill
from voiceapp.carriers.callr.codec import Callr
from voiceapp.carriers.callr.commands import CallrOptions
from voiceapp.engine.bill import billed
from voiceapp.events import (
    ActionCompleted,
    CallAnswered,
    CallHungUp,
    CallLost,
    CallUnreached,
    DigitsCollected,
    Event,
    MachineDetected,
    RecordingStored,
    SilenceHeard,
    StatusReported,
)
from voiceapp.flow.flow import Script
from voiceapp.reports import report_of, reports_of
from voiceapp.terms import CALLBACK_EVENTS, Callback, MachineDetection, Terms
from voiceapp.turn import Happened, answer, happen, on, opened

AT = MONDAY_NOON
_AMOUNTS = st.none() | st.floats(0, 1e6, allow_nan=False)
REPORTS = st.lists(
    st.one_of(
        st.builds(
            StatusReported,
            at=st.just(AT),
            status=st.sampled_from(["Completed", "ANSWER", ""]),
            seconds=_AMOUNTS,
            price=_AMOUNTS,
            cause=st.sampled_from(["", "16", "17", "102"]),
            hung_up_by=st.sampled_from(["", "caller", "callee", "gateway"]),
            machine=st.booleans(),
        ),
        st.builds(
            RecordingStored,
            at=st.just(AT),
            recording=st.sampled_from(["r1", "r2", "https://r.example.com/1.mp3"]),
            seconds=_AMOUNTS,
        ),
    ),
    max_size=6,
)


def told(reports: list[Any], bill: Bill = NO_BILL) -> Bill:
    for report in reports:
        bill = billed(bill, report)
    return bill


@given(REPORTS, st.data())
def test_the_bill_is_the_same_in_whatever_order_and_however_often_it_is_told(
    reports: list[Any], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(reports))
    repeated = data.draw(st.lists(st.sampled_from(reports), max_size=4)) if reports else []
    assert told([*shuffled, *repeated]) == told(reports)


@given(REPORTS)
def test_nothing_that_was_told_is_lost(reports: list[Any]) -> None:
    bill = told(reports)
    statuses = [report for report in reports if isinstance(report, StatusReported)]
    for name in ("seconds", "price"):
        amounts = [getattr(report, name) for report in statuses if getattr(report, name) is not None]
        assert getattr(bill, name) == max(amounts, default=None)
    assert bill.machine is any(report.machine for report in statuses)
    assert {bill.cause, bill.hung_up_by} <= {"", *(r.cause for r in statuses), *(r.hung_up_by for r in statuses)}
    assert set(bill.recordings) == {report.recording for report in reports if isinstance(report, RecordingStored)}


# what applications are told


CALLR = Callr(CallrOptions())
URL = "https://crm.example.com/told"
FLOW = script("ask:\n  ask: Hello.\n  answer: {digits: 1}\n  tries: 1\n  otherwise: end")
CLOSING = script(
    "ask: {end: Bye.}\nlog: {fetch: 'https://crm.example.com', save: x, failed: end}", "on_hang_up: log"
)
WANTED = Terms(callback=Callback(URL))
DETECTED = msgspec.structs.replace(WANTED, detection=MachineDetection(then="hang_up"))


def turns(terms: Terms, *turns: tuple[Event, ...], by: Script = FLOW) -> list[Happened]:
    """What happened in each turn of a call that we placed; the first one opens it."""
    opens = msgspec.structs.replace(opening(by, "outbound"), terms=terms)
    happened = [happen(by, CALLR, opened(opens, by), turns[0])]
    for events in turns[1:]:
        happened.append(happen(by, CALLR, on(answer(by, CALLR, happened[-1]).call), events))
    return happened


ANSWERED, DONE, GONE = CallAnswered(at=AT), ActionCompleted(at=AT), CallHungUp(at=AT)
COST = StatusReported(at=AT, status="ANSWER", seconds=12, price=0.03, cause="16")
LOST = CallLost(at=AT + timedelta(hours=4))


def recorded(name: str) -> RecordingStored:
    return RecordingStored(at=AT, recording=name)


TOLD: dict[str, tuple[list[Happened], list[list[str]]]] = {
    "a conversation": (
        turns(WANTED, (ANSWERED,), (DigitsCollected(at=AT, digits="1"),), (GONE,), (COST,)),
        [["call.answered"], [], ["call.ended"], ["call.updated"]],
    ),
    "nobody": (turns(WANTED, (CallUnreached(at=AT, reason="busy"),)), [["call.unreached"]]),
    "lost": (turns(WANTED, (ANSWERED,), (LOST,)), [["call.answered"], ["call.ended"]]),
    "lost after its end": (
        turns(WANTED, (ANSWERED,), (GONE,), (LOST,), by=CLOSING),
        [["call.answered"], ["call.ended"], []],
    ),
    "a hang-up that comes again": (
        turns(WANTED, (ANSWERED,), (GONE,), (GONE,), (GONE, LOST)),
        [["call.answered"], ["call.ended"], [], []],
    ),
    "the end with its price, as Routee tells it": (
        turns(WANTED, (ANSWERED,), (COST, GONE)),
        [["call.answered"], ["call.updated", "call.ended"]],
    ),
    "a status that says nothing new": (
        turns(WANTED, (ANSWERED,), (StatusReported(at=AT, status="InProgress"),)),
        [["call.answered"], []],
    ),
    "recordings": (
        turns(WANTED, (ANSWERED,), (recorded("r1"),), (recorded("r1"),), (recorded("r2"), recorded("r2"))),
        [["call.answered"], ["call.recorded"], [], ["call.recorded"]],
    ),
    "a machine that the carrier hears": (
        turns(WANTED, (MachineDetected(at=AT),), by=script("ask: {end: Bye.}", "on_machine: ask")),
        [["call.answered", "call.machine"]],
    ),
    "a machine that makes no difference": (
        turns(WANTED, (MachineDetected(at=AT),), (DONE,), (GONE,)),
        [["call.answered"], [], ["call.ended"]],
    ),
    "a machine that we hear": (
        turns(DETECTED, (ANSWERED,), (SilenceHeard(at=AT),), (GONE,)),
        [["call.answered"], ["call.machine"], ["call.ended"]],
    ),
    "a machine that the carrier hung up on": (
        turns(WANTED, (CallUnreached(at=AT, reason="machine"),)),
        [["call.unreached", "call.machine"]],
    ),
    "a machine of which we are told later": (
        turns(WANTED, (ANSWERED,), (GONE,), (StatusReported(at=AT, status="x", machine=True),)),
        [["call.answered"], ["call.ended"], ["call.machine"]],
    ),
    "a machine, told again": (
        turns(DETECTED, (ANSWERED,), (SilenceHeard(at=AT),), (StatusReported(at=AT, status="x", machine=True),)),
        [["call.answered"], ["call.machine"], []],
    ),
    "nobody to tell": (turns(Terms(), (ANSWERED,), (GONE, COST, recorded("r1"))), [[], []]),
}


@pytest.mark.parametrize(("happened", "kinds"), TOLD.values(), ids=TOLD)
def test_what_is_told_of_a_call(happened: list[Happened], kinds: list[list[str]]) -> None:
    assert [[report.type for report in reports_of(turn)] for turn in happened] == kinds
    for turn in happened:
        for report in reports_of(turn):
            assert (report.url, report.data["id"]) == (URL, turn.call.id)


def an_attempt(state: AttemptState, terms: Terms = WANTED) -> Attempt:
    return Attempt(
        id="a" * 32,
        order=DialOrder(flow="test", to="+33612345678", carrier="callr", terms=terms),
        state=state,
        created_at=AT,
        due_at=AT,
        reason="why",
    )


SETTLED = {
    AttemptState.SCHEDULED: [],
    AttemptState.DIALING: [],
    AttemptState.PLACED: ["call.placed"],
    AttemptState.UNKNOWN: ["call.unknown"],
    AttemptState.FAILED: ["call.failed"],
    AttemptState.CANCELLED: ["call.cancelled"],
    AttemptState.OVER: ["call.unreached"],
}


@pytest.mark.parametrize("state", AttemptState)
def test_what_is_told_of_an_attempt(state: AttemptState) -> None:
    reports = report_of(an_attempt(state))
    assert [report.type for report in reports] == SETTLED[state]
    assert [(report.url, report.data["state"], report.data["reason"]) for report in reports] == [
        (URL, str(state), "why")
    ] * len(reports)
    assert report_of(an_attempt(state, Terms())) == ()


def test_a_call_that_only_its_carrier_knows_of_has_ended() -> None:
    (report,) = report_of(msgspec.structs.replace(an_attempt(AttemptState.OVER), reason="answered"))
    assert report.type == "call.ended"


def test_everything_that_can_be_told_is_told_somewhere() -> None:
    kinds = {kind for _, each in TOLD.values() for turn in each for kind in turn}
    settled = {kind for each in SETTLED.values() for kind in each}
    assert kinds | settled == set(CALLBACK_EVENTS)
    assert kinds & settled == {"call.unreached"}


@pytest.mark.parametrize("wanted", CALLBACK_EVENTS)
def test_only_what_is_wanted_is_told(wanted: str) -> None:
    terms = Terms(callback=Callback(URL, (wanted,)))
    happened = [
        *turns(terms, (ANSWERED,), (recorded("r1"), COST, GONE)),
        *turns(terms, (CallUnreached(at=AT, reason="machine"),)),
    ]
    found = [report.type for turn in happened for report in reports_of(turn)]
    found += [report.type for state in AttemptState for report in report_of(an_attempt(state, terms))]
    assert set(found) == {wanted}
