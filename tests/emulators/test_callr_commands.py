"""What each command does on the phone, and what comes back."""

from typing import Any

import aiohttp
import pytest

from tests.emulators.callr_replies import HANG_UP, HELLO, HOOK, command, dialout, play, read
from tests.emulators.server import FakeServer
from voiceapp.emulators.caller import ScriptedCaller
from voiceapp.emulators.callr import CallrCall
from voiceapp.emulators.callr_commands import VOICES, spoken

HEARD = ("hears", "Hello")

SILENCE = command("wait_for_silence", silence_ms=1800, iterations=1, timeout=20)

GOES_ON = {
    "play TTS": (command("play", media_id=HELLO), "", "0", [HEARD]),
    "play a library id": (command("play", media_id=42), "", "0", [("hears", "[audio 42]")]),
    "play an id as text": (command("play", media_id="42"), "", "0", [("hears", "[audio 42]")]),
    "play nothing": (command("play", media_id=0), "", "0", []),
    "play text with a bar": (command("play", media_id=f"{HELLO}|you"), "", "0", [("hears", "Hello|you")]),
    "read: ended by hash": (read(), "042#", "042", [HEARD, ("presses", "042#")]),
    "read: hash alone": (read(), "#", "", [HEARD, ("presses", "#")]),
    "read: last digit ends": (read(2), "123#", "12", [HEARD, ("presses", "123#")]),
    "read: too few digits": (read(), "12", "12", [HEARD, ("presses", "12")]),
    "read: star is a digit": (read(), "*1#", "*1", [HEARD, ("presses", "*1#")]),
    "read: silence": (read(), ". 5", "TIMEOUT", [HEARD, ("silence", "5 s")]),
    "read: played again": (
        read(attempts=3),
        ". 5",
        "5",
        [HEARD, ("silence", "5 s"), HEARD, ("presses", "5")],
    ),
    "read: all attempts": (read(attempts=2), "", "TIMEOUT", [HEARD, ("silence", "5 s")] * 2),
    "read: too short": (read(timeout_ms=499), "5", "TIMEOUT", [HEARD]),
    "read: just long enough": (read(timeout_ms=500), "5", "5", [HEARD, ("presses", "5")]),
    "read: no prompt": (read(media_id=0), "5", "5", [("presses", "5")]),
    "record": (
        command("record", max_duration=30, silence=3),
        "",
        "recording-1",
        [("records", "recording-1")],
    ),
    "send_dtmf": (command("send_dtmf", digits="1*#"), "", "0", [("tones", "1*#")]),
    "dialout: busy": (dialout("+331"), "", "BUSY", [("dials", "+331: busy")]),
    "dialout: nobody": (dialout("+332"), "", "NOANSWER", [("dials", "+332: no_answer")]),
    "dialout: failed": (dialout("+333"), "", "CONGESTION", [("dials", "+333: failed")]),
    "dialout: one by one": (
        dialout("+331", "+332"),
        "",
        "NOANSWER",
        [("dials", "+331: busy"), ("dials", "+332: no_answer")],
    ),
    "silence": (SILENCE, "", "0", [("pause", "until it is silent")]),
    "conference": (
        command("conference", id=7, welcome=HELLO),
        "",
        "0",
        [HEARD, ("joins", "room 7"), ("leaves", "room 7")],
    ),
    "start_call_recording": (
        command("start_call_recording", announce=HELLO),
        "",
        "0",
        [HEARD, ("recording", "on")],
    ),
    "stop_call_recording": (command("stop_call_recording"), "", "0", [("recording", "off")]),
    "wait: seconds": (command("wait", seconds=3), "", "0", [("pause", "3 s")]),
    "wait: wait": (command("wait", wait=4), "", "0", [("pause", "4 s")]),
    "wait: both alike": (command("wait", wait=5, seconds=5), "", "0", [("pause", "5 s")]),
}


@pytest.mark.parametrize("case", GOES_ON.values(), ids=GOES_ON)
async def test_the_call_goes_on(
    server: FakeServer,
    session: aiohttp.ClientSession,
    case: tuple[dict[str, Any], str, str, list[tuple[str, str]]],
) -> None:
    reply, script, result, lines = case
    caller = ScriptedCaller(script, parties={"+331": "busy", "+332": "no_answer", "+333": "failed"})
    post, heard = await play(server, session, caller, reply)
    assert (post["command_result"], post["command_error"], post["call_status"]) == (result, "", "UP")
    assert (post["command"], post["command_id"]) == (reply["command"], "id")
    assert heard == lines


