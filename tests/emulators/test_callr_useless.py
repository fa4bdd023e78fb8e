"""What CALLR makes of a reply that is of no use, or has wrong fields beside its command."""

from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.emulators.callr_replies import HANG_UP, HOOK, command, steps
from tests.emulators.server import FakeServer, Reply
from voiceapp.emulators.callr import CallrCall, CallrOptions

USELESS: dict[str, tuple[Reply, str]] = {
    "late": (None, "no reply within 0.05 s"),
    "500": (500, "HTTP 500"),
    "empty": (b"", "the reply is not a JSON object"),
    "no JSON": (b"{", "the reply is not a JSON object"),
    "no UTF-8": (b'{"command": "\xff"}', "the reply is not a JSON object"),
    "a list": (b"[]", "the reply is not a JSON object"),
    "no command": ({}, "unknown command None"),
    "misspelt": (command("hungup"), "unknown command 'hungup'"),
    "no text": ({"command": ["play"]}, "unknown command ['play']"),
    "the end of final posts": (command("end"), "unknown command 'end'"),
}


@pytest.mark.parametrize("case", USELESS.values(), ids=USELESS)
@pytest.mark.parametrize("at_first", [True, False])
async def test_a_useless_reply_drops_the_call(
    server: FakeServer, session: aiohttp.ClientSession, case: tuple[Reply, str], at_first: bool
) -> None:
    reply, defect = case
    before: list[Reply] = [] if at_first else [command("play", media_id=0)]
    server.replies[HOOK] = [*before, reply, {}]
    options = CallrOptions(deadline=0.05 if reply is None else 5.0)
    transcript = await CallrCall(session, server.url + HOOK, options).run()
    last = ("HANGUP", "", 0, "") if at_first else ("HANGUP", "play", "id", "")
    assert steps(server)[-1] == last
    assert len(server.asked) == len(before) + 2
    assert [*transcript.lines[1:]] == [("defect", defect), ("hangs up", "carrier")]


async def test_a_late_reply_to_the_last_post_is_a_defect_too(
    server: FakeServer, session: aiohttp.ClientSession
) -> None:
    server.replies[HOOK] = [HANG_UP, 500]
    transcript = await CallrCall(session, server.url + HOOK).run()
    assert transcript.defects == ["HTTP 500"]


@pytest.mark.parametrize(
    "reply",
    [
        {"command": "hangup", "params": {}, "variables": {}},
        HANG_UP | {"variables": []},
    ],
)
async def test_a_reply_with_wrong_fields_beside_the_command(
    server: FakeServer, session: aiohttp.ClientSession, reply: dict[str, Any]
) -> None:
    server.replies[HOOK] = [reply]
    transcript = await CallrCall(session, server.url + HOOK).run()
    assert transcript.defects == ["the reply has no `command_id`, or `variables` that are no object"]
    assert transcript.of("hangs up") == ["server"]


async def test_a_reply_of_another_type(server: FakeServer, session: aiohttp.ClientSession) -> None:
    server.replies[HOOK] = [web.Response(text='{"command":"hangup","command_id":1,"params":{}}'), {}]
    transcript = await CallrCall(session, server.url + HOOK).run()
    assert transcript.defects == ["the reply's type is text/plain"]
