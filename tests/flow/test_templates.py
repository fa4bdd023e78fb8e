"""Texts and conditions: what they give, and what they refuse when loaded (F30)."""

import subprocess
import sys
from datetime import UTC, date, datetime
from typing import Any

import pytest

from voiceapp.flow.problems import WrongWithin
from voiceapp.flow.templates import Purpose, RenderError, TemplateError, condition, template

SPEECH, URL, DATA = Purpose

SCOPE: dict[str, Any] = {
    "first_name": "Ann",
    "code": "007",
    "empty": "",
    "nothing": None,
    "ready": True,
    "amount": 12.5,
    "caller": "+302310123456",
    "language": "en-GB",
    "now": datetime(2026, 3, 2, 14, 5, 9, tzinfo=UTC),
    "day": date(2026, 3, 2),
    "list": ["a", "b"],
    "result": {"count": 3, "items": ["x"], "keys": "k", "price": 3.0, "none": None, "deep": {"er": 1}},
    "secret": {"TOKEN": "~secret~TOKEN~abc~"},
}


def speech(source: str, **more: Any) -> str:
    return template(source, purpose=SPEECH).render(SCOPE | more)


def holds(source: str, **more: Any) -> bool:
    return condition(source).holds(SCOPE | more)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("", ""),
        ("Hello.", "Hello."),
        ("a { b } }} %} c", "a { b } }} %} c"),
        ("Hello {{ first_name }}.", "Hello Ann."),
        ("{{ first_name }}\n", "Ann\n"),
        ("{# for people #}Hello", "Hello"),
        ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
        ("{{ result.count }} {{ result['count'] }}", "3 3"),
        ("{{ result.deep.er }} {{ list[0] }} {{ list.1 }} {{ list[-1] }} {{ code[2] }}", "1 a b b 7"),
        ("{{ result.keys }}", "k"),
        (
            "{{ result.price }} {{ 1e3 }} {{ 0.1 + 0.2 }} {{ 7 / 2 }} {{ 7 // 2 }} {{ -0.0 }}",
            "3 1000 0.3 3.5 3 0",
        ),
        ("{{ amount if false else amount - 1 }}", "11.5"),
        ("{{ -amount }} {{ +1 }}", "-12.5 1"),
        ("{{ ready }} {{ not ready }}", "true false"),
        ("{{ first_name ~ 1 ~ true }} {{ 'a' + 'b' }}", "Ann1true ab"),
        ("{{ 'one' if result.count == 1 else 'many' }}", "many"),
        ("{% if result.count > 5 %}lots{% elif ready %}some{% else %}none{% endif %}", "some"),
        (
            "{{ now.year }}-{{ now.month }}-{{ now.day }} {{ now.hour }}:{{ now.minute }}:{{ now.second }}",
            "2026-3-2 14:5:9",
        ),
        ("{{ now.weekday }} {{ day.weekday }}", "1 1"),
        ("{{ now }} {{ day }}", "2026-03-02T14:05:09+00:00 2026-03-02"),
        (
            "{{ missing | default('there') }} {{ nothing | default(2) }} {{ empty | default('x') }}!",
            "there 2 !",
        ),
        ("{{ result.a.b.c | default('no') }}", "no"),
        ("{{ code | int }} {{ '-3.9' | int }} {{ 2.9 | int }}", "7 -3 2"),
        (
            "{{ 2.5 | round }} {{ -2.5 | round }} {{ 1.005 | round(2) }} {{ '3.14' | round(1) }}",
            "3 -3 1.01 3.1",
        ),
        ("{{ code | length }} {{ list | length }} {{ result.deep | length }}", "3 2 1"),
        (
            "{{ 'ab' | upper }} {{ 'AB' | lower }} {{ \"jean-pierre d'arc\" | title }}",
            "AB ab Jean-Pierre D'arc",
        ),
        ("[{{ '  a ' | trim }}] {{ list | first }} {{ list | last }} {{ code | last }}", "[a] a b 7"),
        ("{{ empty | first | default('none') }} {{ list[2] | default('none') }}", "none none"),
        ("{{ caller | digits }}", "+ 3 0 2 3 1 0 1 2 3 4 5 6"),
        (
            "{{ amount | money('EUR') }} {{ day | date }} {{ now | time }} {{ 2 | ordinal }}",
            "€12.50 2 March 2026 14:05 2nd",
        ),
        (
            "{{ 'a' in list }} {{ 3 not in [1, 2] }} {{ 'n' in first_name }} {{ 'count' in result }}",
            "true true true true",
        ),
        ("{{ missing is defined }} {{ missing is undefined }} {{ nothing is none }}", "false true true"),
        (
            "{{ amount is number }} {{ code is string }} {{ code is number }} {{ ready is number }}",
            "true true false false",
        ),
    ],
)
def test_text(source: str, text: str) -> None:
    assert speech(source) == text


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("{{ result }}", SCOPE["result"]),
        (" {{ list }}\n", ["a", "b"]),
        ("{{ code }}", "007"),
        ("{{ result.count }}", 3),
        ("{{ result.price }}", 3.0),
        ("{{ ready }}", True),
        ("{{ nothing }}", None),
        ("{{ now }}", "2026-03-02T14:05:09+00:00"),
        ("{{ result.count + 1 }}", 4),
        ("{{ secret.TOKEN }}", "~secret~TOKEN~abc~"),
        ("Bearer {{ secret.TOKEN }}", "Bearer ~secret~TOKEN~abc~"),
        ("{{ result.count }} new", "3 new"),
        ("{{ result.count }}{{ code }}", "3007"),
        ("{% if ready %}{{ result.count }}{% endif %}", "3"),
        ("3", "3"),
    ],
)
def test_data_that_is_one_whole_expression_keeps_its_type(source: str, value: object) -> None:
    found = template(source, purpose=DATA).value(SCOPE)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("purpose", [SPEECH, URL])
