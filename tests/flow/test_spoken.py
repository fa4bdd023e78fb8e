"""The speech filters: one table per filter, each language written out as it is spoken."""

from datetime import UTC, date, datetime, time

import pytest

from voiceapp.flow import spoken
from voiceapp.flow.values import RenderError

LANGUAGES = "en-GB en-US fr-FR de-DE it-IT es-ES pt-PT el-GR nl-NL pl-PL hu-HU sv-SE ru-RU bg-BG"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("007", "0 0 7"),
        (42, "4 2"),
        ("+30 2310-123.456", "+ 3 0 2 3 1 0 1 2 3 4 5 6"),
        ("*9#", "* 9 #"),
        ("AB12", "A B 1 2"),
        ("Ζ7", "Ζ 7"),
        ("", ""),
        ("- .", ""),
    ],
)
def test_digits(value: object, text: str) -> None:
    assert spoken.digits(value, "en-GB") == text


@pytest.mark.parametrize("value", [-1, 1.5, True, None, [], {}, datetime(2026, 1, 1, tzinfo=UTC)])
def test_digits_of_nothing_else(value: object) -> None:
    with pytest.raises(RenderError):
        spoken.digits(value, "en-GB")


@pytest.mark.parametrize(
    ("language", "euros"),
    [
        ("en-GB", "€1234.50"),
        ("en-US", "€1234.50"),
        ("fr-FR", "1234,50 €"),
        ("de-DE", "1234,50 €"),
        ("it-IT", "1234,50 €"),
        ("es-ES", "1234,50 €"),
        ("pt-PT", "1234,50 €"),
        ("el-GR", "1234,50 €"),
        ("nl-NL", "€ 1234,50"),
        ("pl-PL", "1234,50 €"),
        ("hu-HU", "1234,50 EUR"),
        ("sv-SE", "1234,50 €"),
        ("ru-RU", "1234,50 €"),
        ("bg-BG", "1234,50 €"),
    ],
)
def test_money_by_language(language: str, euros: str) -> None:
    for amount in (1234.5, "1234.5", "1234.50"):
        assert spoken.money(amount, language, "EUR") == euros


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        (12, "GBP", "£12.00"),
        (-3, "EUR", "-€3.00"),
        (1234567, "JPY", "JP¥1234567"),
        (12.5, None, "12.50"),
        ("7", None, "7.00"),
        (1234567.891, None, "1234567.89"),
    ],
)
def test_money(value: object, currency: str | None, text: str) -> None:
    assert spoken.money(value, "en-GB", currency) == text


@pytest.mark.parametrize("value", ["", "1,5", "1e3", "x", "٣", "1\n", None, True, [], float("nan"), float("inf")])
def test_money_of_no_amount(value: object) -> None:
    with pytest.raises(RenderError):
        spoken.money(value, "en-GB")


@pytest.mark.parametrize("currency", ["euro", "eur", "", "ZZZ", 5, True])
def test_money_in_no_currency(currency: object) -> None:
    with pytest.raises(RenderError):
        spoken.money(1, "en-GB", currency)


@pytest.mark.parametrize(
    ("language", "day", "hour"),
    [
        ("en-GB", "1 March 2026", "14:05"),
        ("en-US", "March 1, 2026", "2:05 PM"),
        ("fr-FR", "1 mars 2026", "14:05"),
        ("de-DE", "1. März 2026", "14:05"),
        ("it-IT", "1 marzo 2026", "14:05"),
        ("es-ES", "1 de marzo de 2026", "14:05"),
        ("pt-PT", "1 de março de 2026", "14:05"),
        ("el-GR", "1 Μαρτίου 2026", "2:05 μ.μ."),
        ("nl-NL", "1 maart 2026", "14:05"),
        ("pl-PL", "1 marca 2026", "14:05"),
        ("hu-HU", "2026. március 1.", "14:05"),
        ("sv-SE", "1 mars 2026", "14:05"),
        ("ru-RU", "1 марта 2026 г.", "14:05"),
        ("bg-BG", "1 март 2026 г.", "14:05"),
    ],
)
def test_date_and_time_by_language(language: str, day: str, hour: str) -> None:
    moment = datetime(2026, 3, 1, 14, 5, 59, tzinfo=UTC)
    for value in (moment, moment.isoformat(), "2026-03-01T14:05Z"):
        assert spoken.date(value, language) == day
        assert spoken.time(value, language) == hour


