"""What of a text is words and what is filled in."""

import pytest

from voiceapp.wording.fragments import Placeholder, fragments, placeholders, split

CASES = {
    "Hello.": ((), ("Hello.",)),
    "Order {{ order|digits }}. I connect you.": (("{{ order|digits }}",), ("Order", "I connect you.")),
    "{{ a }}, {{a}}!": (("{{ a }}",), ()),
    "{% if n == 1 %}One call{% else %}{{ n }} calls{% endif %} today.": (
        ("{{ n }}",),
        ("One call", "calls", "today."),
    ),
    "Two {{- x -}} three": (("{{- x -}}",), ("Two", "three")),
    "{{ b }}, {{ result.price|money('EUR') }}, {{b}}.": (("{{ b }}", "{{ result.price|money('EUR') }}"), ()),
    "{# said by Ann #}Hello {% raw %}{{ x }}{% endraw %}": ((), ("Hello", "{{ x }}")),
    "{{  a['b  c']\n}} is {{ result.count }}": (("{{ a['b  c'] }}", "{{ result.count }}"), ("is",)),
    "Hello {{ ) }}": ((), ("Hello {{ ) }}",)),
    "Γεια, {{ x }}… καλημέρα": (("{{ x }}",), ("Γεια,", "… καλημέρα")),
}


@pytest.mark.parametrize("text", CASES)
def test_fragments(text: str) -> None:
    filled, words = CASES[text]
    assert (tuple(placeholders(text).values()), fragments(text)) == (filled, words)


ALIKE = {
    ("{{caller|digits}}", "{{- caller | digits }}"): True,
    ("{{ caller | digits }}", "{{\u00a0caller\n|\u00a0digits }}"): True,
    ("{{ caller }}", "{{ called }}"): False,
    ("{{ a['b'] }}", "{{ a['b '] }}"): False,
    ("{{ a['b'] }}", "{{ a[ 'b' ] }} {{ a['b'] }}"): True,
}


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_placeholders_are_the_same_whatever_white_space_is_in_them(one: str, other: str) -> None:
    assert (placeholders(one).keys() == placeholders(other).keys()) == ALIKE[one, other]


EXPRESSIONS = {
    "{{caller|digits}}": "caller|digits",
    "{{- caller   | digits -}}": "caller | digits",
    "{{ -caller }}": "-caller",
    "{% if  caller -%}": "if caller",
}


@pytest.mark.parametrize(("written", "inside"), EXPRESSIONS.items(), ids=EXPRESSIONS)
def test_what_stands_in_a_placeholder_is_as_it_was_written(written: str, inside: str) -> None:
    (part,) = split(written)
    assert isinstance(part, Placeholder)
    assert part.expression == inside
