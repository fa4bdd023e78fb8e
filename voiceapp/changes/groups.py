"""Calls that come out otherwise for one and the same reason, together."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from voiceapp.changes.behaviour import Compared, Outcome
from voiceapp.changes.excerpts import excerpt
from voiceapp.events import Value
from voiceapp.rehearsal.comparing import came_of

_WORST_FIRST = tuple(reversed(Outcome))
_NOTHING = "nothing"
_WORDS = {"ends": "ended"}
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+([+-][0-9:]+|Z)?")


class Otherwise(NamedTuple):
    """Something besides what is heard that came of a call, before and now, in words."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Group:
    """Calls that are otherwise for one reason: they first differ at the same step in the same words, or first go
    another way there, or the same things besides are otherwise; the first is the example."""

    calls: tuple[Compared, ...]

    @property
    def example(self) -> Compared:
        """One of them."""
        return self.calls[0]


def grouped(compared: Iterable[Compared]) -> tuple[Group, ...]:
    """Those that come out otherwise, by the reason: the worst first, of these the most frequent."""
    found: dict[object, list[Compared]] = {}
    for one in compared:
        if one.outcome is not Outcome.SAME:
            found.setdefault(_reason(one), []).append(one)
    return _ordered(Group(tuple(calls)) for calls in found.values())


def each(compared: Iterable[Compared]) -> tuple[Group, ...]:
    """Those that come out otherwise, every call by itself, the worst first."""
    return _ordered(Group((one,)) for one in compared if one.outcome is not Outcome.SAME)


def _ordered(groups: Iterable[Group]) -> tuple[Group, ...]:
    return tuple(sorted(groups, key=lambda one: (_WORST_FIRST.index(one.example.outcome), -len(one.calls))))


def _reason(one: Compared) -> object:
    """What calls have in common that are otherwise for one reason. What comes behind a parting follows from it;
    that a call ends there, or does not, from what was heard before."""
    parts = one.parting
    heard = parts is not None and parts.ends and one.before_parting
    way = None if parts is None or heard else (parts.passed[-1:], parts.to, parts.instead)
    if way is not None and not one.before_parting:
        return one.outcome, way
    words = None if one.first is None else excerpt(*(line.detail for line in one.first)).different
    follows = parts is not None or one.outcome is Outcome.DEAD_END
    others = frozenset[str]() if follows else frozenset(other.what for other in otherwise(one))
    return one.outcome, way, one.step, words, others


def otherwise(one: Compared) -> tuple[Otherwise, ...]:
    """What else came of a call under the new version: what was saved, asked for, told, and how it ended. That it
    took longer or shorter on another way is no difference."""
    before, after = dict(_leaves(came_of(one.before))), dict(_leaves(came_of(one.after)))
    found = (
        Otherwise(what, before.get(what, _NOTHING), after.get(what, _NOTHING))
        for what in dict.fromkeys((*before, *after))
        if before.get(what) != after.get(what)
    )
    return tuple(other for other in found if one.parting is None or not _is_time(other))


def _is_time(other: Otherwise) -> bool:
    return all(_TIME.fullmatch(value) for value in (other.before, other.after))


def _leaves(value: Value, what: str = "") -> Iterator[tuple[str, str]]:
    """Every single value, and how it is called: `saved rating`, `notified 1 url`."""
    match value:
        case Mapping():
            for key, item in value.items():
                yield from _leaves(item, f"{what} {_WORDS.get(str(key), key)}".strip())
        case list() | tuple():
            for at, item in enumerate(value, start=1):
                yield from _leaves(item, f"{what} {at}")
        case str():
            yield what, value or "an empty text"
        case _:
            yield what, msgspec.json.encode(value).decode()
