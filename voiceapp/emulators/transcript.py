"""What happened on one phone call, in order: lines that people read, and the HTTP exchanges between them."""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import msgspec

Kind = Literal[
    "rings",  # who calls whom
    "hears",  # a text, or [audio 42], or [recording name]
    "presses",  # the keys of one listening window, in the order typed
    "silence",  # how long the carrier listened for keys and heard none
    "pause",  # how long nothing was to be heard and no key was listened for
    "records",  # the name under which the caller's voice is kept, or nothing
    "dials",  # target: outcome
    "joins",  # a conference room
    "leaves",  # the same
    "tones",  # keys that the carrier itself sends
    "recording",  # of the call itself: on, off
    "hangs up",  # caller, server, callee (or caller: the carrier does not tell) or carrier
    "unreached",  # why an outbound call never became a conversation
    "defect",  # what the server did wrong
]


class Line(NamedTuple):
    """One thing that happened on the phone."""

    kind: Kind
    detail: str

    def __str__(self) -> str:
        return f"{self.kind:<10} {self.detail}"


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """One HTTP request and what came back within `seconds`. `status` is `None` and `failure` says why
    when no whole reply came."""

    url: str
    request: dict[str, Any]
    seconds: float
    status: int | None = None
    content_type: str = ""
    body: bytes = b""
    failure: str = ""

    @property
    def reply(self) -> Any:
        """The body read as JSON; `None` when it is none."""
        try:
            return msgspec.json.decode(self.body)
        except ValueError:  # msgspec's errors, and bytes that are no UTF-8
            return None

    @property
    def problem(self) -> str:
        """Why this reply is of no use whatever it says; `""` when it may be."""
        if self.failure:
            return self.failure
        return "" if self.status == 200 else f"HTTP {self.status}"


class Transcript:
    """An ordered list of lines and exchanges; whoever asks by `show_to` sees the lines as they come."""

    def __init__(self) -> None:
        self.entries: list[Line | Exchange] = []
        self._show: Callable[[str], object] | None = None

    def add(self, kind: Kind, detail: str) -> None:
        """Write one line."""
        line = Line(kind, detail)
        self.entries.append(line)
        if self._show is not None:
            self._show(str(line))

    def exchanged(self, exchange: Exchange) -> None:
        """Keep one exchange."""
        self.entries.append(exchange)

    def show_to(self, show: Callable[[str], object]) -> None:
        """Show the lines so far now, later ones when they are written."""
        for line in self.lines:
            show(str(line))
        self._show = show

    @property
    def lines(self) -> list[Line]:
        """The lines alone."""
        return [entry for entry in self.entries if isinstance(entry, Line)]

    @property
    def exchanges(self) -> list[Exchange]:
        """The exchanges alone, in the order in which they were begun."""
        return [entry for entry in self.entries if isinstance(entry, Exchange)]

    @property
    def heard(self) -> list[str]:
        """Everything the caller heard."""
        return self.of("hears")

    @property
    def defects(self) -> list[str]:
        """Everything the server did wrong."""
        return self.of("defect")

    def of(self, kind: Kind) -> list[str]:
        """The details of the lines of one kind."""
        return [line.detail for line in self.lines if line.kind == kind]

    def text(self) -> str:
        """The lines as a page. It has no ids and no times: the same call gives the same page."""
        return "".join(f"{line}\n" for line in self.lines)
