"""`voiceapp check --times`: how long callers may wait for an answer, turn by turn."""

from collections.abc import Iterable
from typing import NamedTuple

from voiceapp.carriers import Carrier
from voiceapp.check.times import ENDLESS, Asked, Turn, Wait, fits, turns_of
from voiceapp.check.turns import Begin, Place
from voiceapp.flow.flow import Script
from voiceapp.flow.graph import FIRST
from voiceapp.flow.ways import ON_ERROR, ON_MACHINE

HEADINGS = ("flow", "carrier", "begins after", "slowest way", "worst", "budget", "left", "the caller hears")

_BEGINS = {FIRST: "the call begins", ON_MACHINE: "a machine answers", ON_ERROR: "a step fails"}
_NAMED = 2


class Times(NamedTuple):
    """`rows` of the table under HEADINGS; `remarks` on flows that have none; whether a turn is `late`."""

    rows: tuple[tuple[str, ...], ...]
    remarks: tuple[str, ...]
    late: bool


def times_of(scripts: Iterable[Script], carriers: Iterable[Carrier]) -> Times:
    """Every turn of these flows that asks a back end, on each of the carriers."""
    rows: list[tuple[str, ...]] = []
    remarks: list[str] = []
    late = False
    carriers = tuple(carriers)
    for script in scripts:
        for carrier in carriers:
            name = script.flow.name
            if not fits(script, carrier):
                remarks.append(f"{name} is not served on {carrier.title}; voiceapp portability {name} says why")
                continue
            turns = turns_of(script, carrier)
            if not turns:
                remarks.append(f"{name} asks no back end while a caller of {carrier.title} waits")
            rows += [_row(name, carrier, turn) for turn in turns]
            late = late or any(turn.late for turn in turns)
    return Times(tuple(rows), tuple(remarks), late)


def _row(flow: str, carrier: Carrier, turn: Turn) -> tuple[str, ...]:
    worst = turn.worst
    return (
        flow,
        carrier.title,
        _begins(flow, turn.begins),
        _way(flow, worst),
        _seconds(worst.seconds),
        _seconds(turn.budget),
        "nothing" if worst.seconds == ENDLESS else _seconds(turn.budget - worst.seconds),
        _heard(carrier, turn),
    )


def _begins(flow: str, begins: tuple[Begin, ...]) -> str:
    named = [_begin(flow, begin) for begin in begins[:_NAMED]]
    more = len(begins) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")


def _begin(flow: str, begin: Begin) -> str:
    return f"{_step(flow, Place(begin.flow, begin.step))}: {begin.way}" if begin.step else _BEGINS[begin.way]


def _step(flow: str, place: Place) -> str:
    return place.step if place.flow == flow else "/".join(place)


def _way(flow: str, wait: Wait) -> str:
    fetches = {asked.place: asked for asked in wait.fetches}
    steps = [_step(flow, place) + _takes(fetches.get(place)) for place in wait.steps]
    return " -> ".join(steps) + (" -> …" if wait.seconds == ENDLESS else "")


def _takes(asked: Asked | None) -> str:
    if asked is None:
        return ""
    return f" ({_seconds(asked.seconds)}{' with meanwhile' if asked.meanwhile else ''})"


def _heard(carrier: Carrier, turn: Turn) -> str:
    seconds = turn.worst.seconds
    if carrier.takes_plan:
        silence = f"silence for up to {_seconds(min(seconds, turn.budget))}"
        return f"{silence}; what comes later has failed" if turn.late else silence
    if seconds == ENDLESS:
        return "silence for ever"
    return f"silence for up to {_seconds(seconds)}{', then meanwhile' if turn.worst.covered else ''}"


def _seconds(seconds: float) -> str:
    return "for ever" if seconds == ENDLESS else f"{round(seconds, 3) + 0.0:g} s"
