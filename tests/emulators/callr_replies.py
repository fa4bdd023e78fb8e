"""CALLR commands in few words, and a call that does one of them."""

from typing import Any

import aiohttp

from tests.emulators.server import FakeServer
from voiceapp.emulators.caller import ScriptedCaller
from voiceapp.emulators.callr import CallrCall, CallrOptions

HOOK = "/hooks/callr/flow"
HELLO = "TTS|TTS_EN-GB_SERENA|Hello"
HANG_UP = {"command": "hangup", "command_id": "bye", "params": {}, "variables": {}}


def command(name: str, **params: Any) -> dict[str, Any]:
    return {"command": name, "command_id": "id", "params": params, "variables": {}}


def read(max_digits: Any = 4, attempts: int = 1, timeout_ms: int = 5000, media_id: Any = HELLO) -> dict[str, Any]:
    return command("read", media_id=media_id, max_digits=max_digits, attempts=attempts, timeout_ms=timeout_ms)


def dialout(*numbers: str) -> dict[str, Any]:
    targets = [{"number": number, "timeout": 20} for number in numbers]
    return command("dialout", targets=targets, cli="BLOCKED", ringtone="RING", whisper=0, cdr_field="")


def steps(server: FakeServer) -> list[tuple[Any, ...]]:
    names = ("call_status", "command", "command_id", "command_result")
    return [tuple(body[name] for name in names) for body in server.bodies(HOOK)]


async def play(
    server: FakeServer,
    session: aiohttp.ClientSession,
    caller: ScriptedCaller,
    reply: dict[str, Any],
    **options: Any,
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The post after one command, and the lines between ringing and the server's own hang-up."""
    server.replies[HOOK] = [reply, HANG_UP]
    call = CallrCall(session, server.url + HOOK, CallrOptions(**options), caller)
    transcript = await call.run()
    assert transcript.defects == []
    lines = [(line.kind, line.detail) for line in transcript.lines[1:]]
    return server.bodies(HOOK)[1], [line for line in lines if line != ("hangs up", "server")]
