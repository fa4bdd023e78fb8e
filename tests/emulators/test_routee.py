"""A Routee call from ringing to its end: plans, statuses, and useless replies."""

from datetime import datetime

import pytest
from aiohttp import web

from tests.emulators.plans import DIALLED, EVENT, LEG_B, PLAN, STATUS, RouteeServer, pause, plan, say
from tests.emulators.server import Reply
from voiceapp.emulators.caller import Outcome, ScriptedCaller
from voiceapp.emulators.wire import Duplicates

AUDIO = {"type": "PLAY", "fileURL": "https://example.org/audio/a.wav"}
MACHINE = "/hooks/routee/flow/machine"


async def test_a_whole_call(routee: RouteeServer) -> None:
    routee.replies(
        plan(routee.collect(maxDigits=1), say("Press one"), pause(5), AUDIO, pause(5), say("Never")),
        plan(say("Thanks", repeat=1), pause(2)),
    )
    transcript = await routee.call(status_url=routee.server.url + STATUS).run(ScriptedCaller(". 1"))
    assert transcript.text() == (
        "rings      +33612345678 -> +33123456789\n"
        "hears      Press one\n"
        "silence    5 s\n"
        "hears      [audio /audio/a.wav]\n"
        "presses    1\n"
        "hears      Thanks\n"
        "hears      Thanks\n"
        "pause      2 s\n"
        "hangs up   server\n"
    )
    assert [asked.path for asked in routee.server.asked] == [STATUS, PLAN, STATUS, EVENT, STATUS]
    assert routee.statuses() == ["Ringing", "InProgress", "Completed"]


async def test_a_status_has_the_documented_fields(routee: RouteeServer) -> None:
    routee.replies(plan(say("x" * 100), pause(55)))
    await routee.run(ScriptedCaller(), status_url=routee.server.url + STATUS)
    ringing, _, completed = routee.server.bodies(STATUS)
    (first,) = routee.server.bodies(PLAN)
    assert completed == first | {
        "status": completed["status"],
        "direction": "Inbound",
        "originatingService": "Voice",
        "respectQuietHours": False,
        "duration": 61,
        "price": 0.02,
    }
    assert (ringing["duration"], ringing["price"]) == (0, 0)
    began, ended = (datetime.fromisoformat(body["status"]["updatedDate"]) for body in (ringing, completed))
    assert 60 <= (ended - began).total_seconds() <= 62


async def test_the_virtual_clock(routee: RouteeServer) -> None:
    routee.replies(plan(AUDIO, routee.collect(), pause(7), say("x" * 50), routee.dial()))
    await routee.run(ScriptedCaller(), status_url=routee.server.url + STATUS)
    assert [body["duration"] for body in routee.server.bodies(LEG_B)] == [0, 0, 0, 30]
    assert routee.server.bodies(STATUS)[-1]["duration"] == 3 + 7 + 3 + 30


async def test_a_get_for_the_plan(routee: RouteeServer) -> None:
    routee.replies(plan(say("Hello")))
    await routee.run(ScriptedCaller(), method="GET", from_number="+331")
    (asked,) = routee.server.asked
    assert (asked.method, asked.query["from"], len(asked.query)) == ("GET", "+331", 4)


INVALID_PLANS: dict[str, tuple[Reply, str]] = {
    "late": (None, "no reply within 0.05 s"),
    "500": (500, "HTTP 500"),
    "empty": (b"", "invalid dialplan: Input data was truncated"),
    "no UTF-8": (
        b'{"verbs":[{"type":"SAY","message":{"text":"\xff","language":"en-GB"}}]}',
        "invalid dialplan: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
    ),
    "no plan": ({}, "invalid dialplan: Object missing required field `verbs`"),
    "unknown field": (
        plan({"type": "PAUSE", "length": 5}),
        "invalid dialplan: Object contains unknown field `length` - at `$.verbs[0]`",
    ),
}


@pytest.mark.parametrize("case", INVALID_PLANS.values(), ids=INVALID_PLANS)
async def test_no_valid_plan_drops_the_call(routee: RouteeServer, case: tuple[Reply, str]) -> None:
    reply, defect = case
    routee.replies(reply)
    transcript = await routee.run(
        ScriptedCaller(), deadline=0.05 if reply is None else 3.0, status_url=routee.server.url + STATUS
    )
    assert transcript.lines[1:] == [("defect", defect), ("hangs up", "carrier")]
    assert routee.statuses() == ["Ringing", "Failed"]


EVENT_REPLIES: dict[str, tuple[Reply, list[str]]] = {
    "late": (None, ["no reply within 0.05 s"]),
    "500": (500, ["HTTP 500"]),
    "204": (204, ["HTTP 204"]),
    "empty": (b"", []),
    "empty object": (b" {} ", []),
    "invalid": (plan(), ["invalid dialplan: Expected `array` of length >= 1 - at `$.verbs`"]),
    "no JSON": (b"<html>", ["invalid dialplan: JSON is malformed: invalid character (byte 0)"]),
}