def test_a_date_or_a_time_alone() -> None:
    assert spoken.date(date(2026, 12, 31), "en-GB") == spoken.date("2026-12-31", "en-GB") == "31 December 2026"
    assert spoken.time(time(9, 0), "en-GB") == spoken.time("09:00", "en-GB") == "09:00"
    assert spoken.time("09:00:30+03:00", "en-GB") == "09:00"


@pytest.mark.parametrize("value", ["", "today", "2026-02-30", "1/3/2026", "14:05", 20260301, None, [], time(9)])
def test_no_date(value: object) -> None:
    with pytest.raises(RenderError):
        spoken.date(value, "en-GB")


@pytest.mark.parametrize("value", ["", "now", "25:00", "9", 9, None, [], date(2026, 1, 1), "2026-13-01T09:00"])
def test_no_time(value: object) -> None:
    with pytest.raises(RenderError):
        spoken.time(value, "en-GB")


@pytest.mark.parametrize(
    ("language", "ranks"),
    [
        (
            "en",
            {
                1: "1st",
                2: "2nd",
                3: "3rd",
                4: "4th",
                11: "11th",
                12: "12th",
                13: "13th",
                21: "21st",
                112: "112th",
            },
        ),
        ("fr", {1: "1er", 2: "2e", 21: "21e"}),
        ("de", {1: "1.", 20: "20."}),
        ("it", {1: "1º"}),
        ("es", {1: "1.º"}),
        ("pt", {1: "1.º"}),
        ("nl", {1: "1e"}),
        ("el", {1: "1ος", 20: "20ος"}),
        ("pl", {1: "1."}),
        ("hu", {1: "1."}),
        ("sv", {1: "1:a", 2: "2:a", 3: "3:e", 11: "11:e", 12: "12:e", 21: "21:a"}),
        (
            "bg",
            {1: "1-ви", 2: "2-ри", 3: "3-ти", 7: "7-ми", 8: "8-ми", 11: "11-ти", 17: "17-ти", 22: "22-ри"},
        ),
        ("ru", {1: "1-й", 3: "3-й"}),
        ("fi", {1: "1.", 2: "2."}),
    ],
)
def test_ordinal(language: str, ranks: dict[int, str]) -> None:
    for rank, text in ranks.items():
        assert spoken.ordinal(rank, language) == spoken.ordinal(str(rank), f"{language}-XX") == text
    assert spoken.ordinal(2.0, "en") == "2nd"


@pytest.mark.parametrize("value", [0, -1, 1.5, "x", "1.5", None, True, []])
def test_no_ordinal(value: object) -> None:
    with pytest.raises(RenderError):
        spoken.ordinal(value, "en-GB")


@pytest.mark.parametrize("language", ["xx", "xx-YY", "", "no such tag", "../etc", "e" * 500])
def test_an_unknown_language_is_spoken_as_english(language: str) -> None:
    assert spoken.date("2026-03-01", language) == spoken.date("2026-03-01", "en")
    assert spoken.money(1, language, "EUR") == "€1.00"


@pytest.mark.parametrize("language", ["fr-XX", "fr", "FR", "fr-fr"])
def test_an_unknown_region_falls_back_to_its_language(language: str) -> None:
    assert spoken.date("2026-03-01", language) == "1 mars 2026"


@pytest.mark.parametrize("language", LANGUAGES.split())
def test_a_voice_meets_no_unusual_space(language: str) -> None:
    texts = (
        spoken.money(1234567.5, language, "EUR"),
        spoken.money(1234567.5, language),
        spoken.date("2026-03-01", language),
        spoken.time("14:05", language),
    )
    assert all(sign.isprintable() for text in texts for sign in text)
