"""Everything that comes to a rehearsed call from outside, but what the people on the line do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from voiceapp.events import Direction, Value

CarrierName = Literal["callr", "routee"]
Unreached = Literal["busy", "no_answer", "failed"]

MONDAY_MORNING = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
"""When a rehearsed call begins unless it says otherwise."""


@dataclass(frozen=True)
class MockAnswer:
    """What a back end answers `after` so many seconds: an HTTP `status`, and a JSON `value`."""

    status: int = 200
    value: Value = None
    after: float = 0.0


@dataclass(frozen=True)
class Conditions:
    """`fetch`: the answers of back ends by `[METHOD ]URL`, in which `*` stands for anything; several are given one
    after the other, the last again and again. `inputs` as texts, as a URL would bring them. `machine`: an
    answering machine picks up; `unreached`: nobody does. `fails`: the step whose first command the carrier cannot
    do. `refused`: numbers that may not be dialled."""

    carrier: CarrierName = "callr"
    at: datetime = MONDAY_MORNING
    caller: str = "+33612345678"
    called: str = "+33123456789"
    direction: Direction = "inbound"
    inputs: Mapping[str, str] = field(default_factory=dict)
    machine: bool = False
    unreached: Unreached | None = None
    fails: str = ""
    refused: frozenset[str] = frozenset()
    fetch: Mapping[str, tuple[MockAnswer, ...]] = field(default_factory=dict)
