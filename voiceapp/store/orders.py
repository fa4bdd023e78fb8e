"""What the writing process is told, and what it answers: MessagePack, each behind four bytes with its length."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from voiceapp.attempt import Cap, IdempotencyKey, Recorded, Settlement

Row = tuple[Any, ...]


class TurnRows(msgspec.Struct, gc=False, frozen=True, array_like=True):
    """A turn as rows, their values in the order of the table's columns.

    `place` is where the turn stands in a transaction. All processes take their locks in this order (calls that
    open, calls that move, opt-outs last), so that two of them never wait for each other."""

    place: tuple[str, ...]
    opened: Row | None
    moved: Row | None
    turn: Row
    notifications: tuple[Row, ...]
    opt_outs: tuple[Row, ...]
    attempts: tuple[Row, ...]


class _Order(msgspec.Struct, gc=False, frozen=True, tag=True, tag_field="order"):
    pass


class Serve(_Order, gc=False, frozen=True):
    """The first order: the database. In no argument of the process, since it may hold a password."""

    url: str


class Ping(_Order, gc=False, frozen=True):
    """Can the database be written?"""


class PutTurns(_Order, gc=False, frozen=True):
    """One transaction. `turns`: each an encoded TurnRows."""

    turns: Sequence[msgspec.Raw]


class KeepFlow(_Order, gc=False, frozen=True):
    """The files of a flow's version by name, unless they are kept already."""

    version: str
    flow: str
    sources: dict[str, str]
    at: datetime


class TakeNotifications(_Order, gc=False, frozen=True):
    """Lease what is due."""

    now: datetime
    limit: int


class SettleNotification(_Order, gc=False, frozen=True):
    """How an attempt ended."""

    id: str
    delivered_at: datetime | None
    next_at: datetime | None
    error: str


class ResendNotification(_Order, gc=False, frozen=True):
    """Due again at once, as if it had never been tried."""

    id: str
    at: datetime


class PutAttempt(_Order, gc=False, frozen=True):
    """Into the dial ledger, unless the key is known."""

    attempt: Row
    key: IdempotencyKey | None


class ClaimAttempts(_Order, gc=False, frozen=True):
    """The attempts that are due become `token`'s."""

    token: str
    now: datetime
    limit: int


class SettleAttempt(_Order, gc=False, frozen=True):
    """How an attempt moved on; the attempt that follows it, and the notifications that are owed for it."""

    settlement: Settlement
    follower: Row | None
    told: tuple[Row, ...]


class CountDials(_Order, gc=False, frozen=True):
    """One more of each, or of none when a cap is used up."""

    caps: tuple[Cap, ...]
    at: datetime


class KeepCarrierEvent(_Order, gc=False, frozen=True):
    """What a carrier told beside calls, unless it is kept already."""

    event: Row


class Forget(_Order, gc=False, frozen=True):
    """Delete idempotency keys and counted dials from before then."""

    before: datetime


LedgerOrder = (
    ResendNotification | PutAttempt | ClaimAttempts | SettleAttempt | CountDials | KeepCarrierEvent | Forget
)
Order = Serve | Ping | PutTurns | KeepFlow | TakeNotifications | SettleNotification | LedgerOrder


class LeftOut(msgspec.Struct, gc=False, frozen=True):
    """Why a turn of a transaction was left out: another process was first with it, or it is at fault itself."""

    reason: str
    conflict: bool


class Answer(msgspec.Struct, gc=False, frozen=True, omit_defaults=True):
    """What came of an order. `unavailable` and `fault` say why nothing did: the database, or we ourselves.
    `left_out` has an entry for every turn of PutTurns, None for one that is on disk; empty when all are.
    `notifications`, `attempts`: the row of each that was taken. `recorded` and `recorded_id`: what came of a
    PutAttempt. `capped`: the scope of the cap that is used up. `touched`: something was there to change."""

    unavailable: str = ""
    fault: str = ""
    left_out: tuple[LeftOut | None, ...] = ()
    notifications: tuple[Row, ...] = ()
    attempts: tuple[Row, ...] = ()
    recorded: Recorded = "created"
    recorded_id: str = ""
    capped: str = ""
    touched: bool = False


LENGTH = 4
"""Bytes before each message that say how long it is, the highest first."""

_encoder = msgspec.msgpack.Encoder()
_orders = msgspec.msgpack.Decoder(Order)
_answers = msgspec.msgpack.Decoder(Answer)
_rows = msgspec.msgpack.Decoder(TurnRows)


def message(content: Order | Answer) -> bytes:
    """An order or an answer as it is sent."""
    encoded = _encoder.encode(content)
    return len(encoded).to_bytes(LENGTH, "big") + encoded


def encode_rows(rows: TurnRows) -> msgspec.Raw:
    """A turn's rows, as PutTurns takes them. Raises UnicodeEncodeError where a text holds half a character."""
    return msgspec.Raw(_encoder.encode(rows))


def decode_rows(encoded: msgspec.Raw) -> TurnRows:
    """The rows that `encode_rows` wrote."""
    return _rows.decode(encoded)


def read_order(encoded: bytes) -> Order:
    """An order from a message without its length."""
    order: Order = _orders.decode(encoded)
    return order


def read_answer(encoded: bytes) -> Answer:
    """An answer from a message without its length."""
    return _answers.decode(encoded)
