"""What of a text is words and what is filled in."""

import pytest

from voiceapp.wording.fragments import fragments, placeholders

CASES = {
    "Hello.": ((), ("Hello.",)),
    "Order {{ order|digits }}. I connect you.": (("{{ order | digits }}",), ("Order", "I connect you.")),
    "{{ a }}, {{a}}!": (("{{ a }}",), ()),
    "{% if n == 1 %}One call{% else %}{{ n }} calls{% endif %} today.": (
        ("{{ n }}",),
        ("One call", "calls", "today."),
    ),
    "Two {{- x -}} three": (("{{ x }}",), ("Two", "three")),
    "{# said by Ann #}Hello {% raw %}{{ x }}{% endraw %}": ((), ("Hello", "{{ x }}")),
    "{{ a['b c'] }} is {{ result.count }}": (("{{ a [ 'b c' ] }}", "{{ result . count }}"), ("is",)),
    "Hello {{ ) }}": ((), ("Hello {{ ) }}",)),
    "Γεια, {{ x }}… καλημέρα": (("{{ x }}",), ("Γεια,", "… καλημέρα")),
}


@pytest.mark.parametrize("text", CASES)
def test_fragments(text: str) -> None:
    filled, words = CASES[text]
    assert (placeholders(text), fragments(text)) == (frozenset(filled), words)
