"""`voiceapp dial`: calls that are placed at emulated carriers, followed, refused."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.carriers.scripted import Asked, Reply, Says, listening
from tests.servers import Clock
from tests.terminal.conftest import Run, Scene
from voiceapp.attempt import AttemptState
from voiceapp.call import Phase
from voiceapp.terminal.dial import state_of

LISTENS, BUSY, MACHINE = "+33612345678", "+33612345601", "+33612345603"


FOLLOWED: dict[str, tuple[tuple[str, ...], int, str]] = {
    "answered": ((LISTENS,), 0, "ended after * s: the flow came to its end"),
    "answered on Routee": ((LISTENS, "--carrier", "routee"), 0, "ended after * s: it was hung up"),
    "busy": ((BUSY,), 1, "reached nobody: the line is busy"),
    "busy on Routee": ((BUSY, "--carrier", "routee"), 1, "reached nobody: the line is busy"),
    "a machine": (
        (MACHINE, "--machine-detection", "hang_up"),
        1,
        "ended after * s: an answering machine answered",
    ),
}


async def test_a_call_is_followed_to_its_end(run: Run, scene: Scene) -> None:
    async with scene() as served:
        for case, (arguments, code, end) in FOLLOWED.items():
            ran = await run("dial", "hello", *arguments, "--url", served.url, "--wait")
            assert (ran.code, ran.err) == (code, []), case
            assert ran.out[0].startswith("call     "), case
            last = next(line for line in reversed(ran.out) if line.startswith("state"))
            assert re.fullmatch(f"state    {end.replace('*', '[0-9.]+')}", last), case


async def test_inputs_reach_the_flow(run: Run, scene: Scene, phone_lines: list[str]) -> None:
    async with scene() as served:
        ran = await run(
            *("dial", "hello", LISTENS, "-i", "name=Ann", "--input", "guests=3", "--from", "+33123456789"),
            *("--ring", "20", "--url", served.url, "--wait"),
        )
        assert ran.code == 0
        assert "answers  name = Ann, guests = 3" in "\n".join(ran.out)
    assert f"CALLR   {LISTENS} rings      +33123456789 -> {LISTENS}" in phone_lines
    assert f"CALLR   {LISTENS} hears      Hello Ann, 3." in phone_lines


async def test_without_waiting_it_says_how_far_it_is(run: Run, scene: Scene) -> None:
    async with scene() as served:
        ran = await run("dial", "hello", LISTENS, "--url", served.url)
        status, view = await served.get(f"/v1/calls/{ran.out[0].removeprefix('call     ')}")
    assert (ran.code, ran.err, len(ran.out)) == (0, [], 2)
    assert (status, view["called"]) == (200, LISTENS)
    assert ran.out[1].startswith("state    ")


async def test_a_call_for_later(run: Run, scene: Scene, phone_lines: list[str]) -> None:
    async with scene(clock=Clock(datetime(2026, 3, 2, 10, tzinfo=UTC))) as served:
        ran = await run("dial", "hello", LISTENS, "--at", "2026-03-03T09:00:00+01:00", "--url", served.url)
        too_late = await run("dial", "hello", LISTENS, "--at", "2027-03-03T09:00:00Z", "--url", served.url)
    assert (ran.code, ran.out[1]) == (0, "state    waits until 2026-03-03 08:00:00 UTC")
    assert (too_late.code, too_late.err) == (1, ["at: is more than a year ahead"])
    assert phone_lines == []


REFUSED: dict[str, tuple[tuple[str, ...], list[str]]] = {
    "a satellite": (("hello", "+88216123456"), ["to: +882******56 is a satellite number"]),
    "no number": (
        ("hello", "12"),
        ["to: the number does not say its country: write it as +33123456789"],
    ),
    "several fields": (
        ("helo", LISTENS, "-i", "nme=Ann"),
        ["flow: there is no flow 'helo'; did you mean 'hello'?"],
    ),
    "inputs": (
        ("hello", LISTENS, "-i", "nme=Ann", "-i", "guests=many"),
        [
            "inputs.nme: flow 'hello' has no such input; did you mean 'name'?",
            "inputs.guests: has to be a whole number",
        ],
    ),
    "ring": (("hello", LISTENS, "--ring", "1", "--at", "soon"), ["ring: has to be at least 5", "at: is no time"]),
    "hidden on Routee": (
        ("hello", LISTENS, "--carrier", "routee", "--from", "hidden"),
        ["from: Routee cannot hide the caller's number"],
    ),
}


async def test_what_is_refused_is_told_field_by_field(run: Run, scene: Scene, phone_lines: list[str]) -> None:
    async with scene() as served:
        for case, (arguments, lines) in REFUSED.items():
            ran = await run("dial", *arguments, "--url", served.url, "--wait")
            assert ran.code == 1, case
            told = [line[: len(wanted)] for line, wanted in zip(ran.err, lines, strict=True)]
            assert told == lines, case
    assert phone_lines == []


async def test_a_call_that_may_have_been_placed_is_followed(run: Run) -> None:
    """The carrier did not answer; the server finds out what became of it."""
    call = {"id": "c1", "carrier": "callr", "state": "unknown", "live": True, "reason": "the connection broke"}
    problem = {"detail": "the phone may be ringing", "errors": [{"field": "carrier", "reason": "x"}], "call": call}
    over = {**call, "state": "unreached", "live": False, "end_reason": "busy", "answers": {}}

    def answer(asked: Asked) -> Reply:
        return Says(problem, 504) if asked.method == "POST" else Says(over)

    async with listening(answer) as (api, _):
        waited = await run("dial", "hello", LISTENS, "--url", api.url, "--wait")
        at_once = await run("dial", "hello", LISTENS, "--url", api.url)
    assert waited == (
        1,
        [
            "call     c1",
            "carrier: the phone may be ringing",
            "state    nobody knows yet whether CALLR placed it (the connection broke)",
            "state    reached nobody: the line is busy",
        ],
        [],
    )
    assert at_once == (1, ["call     c1"], ["carrier: the phone may be ringing"])


async def test_two_commands_are_two_calls(run: Run) -> None:
    async with listening(lambda _: Says({"id": "c1", "state": "placed"})) as (api, _):
        for _ in range(2):
            assert (await run("dial", "hello", LISTENS, "--url", api.url)).code == 0
    first, second = (asked.headers["Idempotency-Key"] for asked in api.asked)
    assert first != second


@pytest.mark.parametrize(
    "arguments",
    [
        ("hello",),
        ("hello", LISTENS, "--carrier", "x"),
        ("hello", LISTENS, "--machine-detection", "maybe"),
        ("hello", LISTENS, "--ring", "x"),
    ],
)
async def test_usage(run: Run, arguments: tuple[str, ...]) -> None:
    ran = await run("dial", *arguments)
    assert ran.code == 2
    assert ran.err[0].startswith("Usage: ")


async def test_an_input_without_a_value(run: Run) -> None:
    ran = await run("dial", "hello", LISTENS, "-i", "name")
    assert ran == (2, [], ["--input: has to be NAME=VALUE, not name"])


STATES: dict[str, tuple[dict[str, Any], str]] = {
    "scheduled": ({"due_at": "2026-03-02T09:00:00.123Z"}, "waits until 2026-03-02 09:00:00 UTC"),
    "dialing": ({}, "CALLR is asked to place it"),
    "placed": ({}, "CALLR has taken it; the phone rings, or will soon"),
    "unknown": ({"reason": "broke"}, "nobody knows yet whether CALLR placed it (broke)"),
    "failed": ({"end_reason": "151: no {app}"}, "not placed: 151: no {app}"),
    "cancelled": ({"reason": "cancelled"}, "cancelled before it was dialled"),
    "over": ({"reason": "no_answer"}, "over: nobody answered"),
    "opened": ({}, "begun"),
    "in_flow": ({}, "answered; the flow runs"),
    "connected": ({}, "answered, and connected with somebody else"),
    "leaving": ({}, "the flow hangs up"),
    "closing": ({}, "hung up; the flow finishes"),
    "ended": ({"end_reason": "hung_up", "seconds": 3.5}, "ended after 3.5 s: it was hung up"),
    "unreached": ({"end_reason": "rejected"}, "reached nobody: it was rejected"),
    "lost": ({"carrier": "x"}, "lost: the carrier never told that it ended"),
}


@pytest.mark.parametrize("state", [*AttemptState, *Phase])
def test_every_state_has_words(state: str) -> None:
    view, words = STATES[str(state)]
    assert state_of({"carrier": "callr", "state": str(state), **view}) == words


def test_a_state_of_a_newer_server_is_told_as_it_is() -> None:
    assert state_of({"state": "parked"}) == "parked"
