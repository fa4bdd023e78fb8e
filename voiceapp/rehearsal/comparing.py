"""What came of a call against what was expected: the first difference on the phone, and everything else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from voiceapp.events import Value
from voiceapp.rehearsal.lines import HEARS, Line, joined
from voiceapp.rehearsal.rehearse import Rehearsed
from voiceapp.rehearsal.scenario import ANYTHING, Expected


@dataclass(frozen=True)
class Difference:
    """`what` came out otherwise: what was `expected` and what `came`, each in words. `at`: the position of the
    line among those that were played, for a difference on the phone."""

    what: str
    expected: str
    came: str
    at: int | None = None


def differences(expected: Expected, rehearsed: Rehearsed) -> tuple[Difference, ...]:
    """Every difference; of those on the phone the first only, since the rest follows from it."""
    return tuple(_differences(expected, rehearsed))


def _differences(expected: Expected, rehearsed: Rehearsed) -> Iterator[Difference]:
    yield from (Difference("defect", "none", defect) for defect in rehearsed.defects)
    yield from (Difference("fetch", "an answer for it in the test", str(one)) for one in rehearsed.unexpected)
    yield from _on_the_phone(joined(expected.lines), joined(rehearsed.lines))
    came = came_of(rehearsed)
    for what in ("saved", "fetched", "notified", "opted_out", "called_back", "ends"):
        wanted = getattr(expected, what)
        if wanted is not None and not alike(_plain(wanted), came[what]):
            yield Difference(what, _text(wanted), _text(came[what]))


def came_of(rehearsed: Rehearsed) -> dict[str, Value]:
    """What a scenario can expect besides its lines, by key, as JSON."""
    return {
        "saved": rehearsed.saved,
        "fetched": [_fetched(asked.method, asked.url, asked.json) for asked in rehearsed.asked],
        "notified": [{"url": one.url, "with": one.data} for one in rehearsed.notified],
        "opted_out": list(rehearsed.opted_out),
        "called_back": [
            {"number": one.number, "flow": one.flow, "after": one.after, "with": one.inputs}
            for one in rehearsed.called_back
        ],
        "ends": rehearsed.ends,
    }


def _fetched(method: str, url: str, json: Value) -> Value:
    return f"{method} {url}" if json is None else {f"{method} {url}": json}


def alike(wanted: Value, came: Value) -> bool:
    """Whether a value is what was wanted, where ANYTHING stands for any."""
    match wanted, came:
        case str(), _ if wanted == ANYTHING:
            return True
        case dict(), dict():
            return wanted.keys() == came.keys() and all(alike(wanted[key], came[key]) for key in wanted)
        case list(), list():
            return len(wanted) == len(came) and all(map(alike, wanted, came))
        case _:
            return type(wanted) is type(came) and bool(wanted == came)


def _on_the_phone(expected: Sequence[Line], came: Sequence[Line]) -> Iterator[Difference]:
    for at in range(max(len(expected), len(came))):
        wanted = expected[at] if at < len(expected) else None
        found = came[at] if at < len(came) else None
        if wanted is None or found is None or not _same(wanted, found):
            yield Difference(
                "call", "nothing more" if wanted is None else str(wanted), str(found or "nothing more"), at
            )
            return


def _same(wanted: Line, came: Line) -> bool:
    return wanted == came or (wanted == Line(HEARS, ANYTHING) and came.kind == HEARS)


def _plain(value: Any) -> Value:
    return list(value) if isinstance(value, tuple) else value


def _text(value: Value) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value, order="deterministic").decode()
