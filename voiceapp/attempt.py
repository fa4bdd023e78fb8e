"""One entry of the dial ledger: who is to be called, by whom, with which flow, and how far it has come.

The attempt's id is the call's id too, and what the carrier is given to know it by: 32 hex characters, the most
that CALLR's `cdr_field` takes (CALLR, "JSON objects", REALTIME10.Call.Options).
"""

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import Literal

import msgspec

from voiceapp.events import Value
from voiceapp.terms import NO_TERMS, Terms

HIDDEN = "hidden"
"""Shown in place of a number: none."""


class AttemptState(StrEnum):
    """scheduled -> dialing -> placed -> over; refused, or never sent: failed. What a crash or a broken connection
    left unclear is unknown until the carrier tells, and never dialled again. Only scheduled can be cancelled."""

    SCHEDULED = "scheduled"
    DIALING = "dialing"
    PLACED = "placed"
    UNKNOWN = "unknown"
    FAILED = "failed"
    CANCELLED = "cancelled"
    OVER = "over"

    @property
    def settled(self) -> bool:
        """Nothing happens on it any more."""
        return self in (AttemptState.FAILED, AttemptState.CANCELLED, AttemptState.OVER)


class Click(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A click-to-call: `a` is called first, one after the other until one answers, then `b`. All of `a` are tried
    `attempts` times, with `pause` seconds in between. `native`: the carrier's own service does it."""

    a: tuple[str, ...]
    b: tuple[str, ...]
    attempts: int = 1
    pause: int = 30
    native: bool = False
    native_options: dict[str, Value] = {}


class DialOrder(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What somebody asked for. `to` is E.164 or `sip:`; `shown` the number that the called party sees, `""` the
    carrier's default, `hidden` none; `ring` in seconds; `field` the application's own word for the call."""

    flow: str
    to: str
    carrier: str
    shown: str = ""
    inputs: dict[str, Value] = {}
    ring: int = 30
    field: str = ""
    terms: Terms = NO_TERMS
    click: Click | None = None


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """`number`: which attempt of its click-to-call, from 1. `ref`: the carrier's id for the request. Times are
    aware UTC: `due_at` when to dial, `requested_at` when the intent to dial was on disk."""

    id: str
    order: DialOrder
    state: AttemptState
    created_at: datetime
    due_at: datetime
    requested_at: datetime | None = None
    settled_at: datetime | None = None
    ref: str = ""
    reason: str = ""
    number: int = 1

    @property
    def click(self) -> str:
        """The id of the click-to-call it belongs to, `""` for none."""
        return self.order.terms.click


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """How an attempt moved on: from any of `before` to `state`; `None` leaves a field as it is."""

    id: str
    before: tuple[AttemptState, ...]
    state: AttemptState
    at: datetime
    ref: str | None = None
    reason: str | None = None


class IdempotencyKey(msgspec.Struct, frozen=True):
    """A request that may come again: its `key`, the `digest` of its body, and when it came."""

    key: str
    digest: str
    at: datetime


class Cap(msgspec.Struct, frozen=True):
    """At most `most` of what counts under `scope` (which names its own hour or day)."""

    scope: str
    most: int


Recorded = Literal["created", "known", "differs"]


def attempt_id(at: datetime, random: str) -> str:
    """32 hex characters that sort by time; `random`: 20 hex characters."""
    return f"{int(at.timestamp() * 1000):012x}{random}"


def derived_id(*parts: object) -> str:
    """An id made of what leads to the attempt, so that no two processes that come to it make two of it."""
    return hashlib.blake2b("/".join(map(str, parts)).encode(), digest_size=16).hexdigest()