def test_only_data_keeps_a_type(purpose: Purpose) -> None:
    assert template("{{ result.count }}", purpose=purpose).value(SCOPE) == "3"


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("https://a/{{ x }}?q={{ x }}", "https://a/a%20b%2F%C3%A9%3F%26~-_.?q=a%20b%2F%C3%A9%3F%26~-_."),
        ("https://a/{{ code }}", "https://a/007"),
        ("{{ url }}", "https://b/c?d=e f"),
        ("{{ url }}#", "https%3A%2F%2Fb%2Fc%3Fd%3De%20f#"),
        ("https://a/{{ secret.TOKEN }}", "https://a/~secret~TOKEN~abc~"),
        ("{{ secret.TOKEN }}", "~secret~TOKEN~abc~"),
        ("https://a/{{ empty }}/{{ 1.0 }}", "https://a//1"),
    ],
)
def test_url_parts_are_percent_encoded(source: str, url: str) -> None:
    scope = SCOPE | {"x": "a b/é?&~-_.", "url": "https://b/c?d=e f"}
    assert template(source, purpose=URL).render(scope) == url


@pytest.mark.parametrize("dots", [".", "..", "..."])
def test_a_value_cannot_climb_out_of_a_url(dots: str) -> None:
    with pytest.raises(RenderError):
        template("https://a/{{ x }}/b", purpose=URL).render({"x": dots})