CALLER_LEFT = ("hangs up", "caller")

ENDS = {
    "play": ({"drops_at": "Hell"}, command("play", media_id=HELLO), "", [HEARD, CALLER_LEFT]),
    "read, no key": ({"script": "!"}, read(), "", [HEARD, ("presses", "!"), CALLER_LEFT]),
    "read, some keys": ({"script": "12!"}, read(), "12", [HEARD, ("presses", "12!"), CALLER_LEFT]),
    "read, all keys": ({"script": "12!"}, read(1), "1", [HEARD, ("presses", "12!"), CALLER_LEFT]),
    "read, prompt": ({"script": "1", "drops_at": "Hell"}, read(), "", [HEARD, CALLER_LEFT]),
    "record": (
        {"voice": "hangs_up"},
        command("record", max_duration=0, silence=0),
        "recording-1",
        [("records", "recording-1"), CALLER_LEFT],
    ),
    "dialout": (
        {"parties": {"+331": "busy"}},
        dialout("+331", "+334", "+335"),
        "",
        [("dials", "+331: busy"), ("dials", "+334: answered"), ("hangs up", "callee")],
    ),
    "conference": (
        {"leaves": False},
        command("conference", id="a"),
        "",
        [("joins", "room a"), CALLER_LEFT],
    ),
    "conference, welcome": (
        {"drops_at": "Hello"},
        command("conference", id="a", welcome=HELLO),
        "",
        [HEARD, CALLER_LEFT],
    ),
    "announce": (
        {"drops_at": "Hello"},
        command("start_call_recording", announce=HELLO),
        "",
        [HEARD, CALLER_LEFT],
    ),
    "hangup": ({}, command("hangup"), "", []),
}


@pytest.mark.parametrize("case", ENDS.values(), ids=ENDS)
async def test_the_call_ends(
    server: FakeServer,
    session: aiohttp.ClientSession,
    case: tuple[dict[str, Any], dict[str, Any], str, list[tuple[str, str]]],
) -> None:
    habits, reply, result, lines = case
    post, heard = await play(server, session, ScriptedCaller(**habits), reply)
    assert (post["command_result"], post["call_status"]) == (result, "HANGUP")
    assert (post["command"], post["command_id"]) == (reply["command"], "id")
    assert heard == lines
    assert len(server.asked) == 2


async def test_partial_answers_can_be_left_out(server: FakeServer, session: aiohttp.ClientSession) -> None:
    post, _ = await play(server, session, ScriptedCaller("12!"), read(), partial_answers=False)
    assert (post["command_result"], post["call_status"]) == ("", "HANGUP")


async def test_silence_makes_no_recording(server: FakeServer, session: aiohttp.ClientSession) -> None:
    post, heard = await play(
        server, session, ScriptedCaller(voice="silent"), command("record", max_duration=9, silence=2)
    )
    assert (post["command_result"], heard) == ("", [("records", "nothing")])


@pytest.mark.parametrize(
    ("reply", "result", "lines"),
    [
        (SILENCE, "TIMEOUT", [("pause", "20 s without silence")]),
        (
            command("wait_for_silence", silence_ms=1800, iterations=1, timeout=0),
            "0",
            [("pause", "until it is silent")],
        ),
        (read(), "TIMEOUT", [HEARD, ("silence", "5 s")]),
    ],
)
async def test_an_answering_machine(
    server: FakeServer,
    session: aiohttp.ClientSession,
    reply: dict[str, Any],
    result: str,
    lines: list[tuple[str, str]],
) -> None:
    post, heard = await play(server, session, ScriptedCaller("1 2", machine=True), reply)
    assert (post["command_result"], heard) == (result, lines)


async def test_a_recording_can_be_played(server: FakeServer, session: aiohttp.ClientSession) -> None:
    server.replies[HOOK] = [
        command("record", max_duration=9, silence=2),
        command("play_record", media_file="recording-1"),
        HANG_UP,
    ]
    transcript = await CallrCall(session, server.url + HOOK).run()
    assert transcript.heard == ["[recording recording-1]"]
    assert server.bodies(HOOK)[2]["command_result"] == "0"


@pytest.mark.parametrize("voice", VOICES)
def test_every_voice_speaks(voice: str) -> None:
    assert spoken(f"TTS|{voice}|Hi\nthere") == "Hi\nthere"
    assert len(set(VOICES)) == 13
