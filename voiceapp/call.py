"""Call: all that is known of one call. Frozen; JSON both ways; the fold of its events.

Also the turn token, because a token is a property of a call: number of the reply, and a nonce that only
this server can know, derived from the call's key so that a replay gives the same bytes.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import cached_property, lru_cache

import msgspec

from voiceapp.actions import CarrierAction, Fetch
from voiceapp.events import Direction, Value
from voiceapp.terms import NO_TERMS, Terms


class Phase(StrEnum):
    """Where in its life a call is; `engine.lifecycle` says which event leads from which to which."""

    OPENED = "opened"
    IN_FLOW = "in_flow"
    CONNECTED = "connected"
    LEAVING = "leaving"
    CLOSING = "closing"
    ENDED = "ended"
    UNREACHED = "unreached"
    LOST = "lost"

    __hash__ = str.__hash__  # Enum's own is a Python function, and phases are looked up all the time

    @cached_property
    def over(self) -> bool:
        """Nothing that a carrier posts moves the call any more."""
        return self in (Phase.ENDED, Phase.UNREACHED, Phase.LOST)


# gc=False, here and in the other values: what is made of JSON holds no cycles, so that the garbage collector
# has nothing to look for in 100,000 live calls.


class Progress(msgspec.Struct, gc=False, frozen=True, omit_defaults=True):
    """What a waiting step has to remember: silent or wrong tries so far, keys of an unfinished answer,
    the name of the stage it is in, and the value that stage is about (an answer to confirm, a recording)."""

    tries: int = 0
    typed: str = ""
    stage: str = ""
    value: Value = None


class Frame(msgspec.Struct, gc=False, frozen=True, omit_defaults=True):
    """One running flow: the call's own at the bottom, flows started by `run` above it.

    `step` is the step that is waiting (or to be entered next); `saved` its variables."""

    flow: str
    step: str = ""
    saved: dict[str, Value] = {}
    asking: str = ""


class Bill(msgspec.Struct, gc=False, frozen=True, omit_defaults=True, kw_only=True):
    """What the carrier told of the call beside its turns: the same whatever the order, and however often it told.
    `seconds` and `price` as it counts them, the price in the currency of its account; `machine`: one picked up."""

    seconds: float | None = None
    price: float | None = None
    cause: str = ""
    hung_up_by: str = ""
    machine: bool = False
    recordings: tuple[str, ...] = ()


NO_BILL = Bill()


class Call(msgspec.Struct, gc=False, frozen=True, omit_defaults=True, kw_only=True):
    """One call.

    `ref` is the carrier's id for it, `app` the carrier's application (CALLR), `field` its free field.
    `turn` counts the replies given; `outbox` is still to be told, `told` was the last; `fetch` is the request
    whose answer is awaited. `assumed`: so many events of the last reply's plan are taken as happened. `keys`:
    every key pressed. `partial`: the answer that the hang-up interrupted. `silent`: steps entered since there
    was last something to tell. `failed`: `on_error` was taken. `terms`: those it was placed under. `machine`: an
    answering machine has it. `refused`: numbers that it may not dial."""

    v: int = 1
    id: str
    key: str
    carrier: str
    app: str
    ref: str
    flow: str
    version: str
    direction: Direction
    caller: str = ""
    called: str = ""
    caller_name: str = ""
    field: str = ""
    started_at: datetime
    answered_at: datetime | None = None
    turn_at: datetime
    ended_at: datetime | None = None
    phase: Phase = Phase.OPENED
    language: str = ""
    frames: tuple[Frame, ...] = ()
    progress: Progress | None = None
    outbox: tuple[CarrierAction, ...] = ()
    told: CarrierAction | None = None
    fetch: Fetch | None = None
    turn: int = 0
    assumed: int = 0
    keys: str = ""
    partial: str = ""
    silent: int = 0
    failed: bool = False
    end_reason: str = ""
    terms: Terms = NO_TERMS
    machine: bool = False
    refused: tuple[str, ...] = ()
    bill: Bill = NO_BILL

    @property
    def frame(self) -> Frame:
        """The flow that is running now."""
        return self.frames[-1]

    @property
    def saved(self) -> dict[str, Value]:
        """What the call's own flow saved."""
        return self.frames[0].saved if self.frames else {}

    @property
    def by_machine(self) -> bool:
        """An answering machine picked up, as far as anybody told."""
        return self.machine or self.end_reason == "machine" or self.bill.machine

    @property
    def token(self) -> str:
        """The turn token of the last reply: `<turn>.<nonce>`."""
        return f"{self.turn}.{nonce(self.key, self.turn)}"


@lru_cache(maxsize=1024)  # asked for with the reply, and again with the post that brings it back
def nonce(key: str, turn: int) -> str:
    """64 bits that nobody without `key` can guess; the same for the same turn, for ever."""
    return hashlib.blake2b(turn.to_bytes(8, "big"), digest_size=8, key=key.encode()).hexdigest()


def same_token(mine: str, theirs: str) -> bool:
    """Compare two tokens in constant time; ours are ASCII."""
    return theirs.isascii() and hmac.compare_digest(mine, theirs)


def secret_mark(key: str, name: str) -> str:
    """What stands for `secret.NAME` in actions and in the log. Unreserved URL characters only; bound to
    the call's key, so that no caller and no API user can write one."""
    bound = hashlib.blake2b(name.encode(), digest_size=12, key=key.encode(), person=b"secret").hexdigest()
    return f"~secret~{name}~{bound}~"


def fill_secrets(text: str, key: str, secrets: Mapping[str, str]) -> str:
    """`text` with every secret's mark replaced by its value: the last thing done before sending."""
    if "~secret~" not in text:
        return text
    for name, value in secrets.items():
        text = text.replace(secret_mark(key, name), value)
    return text


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Call)


def to_json(call: Call) -> bytes:
    """The call as JSON; `from_json` gives an equal one back."""
    return _encoder.encode(call)


def from_json(data: bytes) -> Call:
    """The call that `to_json` wrote; raises msgspec.ValidationError on anything else."""
    return _decoder.decode(data)
