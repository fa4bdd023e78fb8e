"""Who holds the phone: a script, or a person at a terminal.

Keys are text made of `0123456789*#`; `!` among them puts the phone down. Durations are seconds.
"""

import asyncio
import contextlib
import re
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, get_args

import msgspec

HANG_UP = "!"
"""The key that is no key: the phone is put down."""

FASTEST_ANSWER = 0.5
"""Seconds below which nobody manages to press a key: such a listening window is always silent."""

Outcome = Literal["answered", "busy", "no_answer", "failed"]
"""What becomes of a number that the call dials."""

Voice = Literal["speaks", "silent", "hangs_up"]
"""What the caller does while recorded; `hangs_up` speaks first and then puts the phone down."""


class Question(msgspec.Struct, frozen=True):
    """One listening window: what was `heard` since the last one, and its length in `seconds`."""

    heard: str
    seconds: float


class Caller(Protocol):
    """Everything a carrier needs from the people on the line."""

    async def hears(self, text: str) -> bool:
        """Listen to `text`; `False` when the caller puts the phone down on it."""

    async def press(self, question: Question) -> str | None:
        """The keys pressed in this window, or `None` for silence."""

    async def record(self) -> Voice:
        """What the caller does while recorded."""

    async def leave(self, room: str) -> bool:
        """Stay in a conference until tired of it; `True` leaves with `*`, `False` puts the phone down."""

    async def dialled(self, target: str) -> Outcome:
        """What the dialled party does."""

    async def falls_silent(self) -> bool:
        """Whether whoever picked up stops talking soon, as people do and machines do not."""


@dataclass
class ScriptedCaller:
    """Follows a script such as `"1 . 42# !"`: tokens between spaces, each for one listening window.

    `42#` presses these keys, `.` stays silent through one window, `!` (alone or after keys) hangs up. After
    the script's end the caller is silent for ever, or hangs up in the next window (`then`). A window shorter
    than `FASTEST_ANSWER` uses up no token: a person needs longer. Nor do recordings (`voice`), conferences
    (left with `*` if `leaves`) and dialled `parties` (outcome by target; others answer). The caller hangs up
    on a prompt that contains `drops_at`. A `machine` presses nothing, whatever the script says, and goes on
    talking. Raises ValueError on a wrong token.
    """

    script: str = ""
    then: Literal["silent", "hangs_up"] = "silent"
    parties: Mapping[str, Outcome] = field(default_factory=dict)
    voice: Voice = "speaks"
    leaves: bool = True
    drops_at: str = ""
    machine: bool = False

    def __post_init__(self) -> None:
        self._tokens = self.script.split()
        for token in self._tokens:
            if not re.fullmatch(r"\.|[0-9*#]+!?|!", token):
                raise ValueError(f"{token!r} is no token: keys (0-9, * and #), . for silence, ! to hang up")

    @property
    def unused(self) -> list[str]:
        """The tokens that no window has asked for yet."""
        return list(self._tokens)

    async def hears(self, text: str) -> bool:
        return not self.drops_at or self.drops_at not in text

    async def press(self, question: Question) -> str | None:
        if self.machine or question.seconds < FASTEST_ANSWER:
            return None
        if not self._tokens:
            return HANG_UP if self.then == "hangs_up" else None
        token = self._tokens.pop(0)
        return None if token == "." else token  # noqa: S105 - a token of the script, no secret

    async def record(self) -> Voice:
        return self.voice

    async def leave(self, room: str) -> bool:
        return self.leaves

    async def dialled(self, target: str) -> Outcome:
        return self.parties.get(target, "answered")

    async def falls_silent(self) -> bool:
        return not self.machine


class TerminalCaller:
    """A person: one line of keys per listening window; an empty line is silence, `!` or Ctrl-D hangs up.

    The call waits for the line as long as it takes: windows are not timed. Lines come from `read_line` (`""`
    at the end of the input) in a thread of its own, and what to type is told to `show`.
    """

    def __init__(self, show: Callable[[str], object], read_line: Callable[[], str] = sys.stdin.readline) -> None:
        self._show = show
        self._read_line = read_line

    async def hears(self, text: str) -> bool:
        return True

    async def press(self, question: Question) -> str | None:
        if question.seconds < FASTEST_ANSWER:
            return None
        while True:
            line = await self._ask(f"keys within {question.seconds:g} s (Enter: silence, !: hang up)")
            if re.fullmatch(r"[0-9*#]*!?", line):
                return line or None
            self._show("a phone has the keys 0-9, * and #")

    async def record(self) -> Voice:
        line = await self._ask("recorded now (Enter: speak, .: stay silent, !: hang up)")
        answers: dict[str, Voice] = {".": "silent", HANG_UP: "hangs_up"}
        return answers.get(line, "speaks")

    async def leave(self, room: str) -> bool:
        return await self._ask(f"in room {room} (Enter: leave with *, !: hang up)") != HANG_UP

    async def dialled(self, target: str) -> Outcome:
        line = await self._ask(f"{target} rings ({', '.join(get_args(Outcome))}; Enter: answered)")
        return next((outcome for outcome in get_args(Outcome) if outcome == line), "answered")

    async def falls_silent(self) -> bool:
        return True

    async def _ask(self, what: str) -> str:
        """One line without its end, blanks removed; `!` when the input is over."""
        self._show(what)
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[str] = loop.create_future()

        def deliver(line: str) -> None:
            if not answer.done():
                answer.set_result(line)

        def read() -> None:
            line = self._read_line()
            with contextlib.suppress(RuntimeError):  # the call was given up and its loop closed meanwhile
                loop.call_soon_threadsafe(deliver, line)

        # A daemon thread: an executor's would keep the program alive until somebody pressed Enter.
        threading.Thread(target=read, daemon=True).start()
        line = await answer
        return "".join(line.split()) if line else HANG_UP
