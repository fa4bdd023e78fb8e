"""The leg that a DIAL starts: its outcomes, its posts, and what comes after it."""

import re
from typing import Any

import pytest

from tests.emulators.plans import DIALLED, LEG_B, PLAN, RouteeServer, plan, say
from voiceapp.emulators.caller import Outcome, ScriptedCaller

RECORDING = "/hooks/routee/flow/recording"


@pytest.mark.parametrize("outcome", DIALLED)
@pytest.mark.parametrize("strategy", ["OnChange", "OnCompletion"])
async def test_the_dialled_leg(routee: RouteeServer, outcome: Outcome, strategy: str) -> None:
    callback = {"url": routee.server.url + LEG_B, "strategy": strategy}
    routee.replies(plan(routee.dial(callback=callback), say("Nobody")))
    transcript = await routee.run(ScriptedCaller(parties={"+331": outcome}))
    statuses = DIALLED[outcome]
    assert routee.statuses(LEG_B) == (statuses if strategy == "OnChange" else statuses[-1:])
    assert transcript.of("dials") == [f"+331: {outcome}"]
    answered = outcome == "answered"
    assert transcript.heard == ([] if answered else ["Nobody"])
    assert transcript.of("hangs up") == ["callee" if answered else "server"]


async def test_the_posts_of_a_dialled_leg(routee: RouteeServer) -> None:
    recording = routee.server.url + RECORDING
    routee.replies(plan(routee.dial(maxDuration=12, record=True, recordingCallbackUrl=recording)))
    await routee.run(ScriptedCaller())
    (own,) = routee.server.bodies(PLAN)
    (kept,) = routee.server.bodies(RECORDING)
    completed = routee.server.bodies(LEG_B)[-1]
    assert completed["messageId"] != own["messageId"]
    assert completed["conversationTrackingId"] == own["conversationTrackingId"]
    assert (completed["from"], completed["to"], completed["direction"]) == ("me", "+331", "Outbound")
    assert (completed["duration"], completed["price"]) == (12, 0.01)
    assert re.fullmatch(r"https://\S+", kept.pop("url"))
    ids = {
        "conversationTrackingId": own["conversationTrackingId"],
        "voiceTrackingIds": [completed["messageId"]],
    }
    times = {name: kept[name] for name in ("trackingId", "start", "end")}
    assert kept == ids | times | {"from": "me", "to": "+331", "duration": 12}


@pytest.mark.parametrize("fields", [{"record": False}, {"record": True, "parties": {"+331": "busy"}}])
async def test_nothing_to_record(routee: RouteeServer, fields: dict[str, Any]) -> None:
    caller = ScriptedCaller(parties=fields.pop("parties", {}))
    routee.replies(plan(routee.dial(recordingCallbackUrl=routee.server.url + RECORDING, **fields)))
    await routee.run(caller)
    assert routee.server.bodies(RECORDING) == []


async def test_a_leg_that_nobody_watches(routee: RouteeServer) -> None:
    verb = routee.dial()
    del verb["callback"]
    routee.replies(plan(verb))
    assert (await routee.run(ScriptedCaller())).defects == []
    assert [asked.path for asked in routee.server.asked] == [PLAN]


@pytest.mark.parametrize("to", [{"sip": "a@b:5060"}, {"viber": "306971234567"}])
async def test_other_targets(routee: RouteeServer, to: dict[str, str]) -> None:
    (address,) = to.values()
    routee.replies(plan(routee.dial(to=to)))
    transcript = await routee.run(ScriptedCaller(parties={address: "busy"}))
    assert transcript.of("dials") == [f"{address}: busy"]


async def test_verbs_after_a_talk_run_if_told_to(routee: RouteeServer) -> None:
    routee.replies(plan(routee.dial(), say("Back")))
    transcript = await routee.run(ScriptedCaller(), verbs_after_talk=True)
    assert (transcript.heard, transcript.of("hangs up")) == (["Back"], ["server"])
