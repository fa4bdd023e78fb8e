"""Conversations that Routee's API is asked for, from the order to the tracking."""

import asyncio
from typing import Any

import pytest

from tests.emulators.plans import DIALLED, pause, plan, say
from tests.emulators.platforms.clients import Hooks, RouteeClient, Undecided, reached
from voiceapp.emulators.caller import Outcome, ScriptedCaller
from voiceapp.emulators.platforms.people import People, Person

NUMBER = "+33611111110"
MACHINE = "+33600000003"
HELLO = plan(say("Hello"))
ORDERED = "/voice/conversation"


async def order(routee: RouteeClient, hooks: Hooks, number: str = NUMBER, **fields: Any) -> dict[str, Any]:
    if "dialPlan" not in fields:
        fields["dialPlanUrl"] = hooks.url
    body = {"from": "+33123456789", "to": {"phone": number}, **fields}
    answer: dict[str, Any] = await routee.ok("POST", ORDERED, body)
    return answer


async def legs(routee: RouteeClient, tracking: str) -> list[dict[str, Any]]:
    page = await routee.ok("GET", f"/voice/tracking/conversation/{tracking}")
    assert page["totalElements"] == len(page["content"])
    content: list[dict[str, Any]] = page["content"]
    return content


async def test_a_conversation_from_the_order_to_the_tracking(
    routee: RouteeClient, hooks: Hooks, people: People
) -> None:
    people.persons[NUMBER] = Person(keys="42#")
    collect = {"type": "COLLECT", "eventUrl": hooks.server.url + "/event", "submitOnHash": True}
    hooks.reply(plan(collect, say("Hello"), pause(5)))
    hooks.server.replies["/event"] = [plan(say("Bye"), pause(7))]
    ordered = await order(
        routee, hooks, callback={"url": hooks.status_url, "strategy": "OnChange"}, hangupDelay=20, maxDuration=600
    )
    await routee.platform.idle()
    tracking = ordered["trackingId"]
    (fetch,) = hooks.posts
    assert (fetch["conversationTrackingId"], fetch["to"]) == (tracking, NUMBER)
    assert hooks.statuses == ["Initiated", "Ringing", "InProgress", "Completed"]

    found = await routee.ok("GET", f"{ORDERED}/{tracking}")
    assert found == ordered | {"recordings": []}
    assert (found["dialPlanUrl"], found["direction"]) == (hooks.url, "Outbound")
    assert (found["to"], found["hangupDelay"], found["maxDuration"]) == ({"phone": NUMBER}, 20, 600)

    (leg,) = await legs(routee, tracking)
    assert leg["messageId"] == fetch["messageId"]
    assert (leg["status"]["status"], leg["collectedTones"], leg["country"]) == ("Completed", "42", "FR")
    assert (leg["duration"], leg["price"], leg["answeredBy"]) == (7, 0.01, "UNKNOWN")
    assert (await routee.ok("GET", f"/voice/tracking/{leg['messageId']}")).items() >= leg.items()

    (accepted,) = routee.platform.originates
    assert (accepted.number, accepted.reference, accepted.url) == (NUMBER, tracking, hooks.url)
    assert [(one.number, one.transcript.heard) for one in routee.platform.calls] == [(NUMBER, ["Hello", "Bye"])]
    assert (await routee.ok("GET", "/accounts/me/balance"))["balance"] == 99.99


async def test_the_plan_may_come_with_the_order(routee: RouteeClient, hooks: Hooks) -> None:
    ordered = await order(routee, hooks, dialPlan=HELLO)
    await routee.platform.idle()
    assert (hooks.posts, ordered["dialPlan"]) == ([], HELLO)
    assert routee.platform.calls[0].transcript.text() == (
        "rings      +33123456789 -> +33611111110\nhears      Hello\nhangs up   server\n"
    )


@pytest.mark.parametrize(
    ("number", "outcome"),
    [("+33600000001", "busy"), ("+33600000002", "no_answer"), ("+33600000004", "failed")],
)
async def test_nobody_is_reached(routee: RouteeClient, hooks: Hooks, number: str, outcome: Outcome) -> None:
    ordered = await order(routee, hooks, number, callback={"url": hooks.status_url, "strategy": "OnChange"})
    await routee.platform.idle()
    assert (hooks.posts, hooks.statuses) == ([], DIALLED[outcome])
    (leg,) = await legs(routee, ordered["trackingId"])
    assert (leg["status"]["status"], leg["duration"], leg["answeredBy"]) == (DIALLED[outcome][-1], 0, "UNKNOWN")


async def test_only_the_end_is_told_when_only_that_is_wanted(routee: RouteeClient, hooks: Hooks) -> None:
    hooks.reply(HELLO)
    callback = {"url": hooks.status_url, "strategy": "OnCompletion"}
    for number in (NUMBER, "+33600000001"):
        await order(routee, hooks, number, callback=callback)
        await routee.platform.idle()
    assert hooks.statuses == ["Completed", "Busy"]


