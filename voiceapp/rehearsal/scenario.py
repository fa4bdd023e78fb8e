"""A scenario: one call as its author expects it, written down beside the flow."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from voiceapp.events import Value
from voiceapp.flow.problems import Place
from voiceapp.rehearsal.conditions import CarrierName, Conditions
from voiceapp.rehearsal.lines import Line

EXPECTED_KEYS = ("call", "saved", "fetched", "notified", "opted_out", "called_back", "ends")
"""What a scenario can expect, as its file calls it, in order."""

ANYTHING = "*"
"""Stands for any value where values are compared."""


@dataclass(frozen=True)
class Expected:
    """What a call has to come to. `lines` is what happens on the phone, and what the caller does of it. Of the
    rest None is not looked at: `saved` are the variables that steps saved, `fetched` the requests to back ends,
    `notified`, `opted_out` and `called_back` what the flow asked for besides, `ends` why the call ended."""

    lines: tuple[Line, ...]
    saved: Mapping[str, Value] | None = None
    fetched: tuple[Value, ...] | None = None
    notified: tuple[Value, ...] | None = None
    opted_out: tuple[Value, ...] | None = None
    called_back: tuple[Value, ...] | None = None
    ends: str | None = None


@dataclass(frozen=True)
class Scenario:
    """One test of one flow. `carriers`: those that play it; none named means all that the flow fits. `conditions`
    are the same for each of them, but for the carrier. `places` tells where in the file what it expects stands, by
    key; under `call` a place for each of its lines."""

    name: str
    flow: str
    file: str
    place: Place
    carriers: tuple[CarrierName, ...]
    conditions: Conditions
    expected: Expected
    places: Mapping[str, tuple[Place, ...]] = field(default_factory=dict, compare=False)

    def __str__(self) -> str:
        return f"{self.flow}: {self.name}"
