"""Click-to-call: who is called next, and how far both sides are, for every state of an attempt and of a call."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from voiceapp.actions import Action, Dial, HangUp, Speak, Speech
from voiceapp.attempt import Attempt, AttemptState, Click, DialOrder, derived_id
from voiceapp.call import Bill, Call, Phase
from voiceapp.events import ActionCompleted, CallAnswered, CallHungUp, DialEnded, DialRefused, Event, SilenceHeard
from voiceapp.outbound.click_to_call import Side, SideStatus, a_side, b_side, click_view, follower
from voiceapp.store.turns import LoggedTurn
from voiceapp.terms import Terms

S = AttemptState
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(seconds=20)
A1, A2, A3 = "+33612345671", "+33612345672", "+33612345673"
B1, B2 = "+33123456781", "+33123456782"


def an_attempt(number: int = 1, state: AttemptState = S.PLACED, **click: Any) -> Attempt:
    asked = Click(**{"a": (A1, A2, A3), "b": (B1, B2), "attempts": 2, "pause": 60, **click})
    return Attempt(
        id=derived_id("click", number) if number > 1 else "first",
        order=DialOrder(
            flow="click_to_call",
            to=asked.a[(number - 1) % len(asked.a)],
            carrier="callr",
            shown="hidden",
            ring=20,
            terms=Terms(click="click", max_seconds=99),
            click=asked,
        ),
        state=state,
        created_at=NOON,
        due_at=NOON,
        requested_at=NOON,
        settled_at=LATER if state is not S.SCHEDULED else None,
        number=number,
        ref="ref",
        reason="why",
    )


def a_call(phase: Phase = Phase.IN_FLOW, **changes: Any) -> Call:
    over = phase.over or phase is Phase.CLOSING
    call = Call(
        id="first",
        key="k",
        carrier="callr",
        app="main",
        ref="7",
        flow="click_to_call",
        version="v",
        direction="outbound",
        started_at=NOON,
        turn_at=NOON,
        phase=phase,
        answered_at=None if phase is Phase.UNREACHED else NOON,
        ended_at=LATER if over else None,
        end_reason="busy" if phase is Phase.UNREACHED else "hung_up" if over else "",
    )
    return msgspec.structs.replace(call, **changes)


# who is next


NEXT: list[tuple[dict[str, Any], list[tuple[str, int]]]] = [
    ({"a": (A1,), "attempts": 1}, []),
    ({"a": (A1,), "attempts": 3}, [(A1, 60), (A1, 60)]),
    ({"a": (A1, A2), "attempts": 1}, [(A2, 0)]),
    ({"a": (A1, A2), "attempts": 2, "pause": 45}, [(A2, 0), (A1, 45), (A2, 0)]),
    ({}, [(A2, 0), (A3, 0), (A1, 60), (A2, 0), (A3, 0)]),
    ({"a": (A1, A1), "attempts": 1}, [(A1, 0)]),
    ({"native": True}, []),
]


@pytest.mark.parametrize(("click", "expected"), NEXT)
def test_who_is_called_next_and_when(click: dict[str, Any], expected: list[tuple[str, int]]) -> None:
    found = []
    attempt = an_attempt(state=S.OVER, **click)
    while (after := follower(attempt)) is not None:
        pause = (after.due_at - LATER).total_seconds()
        found.append((after.order.to, pause))
        attempt = msgspec.structs.replace(after, state=S.OVER, settled_at=LATER)
    assert found == expected


def test_the_next_attempt_is_a_new_one_on_the_same_terms() -> None:
    first = an_attempt(state=S.FAILED)
    after = follower(first)
    assert after is not None
    assert after == Attempt(
        id=derived_id("click", 2),
        order=msgspec.structs.replace(first.order, to=A2),
        state=S.SCHEDULED,
        created_at=LATER,
        due_at=LATER,
        number=2,
    )
    assert follower(first) == after, "whoever comes to it makes the same of it"
    assert len({derived_id("click", number) for number in range(100)} | {derived_id("clic", "k", 2)}) == 101


def test_a_call_that_is_no_click_to_call_has_none() -> None:
    attempt = an_attempt()
    assert (
        follower(msgspec.structs.replace(attempt, order=msgspec.structs.replace(attempt.order, click=None)))
        is None
    )


# side A


BEFORE_THE_CALL: dict[AttemptState, tuple[SideStatus, str]] = {
    S.SCHEDULED: ("", "scheduled"),
    S.DIALING: ("DIALING", "calling"),
    S.PLACED: ("DIALING", "calling"),
    S.UNKNOWN: ("DIALING", "unknown"),
    S.FAILED: ("ABORTED", "failed"),
    S.CANCELLED: ("ABORTED", "cancelled"),
    S.OVER: ("NOANSWER", "over"),
}


@pytest.mark.parametrize("state", S)
def test_a_before_there_is_a_call(state: AttemptState) -> None:
    status, word = BEFORE_THE_CALL[state]
    attempt = an_attempt(state=state)
    assert a_side(attempt, None) == Side(
        status=status, number=A1, call="first", attempt=0 if state is S.SCHEDULED else 1
    )
    view = click_view("click", [attempt], None, [])
    assert (view["state"], view["a_status"]["status"], view["b_status"]["status"]) == (word, status or None, None)
    last = an_attempt(2, state)
    expected = "calling" if state is S.SCHEDULED else word
    assert click_view("click", [attempt, last], None, [])["state"] == expected


def test_a_talked_as_the_carrier_tells_while_no_post_of_the_call_reached_us() -> None:
    attempt = msgspec.structs.replace(an_attempt(state=S.OVER), reason="answered")
    assert a_side(attempt, None).status == "HANGUP"


IN_A_CALL: dict[str, tuple[Call, SideStatus, str]] = {
    "in the flow": (a_call(), "ANSWER", "calling"),
    "opened": (a_call(Phase.OPENED), "ANSWER", "calling"),
    "connected": (a_call(Phase.CONNECTED), "ANSWER", "calling"),
    "leaving": (a_call(Phase.LEAVING), "ANSWER", "calling"),
    "closing": (a_call(Phase.CLOSING), "HANGUP", "calling"),
    "ended": (a_call(Phase.ENDED), "HANGUP", "over"),
    "lost": (a_call(Phase.LOST), "HANGUP", "over"),
    "unreached": (a_call(Phase.UNREACHED), "NOANSWER", "calling"),
    "cancelled": (a_call(Phase.UNREACHED, end_reason="cancelled"), "ABORTED", "calling"),
    "a machine, by the carrier": (a_call(Phase.UNREACHED, end_reason="machine"), "VOICEMAIL_DETECTED", "calling"),
    "a machine": (a_call(machine=True), "VOICEMAIL_DETECTED", "calling"),
    "a machine, hung up": (a_call(Phase.ENDED, end_reason="machine"), "VOICEMAIL_DETECTED", "over"),
    "a machine, told later": (a_call(Phase.ENDED, bill=Bill(machine=True)), "VOICEMAIL_DETECTED", "over"),
}


@pytest.mark.parametrize(("call", "status", "word"), IN_A_CALL.values(), ids=IN_A_CALL)
def test_a_in_its_call(call: Call, status: SideStatus, word: str) -> None:
    assert a_side(an_attempt(), call).status == status
    assert click_view("click", [an_attempt()], call, [])["state"] == word


def test_every_phase_is_in_the_table() -> None:
    assert {call.phase for call, _, _ in IN_A_CALL.values()} == set(Phase)
    assert set(BEFORE_THE_CALL) == set(S)


@pytest.mark.parametrize(
    ("attempt", "word"),
    [
        (an_attempt(6), "over"),  # nobody is left to call
        (an_attempt(1, S.OVER), "over"),  # and nobody else will be
        (an_attempt(1, S.CANCELLED), "cancelled"),
        (an_attempt(1, S.PLACED), "calling"),  # the next is about to be called
    ],
)
def test_whether_it_goes_on_after_a_call_that_reached_nobody(attempt: Attempt, word: str) -> None:
    assert click_view("click", [attempt], a_call(Phase.UNREACHED), [])["state"] == word


@pytest.mark.parametrize(("number", "round_"), [(1, 1), (3, 1), (4, 2), (6, 2)])
def test_a_in_which_round(number: int, round_: int) -> None:
    assert a_side(an_attempt(number), a_call()).attempt == round_


# side B


def a_dial(*targets: str) -> Dial:
    return Dial(step="connect", targets=targets, ring=30, caller_id="")


def a_turn(number: int, events: Sequence[Event], actions: Sequence[Action] = ()) -> LoggedTurn:
    return LoggedTurn(
        number=number, key=str(number), digest="", at=NOON, events=tuple(events), actions=tuple(actions)
    )


def a_log(*turns: tuple[Sequence[Event], Sequence[Action]]) -> list[LoggedTurn]:
    return [a_turn(number, events, actions) for number, (events, actions) in enumerate(turns, 1)]


def ended(outcome: Any) -> DialEnded:
    return DialEnded(at=NOON, outcome=outcome)


def refused(*numbers: str) -> DialRefused:
    return DialRefused(at=NOON, numbers=numbers, reasons=("cap",) * len(numbers))


ANSWERED, COMPLETED = CallAnswered(at=NOON), ActionCompleted(at=NOON)
SORRY = Speak(step="sorry", piece=Speech("Sorry.", "en-GB"))
OVER = a_call(Phase.ENDED)
TALKING = a_call(Phase.ENDED, told=a_dial(B1))
B_SIDES: dict[str, tuple[Call | None, list[LoggedTurn], SideStatus, str]] = {
    "no call": (None, a_log(([ANSWERED], [a_dial(B1)])), "", ""),
    "not dialled yet": (a_call(), a_log(([ANSWERED], [SORRY])), "", ""),
    "never dialled": (OVER, a_log(([ANSWERED], [SORRY, HangUp(step="s")])), "", ""),
    "dialled": (a_call(), a_log(([ANSWERED], [SORRY, a_dial(B1)]), ([COMPLETED], [])), "DIALING", B1),
    "one of several": (a_call(), a_log(([ANSWERED], [a_dial(B2, B1)])), "DIALING", B2),
    "talked until the call's end": (TALKING, a_log(([ANSWERED], [a_dial(B1)])), "HANGUP", B1),
    "rang when A went": (OVER, a_log(([ANSWERED], [a_dial(B1)])), "ABORTED", B1),
    "busy": (a_call(), a_log(([ANSWERED], [a_dial(B1)]), ([ended("busy")], [SORRY])), "NOANSWER", B1),
    "no answer": (OVER, a_log(([ANSWERED], [a_dial(B1)]), ([ended("no_answer")], [])), "NOANSWER", B1),
    "failed": (OVER, a_log(([ANSWERED], [a_dial(B1)]), ([ended("failed")], [])), "NOANSWER", B1),
    "talked": (OVER, a_log(([ANSWERED], [a_dial(B1)]), ([ended("answered")], [])), "HANGUP", B1),
    "busy, and the next is called": (
        a_call(),
        a_log(([ANSWERED], [a_dial(B1)]), ([ended("busy")], [a_dial(B2)])),
        "DIALING",
        B2,
    ),
    "both busy": (
        OVER,
        a_log(([ANSWERED], [a_dial(B1)]), ([ended("busy")], [a_dial(B2)]), ([ended("busy")], [SORRY])),
        "NOANSWER",
        B2,
    ),
    "dialled and over within one turn of a plan": (
        a_call(),
        a_log(([ANSWERED], [SORRY]), ([SilenceHeard(at=NOON, assumed=True), ended("busy")], [a_dial(B1), SORRY])),
        "NOANSWER",
        B1,
    ),
    "one refused, the other dialled": (
        a_call(refused=(B1,)),
        a_log(([ANSWERED, refused(B1)], [a_dial(B1, B2), a_dial(B2)])),
        "DIALING",
        B2,
    ),
    "refused": (
        a_call(refused=(B1,)),
        a_log(([ANSWERED, refused(B1)], [a_dial(B1), SORRY])),
        "ABORTED",
        B1,
    ),
    "dialled once, and then refused": (
        a_call(refused=(B1,)),
        a_log(([ANSWERED], [a_dial(B1)]), ([ended("busy"), refused(B1)], [a_dial(B1), SORRY])),
        "NOANSWER",
        B1,
    ),
    "A is a machine": (a_call(machine=True), a_log(([ANSWERED], [a_dial(B1)])), "", ""),
}


@pytest.mark.parametrize(("call", "log", "status", "number"), B_SIDES.values(), ids=B_SIDES)
def test_b(call: Call | None, log: list[LoggedTurn], status: SideStatus, number: str) -> None:
    side = b_side(call, log)
    assert (side.status, side.number) == (status, number)
    assert side.call == ("first" if status else "")


def test_what_people_see() -> None:
    log = a_log(([ANSWERED], [a_dial(B1)]), ([ended("busy"), CallHungUp(at=NOON)], []))
    attempts = [an_attempt(1, S.OVER), an_attempt(2)]
    assert click_view("click", attempts, a_call(Phase.ENDED, id=attempts[1].id), log) == {
        "id": "click",
        "carrier": "callr",
        "native": False,
        "state": "over",
        "due_at": "2026-03-01T12:00:00Z",
        "a_status": {"status": "HANGUP", "number": A2, "call": attempts[1].id, "try": 1},
        "b_status": {"status": "NOANSWER", "number": B1, "call": attempts[1].id, "try": 1},
        "calls": ["first", attempts[1].id],
        "reason": "why",
    }