@pytest.mark.parametrize(
    ("source", "holding"),
    [
        ("result.count > 0 and ready", True),
        ("result.count == 0 or not ready", False),
        ("1 < result.count <= 3", True),
        ("'5' == 5", False),
        ("code == '007'", True),
        ("code | int == 7", True),
        ("code | int < 8", True),
        ("first_name in ['Ann', 'Bob']", True),
        ("caller", True),
        ("empty", False),
        ("nothing is none", True),
        ("nothing", False),
        ("missing is defined and missing > 3", False),
        ("now.hour >= 9 and now.weekday <= 5", True),
        ("result.count\n  == 3", True),
    ],
)
def test_condition(source: str, holding: bool) -> None:
    assert holds(source) is holding


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("{{ missing }}", "missing"),
        ("{{ result.missing }}", "missing"),
        ("{{ result.missing.more }}", "missing"),
        ("{{ first_name.upper }}", "upper"),
        ("{{ now.tzinfo }}", "tzinfo"),
        ("{{ day.hour }}", "hour"),
        ("{{ missing ~ 'x' }}", "missing"),
        ("{{ missing + 1 }}", "missing"),
        ("{{ 1 - missing }}", "missing"),
        ("{{ -missing }}", "missing"),
        ("{{ missing[0] }}", "missing"),
        ("{{ missing['a'] }}", "missing"),
        ("{{ -(1 if 'x'.count else 2) }}", "count"),
        ("{{ missing == 1 }}", "missing"),
        ("{{ 1 == missing }}", "missing"),
        ("{{ 1 in missing }}", "missing"),
        ("{{ missing is none }}", "missing"),
        ("{{ missing | upper }}", "missing"),
        ("{{ missing | digits }}", "missing"),
        ("{{ 1 | round(missing) }}", "missing"),
        ("{{ list[missing] }}", "missing"),
        ("{{ 'a' if missing else 'b' }}", "missing"),
        ("{% if missing %}a{% endif %}", "missing"),
        ("{{ result[first_name] }}", None),
        ("{{ list[2] }}", None),
        ("{{ nothing }}", None),
        ("{{ list }}", None),
        ("{{ result }}", None),
        ("{{ nothing ~ 'x' }}", None),
        ("{{ 1 / 0 }}", None),
        ("{{ 1 // 0 }}", None),
        ("{{ first_name + 1 }}", None),
        ("{{ ready + 1 }}", None),
        ("{{ -code }}", None),
        ("{{ -ready }}", None),
        ("{{ list + list }}", None),
        ("{{ '5' < 6 }}", None),
        ("{{ nothing > 1 }}", None),
        ("{{ 1 in 2 }}", None),
        ("{{ result in result }}", None),
        ("{{ first_name | int }}", None),
        ("{{ '٣' | int }}", None),
        ("{{ 1 | round(-99999999) }}", None),
        ("{{ 1 | round(-1) }}", None),
        ("{{ 1 | round(11) }}", None),
        ("{{ 1 | round('2') }}", None),
        ("{{ 5 | length }}", None),
        ("{{ 5 | first }}", None),
        ("{{ 999999999999999 / 1 | money('NOPE') }}", None),
    ],
)
def test_what_fails_at_run_time_is_a_render_error(source: str, name: str | None) -> None:
    for purpose in Purpose:
        with pytest.raises(RenderError) as error:
            template(source, purpose=purpose).render(SCOPE)
        assert error.value.name == name
        assert not any(text in str(error.value) for text in ("Ann", "007", "+30"))


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 10**5000], ids=["nan", "inf", "long"])
def test_numbers_without_end_are_refused(number: float) -> None:
    for source in ("{{ n }}", "{{ n }}!", "{{ n | int }}"):
        with pytest.raises(RenderError):
            speech(source, n=number)
    if isinstance(number, float):
        with pytest.raises(RenderError):
            template("{{ n }}", purpose=DATA).value({"n": number})


def test_missing_secret_is_named() -> None:
    with pytest.raises(RenderError) as error:
        template("{{ secret.OTHER }}", purpose=DATA).value(SCOPE)
    assert error.value.name == "OTHER"


@pytest.mark.parametrize(
    "source",
    [
        "x" * 4095 + "é",
        "{{ 'half \\ud800' }}",
        "half \ud800",
        "{{ a",
        "{% if a %}",
        "{% endif %}",
        "{{ }}",
        "{{ a b }}",
        "{{ a = 3 }}",
        "{{ a && b }}",
        "{{ 'a' if b }}",
        "{{ [1] }}",
        "{{ 1, 2 }}",
        "{{ é }}",
        "{{ ª }}",
        "{{ self }}",
        "{{ 1 | default(1, true) }}",
        "{{ 1 | default(*list) }}",
        "{{ 1 | money(currency='EUR') }}",
        "{{ 1 | upper(2) }}",
        "{{ 1000000000000000 }}",
    ],
)
def test_refused_when_loaded(source: str) -> None:
    with pytest.raises(TemplateError):
        template(source, purpose=DATA)


