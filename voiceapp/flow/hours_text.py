"""The words of opening hours: each function reads one kind of them.

What they cannot read is a ValueError, whose text is for the author.
"""

import re
from datetime import date
from functools import cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from voiceapp.flow.problems import nearest
from voiceapp.flow.shapes import Shape, written

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60

_RANGE = re.compile(r"([0-9]{1,2}):([0-9]{2}) *- *([0-9]{1,2}):([0-9]{2})")


def _shape() -> Shape:
    day = "(" + "|".join("".join(f"[{letter}{letter.upper()}]" for letter in name) for name in DAYS) + ")"
    days = rf"\s*{day}\s*(-\s*{day}\s*)?"
    span = r"\s*([01]?[0-9]|2[0-3]):[0-5][0-9] *- *(([01]?[0-9]|2[0-3]):[0-5][0-9]|24:00)\s*"
    hours = written(
        rf"^(\s*[cC][lL][oO][sS][eE][dD]\s*|\s*24[hH]\s*|{span}(,{span})*)$",
        "has to be hours, as in 09:00-17:00, or 24h, or closed",
    )
    date_written = written("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "has to be a date, as in 2026-12-25")
    dates: Shape = {
        "type": ["object", "array"],
        "propertyNames": date_written,
        "additionalProperties": hours,
        "items": date_written,
        "errorMessage": "has to map dates to hours, or to be a list of dates",
        "description": "dates and their hours, as in `{2026-12-24: 09:00-12:00}`, or a list of those closed",
    }
    zone = written(r"^[A-Za-z0-9_+/-]+$", "has to be a time zone, such as Europe/Athens")
    holidays = written("^[A-Z]{2,3}(-.+)?$", "has to be a country such as GR, or a part of one such as FR-MQ")
    suggested = ("mon-fri", *DAYS)
    return {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "errorMessage": 'has to be weekdays and their hours, as in {zone: Europe/Athens, mon-fri: "09:00-17:00"}',
        "patternProperties": {f"^{days}(,{days})*$": hours},
        "properties": {
            "zone": {**zone, "description": "the time zone of these hours; the flow's without it"},
            "holidays": {**holidays, "description": "a country, as GR, or a part of one: closed on its holidays"},
            "except": dates,
            **{
                name: {**hours, "description": "`09:00-17:00`, several with commas, `24h` or `closed`"}
                for name in suggested
            },
        },
    }


SHAPE = _shape()


class Span(NamedTuple):
    """Open from `opens` up to and without `closes`: minutes after 0:00 of the day it begins.

    `closes` is more than a day's 1440 where the hours go past midnight.
    """

    opens: int
    closes: int


def check_zone(zone: str) -> None:
    """Raise a ValueError, with the nearest name, for what is no IANA time zone."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zones = available_timezones()
        cities = [name for name in sorted(zones) if name.lower().endswith(f"/{zone.lower()}")]
        hint = f"; did you mean '{cities[0]}'?" if cities else nearest(zone, zones)
        raise ValueError(f"there is no time zone '{zone}'{hint}") from None


def zone_name(value: object) -> str:
    """A time zone's name."""
    if not isinstance(value, str):
        raise ValueError("has to be a time zone, such as Europe/Athens")
    check_zone(value)
    return value


def weekdays(key: object) -> list[int]:
    """Days of the week, 0 for Monday: `sat`, `mon-fri`, `sat-mon`, `mon,wed`."""
    days: list[int] = []
    for part in str(key).split(","):
        first, dash, last = part.partition("-")
        begin = _weekday(first)
        end = _weekday(last) if dash else begin
        days += [(begin + step) % 7 for step in range((end - begin) % 7 + 1)]
    return days


def _weekday(word: str) -> int:
    name = word.strip().lower()
    if name not in DAYS:
        hint = nearest(name, [*DAYS, "zone", "holidays", "except"])
        raise ValueError(f"'{word.strip()}' is no weekday{hint or '; write mon to sun, as in mon-fri'}")
    return DAYS.index(name)


def spans(value: object) -> tuple[Span, ...]:
    """`09:00-17:00`, `09:00-12:00, 14:00-18:00`, `22:00-02:00` (past midnight), `24h` or `closed`."""
    text = value.strip().lower() if isinstance(value, str) else None
    if text == "closed":
        return ()
    if text == "24h":
        return (Span(0, DAY_MINUTES),)
    if text is None:
        raise ValueError("has to be hours, as in 09:00-17:00, or 24h, or closed")
    ordered = sorted(_span(part.strip()) for part in text.split(","))
    for earlier, later in pairwise(ordered):
        if later.opens < earlier.closes:
            raise ValueError(f"'{text}' overlaps with itself")
    return tuple(ordered)


def _span(text: str) -> Span:
    found = _RANGE.fullmatch(text)
    if not found:
        raise ValueError(f"'{text}' has to be hours, as in 09:00-17:00, or 24h, or closed")
    opens, closes = (int(found[at]) * 60 + int(found[at + 1]) for at in (1, 3))
    if opens >= DAY_MINUTES or closes > DAY_MINUTES or int(found[2]) > 59 or int(found[4]) > 59:
        raise ValueError(f"'{text}' holds a time that no clock shows")
    if opens == closes:
        raise ValueError(f"'{text}' ends when it begins: for a whole day write 24h")
    return Span(opens, closes if closes > opens else closes + DAY_MINUTES)


def day(value: object) -> date:
    """`2026-12-25`."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("has to be a date, as in 2026-12-25")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"there is no day {value}") from None


def holiday_code(value: object) -> str:
    """`GR`, or `FR-MQ` for a part of a country."""
    if not isinstance(value, str):
        raise ValueError("has to be a country such as GR, or a part of one such as FR-MQ")
    country, dash, part = value.partition("-")
    if country not in _countries():
        raise ValueError(f"no holidays are known for '{country}'{nearest(country.upper(), _countries())}")
    if dash and part not in _parts(country):
        raise ValueError(f"'{country}' has no part '{part}'{nearest(part.upper(), _parts(country))}")
    return value


@cache
def _countries() -> frozenset[str]:
    from holidays import list_supported_countries  # slow to import

    return frozenset(list_supported_countries())


def _parts(country: str) -> set[str]:
    from holidays import country_holidays  # slow to import

    known = country_holidays(country)
    return {*known.subdivisions, *known.subdivisions_aliases}
