"""Every parameter that CALLR would refuse, and no command without its cases."""

from typing import Any

import aiohttp
import pytest

from tests.emulators.callr_replies import command, play, read
from tests.emulators.server import FakeServer
from tests.emulators.test_callr_commands import ENDS, GOES_ON
from voiceapp.emulators.caller import ScriptedCaller
from voiceapp.emulators.callr_commands import COMMANDS

TARGET = {"number": "+33123456789", "timeout": 20}

REFUSED = {
    "params missing": ({"command": "play", "command_id": "id"}, "object"),
    "params a list": (command("hangup") | {"params": []}, "object"),
    "hangup with a parameter": (command("hangup", reason="x"), "reason"),
    "unknown parameter": (command("play", media_id=0, loop=2), "loop"),
    "no media": (command("play"), "media_id"),
    "media null": (command("play", media_id=None), "media_id"),
    "media bool": (command("play", media_id=True), "media_id"),
    "media negative": (command("play", media_id=-1), "media_id"),
    "media float": (command("play", media_id=1.5), "media_id"),
    "media empty": (command("play", media_id=""), "media_id"),
    "media a path": (command("play", media_id="hello.wav"), "media_id"),
    "media id with a line end": (command("play", media_id="42\n"), "media_id"),
    "unknown voice": (command("play", media_id="TTS|TTS_EN-US_JOE|Hello"), "media_id"),
    "no text": (command("play", media_id="TTS|TTS_EN-GB_SERENA|"), "media_id"),
    "read: 0 digits": (read(max_digits=0), "max_digits"),
    "read: 21 digits": (read(max_digits=21), "max_digits"),
    "read: digits as text": (read(max_digits="4"), "max_digits"),
    "read: 0 attempts": (read(attempts=0), "attempts"),
    "read: 11 attempts": (read(attempts=11), "attempts"),
    "read: 99 ms": (read(timeout_ms=99), "timeout_ms"),
    "read: 30001 ms": (read(timeout_ms=30_001), "timeout_ms"),
    "read: not all four": (command("read", media_id=0, max_digits=1, attempts=1), "timeout_ms"),
    "record: negative": (command("record", max_duration=-1, silence=0), "max_duration"),
    "record: 301 s": (command("record", max_duration=301, silence=0), "max_duration"),
    "record: silence 21 s": (command("record", max_duration=1, silence=21), "silence"),
    "record: silence negative": (command("record", max_duration=1, silence=-1), "silence"),
    "record: no silence": (command("record", max_duration=1), "silence"),
    "play_record: unknown file": (command("play_record", media_file="recording-1"), "media_file"),
    "play_record: no text": (command("play_record", media_file=1), "media_file"),
    "send_dtmf: letters": (command("send_dtmf", digits="1A"), "digits"),
    "send_dtmf: nothing": (command("send_dtmf", digits=""), "digits"),
    "send_dtmf: 0 ms": (command("send_dtmf", digits="1", duration_ms=0), "duration_ms"),
    "send_dtmf: 5001 ms": (command("send_dtmf", digits="1", duration_ms=5001), "duration_ms"),
    "send_dtmf: gap 10001 ms": (command("send_dtmf", digits="1", timeout_ms=10_001), "timeout_ms"),
    "send_dtmf: gap negative": (command("send_dtmf", digits="1", timeout_ms=-1), "timeout_ms"),
    "dialout: nobody": (command("dialout", targets=[]), "targets"),
    "dialout: no plus": (command("dialout", targets=[{**TARGET, "number": "33123456789"}]), "number"),
    "dialout: 4 s": (command("dialout", targets=[{**TARGET, "timeout": 4}]), "timeout"),
    "dialout: 301 s": (command("dialout", targets=[{**TARGET, "timeout": 301}]), "timeout"),
    "dialout: no timeout": (command("dialout", targets=[{"number": "+331"}]), "timeout"),
    "dialout: target field": (command("dialout", targets=[{**TARGET, "x": 1}]), "x"),
    "dialout: cli": (command("dialout", targets=[TARGET], cli="blocked"), "cli"),
    "dialout: cli no plus": (command("dialout", targets=[TARGET], cli="33123456789"), "cli"),
    "dialout: ringtone": (command("dialout", targets=[TARGET], ringtone="music"), "ringtone"),
    "dialout: whisper": (command("dialout", targets=[TARGET], whisper="Hello"), "whisper"),
    "dialout: cdr_field": (command("dialout", targets=[TARGET], cdr_field="a b"), "cdr_field"),
    "dialout: long cdr_field": (command("dialout", targets=[TARGET], cdr_field="a" * 33), "cdr_field"),
    "conference: no id": (command("conference"), "id"),
    "conference: pin": (command("conference", id=1, pin_code="12#"), "pin_code"),
    "conference: 0 tries": (command("conference", id=1, pin_max_tries=0), "pin_max_tries"),
    "conference: 31 s": (command("conference", id=1, pin_wait=31), "pin_wait"),
    "conference: leave": (command("conference", id=1, auto_leave_when_alone=1), "auto_leave_when_alone"),
    "call recording: announce": (command("start_call_recording", announce="x"), "announce"),
    "call recording off: announce": (command("stop_call_recording", announce="x"), "announce"),
    "wait: nothing": (command("wait"), "seconds"),
    "wait: 0 s": (command("wait", seconds=0), "seconds"),
    "wait: 31 s": (command("wait", wait=31), "wait"),
    "silence: 0 ms": (command("wait_for_silence", silence_ms=0, iterations=1, timeout=9), "silence_ms"),
    "silence: 5001 ms": (command("wait_for_silence", silence_ms=5001, iterations=1, timeout=9), "silence_ms"),
    "silence: 4 times": (command("wait_for_silence", silence_ms=1, iterations=4, timeout=9), "iterations"),
    "silence: 301 s": (command("wait_for_silence", silence_ms=1, iterations=1, timeout=301), "timeout"),
    "silence: no timeout": (command("wait_for_silence", silence_ms=1, iterations=1), "timeout"),
    "wait: two lengths": (command("wait", wait=3, seconds=4), "different"),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
async def test_a_wrong_parameter_comes_back_as_an_error(
    server: FakeServer, session: aiohttp.ClientSession, case: tuple[dict[str, Any], str]
) -> None:
    reply, named = case
    post, heard = await play(server, session, ScriptedCaller("1"), reply)
    assert named in post["command_error"]
    assert (post["command_result"], post["call_status"]) == ("", "UP")
    assert (post["command"], post["command_id"]) == (reply["command"], "id")
    assert heard == []


def test_every_command_has_its_cases() -> None:
    assert {case[0]["command"] for case in REFUSED.values()} == set(COMMANDS)
    done = {case[0]["command"] for case in GOES_ON.values()} | {case[1]["command"] for case in ENDS.values()}
    assert done | {"play_record"} == set(COMMANDS)
