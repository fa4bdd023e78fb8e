"""Opening hours: read from what an author wrote, and whether a place is open at a moment.

Hours are what the clock on the wall shows. Where a clock is put back, an hour of its day comes twice: hours
that begin within it begin at its second coming, hours that end within it end at its first, so that nobody
is sent to a place that may be closed. Hours that begin in an hour that a clock skips begin right after it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from voiceapp.flow import hours_text
from voiceapp.flow.hours_text import DAYS, Span, check_zone
from voiceapp.flow.problems import Path

__all__ = ["HoursProblem", "OpeningHours", "Span", "check_zone", "is_open", "parse_hours"]

_T = TypeVar("_T")


@dataclass(frozen=True)
class OpeningHours:
    """`week`: the spans that begin on each day, Monday first; `dates` replaces them on single days.

    `holidays` is a country (`GR`) or a part of one (`FR-MQ`), closed on its public holidays; or `""`.
    """

    zone: str
    week: tuple[tuple[Span, ...], ...]
    holidays: str
    dates: Mapping[date, tuple[Span, ...]]

    def on(self, day: date) -> tuple[Span, ...]:
        """The spans that begin on this day: a date of its own goes before a holiday or a weekday."""
        if day in self.dates:
            return self.dates[day]
        if self.holidays and day in _holidays(self.holidays, day.year):
            return ()
        return self.week[day.weekday()]


class HoursProblem(NamedTuple):
    """What is wrong below which key of the hours; an empty path means all of them."""

    path: Path
    message: str


def parse_hours(
    mapping: Mapping[str, object], default_zone: str
) -> tuple[OpeningHours | None, tuple[HoursProblem, ...]]:
    """Opening hours from what an author wrote, or None and everything that is wrong with it.

    Keys are `zone`, `holidays`, `except` (dates) and weekdays: `sat`, `mon-fri`, `sat-mon`, `mon,wed`. Hours
    are `09:00-17:00`, `09:00-12:00, 14:00-18:00`, `22:00-02:00` (past midnight), `24h` or `closed`.
    """
    reader = _Reader()
    hours = reader.read(mapping, default_zone)
    return (None if reader.problems else hours), tuple(reader.problems)


def is_open(hours: OpeningHours, at: datetime) -> bool:
    """Whether these hours hold at `at`, which has to be aware."""
    if at.tzinfo is None:
        raise ValueError("needs an aware datetime")
    zone = ZoneInfo(hours.zone)
    local = at.astimezone(zone)
    wall = local.replace(tzinfo=None, fold=0)
    for opens, closes in _joined(hours, wall.date()):
        if opens <= wall < closes:
            doubtful = closes if local.fold else opens
            return not (_comes_twice(wall, zone) and _comes_twice(doubtful, zone))
    return False


def _joined(hours: OpeningHours, day: date) -> list[tuple[datetime, datetime]]:
    """The hours around `day` as wall clock times, those that touch made one: midnight ends no open night."""
    joined: list[tuple[datetime, datetime]] = []
    for around in (day - timedelta(days=1), day, day + timedelta(days=1)):
        midnight = datetime.combine(around, time())
        for span in sorted(hours.on(around)):
            opens = midnight + timedelta(minutes=span.opens)
            closes = midnight + timedelta(minutes=span.closes)
            if joined and opens <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(closes, joined[-1][1]))
            else:
                joined.append((opens, closes))
    return joined


def _comes_twice(wall: datetime, zone: ZoneInfo) -> bool:
    first, second = (wall.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and first > second


class _Reader:
    """Reads key by key and keeps what is wrong."""

    def __init__(self) -> None:
        self.problems: list[HoursProblem] = []

    def read(self, mapping: Mapping[str, object], default_zone: str) -> OpeningHours:
        week: dict[int, tuple[str, tuple[Span, ...]]] = {}
        zone, holidays, dates = default_zone, "", dict[date, tuple[Span, ...]]()
        for key, value in mapping.items():
            match key:
                case "zone":
                    zone = self._try((key,), hours_text.zone_name, value) or ""
                case "holidays":
                    holidays = self._try((key,), hours_text.holiday_code, value) or ""
                case "except":
                    dates = self._dates(value)
                case _:
                    self._weekdays(key, value, week)
        if "zone" not in mapping:
            self._try((), hours_text.zone_name, default_zone)
        if not week and not dates and not self.problems:
            self._wrong((), "names no day: write hours for some, as in mon-fri: 09:00-17:00")
        spans = tuple(week[day][1] if day in week else () for day in range(7))
        return OpeningHours(zone, spans, holidays, dates)

    def _weekdays(self, key: str, value: object, week: dict[int, tuple[str, tuple[Span, ...]]]) -> None:
        days = self._try((key,), hours_text.weekdays, key)
        spans = self._try((key,), hours_text.spans, value) if days else None
        for day in days or ():
            if day in week:
                self._wrong((key,), f"'{DAYS[day]}' has its hours already, at '{week[day][0]}'")
            else:
                week[day] = key, spans or ()

    def _dates(self, value: object) -> dict[date, tuple[Span, ...]]:
        if isinstance(value, Mapping):
            days = [(str(key), key, hours) for key, hours in value.items()]
        elif isinstance(value, list):
            days = [(str(at), day, "closed") for at, day in enumerate(value)]
        else:
            self._wrong(("except",), "has to map dates to hours, or to be a list of dates")
            return {}
        dates = {}
        for key, day, hours in days:
            read = self._try(("except", key), hours_text.day, day)
            spans = self._try(("except", key), hours_text.spans, hours)
            if read is not None and spans is not None:
                dates[read] = spans
        return dates

    def _try(self, path: Path, read: Callable[[object], _T], value: object) -> _T | None:
        try:
            return read(value)
        except ValueError as error:
            self._wrong(path, str(error))
            return None

    def _wrong(self, path: Path, message: str) -> None:
        self.problems.append(HoursProblem(path, message))


@lru_cache(maxsize=1024)
def _holidays(code: str, year: int) -> frozenset[date]:
    from holidays import country_holidays  # slow to import

    country, _, part = code.partition("-")
    return frozenset(country_holidays(country, subdiv=part or None, years=year))
