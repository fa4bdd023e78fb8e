"""What a ledger says after many kills, held against what the carrier did; and the table of it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from tests.faults.dialled_platform import Dialled
from tests.faults.levers import Who
from voiceapp.attempt import Attempt, AttemptState
from voiceapp.store import ledger
from voiceapp.store.database import read_url, reading
from voiceapp.store.tables import attempts as attempts_table

_PLACED = (AttemptState.PLACED, AttemptState.OVER)
_UNCLEAR = (AttemptState.DIALING, AttemptState.UNKNOWN)
_LONG_AGO, _FAR_AWAY = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Kill:
    """Who died where, how many calls were in flight, how many of them it has left unclear; `strays`: attempts
    that are unclear although they were not in flight."""

    point: str
    who: Who
    in_flight: int
    unclear: int
    strays: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """`doubled`: attempts and numbers that were dialled more than once; `strangers`: dialled, and not in the
    ledger; `lost`: acknowledged, and not in the ledger; `wrong`: the ledger says otherwise than the carrier;
    `unresolved`: nobody knows."""

    kills: Sequence[Kill]
    calls: int
    dialled: int
    doubled: tuple[str, ...]
    strangers: tuple[str, ...]
    lost: tuple[str, ...]
    wrong: tuple[str, ...]
    unresolved: tuple[str, ...]

    @property
    def unclear(self) -> int:
        """How many attempts the kills have left unclear."""
        return sum(kill.unclear for kill in self.kills)

    @property
    def faults(self) -> dict[str, Sequence[object]]:
        """All that must not be, but for what is unresolved."""
        strays = [kill for kill in self.kills if kill.strays or kill.unclear > kill.in_flight]
        found = {
            "doubled": self.doubled,
            "strangers": self.strangers,
            "lost": self.lost,
            "wrong": self.wrong,
            "strays": strays,
        }
        return {name: faults for name, faults in found.items() if faults}


def judge(
    *,
    kills: Sequence[Kill],
    calls: int,
    acknowledged: Collection[str],
    dialled: Sequence[Dialled],
    attempts: Sequence[Attempt],
) -> Verdict:
    """What is to be said when everything could be looked up."""
    known = {attempt.id: attempt for attempt in attempts}
    called = {each.attempt for each in dialled}
    counted = Counter(each for order in dialled for each in order)
    return Verdict(
        kills=kills,
        calls=calls,
        dialled=len(dialled),
        doubled=tuple(each for each, times in counted.items() if times > 1),
        strangers=tuple(called - known.keys()),
        lost=tuple(set(acknowledged) - known.keys()),
        wrong=tuple(
            f"{attempt.id} {attempt.state}: {attempt.reason}"
            for attempt in attempts
            if attempt.state not in _UNCLEAR and (attempt.state in _PLACED) != (attempt.id in called)
        ),
        unresolved=tuple(attempt.id for attempt in attempts if attempt.state in _UNCLEAR),
    )


def read_attempts(db: str) -> list[Attempt]:
    """The whole ledger."""
    engine = reading(read_url(db), 1)
    try:
        with engine.connect() as connection:
            return [ledger.attempt_of(tuple(row)) for row in connection.execute(select(attempts_table))]
    finally:
        engine.dispose()


def unclear(db: str) -> list[Attempt]:
    """Everything of which nobody knows whether the phone rang."""
    engine = reading(read_url(db), 1)
    try:
        with engine.connect() as connection:
            return ledger.unclear(connection, _FAR_AWAY, _LONG_AGO, 100_000)
    finally:
        engine.dispose()


def table(verdicts: Sequence[Verdict], seconds: float) -> str:
    """The kills by their point, and the sums."""
    kills = [kill for verdict in verdicts for kill in verdict.kills]
    by_point: defaultdict[str, list[Kill]] = defaultdict(list)
    for kill in kills:
        by_point[kill.point].append(kill)
    lines = [f"{'killed at':24}{'kills':>7}{'all/server/writer':>20}{'in flight':>11}{'unknown after':>15}"]
    for point, some in [*sorted(by_point.items()), ("in all", kills)]:
        who = Counter(kill.who for kill in some)
        parts = "/".join(str(who[each]) for each in ("all", "server", "writer"))
        flight, left = sum(kill.in_flight for kill in some), sum(kill.unclear for kill in some)
        lines.append(f"{point:24}{len(some):>7}{parts:>20}{flight:>11}{left:>15}")
    sums = {
        "calls asked for": sum(verdict.calls for verdict in verdicts),
        "calls dialled": sum(verdict.dialled for verdict in verdicts),
        "dialled twice": sum(len(verdict.doubled) for verdict in verdicts),
        "unknown, not in flight": sum(len(kill.strays) for kill in kills),
        "unresolved": sum(len(verdict.unresolved) for verdict in verdicts),
        "other faults": sum(len(verdict.strangers + verdict.lost + verdict.wrong) for verdict in verdicts),
        "seconds": round(seconds),
    }
    return "\n".join([*lines, "", *(f"{name:24}{number:>7}" for name, number in sums.items()), ""])
