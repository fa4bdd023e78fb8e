"""What is otherwise under a new version of a flow, in lines for people."""

from collections.abc import Iterator

from voiceapp.changes.behaviour import Compared
from voiceapp.changes.excerpts import excerpt
from voiceapp.changes.fitness import Fitness, Served, Waited
from voiceapp.changes.groups import Group, otherwise
from voiceapp.check.times import ENDLESS
from voiceapp.rehearsal.lines import Line


def calls_told(group: Group) -> Iterator[str]:
    """How many calls, where, for example which; and what is otherwise in that one, in the order of the call."""
    one, count = group.example, len(group.calls)
    parts = () if one.parting is None else (f"  {one.parting}",)
    where = f" at {one.step}" if one.step and (one.parting is None or one.before_parting) else ""
    example = ":" if count == 1 else ", for example:"
    yield f"{one.outcome:<13} {counted(count, 'call')}{where}{example} {one.name}"
    yield from (*_lines(one), *parts) if one.before_parting else (*parts, *_lines(one))
    for other in otherwise(one):
        yield f"  {other.what}: {other.before} -> {other.after}"


def _lines(one: Compared) -> Iterator[str]:
    if one.first is not None:
        before, after = one.first
        was, now = excerpt(before.detail, after.detail).shown
        yield f"  - {Line(before.kind, was)}"
        yield f"  + {Line(after.kind, now)}"


def fitness_told(found: Fitness) -> Iterator[str]:
    """Which carriers serve the flow, and how long callers may wait, where that is otherwise."""
    for served in found.served:
        yield from _served(served)
    yield from map(_waited, found.waited)


def _served(served: Served) -> Iterator[str]:
    if served.now:
        yield f"{served.carrier} serves it now, and did not before"
    else:
        yield f"{served.carrier} does not serve it any more"
        yield from (f"  {why}" for why in served.why)


def _waited(waited: Waited) -> str:
    before = "" if waited.before is None else f", before {_seconds(waited.before)}"
    so_long = f"a back end may be waited for {_seconds(waited.after)}{before}"
    is_late = "too long" if waited.after > waited.budget else "no longer too long"
    return f"on {waited.carrier} {so_long}: {is_late}, since a reply can wait {_seconds(waited.budget)}"


def _seconds(number: float) -> str:
    return "without end" if number == ENDLESS else f"{round(number, 3):g} s"


def counted(number: int, what: str) -> str:
    """`1 call`, `2 calls`."""
    return f"{number} {what}{'' if number == 1 else 's'}"
