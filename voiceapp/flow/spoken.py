"""The speech filters: digits, amounts, days, hours and ranks as a person of that language says them.

A carrier's voice reads what it gets, so these write for the ear: no thousands separators (a voice stops
at a space inside a number), no unusual spaces, the forms of CLDR for the rest. Languages are tags such as
`el-GR`; one that CLDR does not know is spoken as English. Numbers may be numbers or plain digits as text,
days and hours ISO 8601 text or datetimes; anything else is a RenderError.
"""

import datetime
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from voiceapp.flow.values import RenderError, as_number, as_text, kind

if TYPE_CHECKING:
    from babel import Locale

_SIGNS = "+*#"
_UNUSUAL_SPACES = {0xA0: " ", 0x202F: " "}


def digits(value: object, language: str) -> str:
    """One by one: `007` is `0 0 7`. Letters and the signs `+ * #` count; spaces, dots, dashes are dropped."""
    if not isinstance(value, str | int) or isinstance(value, bool) or (isinstance(value, int) and value < 0):
        raise RenderError(f"'digits' reads digits one by one, not {kind(value)}")
    return " ".join(sign for sign in as_text(value) if sign.isalnum() or sign in _SIGNS)


def money(value: object, language: str, currency: object = None) -> str:
    """`12.5 | money('EUR')` is `€12.50` or `12,50 €`; without a currency the amount with two decimals."""
    from babel.numbers import format_currency, format_decimal, is_currency  # slow to import

    amount = as_number(value)
    if currency is None:
        return _plain(format_decimal(amount, "0.00", locale=_locale(language)))
    if not isinstance(currency, str) or not is_currency(currency):
        raise RenderError("'money' takes a currency by its three letters, such as 'EUR'")
    return _plain(format_currency(amount, currency, locale=_locale(language), group_separator=False))


def date(value: object, language: str) -> str:
    """`2026-03-01` is `1 March 2026`. Of a date and time, the date as it is written there."""
    from babel.dates import format_date  # slow to import

    day = _read(value, datetime.datetime.fromisoformat, "date")
    if not isinstance(day, datetime.date):
        raise RenderError("'date' needs a date, such as 2026-03-01")
    return _plain(format_date(day, "long", locale=_locale(language)))


def time(value: object, language: str) -> str:
    """`14:05` is `14:05` or `2:05 PM`. Of a date and time, the time as it is written there."""
    from babel.dates import format_time  # slow to import

    moment = _read(value, _time_of, "time")
    if isinstance(moment, datetime.datetime):
        moment = moment.time()
    if not isinstance(moment, datetime.time):
        raise RenderError("'time' needs a time, such as 14:05")
    return _plain(format_time(moment, "short", locale=_locale(language)))


def ordinal(value: object, language: str) -> str:
    """`2` is `2nd`, `2e`, `2.`, in the masculine where a language has to choose."""
    number = as_number(value)
    rank = int(number)
    if rank != number or rank < 1:
        raise RenderError("'ordinal' needs a whole number from 1 up")
    write = _ORDINALS.get(language.partition("-")[0].lower())
    return write(rank) if write else f"{rank}."


def _read(value: object, read: Callable[[str], datetime.datetime | datetime.time], name: str) -> object:
    if not isinstance(value, str):
        return value
    try:
        return read(value)
    except ValueError:
        raise RenderError(f"'{name}' needs a {name} in ISO 8601") from None


def _time_of(text: str) -> datetime.datetime | datetime.time:
    return datetime.datetime.fromisoformat(text) if "-" in text else datetime.time.fromisoformat(text)


@lru_cache(maxsize=256)
def _locale(language: str) -> "Locale":
    from babel import Locale, UnknownLocaleError  # slow to import

    for tag in (language, language.partition("-")[0], "en"):
        try:
            return Locale.parse(tag, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
    raise AssertionError("CLDR has no English")


def _plain(text: str) -> str:
    return text.translate(_UNUSUAL_SPACES)


def _english(rank: int) -> str:
    teen = rank % 100 in (11, 12, 13)
    return f"{rank}th" if teen else f"{rank}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(rank % 10, 'th') }"


def _swedish(rank: int) -> str:
    first_or_second = rank % 10 in (1, 2) and rank % 100 not in (11, 12)
    return f"{rank}:a" if first_or_second else f"{rank}:e"


def _bulgarian(rank: int) -> str:
    teen = 11 <= rank % 100 <= 19
    return f"{rank}-ти" if teen else f"{rank}-{ {1: 'ви', 2: 'ри', 7: 'ми', 8: 'ми'}.get(rank % 10, 'ти') }"


_ORDINALS: dict[str, Callable[[int], str]] = {
    "en": _english,
    "fr": lambda rank: "1er" if rank == 1 else f"{rank}e",
    "de": lambda rank: f"{rank}.",
    "it": lambda rank: f"{rank}º",
    "es": lambda rank: f"{rank}.º",
    "pt": lambda rank: f"{rank}.º",
    "nl": lambda rank: f"{rank}e",
    "el": lambda rank: f"{rank}ος",
    "pl": lambda rank: f"{rank}.",
    "hu": lambda rank: f"{rank}.",
    "sv": _swedish,
    "bg": _bulgarian,
    "ru": lambda rank: f"{rank}-й",
}
