"""What every carrier's platform is to the rest of the system: calls are placed there, numbers point to us.

A platform is asked over the network, so anything may be lost on the way. What an error proves is in its
`unclear`, see `PlatformError`: only when that is false may the same call be placed again.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from voiceapp.terms import MachineAction

Outcome = Literal["under_way", "answered", "busy", "no_answer", "failed"]
"""What became of a call that was placed; `answered` and the rest say that it is over."""


class Placement(msgspec.Struct, frozen=True, kw_only=True):
    """A call to be placed. `attempt`: 32 alphanumerics, never used before, by which it is found again; `to`: E.164
    or `sip:user@host`; `shown`: the number that the called party sees, `""` for the account's own, `hidden` for
    none; `ring` and `max_seconds` in seconds; `machine`: what is done when an answering machine is heard."""

    attempt: str
    flow: str
    to: str
    shown: str = ""
    ring: int = 30
    max_seconds: int | None = None
    machine: MachineAction | None = None


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a platform knows of an attempt. `ref`: as `place` gives it, or `""` where the platform does not tell;
    `call_ref`: the call as its hooks name it; `seconds` connected; `price` in the account's currency; `cause`
    in the carrier's own words; `machine`: an answering machine picked up."""

    ref: str
    call_ref: str = ""
    outcome: Outcome
    seconds: float | None
    price: float | None
    cause: str = ""
    machine: bool = False


class Credit(msgspec.Struct, frozen=True):
    """What is left on the account. `amount` None: not told; `currency` as ISO 4217 has it, `""`: not told."""

    amount: float | None
    currency: str = ""


class Number(msgspec.Struct, frozen=True, kw_only=True):
    """A number of the account, E.164. `points_to`: a URL without its query, or the carrier's words for what
    answers it, `""` for nothing; `ours`: it points to a hook of this server."""

    number: str
    points_to: str
    ours: bool


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Something to be changed at a platform. `what`: one sentence for people; `request`: what would be sent, line
    by line, with `…` for every secret. Each carrier has its own kinds of these."""

    what: str
    request: tuple[str, ...]


class Platform(Protocol):
    """One carrier's API. Every method raises PlatformError, and sends nothing that changes anything twice,
    unless the first answer proves that nothing was done."""

    name: str

    async def place(self, placement: Placement) -> str:
        """Place a call; the carrier's own id for the request."""

    async def find(self, placement: Placement, since: datetime, until: datetime) -> Found | None:
        """What the carrier knows of an attempt that was placed between these aware times; None: nothing, yet."""

    async def look_up(self, call_ref: str) -> Found | None:
        """What the carrier tells of a call that is over only when asked; None: nothing."""

    async def hang_up(self, call_ref: str) -> None:
        """End a call, named as its hooks name it."""

    async def credit(self) -> Credit:
        """What is left; that there is an answer shows that the platform is reached and the credentials hold."""

    async def numbers(self) -> tuple[Number, ...]:
        """The numbers of the account."""

    async def changes(self, flow: str, number: str | None) -> tuple[Change, ...]:
        """What has to be changed for calls to and from the flow, and for a number to point to it. Reads only;
        empty when there is nothing to do."""

    async def make(self, changes: Sequence[Change]) -> None:
        """Make these changes, in this order; stops at the first that fails."""
