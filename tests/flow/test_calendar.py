"""Opening hours: what an author may write, and every minute around a change of the clocks (F43)."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from voiceapp.flow.calendar import OpeningHours, Span, check_zone, is_open, parse_hours

MINUTE = timedelta(minutes=1)


def read(**mapping: object) -> OpeningHours:
    hours, problems = parse_hours({key.replace("_", "-"): value for key, value in mapping.items()}, "UTC")
    assert problems == ()
    assert hours is not None
    return hours


def local(text: str, zone: str = "Europe/Athens", fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("09:00-17:00", [(540, 1020)]),
        ("9:00 - 17:30", [(540, 1050)]),
        ("14:00-18:00, 09:00-12:00", [(540, 720), (840, 1080)]),
        ("09:00-12:00,12:00-18:00", [(540, 720), (720, 1080)]),
        ("22:00-02:00", [(1320, 1560)]),
        ("18:00-24:00", [(1080, 1440)]),
        ("18:00-00:00", [(1080, 1440)]),
        ("00:00-24:00", [(0, 1440)]),
        ("24h", [(0, 1440)]),
        ("24H", [(0, 1440)]),
        ("closed", []),
        (" Closed ", []),
    ],
)
def test_hours_of_a_day(text: str, spans: list[tuple[int, int]]) -> None:
    assert [*read(wed=text).week[2]] == spans


@pytest.mark.parametrize(
    ("key", "days"),
    [
        ("mon", [0]),
        ("mon-fri", [0, 1, 2, 3, 4]),
        ("sat-mon", [0, 5, 6]),
        ("mon,wed", [0, 2]),
        ("mon, wed-fri", [0, 2, 3, 4]),
        ("sun-sat", [0, 1, 2, 3, 4, 5, 6]),
        ("Fri-Fri", [4]),
    ],
)
def test_weekdays(key: str, days: list[int]) -> None:
    week = read(**{key: "24h"}).week
    assert [day for day in range(7) if week[day]] == days


def test_everything_together() -> None:
    hours, problems = parse_hours(
        {
            "zone": "Europe/Athens",
            "mon-fri": "09:00-17:00",
            "sat": "09:00-13:00",
            "holidays": "GR",
            "except": {"2026-12-24": "09:00-12:00", "2026-12-31": "closed"},
        },
        "UTC",
    )
    working, short = (Span(540, 1020),), (Span(540, 780),)
    dates = {date(2026, 12, 24): (Span(540, 720),), date(2026, 12, 31): ()}
    assert problems == ()
    assert hours == OpeningHours("Europe/Athens", (*[working] * 5, short, ()), "GR", dates)


def test_the_zone_of_the_flow_is_the_default() -> None:
    hours, _ = parse_hours({"mon": "24h"}, "Europe/Paris")
    assert hours is not None
    assert hours.zone == "Europe/Paris"


HOURS = "has to be hours, as in 09:00-17:00, or 24h, or closed"
ONE_PROBLEM: list[tuple[dict[str, object], tuple[str, ...], str]] = [
    ({}, (), "names no day"),
    ({"zone": "Europe/Athens"}, (), "names no day"),
    (
        {"mon": "24h", "zone": "Europe/Atens"},
        ("zone",),
        "there is no time zone 'Europe/Atens'; did you mean 'Europe/Athens'?",
    ),
    (
        {"mon": "24h", "zone": "athens"},
        ("zone",),
        "there is no time zone 'athens'; did you mean 'Europe/Athens'?",
    ),
    ({"mon": "24h", "zone": "../../etc/passwd"}, ("zone",), "there is no time zone"),
    ({"mon": "24h", "zone": "Europe"}, ("zone",), "there is no time zone 'Europe'"),
    ({"mon": "24h", "zone": ""}, ("zone",), "there is no time zone ''"),
    ({"mon": "24h", "zone": ["UTC"]}, ("zone",), "has to be a time zone"),
    ({"holiday": "GR"}, ("holiday",), "'holiday' is no weekday; did you mean 'holidays'?"),
    ({"monday": "24h"}, ("monday",), "'monday' is no weekday; did you mean 'mon'?"),
    ({"mon-fry": "24h"}, ("mon-fry",), "'fry' is no weekday; did you mean 'fri'?"),
    ({"weekdays": "24h"}, ("weekdays",), "'weekdays' is no weekday"),
    ({"mon-": "24h"}, ("mon-",), "'' is no weekday; write mon to sun"),
    ({"mon-tue-wed": "24h"}, ("mon-tue-wed",), "'tue-wed' is no weekday"),
    ({"mon-fri": "24h", "fri": "closed"}, ("fri",), "'fri' has its hours already, at 'mon-fri'"),
    ({"mon,mon": "24h"}, ("mon,mon",), "'mon' has its hours already"),
    ({"mon": "9-5"}, ("mon",), f"'9-5' {HOURS}"),
    ({"mon": "09:00-12:00, "}, ("mon",), f"'' {HOURS}"),
    ({"mon": "٠٩:٠٠-١٧:٠٠"}, ("mon",), f"'٠٩:٠٠-١٧:٠٠' {HOURS}"),
    ({"mon": ["24h"]}, ("mon",), HOURS),
    ({"mon": None}, ("mon",), HOURS),
    ({"mon": "24:00-25:00"}, ("mon",), "'24:00-25:00' holds a time that no clock shows"),
    ({"mon": "09:60-10:00"}, ("mon",), "'09:60-10:00' holds a time that no clock shows"),
    ({"mon": "09:00-10:75"}, ("mon",), "'09:00-10:75' holds a time that no clock shows"),
    ({"mon": "24:00-02:00"}, ("mon",), "'24:00-02:00' holds a time that no clock shows"),
    ({"mon": "09:00-24:01"}, ("mon",), "'09:00-24:01' holds a time that no clock shows"),
    ({"mon": "09:00-09:00"}, ("mon",), "'09:00-09:00' ends when it begins: for a whole day write 24h"),
    ({"mon": "09:00-12:00, 11:00-13:00"}, ("mon",), "'09:00-12:00, 11:00-13:00' overlaps with itself"),
    ({"mon": "22:00-02:00, 23:00-24:00"}, ("mon",), "'22:00-02:00, 23:00-24:00' overlaps with itself"),
    ({"mon": "24h", "holidays": "gr"}, ("holidays",), "no holidays are known for 'gr'; did you mean 'GR'?"),
    ({"mon": "24h", "holidays": "XX"}, ("holidays",), "no holidays are known for 'XX'"),
    ({"mon": "24h", "holidays": "utils"}, ("holidays",), "no holidays are known for 'utils'"),
    ({"mon": "24h", "holidays": "FR-XX"}, ("holidays",), "'FR' has no part 'XX'"),
    ({"mon": "24h", "holidays": "FR-"}, ("holidays",), "'FR' has no part ''"),
    ({"mon": "24h", "holidays": ["FR"]}, ("holidays",), "has to be a country"),
    (
        {"mon": "24h", "except": "2026-01-01"},
        ("except",),
        "has to map dates to hours, or to be a list of dates",
    ),
    ({"mon": "24h", "except": {"2026-02-30": "24h"}}, ("except", "2026-02-30"), "there is no day 2026-02-30"),
    ({"mon": "24h", "except": {"2026-01-01": "9-5"}}, ("except", "2026-01-01"), f"'9-5' {HOURS}"),
    (
        {"mon": "24h", "except": ["2026-01-01", "1/2/2026"]},
        ("except", "1"),
        "has to be a date, as in 2026-12-25",
    ),
    ({"mon": "24h", "except": ["20260101"]}, ("except", "0"), "has to be a date, as in 2026-12-25"),
    ({"mon": "24h", "except": [["2026-01-01"]]}, ("except", "0"), "has to be a date, as in 2026-12-25"),
]


@pytest.mark.parametrize(("mapping", "path", "message"), ONE_PROBLEM)
def test_a_problem_says_what_and_where(mapping: dict[str, object], path: tuple[str, ...], message: str) -> None:
    hours, problems = parse_hours(mapping, "UTC")
    assert hours is None
    assert [problem.path for problem in problems] == [path]
    assert problems[0].message.startswith(message)


def test_all_problems_are_said_at_once() -> None:
    mapping = {
        "zone": "Athens",
        "fry": "24h",
        "sat": "9",
        "holidays": "gr",
        "except": {"x": "y", "2026-01-01": "z"},
    }
    hours, problems = parse_hours(mapping, "UTC")
    assert hours is None
    assert [problem.path for problem in problems] == [
        ("zone",),
        ("fry",),
        ("sat",),
        ("holidays",),
        ("except", "x"),
        ("except", "x"),
        ("except", "2026-01-01"),
    ]


def test_a_wrong_default_zone_is_said() -> None:
    hours, problems = parse_hours({"mon": "24h"}, "Nowhere")
    assert hours is None
    assert problems == (((), "there is no time zone 'Nowhere'"),)


def test_check_zone() -> None:
    check_zone("Europe/Athens")
    with pytest.raises(ValueError, match=r"there is no time zone 'Paris'; did you mean 'Europe/Paris'\?"):
        check_zone("Paris")


CLINIC = read(
    zone="Europe/Athens",
    mon_fri="09:00-17:00",
    sat="22:00-02:00",
    holidays="GR",
    **{"except": {"2026-03-26": "closed", "2026-03-25": "10:00-11:00", "2026-08-16": "08:00-09:00"}},
)


@pytest.mark.parametrize(
    ("at", "opened"),
    [
        ("2026-03-02T08:59:59", False),
        ("2026-03-02T09:00:00", True),
        ("2026-03-02T16:59:59.999999", True),
        ("2026-03-02T17:00:00", False),
        ("2026-03-07T21:59", False),
        ("2026-03-07T22:00", True),
        ("2026-03-08T01:59", True),
        ("2026-03-08T02:00", False),
        ("2026-03-08T22:30", False),
        ("2026-03-26T10:00", False),
        ("2026-03-25T10:30", True),
        ("2026-03-25T12:00", False),
        ("2026-04-13T10:00", False),
        ("2026-12-25T10:00", False),
        ("2026-08-15T23:00", False),
        ("2026-08-16T01:00", False),
        ("2026-08-16T08:30", True),
        ("2026-07-06T16:30", True),
    ],
)
def test_open_or_closed(at: str, opened: bool) -> None:
    assert is_open(CLINIC, local(at)) is opened


def test_a_holiday_of_a_part_of_a_country() -> None:
    abolition = datetime(2026, 5, 22, 12, tzinfo=UTC)
    assert not is_open(read(fri="24h", holidays="FR-MQ"), abolition)
    assert is_open(read(fri="24h", holidays="FR"), abolition)


def test_a_night_goes_on_into_a_holiday() -> None:
    bar = read(zone="Europe/Athens", mon_sun="22:00-02:00", holidays="GR")
    assert is_open(bar, local("2026-12-25T01:00"))
    assert not is_open(bar, local("2026-12-25T23:00"))


def test_a_list_of_dates_is_closed() -> None:
    hours = read(mon_sun="24h", **{"except": ["2026-03-02"]})
    assert not is_open(hours, datetime(2026, 3, 2, 12, tzinfo=UTC))
    assert is_open(hours, datetime(2026, 3, 3, 12, tzinfo=UTC))


def test_the_moment_may_be_told_in_any_zone_but_needs_one() -> None:
    assert is_open(CLINIC, local("2026-03-02T09:00").astimezone(ZoneInfo("Asia/Tokyo")))
    with pytest.raises(ValueError, match="aware"):
        is_open(CLINIC, datetime(2026, 3, 2, 9))  # noqa: DTZ001  # what is refused here


@pytest.mark.parametrize(
    ("text", "at", "fold", "opened"),
    [
        ("01:00-03:30", "03:15", 0, True),
        ("01:00-03:30", "03:45", 0, False),
        ("01:00-03:30", "03:15", 1, False),
        ("03:30-09:00", "03:45", 0, False),
        ("03:30-09:00", "03:15", 1, False),
        ("03:30-09:00", "03:45", 1, True),
        ("03:15-03:45", "03:30", 0, False),
        ("03:15-03:45", "03:30", 1, False),
        ("01:00-09:00", "03:30", 0, True),
        ("01:00-09:00", "03:30", 1, True),
        ("01:00-03:30, 03:30-09:00", "03:15", 1, True),
        ("01:00-04:00", "03:59", 1, True),
        ("03:00-05:00", "03:59", 0, False),
        ("03:00-05:00", "03:00", 1, True),
    ],
)
def test_the_hour_that_comes_twice(text: str, at: str, fold: int, opened: bool) -> None:
    assert is_open(read(zone="Europe/Athens", sun=text), local(f"2026-10-25T{at}", fold=fold)) is opened


@pytest.mark.parametrize(
    ("text", "first_open", "first_closed"),
    [
        ("03:30-09:00", "2026-03-29T01:00", "2026-03-29T06:00"),
        ("02:00-03:30", "2026-03-29T00:00", "2026-03-29T01:00"),
        ("02:00-05:00", "2026-03-29T00:00", "2026-03-29T02:00"),
    ],
)
def test_the_hour_that_is_skipped(text: str, first_open: str, first_closed: str) -> None:
    hours = read(zone="Europe/Athens", sun=text)
    opens, closes = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (first_open, first_closed))
    assert not is_open(hours, opens - MINUTE)
    assert is_open(hours, opens)
    assert is_open(hours, closes - MINUTE)
    assert not is_open(hours, closes)


def test_hours_that_lie_in_the_skipped_hour_never_come() -> None:
    hours = read(zone="Europe/Athens", sun="03:10-03:50")
    start = datetime(2026, 3, 29, tzinfo=UTC)
    assert not any(is_open(hours, start + MINUTE * step) for step in range(360))


CHANGES = [
    ("Europe/Athens", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Athens", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("America/Havana", datetime(2026, 3, 8, 5, tzinfo=UTC)),
    ("America/Havana", datetime(2026, 11, 1, 5, tzinfo=UTC)),
    ("Asia/Beirut", datetime(2026, 3, 28, 22, tzinfo=UTC)),
    ("Asia/Beirut", datetime(2026, 10, 24, 21, tzinfo=UTC)),
    ("America/St_Johns", datetime(2010, 11, 7, 2, 31, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ("Africa/Casablanca", datetime(2026, 2, 15, 2, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2026, 1, 1, 0, tzinfo=UTC)),
]
REACH = 3 * 1440
"""Minutes before and after a change that the model looks at."""


@lru_cache
def walls(zone: str, change: datetime) -> list[datetime]:
    """What the clock shows at every minute, in the order in which the minutes pass."""
    start = change - MINUTE * REACH
    return [
        (start + MINUTE * step).astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
        for step in range(2 * REACH)
    ]


def _first(clock: list[datetime], wanted: datetime) -> int:
    return next((at for at, wall in enumerate(clock) if wall >= wanted), len(clock))


def model(hours: OpeningHours, clock: list[datetime]) -> set[int]:
    """The open minutes by brute force. Hours hold from the last time that the clock shows their beginning
    (or has just skipped it) until their end is there for the first time; hours that touch are one."""
    wall_minutes = set()
    for day in {wall.date() + timedelta(days=step) for wall in clock[::1440] for step in (-1, 0, 1, 2)}:
        for span in hours.on(day):
            midnight = datetime.combine(day, datetime.min.time())
            wall_minutes |= {midnight + MINUTE * minute for minute in range(span.opens, span.closes)}
    found = set()
    for begin in wall_minutes:
        if begin - MINUTE not in wall_minutes:
            end = begin
            while end in wall_minutes:
                end += MINUTE
            shown = [at for at, wall in enumerate(clock) if wall == begin] or [_first(clock, begin)]
            found |= {*range(shown[-1], _first(clock, end))}
    return found


_spans = st.tuples(st.integers(0, 95), st.integers(1, 96)).map(lambda t: Span(t[0] * 15, (t[0] + t[1]) * 15))
_night_spans = st.tuples(st.integers(0, 24), st.integers(1, 12)).map(lambda t: Span(t[0] * 10, (t[0] + t[1]) * 10))
_days = st.lists(_spans | _night_spans, max_size=3).map(tuple)
_weeks = st.tuples(*[_days] * 7)


@pytest.mark.parametrize(("zone", "change"), CHANGES, ids=str)
def test_around_a_change_of_the_clocks(zone: str, change: datetime) -> None:
    clock = walls(zone, change)
    first = change - MINUTE * REACH

    @settings(max_examples=40, deadline=None)
    @given(_weeks)
    @example(((Span(0, 1440),),) * 7)
    def holds(week: tuple[tuple[Span, ...], ...]) -> None:
        hours = OpeningHours(zone, week, "", {})
        opened = model(hours, clock)
        for at in range(REACH - 300, REACH + 300):
            assert is_open(hours, first + MINUTE * at) is (at in opened), clock[at]

    holds()


@pytest.mark.parametrize(("zone", "change"), CHANGES[:-1], ids=str)
def test_the_changes_are_changes(zone: str, change: datetime) -> None:
    before, after = ((change + step).astimezone(ZoneInfo(zone)).utcoffset() for step in (-MINUTE, timedelta()))
    assert before != after