@pytest.mark.parametrize(
    "source", ["", "a b", "a = 3", "{{ a }}", "a }} {{ b", "a }}", "{% if a %}", "secret.A == 'x'", "x()"]
)
def test_refused_as_condition(source: str) -> None:
    with pytest.raises(TemplateError):
        condition(source)


@pytest.mark.parametrize(
    ("source", "message", "offset"),
    [
        ("{{ x | uper }}", "there is no filter 'uper'; did you mean 'upper'?", 7),
        ("a\nb {{ x | monney('EUR') }}", "there is no filter 'monney'; did you mean 'money'?", 11),
        ("{{ x | money(c='EUR') }}", "filter 'money' takes one value in parentheses", 7),
        ("{{ x | upper(1) }}", "filter 'upper' takes nothing in parentheses", 7),
        ("{{ x is defind }}", "there is no test 'defind'; did you mean 'defined'?", 8),
        ("{% iff x %}", "there is no tag '{% iff %}' here; did you mean 'if'?", 3),
        ("\n{%- for x in y %}{% endfor %}", "there is no tag '{% for %}' here; there are elif, ", 5),
        ("{{ x.__class__ }}", "'__class__' cannot be looked up: it begins with two underscores", 5),
        ("{{ f() }}", "a call such as name() cannot be used here", 3),
        ("{{ 2 * 3 }}", "'*' cannot be used here", 5),
        ("{{ a ~ secret }}", "a secret can only stand alone", 7),
        ("ok\n{{ a", "cannot be read: this '{{' is not closed with '}}'", 3),
    ],
)
def test_an_error_says_what_and_where(source: str, message: str, offset: int) -> None:
    with pytest.raises(TemplateError) as error:
        template(source, purpose=DATA)
    assert str(error.value).startswith(message)
    assert next(wrong.offset for wrong in error.value.parts if isinstance(wrong, WrongWithin)) == offset


def test_an_equals_sign_in_a_condition_is_explained() -> None:
    with pytest.raises(TemplateError, match="to compare, write '=='"):
        condition("a = 3")


def test_what_a_template_tells_of_itself() -> None:
    made = template(
        "{{ a.b | default(c) }} {{ d[e] }} {{ secret.F }} {% if g %}{{ now }}{% endif %}", purpose=DATA
    )
    assert made.names == {"a", "c", "d", "e", "g", "now"}
    assert made.secrets == {"F"}
    assert not made.literal
    literal = template("Hello", purpose=SPEECH)
    assert (literal.literal, literal.names, literal.secrets) == (True, frozenset(), frozenset())
    assert condition("a.b in ['c'] or d").names == {"a", "d"}


def test_equal_sources_are_compiled_once() -> None:
    assert template("{{ a }} once", purpose=SPEECH) is template("{{ a }} once", purpose=SPEECH)
    assert template("{{ a }} once", purpose=SPEECH) != template("{{ a }} once", purpose=DATA)
    assert condition("a == 'once'") is condition("a == 'once'")


@pytest.mark.parametrize(
    "source",
    [
        "{{ secret }}",
        "{{ secret.A | upper }}",
        "{{ secret.A ~ 'x' }}",
        "{{ secret.A.b }}",
        "{{ secret['A'] }}",
        "{{ secret[a] }}",
        "{{ secret.A == 'x' }}",
        "{{ secret.A if a else b }}",
        "{% if secret.A %}a{% endif %}",
        "{{ a[secret.A] }}",
        "{{ a | default(secret.A) }}",
        "{{ secret.__class__ }}",
    ],
)
def test_a_secret_stands_alone(source: str) -> None:
    for purpose in (URL, DATA):
        with pytest.raises(TemplateError):
            template(source, purpose=purpose)


@pytest.mark.parametrize("source", ["{{ secret.A }}", "Say {{ secret.A }}", "{% if a %}{{ secret.A }}{% endif %}"])
def test_a_secret_is_never_spoken(source: str) -> None:
    with pytest.raises(TemplateError, match="a secret cannot be spoken"):
        template(source, purpose=SPEECH)


def test_importing_leaves_the_slow_libraries_for_later() -> None:
    code = "import sys, voiceapp.flow.templates, voiceapp.flow.calendar\n"
    code += "print({'babel', 'holidays'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