@pytest.mark.parametrize("case", EVENT_REPLIES.values(), ids=EVENT_REPLIES)
async def test_no_valid_plan_for_an_event_lets_the_running_one_go_on(
    routee: RouteeServer, case: tuple[Reply, list[str]]
) -> None:
    reply, defects = case
    routee.replies(plan(routee.collect(maxDigits=1), pause(), say("Still here")), reply)
    transcript = await routee.run(ScriptedCaller("1"), deadline=0.05 if reply is None else 3.0)
    assert (transcript.heard, transcript.defects) == (["Still here"], defects)


async def test_a_late_answer_to_the_last_post_is_a_defect(routee: RouteeServer) -> None:
    routee.replies(plan(routee.collect(), say("Bye")), 500)
    transcript = await routee.run(ScriptedCaller())
    assert (routee.tones(), transcript.defects) == ([""], ["HTTP 500"])


async def test_a_plan_of_another_type(routee: RouteeServer) -> None:
    body = '{"verbs":[{"type":"PAUSE","duration":1}]}'
    routee.replies(web.Response(text=body, content_type="text/html"))
    transcript = await routee.run(ScriptedCaller())
    assert transcript.defects == ["the reply's type is text/html"]
    assert transcript.of("pause") == ["1 s"]


@pytest.mark.parametrize(("reply", "said"), [(None, "no reply within 0.05 s"), (500, "HTTP 500")])
async def test_a_status_post_that_is_not_taken(routee: RouteeServer, reply: Reply, said: str) -> None:
    routee.replies(plan(say("Hello")))
    routee.server.replies[STATUS] = [reply, {}]
    transcript = await routee.run(
        ScriptedCaller(), status_url=routee.server.url + STATUS, status_deadline=0.05 if reply is None else 2
    )
    assert (transcript.defects, transcript.heard) == ([f"status post: {said}"], ["Hello"])


@pytest.mark.parametrize(("outcome", "statuses"), DIALLED.items())
async def test_an_outbound_call(routee: RouteeServer, outcome: Outcome, statuses: list[str]) -> None:
    routee.replies(plan(say("Hello")))
    url = routee.server.url + STATUS
    transcript = await routee.run(ScriptedCaller(), direction="Outbound", outcome=outcome, status_url=url)
    assert routee.statuses() == statuses
    assert len(routee.server.bodies(PLAN)) == (outcome == "answered")
    assert transcript.of("unreached") == ([] if outcome == "answered" else [outcome])


@pytest.mark.parametrize(
    ("reply", "heard"), [(plan(say("Voicemail")), ["Voicemail"]), (b"", ["Hello"]), (500, ["Hello"])]
)
async def test_a_machine_is_reported_as_the_plan_begins(
    routee: RouteeServer, reply: Reply, heard: list[str]
) -> None:
    routee.replies(plan(say("Hello")))
    routee.server.replies[MACHINE] = [reply]
    transcript = await routee.run(ScriptedCaller(), machine_url=routee.server.url + MACHINE)
    assert routee.server.bodies(MACHINE) == routee.server.bodies(PLAN)
    assert transcript.heard == heard


async def test_nobody_listens_for_ever(routee: RouteeServer) -> None:
    routee.replies(plan(say("Music", repeat=-1), say("Never")))
    transcript = await routee.run(ScriptedCaller())
    assert (transcript.heard, transcript.of("hangs up")) == (["Music"], ["caller"])


async def test_the_caller_leaves_during_a_prompt(routee: RouteeServer) -> None:
    routee.replies(plan(routee.collect(), say("Hello"), say("Boring", repeat=5), say("Never")))
    transcript = await routee.run(ScriptedCaller(drops_at="Bor"), status_url=routee.server.url + STATUS)
    assert (transcript.heard, routee.tones()) == (["Hello", "Boring"], [""])
    assert routee.statuses()[-1] == "Completed"


async def test_step_by_step(routee: RouteeServer) -> None:
    routee.replies(plan(say("One"), say("Two"), say("Three")))
    call = routee.call()
    await call.start()
    assert call.transcript.heard == []
    assert await call.step()
    exchange = await call.post(routee.server.url + EVENT, collectedTones="forged", messageId="x")
    assert exchange.request["messageId"] == "x"
    assert routee.tones() == ["forged"]
    await call.hang_up()
    assert not await call.step()
    assert (await call.run(ScriptedCaller())).heard == ["One"]
    assert len(routee.server.bodies(PLAN)) == 1


async def test_a_call_without_an_end_is_given_up(routee: RouteeServer) -> None:
    again = plan(routee.collect(maxDigits=1), pause())
    routee.replies(again)
    routee.server.replies[EVENT] = [again]
    transcript = await routee.run(ScriptedCaller("1 " * 20), max_posts=6)
    assert len(routee.server.asked) in (6, 7)
    assert transcript.defects == ["the call is not over after 6 posts"]


async def test_every_post_is_doubled(routee: RouteeServer) -> None:
    bye = plan(say("Bye"))
    routee.replies(plan(routee.collect(maxDigits=1), pause()), bye, {}, bye)
    transcript = await routee.run(ScriptedCaller("1"), duplicates=Duplicates(times=2))
    assert [asked.path for asked in routee.server.asked] == [PLAN, PLAN, EVENT, EVENT]
    assert transcript.defects == ["copy 2 of a post got another reply than the first"]
    assert transcript.heard == ["Bye"]
