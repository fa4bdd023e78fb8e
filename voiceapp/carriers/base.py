"""What every carrier is to the rest of the system: a pure codec, and what it can and cannot do."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec

from voiceapp.actions import CarrierAction
from voiceapp.call import Call
from voiceapp.carriers.portable import Manner, Manners
from voiceapp.events import DialOutcome, Direction, Event, UnreachedReason
from voiceapp.flow.flow import Flow
from voiceapp.flow.problems import Path

ATTEMPT = re.compile("[0-9a-f]{32}")
"""An attempt's id, see `voiceapp.attempt`."""


class Post(NamedTuple):
    """What a carrier posted: `hook` is which of its hooks (each codec names its own), `turn` the token in the
    URL where the carrier carries it there, `query` the other parameters."""

    hook: str
    body: bytes
    at: datetime
    turn: str = ""
    query: Mapping[str, str] = {}


class Opening(msgspec.Struct, gc=False, frozen=True):
    """Who is on the line, as the carrier tells it."""

    direction: Direction = "inbound"
    caller: str = ""
    called: str = ""
    caller_name: str = ""
    field: str = ""


class Received(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """A post, understood. `key` is equal for equal posts of one call; `turn` the token that the carrier
    echoed (`""`: none); `assumed` how many of the plan's assumptions the post proves; `opens` whether it may
    open a call; `attempt` the id of the attempt to call out that it belongs to; `unreached` why that led to no
    call, when it did not; `parting` that our farewell was said, and only hanging up is left; `unknown` a word of
    the carrier's that we do not know."""

    app: str = ""
    ref: str
    key: str
    turn: str = ""
    assumed: int = 0
    events: tuple[Event, ...] = ()
    opening: Opening = Opening()
    opens: bool = False
    attempt: str = ""
    unreached: UnreachedReason | None = None
    parting: bool = False
    unknown: str = ""


class Stretch(Protocol):
    """A stretch of a plan, see `engine.lookahead`."""

    @property
    def actions(self) -> tuple[CarrierAction, ...]:
        """What is said and done in it."""


class Misfit(NamedTuple):
    """A place in a flow that this carrier cannot do, and why."""

    path: Path
    message: str


class Carrier(Protocol):
    """One carrier. Everything here is pure; settings are given when it is made."""

    name: str
    title: str
    """How it writes its own name."""
    takes_plan: bool
    """Whether a reply holds everything up to the end of the call, rather than one command."""
    dial_outcomes: frozenset[DialOutcome]
    """What it tells of a dial."""
    dials_sip: bool
    """Whether it connects callers with `sip:` addresses."""
    manners: Manners
    """How it does each verb."""
    answers_within: Mapping[str, float]
    """Hard stop by hook, seconds: a reply has to leave by then."""

    def decode(self, post: Post) -> Received:
        """What was posted; raises PostRefused when it cannot be read as a post of this carrier."""

    def news(self, events: tuple[Event, ...], call: Call) -> tuple[Event, ...]:
        """The events with what they repeat taken out: a carrier may tell the whole call's keys each time."""

    def expand(self, actions: tuple[CarrierAction, ...]) -> tuple[CarrierAction, ...]:
        """The same actions, each small enough for one command; expanding twice changes nothing."""

    def encode(self, call: Call, plan: tuple[Stretch, ...]) -> bytes:
        """The reply of the call's present turn."""

    def farewell(self, pieces: tuple[CarrierAction, ...], flow: str) -> bytes:
        """A reply that needs no stored call: says these pieces and leaves."""

    def goodbye(self) -> bytes:
        """A reply that hangs up and says nothing."""

    def nothing(self) -> bytes:
        """A reply to a post that is not acted upon."""

    def doubts(self, flow: Flow) -> tuple[Misfit, ...]:
        """Where this carrier will probably not do what the flow wants; such a flow is served all the same."""

    def misfits(self, flow: Flow) -> tuple[Misfit, ...]:
        """Where this carrier cannot do what the flow wants."""

    def portability(self, flow: Flow) -> Mapping[str, tuple[Manner, ...]]:
        """How it does each step that its callers come to, see `Manners.of`; the others are left out."""