@pytest.mark.parametrize(
    ("number", "strategy", "heard", "answered_by"),
    [
        (NUMBER, "Hangup", ["Hello"], "HUMAN"),
        (NUMBER, "Continue", ["Hello"], "HUMAN"),
        (MACHINE, "Hangup", [], "MACHINE"),
        (MACHINE, "Continue", ["Please call us"], "MACHINE"),
    ],
)
async def test_machine_detection(
    routee: RouteeClient, hooks: Hooks, number: str, strategy: str, heard: list[str], answered_by: str
) -> None:
    hooks.reply(HELLO)
    hooks.server.replies["/machine"] = [plan(say("Please call us"))]
    detection = {"strategy": strategy, "eventUrl": hooks.server.url + "/machine"}
    ordered = await order(
        routee,
        hooks,
        number,
        machineDetection=detection,
        callback={"url": hooks.status_url, "strategy": "OnCompletion"},
    )
    await routee.platform.idle()
    assert routee.platform.calls[0].transcript.heard == heard
    asked = (number, strategy) == (MACHINE, "Continue")
    assert len(hooks.server.bodies("/machine")) == int(asked)
    (leg,) = await legs(routee, ordered["trackingId"])
    assert (leg["answeredBy"], hooks.statuses) == (answered_by, ["Completed"])


async def test_a_machine_presses_nothing(routee: RouteeClient, hooks: Hooks) -> None:
    hooks.reply(plan({"type": "COLLECT", "eventUrl": hooks.server.url + "/event"}, pause(5)))
    await order(routee, hooks, MACHINE)
    await routee.platform.idle()
    assert [body["collectedTones"] for body in hooks.server.bodies("/event")] == [""]


@pytest.mark.parametrize(("delay", "status"), [(4, "NoAnswer"), (5, "Completed")])
async def test_how_long_it_rings(routee: RouteeClient, hooks: Hooks, delay: int, status: str) -> None:
    ordered = await order(routee, hooks, dialPlan=HELLO, hangupDelay=delay)
    await routee.platform.idle()
    assert [leg["status"]["status"] for leg in await legs(routee, ordered["trackingId"])] == [status]


async def test_how_long_it_lasts(routee: RouteeClient, hooks: Hooks) -> None:
    await order(routee, hooks, dialPlan=plan(pause(5), pause(5), say("Too late")), maxDuration=10)
    await routee.platform.idle()
    transcript = routee.platform.calls[0].transcript
    assert (transcript.heard, transcript.of("hangs up")) == ([], ["carrier"])


async def test_a_dialled_leg_is_tracked_and_recorded(routee: RouteeClient, hooks: Hooks) -> None:
    dial = {"type": "DIAL", "from": "me", "to": {"phone": "+33600000009"}, "record": True, "maxDuration": 9}
    ordered = await order(routee, hooks, dialPlan=plan(dial), machineDetection={"strategy": "Hangup"})
    await routee.platform.idle()
    tracking = ordered["trackingId"]
    first, second = await legs(routee, tracking)
    assert [(leg["to"], leg["status"]["status"]) for leg in (first, second)] == [
        (NUMBER, "Completed"),
        ("+33600000009", "Completed"),
    ]
    assert [leg["answeredBy"] for leg in (first, second)] == ["HUMAN", "UNKNOWN"]
    assert (second["from"], second["duration"], len(second["recordings"])) == ("me", 9, 1)
    (recording,) = (await routee.ok("GET", f"{ORDERED}/{tracking}"))["recordings"]
    assert (recording["conversationTrackingId"], recording["duration"]) == (tracking, 9)


async def test_who_is_dialled_is_in_the_table_of_people(routee: RouteeClient, hooks: Hooks) -> None:
    dial = {"type": "DIAL", "from": "me", "to": {"phone": "+33600000001"}}
    await order(routee, hooks, dialPlan=plan(dial, say("Nobody there")))
    await routee.platform.idle()
    transcript = routee.platform.calls[0].transcript
    assert (transcript.of("dials"), transcript.heard) == (["+33600000001: busy"], ["Nobody there"])


async def test_an_inbound_call(routee: RouteeClient, hooks: Hooks) -> None:
    with pytest.raises(LookupError):
        await routee.platform.call_in("+33123456789", "+33612345678")
    hooks.reply(HELLO)
    settings = {
        "voiceInboundStrategy": {"dialplanUrl": hooks.url},
        "inboundVoiceCallbackUrl": hooks.status_url,
    }
    await routee.ok("PUT", "/numbers/my/33123456789", settings)
    transcript = await routee.platform.call_in("+33123456789", "+33612345678", ScriptedCaller())
    assert transcript.heard == ["Hello"]
    (post,) = hooks.posts
    assert (post["from"], post["to"]) == ("+33612345678", "+33123456789")
    assert hooks.statuses == ["Ringing", "InProgress", "Completed"]
    found = await routee.ok("GET", f"{ORDERED}/{post['conversationTrackingId']}")
    assert (found["direction"], found["dialPlanUrl"]) == ("Inbound", hooks.url)
    assert routee.platform.originates == []


async def test_a_phone_rings_until_it_is_answered(routee: RouteeClient, hooks: Hooks, people: People) -> None:
    people.waits[NUMBER] = asyncio.Event()
    ordered = await order(
        routee, hooks, dialPlan=HELLO, callback={"url": hooks.status_url, "strategy": "OnChange"}
    )
    await hooks.server.until_asked("/status", 2)
    (leg,) = await legs(routee, ordered["trackingId"])
    assert leg["status"]["status"] == "Ringing"
    people.waits[NUMBER].set()
    await routee.platform.idle()
    assert hooks.statuses == DIALLED["answered"]


async def test_what_still_runs_is_given_up_at_the_end(routee: RouteeClient, hooks: Hooks, people: People) -> None:
    caller = Undecided()
    people.callers[NUMBER] = lambda: caller
    hooks.reply(plan({"type": "COLLECT", "eventUrl": hooks.server.url + "/event"}, pause(5)))
    await order(routee, hooks)
    await reached(caller.asked)
    await routee.platform.close()
    assert hooks.server.bodies("/event") == []
