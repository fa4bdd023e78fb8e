"""What Routee's API does to calls in progress."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.emulators.plans import pause, plan, say
from tests.emulators.platforms.clients import Hooks, RouteeClient, Undecided, reached
from voiceapp.emulators.platforms.people import People
from voiceapp.emulators.transcript import Transcript

NUMBER = "+33611111110"
LEG_B = "+33600000009"


@pytest.fixture
async def caller(people: People) -> AsyncIterator[Undecided]:
    """Somebody who was asked something and takes their time."""
    undecided = Undecided("1")
    people.callers[NUMBER] = lambda: undecided
    yield undecided
    undecided.decide.set()


async def live(routee: RouteeClient, hooks: Hooks, caller: Undecided) -> tuple[str, Transcript]:
    """The path of a call in progress, and what happened on it."""
    hooks.reply(plan({"type": "COLLECT", "eventUrl": hooks.server.url + "/event"}, pause(5), say("Bye")))
    callback = {"url": hooks.status_url, "strategy": "OnCompletion"}
    body = {"from": "a", "to": {"phone": NUMBER}, "dialPlanUrl": hooks.url, "callback": callback}
    await routee.ok("POST", "/voice/conversation", body)
    await reached(caller.asked)
    message = hooks.posts[0]["messageId"]
    return f"/voice/conversation/{message}", routee.platform.calls[0].transcript


async def test_it_is_hung_up(routee: RouteeClient, hooks: Hooks, caller: Undecided) -> None:
    path, transcript = await live(routee, hooks, caller)
    assert (await routee("PUT", path, {"action": "reject"}))[0] == 400
    answer = await routee.ok("PUT", path, {"action": "hangup"})
    assert (answer["messageId"], set(answer)) == (path.rpartition("/")[2], {"messageId", "message", "createdAt"})
    await routee.platform.idle()
    assert (transcript.of("hangs up"), hooks.statuses) == (["carrier"], ["Completed"])
    assert [body["collectedTones"] for body in hooks.server.bodies("/event")] == [""]
    status, refusal = await routee("PUT", path, {"action": "hangup"})
    assert (status, refusal["code"]) == (400, "400000000")


async def test_it_is_rejected_while_it_rings(routee: RouteeClient, hooks: Hooks, people: People) -> None:
    people.waits[NUMBER] = asyncio.Event()
    callback = {"url": hooks.status_url, "strategy": "OnChange"}
    body = {"from": "a", "to": {"phone": NUMBER}, "dialPlanUrl": hooks.url, "callback": callback}
    await routee.ok("POST", "/voice/conversation", body)
    await hooks.server.until_asked("/status", 2)
    path = f"/voice/conversation/{hooks.server.bodies('/status')[0]['messageId']}"
    assert (await routee("PUT", path, {"action": "hangup"}))[0] == 400
    await routee.ok("PUT", path, {"action": "reject"})
    await routee.platform.idle()
    assert (hooks.statuses, hooks.posts) == (["Initiated", "Ringing", "NoAnswer"], [])


@pytest.mark.parametrize(
    ("number", "outcome", "status"), [(LEG_B, "answered", "Completed"), ("+33600000001", "busy", "Busy")]
)
async def test_it_is_transferred(
    routee: RouteeClient, hooks: Hooks, caller: Undecided, number: str, outcome: str, status: str
) -> None:
    path, transcript = await live(routee, hooks, caller)
    callback = {"url": hooks.server.url + "/leg", "strategy": "OnCompletion"}
    await routee.ok("POST", f"{path}/transfer", {"from": "me", "to": {"phone": number}, "callback": callback})
    await routee.platform.idle()
    assert (transcript.of("dials"), transcript.heard) == ([f"{number}: {outcome}"], [])
    assert [body["status"]["name"] for body in hooks.server.bodies("/leg")] == [status]


ORDERS: dict[str, tuple[str, str, dict[str, Any] | None, tuple[str, str] | None]] = {
    "dtmf": ("POST", "dtmf", {"dtmf": "1w2#"}, ("tones", "1w2#")),
    "talk": ("POST", "talk", {"text": "One moment", "language": "en-GB"}, ("hears", "One moment")),
    "stop talking": ("DELETE", "talk", None, None),
    "file": ("POST", "file", {"fileURL": "http://a.example/b.wav"}, ("hears", "[audio http://a.example/b.wav]")),
    "stop the file": ("DELETE", "file", None, None),
    "record": ("POST", "record", {"duration": 9, "format": "WAV"}, ("recording", "on")),
}


@pytest.mark.parametrize("case", ORDERS.values(), ids=ORDERS)
async def test_it_is_told_something(
    routee: RouteeClient,
    hooks: Hooks,
    caller: Undecided,
    case: tuple[str, str, dict[str, Any] | None, tuple[str, str] | None],
) -> None:
    verb, what, body, line = case
    path, transcript = await live(routee, hooks, caller)
    before = len(transcript.lines)
    await routee.ok(verb, f"{path}/{what}", body)
    assert [tuple(one) for one in transcript.lines[before:]] == ([line] if line else [])
    caller.decide.set()
    await routee.platform.idle()
    assert transcript.heard[-1:] == ["Bye"]
    assert (await routee(verb, f"{path}/{what}", body))[0] == 400


async def test_a_recording_by_order(routee: RouteeClient, hooks: Hooks, caller: Undecided) -> None:
    path, transcript = await live(routee, hooks, caller)
    assert (await routee("DELETE", f"{path}/record"))[0] == 400
    await routee.ok("POST", f"{path}/record", {})
    await routee.ok("DELETE", f"{path}/record")
    assert transcript.of("recording") == ["on", "off"]
    leg = await routee.ok("GET", f"/voice/tracking/{path.rpartition('/')[2]}")
    assert len(leg["recordings"]) == 1
    caller.decide.set()
    await routee.platform.idle()


REFUSED: list[tuple[str, str, dict[str, Any]]] = [
    ("PUT", "", {"action": "stop"}),
    ("POST", "/transfer", {"to": {"phone": LEG_B}}),
    ("POST", "/dtmf", {"dtmf": "12 3"}),
    ("POST", "/dtmf", {"dtmf": ""}),
    ("POST", "/talk", {"text": ""}),
    ("POST", "/file", {"fileURL": "b.wav"}),
    ("POST", "/record", {"format": "OGG"}),
]


async def test_orders_that_are_wrong(routee: RouteeClient, hooks: Hooks, caller: Undecided) -> None:
    path, transcript = await live(routee, hooks, caller)
    before = len(transcript.lines)
    for verb, what, body in REFUSED:
        status, answer = await routee(verb, path + what, body)
        assert (status, answer["code"]) == (400, "400000000"), what
    assert len(transcript.lines) == before
    caller.decide.set()
    await routee.platform.idle()


@pytest.mark.parametrize(
    ("verb", "path", "body"),
    [
        ("PUT", "/voice/conversation/none", {"action": "hangup"}),
        ("POST", "/voice/conversation/none/talk", {"text": "Hi"}),
        ("GET", "/voice/conversation/none", None),
        ("GET", "/voice/tracking/none", None),
        ("GET", "/voice/tracking/conversation/none", None),
    ],
)
async def test_a_call_that_is_not_there(routee: RouteeClient, verb: str, path: str, body: object) -> None:
    status, answer = await routee(verb, path, body)
    assert (status, answer["code"]) == (404, "404013000")
