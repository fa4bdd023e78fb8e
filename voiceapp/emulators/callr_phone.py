"""What a CALLR command does on the phone, and the `command_result` it has.

Sources: the results `"0"` of `play` and `"TIMEOUT"` of `read` are in the vendor's .NET SDK (CommandResults),
a file name from `record` in the PHP SDK. Inferred: `"0"` of every other command; BUSY, NOANSWER and
CONGESTION (words of `call_status`) after a dialout that nobody answered; `""` from `record` for silence;
`"TIMEOUT"` from `wait_for_silence` while somebody goes on talking, who is done in the end if it has none.
"""

from typing import assert_never

import msgspec

from voiceapp.emulators import callr_commands as commands
from voiceapp.emulators.caller import FASTEST_ANSWER, HANG_UP, Caller, Outcome, Question
from voiceapp.emulators.transcript import Transcript

_SUCCESS = "0"
_NOT_CONNECTED: dict[Outcome, str] = {"busy": "BUSY", "no_answer": "NOANSWER", "failed": "CONGESTION"}


class Done(msgspec.Struct, frozen=True):
    """How a command ended: `command_result`, `command_error`, and whether the call is over (`gone`)."""

    result: str = _SUCCESS
    error: str = ""
    gone: bool = False


class Phone:
    """The line between the carrier and the caller of one call, and what was recorded on it."""

    def __init__(self, transcript: Transcript, *, partial_answers: bool) -> None:
        self._transcript = transcript
        self._partial_answers = partial_answers
        self._recordings: list[str] = []
        self._heard: list[str] = []

    async def do(self, command: commands.Command, caller: Caller) -> Done:
        """Do one valid command."""
        match command:
            case commands.Read():
                done = await self._read(command, caller)
            case commands.Record():
                done = await self._record(caller)
            case commands.PlayRecord():
                done = await self._play_record(command, caller)
            case commands.Dialout():
                done = await self._dialout(command, caller)
            case commands.Conference():
                done = await self._conference(command, caller)
            case commands.WaitForSilence():
                done = await self._wait_for_silence(command, caller)
            case _:
                done = await self._plain(command, caller)
        return done

    async def _plain(self, command: commands.PlainCommand, caller: Caller) -> Done:
        done = Done()
        match command:
            case commands.Play():
                done = await self._play(commands.spoken(command.media_id), caller)
            case commands.SendDtmf():
                self._transcript.add("tones", command.digits)
            case commands.StartCallRecording() | commands.StopCallRecording():
                done = await self._play(commands.spoken(command.announce), caller)
                if not done.gone:
                    on = isinstance(command, commands.StartCallRecording)
                    self._transcript.add("recording", "on" if on else "off")
            case commands.Wait():
                self._transcript.add("pause", f"{command.length} s")
            case commands.Hangup():
                self._transcript.add("hangs up", "server")
                done = Done(result="", gone=True)
            case _:
                assert_never(command)
        return done

    async def _play(self, text: str, caller: Caller) -> Done:
        """Let the caller hear `text` (`""`: nothing)."""
        if not text:
            return Done()
        self._transcript.add("hears", text)
        self._heard.append(text)
        return Done() if await caller.hears(text) else self._caller_gone()

    async def _play_record(self, command: commands.PlayRecord, caller: Caller) -> Done:
        if command.media_file not in self._recordings:
            return Done(result="", error=f"no recording {command.media_file!r} - at `$.media_file`")
        return await self._play(f"[recording {command.media_file}]", caller)

    async def _read(self, command: commands.Read, caller: Caller) -> Done:
        """The prompt and a listening window, `attempts` times while nothing is pressed."""
        seconds = command.timeout_ms / 1000
        for _ in range(command.attempts):
            heard = await self._play(commands.spoken(command.media_id), caller)
            if heard.gone:
                return heard
            keys = await caller.press(Question(" ".join(self._heard), seconds))
            if keys is not None:
                self._heard.clear()
                self._transcript.add("presses", keys)
                digits = read_keys(keys, command.max_digits)
                return self._caller_gone(digits) if HANG_UP in keys else Done(digits)
            if seconds >= FASTEST_ANSWER:
                self._heard.clear()
                self._transcript.add("silence", f"{seconds:g} s")
        return Done("TIMEOUT")

    async def _record(self, caller: Caller) -> Done:
        voice = await caller.record()
        if voice == "silent":
            self._transcript.add("records", "nothing")
            return Done("")
        name = f"recording-{len(self._recordings) + 1}"
        self._recordings.append(name)
        self._transcript.add("records", name)
        return self._caller_gone(name) if voice == "hangs_up" else Done(name)

    async def _dialout(self, command: commands.Dialout, caller: Caller) -> Done:
        result = ""
        for target in command.targets:
            outcome = await caller.dialled(target.number)
            self._transcript.add("dials", f"{target.number}: {outcome}")
            if outcome == "answered":
                self._transcript.add("hangs up", "callee")
                return Done("", gone=True)
            result = _NOT_CONNECTED[outcome]
        return Done(result)

    async def _conference(self, command: commands.Conference, caller: Caller) -> Done:
        """Nobody is asked for the PIN of a room."""
        heard = await self._play(commands.spoken(command.welcome), caller)
        if heard.gone:
            return heard
        room = f"room {command.id}"
        self._transcript.add("joins", room)
        if not await caller.leave(str(command.id)):
            return self._caller_gone()
        self._transcript.add("leaves", room)
        return Done()

    async def _wait_for_silence(self, command: commands.WaitForSilence, caller: Caller) -> Done:
        if command.timeout and not await caller.falls_silent():
            self._transcript.add("pause", f"{command.timeout} s without silence")
            return Done("TIMEOUT")
        self._transcript.add("pause", "until it is silent")
        return Done()

    def _caller_gone(self, answer: str = "") -> Done:
        self._transcript.add("hangs up", "caller")
        return Done(answer if self._partial_answers else "", gone=True)


def read_keys(keys: str, max_digits: int) -> str:
    """The digits that `read` makes of the keys typed in one window.

    Inferred from Asterisk's Read, which shares its concepts: `#` ends the input and is not part of it, the
    last digit wanted ends it too, and fewer digits are returned as they are. What is typed later is lost.
    """
    return keys.removesuffix(HANG_UP).partition("#")[0][:max_digits]
