"""Who holds the phone in a rehearsed call: does what the lines of a scenario say, and lets time pass."""

from collections import deque
from collections.abc import Iterable
from itertools import takewhile

from voiceapp.emulators.caller import FASTEST_ANSWER, HANG_UP, Outcome, Question, Voice
from voiceapp.rehearsal.clock import Clock
from voiceapp.rehearsal.lines import (
    DIALS,
    HANGS_UP,
    HEARS,
    LEAVES,
    NOTHING,
    PRESSES,
    RECORDS,
    SILENCE,
    Line,
    joined,
)

_DONE_BY_CALLER = frozenset({PRESSES, SILENCE, RECORDS, LEAVES, DIALS})

KEY_SECONDS = 1.0
RECORD_SECONDS = 10.0
TALK_SECONDS = 30.0
RING_SECONDS = 20.0
"""How long things take on a rehearsed call; made up, but of the right size. What is said takes no time, so that a
prompt in other words leaves the time of everything else as it was."""

CALLER_HANGS_UP = Line(HANGS_UP, "caller")
_OUTCOMES: dict[str, Outcome] = {
    "answered": "answered",
    "busy": "busy",
    "no_answer": "no_answer",
    "failed": "failed",
}


class Actor:
    """Plays the people on the line; whatever the lines do not say is done as most people would. A caller with
    nothing left to do hangs up when the next key is waited for. A `machine` presses nothing and goes on
    talking."""

    def __init__(self, lines: Iterable[Line], clock: Clock, *, machine: bool = False) -> None:
        self._clock = clock
        self._machine = machine
        self._todo = deque(joined(lines))
        self._heard: list[str] = []

    @staticmethod
    def _is_ours(line: Line) -> bool:
        return line.kind in _DONE_BY_CALLER or line == CALLER_HANGS_UP

    def _next(self) -> Line | None:
        """What the caller does next, whatever happens before."""
        return next(filter(self._is_ours, self._todo), None)

    def _done(self) -> None:
        while not self._is_ours(self._todo.popleft()):
            pass
        self._heard.clear()

    def _hangs_up_now(self) -> bool:
        """Whether the lines say so right behind what was done last; if so, there is nothing left to do."""
        if not self._todo or self._todo[0] != CALLER_HANGS_UP:
            return False
        self._todo.clear()
        return True

    async def hears(self, text: str) -> bool:
        """Listens; puts the phone down where the lines do so behind just these words."""
        self._heard.append(text)
        before = list(takewhile(lambda line: not self._is_ours(line), self._todo))
        if self._next() != CALLER_HANGS_UP or not before or before[-1].kind != HEARS:
            return True
        if " ".join(self._heard) != " ".join(line.detail for line in before if line.kind == HEARS):
            return True
        self._todo.clear()
        return False

    async def press(self, question: Question) -> str | None:
        """The keys for this listening window."""
        if self._machine or question.seconds < FASTEST_ANSWER:
            return None
        line = self._next()
        if line is None or line == CALLER_HANGS_UP:
            self._todo.clear()
            return HANG_UP
        if line.kind == PRESSES:
            self._done()
            self._clock.pass_(len(line.detail) * KEY_SECONDS)
            return f"{line.detail}{HANG_UP}" if self._hangs_up_now() else line.detail
        if line.kind == SILENCE:
            self._done()
        self._clock.pass_(question.seconds)
        return None

    async def record(self) -> Voice:
        """Speaks, unless the lines say that nothing is recorded."""
        line = self._next()
        self._clock.pass_(RECORD_SECONDS)
        if line is None or line.kind != RECORDS:
            return "speaks"
        self._done()
        if line.detail == NOTHING:
            return "silent"
        return "hangs_up" if self._hangs_up_now() else "speaks"

    async def leave(self, room: str) -> bool:
        """Leaves the room, or the call."""
        line = self._next()
        self._clock.pass_(TALK_SECONDS)
        if line == CALLER_HANGS_UP:
            self._todo.clear()
            return False
        if line is not None and line.kind == LEAVES:
            self._done()
        return True

    async def dialled(self, target: str) -> Outcome:
        """What becomes of a number; it answers where the lines say nothing of it."""
        line = self._next()
        outcome: Outcome = "answered"
        if line is not None and line.kind == DIALS:
            number, _, said = line.detail.rpartition(": ")
            if number == target:
                self._done()
                outcome = _OUTCOMES.get(said, "answered")
        self._clock.pass_(RING_SECONDS + (TALK_SECONDS if outcome == "answered" else 0))
        return outcome

    async def falls_silent(self) -> bool:
        """People do."""
        return not self._machine
