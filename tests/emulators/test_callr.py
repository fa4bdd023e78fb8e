"""The posts of a CALLR call: their fields and their order."""

import base64
import re
from typing import Any

import aiohttp
import pytest

from tests.emulators.callr_replies import HANG_UP, HELLO, HOOK, command, read, steps
from tests.emulators.server import FakeServer
from voiceapp.emulators.caller import ScriptedCaller
from voiceapp.emulators.callr import CallrCall, CallrOptions, FirstStatus
from voiceapp.emulators.wire import Duplicates

FIELDS = [
    "app",
    "callid",
    "request_hash",
    "cli_name",
    "cli_number",
    "date_started",
    "number",
    "command",
    "command_id",
    "command_result",
    "command_error",
    "call_status",
    "cdr_field",
    "variables",
]


async def test_the_first_post_of_an_inbound_call(server: FakeServer, session: aiohttp.ClientSession) -> None:
    call = CallrCall(session, server.url + HOOK, CallrOptions(cli_name="Ann", cdr_field="c1", app="A1"))
    await call.post()
    (body,) = server.bodies(HOOK)
    assert list(body) == FIELDS
    assert body.pop("callid") >= 2**63
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", body.pop("date_started"))
    assert body == {
        "app": "A1",
        "request_hash": None,
        "cli_name": "Ann",
        "cli_number": "+33612345678",
        "number": "+33123456789",
        "command": "",
        "command_id": 0,
        "command_result": "",
        "command_error": "",
        "call_status": "INCOMING_CALL",
        "cdr_field": "c1",
        "variables": {},
    }


async def test_the_sample_of_the_vendor(server: FakeServer, session: aiohttp.ClientSession) -> None:
    options = CallrOptions(
        first_status="UP",
        callid=421889,
        cli_number="",
        date_started="2012-01-09 17:27:55",
        number="+16469820800",
        cdr_field="000CUSTOMFIELD42",
    )
    await CallrCall(session, server.url + HOOK, options).post()
    assert server.bodies(HOOK) == [
        {
            "app": "4346423A",
            "callid": 421889,
            "request_hash": "4260XMAQ",
            "cli_name": "",
            "cli_number": "",
            "date_started": "2012-01-09 17:27:55",
            "number": "+16469820800",
            "command": "",
            "command_id": 0,
            "command_result": "",
            "command_error": "",
            "call_status": "UP",
            "cdr_field": "000CUSTOMFIELD42",
            "variables": {},
        }
    ]


async def test_a_whole_call(server: FakeServer, session: aiohttp.ClientSession) -> None:
    server.replies[HOOK] = [
        command("play", media_id=HELLO) | {"command_id": "welcome", "variables": {"n": 1, "x": [None, 1.5]}},
        read(3, 2) | {"command_id": 2, "variables": {"n": 2}},
        {"command": "wait", "command_id": 3, "params": {"seconds": 1}},
        HANG_UP | {"variables": {}},
        {"command": "nonsense after the end"},
    ]
    transcript = await CallrCall(session, server.url + HOOK).run(ScriptedCaller(". 042"))
    assert steps(server) == [
        ("INCOMING_CALL", "", 0, ""),
        ("UP", "play", "welcome", "0"),
        ("UP", "read", 2, "042"),
        ("UP", "wait", 3, "0"),
        ("HANGUP", "hangup", "bye", ""),
    ]
    sent = [body["variables"] for body in server.bodies(HOOK)]
    assert sent == [{}, {"n": 1, "x": [None, 1.5]}, {"n": 2}, {"n": 2}, {}]
    assert len({body["callid"] for body in server.bodies(HOOK)}) == 1
    assert transcript.text() == (
        "rings      +33612345678 -> +33123456789\n"
        "hears      Hello\n"
        "hears      Hello\n"
        "silence    5 s\n"
        "hears      Hello\n"
        "presses    042\n"
        "pause      1 s\n"
        "hangs up   server\n"
    )


