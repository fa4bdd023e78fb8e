"""How long texts take to speak, and what is heard of the variables in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceapp.carriers import CARRIERS
from voiceapp.check.rules.unknown_voice import VOICE_DOUBTS
from voiceapp.check.words.placeholders import Variable, printed, variables
from voiceapp.check.words.speech import template_seconds, text_seconds
from voiceapp.flow.templates import Purpose, template

TYPICAL: dict[Variable, str] = {("order",): "55555555", ("greeting",): "x" * 60}
TEXT = st.text(max_size=60)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 0),
        ("x" * 150, 10),
        ("  a \n b  ", 0.2),
        ("12345678", 4),
        ("१२", 1),
        ("电话", 0.4),
        ("Πατήστε", 7 / 15),
        ("{{ order | digits }}", 4),
        ("{{ other | digits }}", 4),
        ("{{ greeting }}", 4),
        ("{{ greeting | upper }}", 4),
        ("{{ other }}", 0.8),
        ("{{ 'x' ~ 1 }}", 1 / 15 + 0.5),
        ("{{ price | money('EUR') }}", 2),
        ("{{ now | date }}{{ now | time }}", 3.5),
        ("{% if order %}xxx{% elif other %}{{ greeting }}{% else %}x{% endif %}", 4),
        ("{% if order %}xxx{% endif %}", 0.2),
        ("{% if order %}x{% else %}xxx{% endif %}", 0.2),
        ("{{ greeting if other else 'x' }}", 4),
        ("{{ 'x' if other else greeting }}", 4),
        ("{{ 2 + 3 }}", 0.8),
    ],
)
def test_seconds(text: str, seconds: float) -> None:
    assert template_seconds(template(text, purpose=Purpose.SPEECH), TYPICAL) == pytest.approx(seconds)


@given(one=TEXT, other=TEXT)
def test_more_text_takes_longer(one: str, other: str) -> None:
    assert text_seconds(f"{one} {other}") >= max(text_seconds(one), text_seconds(other))
    assert text_seconds(one) <= len(one) / 2


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("Hello.", []),
        ("{{ name }}", ["name"]),
        ("{{ result.count | money('EUR') }}", ["result.count"]),
        ("{{ result['count'] }} {{ result.rows[0].day }}", ["result.count", "result.rows.day"]),
        ("{{ name | default(caller) }}", ["name"]),
        ("{{ name ~ ' of ' ~ place }}", ["name", "place"]),
        ("{{ a + b }}", ["a", "b"]),
        ("{{ one if count == 1 else many }}", ["one", "many"]),
        ("{% if count > 1 %}{{ name }}{% else %}{{ place }}{% endif %}", ["name", "place"]),
        ("{{ count == 1 }}{{ not count }}{{ count is defined }}", []),
    ],
)
def test_variables_that_are_heard(text: str, heard: list[str]) -> None:
    expressions = printed(template(text, purpose=Purpose.SPEECH))
    assert [".".join(variable) for expression in expressions for variable in variables(expression)] == heard


def test_every_carrier_is_asked_about_its_voices() -> None:
    assert set(VOICE_DOUBTS) == set(CARRIERS)
