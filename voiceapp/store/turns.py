"""What goes into the store and what comes out. Times are aware datetimes, numbers count from 1."""

from datetime import datetime
from typing import Any

import msgspec

from voiceapp.actions import Action
from voiceapp.call import Call
from voiceapp.events import Event


class Report(msgspec.Struct, gc=False, frozen=True):
    """What an application is to be told: one of `terms.CALLBACK_EVENTS`, and the call as it then is."""

    type: str
    url: str
    data: dict[str, Any]


class LoggedTurn(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """One entry of a call's log: a POST, or something that the server made happen, and what came of it.

    `number` is its position in the log. `key` is what makes a duplicate recognisable; no two turns of a
    call share one. `digest` is a hash of the request in hex, to tell a duplicate from the same key with
    other content. `steps` were entered, `reply` holds the exact bytes answered."""

    number: int
    key: str
    digest: str
    at: datetime
    events: tuple[Event, ...] = ()
    steps: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    reply: bytes = b""

    def __post_init__(self) -> None:
        if self.number < 1:
            raise ValueError("a turn's number counts from 1")
        if not self.key:
            raise ValueError("a turn needs a key")
        if self.at.tzinfo is None:
            raise ValueError("a turn's time needs a time zone")


class Turn(LoggedTurn, gc=False, frozen=True, kw_only=True):
    """A turn to commit, with `call` as it is afterwards. Raises ValueError for a number below 1, an empty key
    or a naive time."""

    call: Call
    reports: tuple[Report, ...] = ()


class Stored(msgspec.Struct, gc=False, frozen=True):
    """A call and `log`, the number of its last turn: the next one to commit is `log + 1`."""

    call: Call
    log: int


class Answered(msgspec.Struct, gc=False, frozen=True):
    """What a turn was asked (hash in hex) and the exact bytes it was answered."""

    digest: str
    reply: bytes


class Page(msgspec.Struct, gc=False, frozen=True):
    """Some calls, newest first. `next` is the cursor of the page after this one, None on the last."""

    calls: tuple[Call, ...]
    next: str | None


class Notification(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """A webhook that is owed. `id` is the same at every attempt; `attempt` counts this one too. `type`:
    `call.notify` is what a flow wants told; others are one of `terms.CALLBACK_EVENTS`."""

    id: str
    call_id: str
    url: str
    data: dict[str, Any]
    attempt: int
    type: str


class Owed(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """How far a webhook has come: due at `next_at` (None: delivered or given up), after so many attempts."""

    id: str
    call_id: str
    type: str
    attempts: int
    next_at: datetime | None
    delivered_at: datetime | None
    error: str