@pytest.mark.parametrize("status", ["BUSY", "NOANSWER", "CONGESTION", "REJECTED"])
async def test_an_outbound_call_that_reaches_nobody(
    server: FakeServer, session: aiohttp.ClientSession, status: FirstStatus
) -> None:
    server.replies[HOOK] = [b""]
    call = CallrCall(session, server.url + HOOK, CallrOptions(first_status=status))
    transcript = await call.run()
    assert steps(server) == [(status, "", 0, "")]
    assert server.bodies(HOOK)[0]["request_hash"] == "4260XMAQ"
    assert (transcript.of("unreached"), transcript.defects) == ([status], [])
    assert not await call.step()


async def test_credentials_are_sent_unasked(server: FakeServer, session: aiohttp.ClientSession) -> None:
    await CallrCall(session, server.url + HOOK, CallrOptions(login="jo", password="p:w")).post()
    await CallrCall(session, server.url + HOOK).post()
    with_login, without = server.asked
    assert with_login.headers["Authorization"] == "Basic " + base64.b64encode(b"jo:p:w").decode()
    assert "Authorization" not in without.headers


async def test_an_altered_post_moves_nothing(server: FakeServer, session: aiohttp.ClientSession) -> None:
    server.replies[HOOK] = [command("play", media_id=0), command("wait", seconds=9), HANG_UP]
    call = CallrCall(session, server.url + HOOK)
    await call.start()
    exchange = await call.post(command_id="forged", command_result="9", call_status="UP")
    assert exchange.reply["command"] == "wait"
    assert await call.step()
    assert steps(server)[1:] == [("UP", "play", "forged", "9"), ("UP", "play", "id", "0")]
    assert not await call.step()
    assert call.over


async def test_the_caller_can_leave_between_two_steps(server: FakeServer, session: aiohttp.ClientSession) -> None:
    server.replies[HOOK] = [read()]
    call = CallrCall(session, server.url + HOOK)
    await call.start()
    await call.hang_up("12")
    assert steps(server)[1:] == [("HANGUP", "read", "id", "12")]
    assert (await call.run()).of("hangs up") == ["caller"]
    assert len(server.asked) == 2


async def test_a_call_without_an_end_is_given_up(server: FakeServer, session: aiohttp.ClientSession) -> None:
    server.replies[HOOK] = [command("play", media_id=0)]
    transcript = await CallrCall(session, server.url + HOOK, CallrOptions(max_posts=7)).run()
    assert len(server.asked) == 7
    assert steps(server)[-1][0] == "HANGUP"
    assert transcript.defects == ["the call is not over after 7 posts"]


async def test_every_post_is_doubled(server: FakeServer, session: aiohttp.ClientSession) -> None:
    server.replies[HOOK] = [read(), read(), HANG_UP, {}]
    options = CallrOptions(duplicates=Duplicates(times=2))
    transcript = await CallrCall(session, server.url + HOOK, options).run(ScriptedCaller("1"))
    assert [step[0] for step in steps(server)] == ["INCOMING_CALL"] * 2 + ["UP"] * 2 + ["HANGUP"] * 2
    assert transcript.defects == ["copy 2 of a post got another reply than the first"]
    assert transcript.heard == ["Hello"]


async def test_a_question_tells_all_that_was_heard_since_the_last(
    server: FakeServer, session: aiohttp.ClientSession
) -> None:
    asked: list[tuple[str, float]] = []

    class Curious(ScriptedCaller):
        async def press(self, question: Any) -> str | None:
            asked.append((question.heard, question.seconds))
            return await super().press(question)

    server.replies[HOOK] = [command("play", media_id=HELLO), read(attempts=2), read(timeout_ms=2500), HANG_UP]
    await CallrCall(session, server.url + HOOK).run(Curious(". 1 2"))
    assert asked == [("Hello Hello", 5.0), ("Hello", 5.0), ("Hello", 2.5)]
