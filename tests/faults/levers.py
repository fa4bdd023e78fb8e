"""What a test moves while the processes of a server run: their clock, and the point at which one of them dies.

A file in memory that all of them see: no message has to be read before a lever works.
"""

import mmap
import os
import signal
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

Who = Literal["all", "server", "writer", "frozen"]
"""Which processes die: both, the one that serves, or the one that writes; `frozen`: the one that serves stands
still, until somebody lets it go on."""

Point = Literal[
    "put: before",
    "put: after",
    "claim: before",
    "claim: after",
    "settle: before",
    "settle: after",
    "put: writer before",
    "put: writer after",
    "claim: writer before",
    "claim: writer after",
    "settle: writer before",
    "settle: writer after",
]
"""Around each order to the ledger, in the process that serves and in the one that writes. `put` and `claim` write
the intent to dial; between them and `settle`, which writes the result, the carrier is asked."""

POINTS: tuple[Point, ...] = Point.__args__  # type: ignore[attr-defined]
_WHO: tuple[Who, ...] = Who.__args__  # type: ignore[attr-defined]

_OFFSET, _ORDER, _FIRED = struct.Struct("<d"), struct.Struct("<iii"), struct.Struct("<i")
_ORDER_AT, _FIRED_AT, _SIZE = 8, 20, 64
_NONE = -1


class Levers:
    """The levers in the file at `path`, which is made when it is not there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.exists():
            path.write_bytes(bytes(_SIZE))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _SIZE)

    def now(self) -> datetime:
        """The time that all processes go by, aware, UTC."""
        (offset,) = _OFFSET.unpack_from(self._memory)
        return datetime.now(UTC) + timedelta(seconds=offset)

    def skip(self, step: timedelta) -> None:
        """Move the clock of all of them."""
        (offset,) = _OFFSET.unpack_from(self._memory)
        _OFFSET.pack_into(self._memory, 0, offset + step.total_seconds())

    def arm(self, point: Point, hits: int, who: Who) -> None:
        """Let `who` die when this point is reached for the `hits`-th time from now on."""
        _FIRED.pack_into(self._memory, _FIRED_AT, 0)
        _ORDER.pack_into(self._memory, _ORDER_AT, POINTS.index(point), hits, _WHO.index(who))

    def disarm(self) -> None:
        """Let nobody die any more."""
        _ORDER.pack_into(self._memory, _ORDER_AT, _NONE, 0, 0)
        _FIRED.pack_into(self._memory, _FIRED_AT, 0)

    @property
    def fired(self) -> bool:
        """The point was reached."""
        (fired,) = _FIRED.unpack_from(self._memory, _FIRED_AT)
        return bool(fired)

    def reached(self, point: Point, *, server: int, writer: int) -> None:
        """A process is at this point: whoever is to die here is killed, the one that asks last. `server` and
        `writer` are their ids, the asking one's included."""
        at, hits, who = _ORDER.unpack_from(self._memory, _ORDER_AT)
        if at != POINTS.index(point) or hits < 1:
            return
        _ORDER.pack_into(self._memory, _ORDER_AT, at, hits - 1, who)
        if hits > 1:
            return
        _FIRED.pack_into(self._memory, _FIRED_AT, 1)
        pids = {"all": {server, writer}, "writer": {writer}}.get(_WHO[who], {server})
        for pid in sorted(pids, key=lambda pid: pid == os.getpid()):
            os.kill(pid, signal.SIGSTOP if _WHO[who] == "frozen" else signal.SIGKILL)
