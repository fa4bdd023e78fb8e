"""Texts and conditions that cannot be used: everything that is wrong in one is said, each at its place in it."""

import re

import pytest

from voiceapp.flow.allowed_syntax import FILTERS
from voiceapp.flow.problems import Wrong, WrongWithin
from voiceapp.flow.templates import Condition, Purpose, Template, TemplateError, condition, offset_of, template

ALL_FILTERS = f"there are {', '.join(sorted(FILTERS))}"
SECRET = "a secret can only stand alone, as {{ secret.NAME }}: not in a condition, with a filter or in []"
CALL = "a call such as name() cannot be used here"
BACKSLASH = "cannot be read: a backslash in this text means nothing: write it twice"
NO_END = "cannot be read: this '{{' is not closed with '}}'"
NO_ENDIF = "cannot be read: this '{% if %}' is not closed with '{% endif %}'"
LONG = "+".join("1" * 50)

Faults = list[tuple[int, str]]

TEXTS: list[tuple[str, Faults, set[str]]] = [
    # everything at once
    (
        "{{ callled }} {{ x | digitz }} {{ y | digitz | fooo }}",
        [
            (21, "there is no filter 'digitz'; did you mean 'digits'?"),
            (38, "there is no filter 'digitz'; did you mean 'digits'?"),
            (47, f"there is no filter 'fooo'; {ALL_FILTERS}"),
        ],
        {"callled", "x", "y"},
    ),
    (
        "{% iff a %}{{ b b }} {{ c() }} {{ d is odd }}{{ 2 * e }}",
        [
            (3, "there is no tag '{% iff %}' here; did you mean 'if'?"),
            (16, "cannot be read: 'b' does not belong here"),
            (24, CALL),
            (39, "there is no test 'odd'; there are defined, none, number, string, undefined"),
            (50, "'*' cannot be used here"),
        ],
        {"d", "e"},
    ),
    (
        "{% if a | x %}{{ secret.B }}{% elif c is %}{% endif %}",
        [
            (10, f"there is no filter 'x'; {ALL_FILTERS}"),
            (17, "a secret cannot be spoken"),
            (38, "cannot be read: something is missing behind 'is'"),
        ],
        {"a"},
    ),
    (
        "{{ a.__b ~ c['__d'] ~ self ~ secret ~ 1000000000000000 }}",
        [
            (3, "a number here has at most 15 digits"),
            (5, "'__b' cannot be looked up: it begins with two underscores"),
            (13, "'__d' cannot be looked up: it begins with two underscores"),
            (22, "'self' cannot be a variable's name"),
            (29, SECRET),
        ],
        set(),
    ),
    (
        "{{ a(b | x) | y }} {{ 'c'.d() }}",
        [(3, CALL), (14, f"there is no filter 'y'; {ALL_FILTERS}"), (26, CALL)],
        set(),
    ),
    (
        "{{ x | x | x }}",
        [(7, f"there is no filter 'x'; {ALL_FILTERS}"), (11, f"there is no filter 'x'; {ALL_FILTERS}")],
        {"x"},
    ),
    # what is not closed
    ("Hello {{ caller ", [(6, NO_END)], set()),
    ("{{ x }", [(0, NO_END)], set()),
    (
        "{{ a | b }} {{ c, how are you? {{ d }}",
        [(7, f"there is no filter 'b'; {ALL_FILTERS}"), (12, NO_END)],
        {"a"},
    ),
    ("{{- a", [(0, NO_END)], set()),
    ("{% if a", [(0, "cannot be read: this '{%' is not closed with '%}'")], set()),
    ("a {# b", [(2, "cannot be read: this '{#' is not closed with '#}'")], set()),
    ("a {% raw %} b", [(2, "cannot be read: this '{% raw %}' is not closed with '{% endraw %}'")], set()),
    ("{{ 'abc }}", [(3, "cannot be read: this quote is not closed")], set()),
    ("{% if a %}{{ 'abc }}", [(13, "cannot be read: this quote is not closed")], {"a"}),
    ("{{ (a }}", [(6, "cannot be read: ')' is missing before this '}'")], set()),
    # tags
    ("{% if a %}x", [(3, NO_ENDIF)], {"a"}),
    ("{% if a %}{% if b %}{% endif %}", [(3, NO_ENDIF)], {"a", "b"}),
    ("{% if a %}{% else %}", [(3, NO_ENDIF)], {"a"}),
    ("{% endif %}", [(3, "cannot be read: '{% endif %}' stands here without its '{% if %}'")], set()),
    ("{% endraw %}", [(3, "cannot be read: '{% endraw %}' stands here without its '{% raw %}'")], set()),
    (
        "{% if a %}{% else %}{% elif b %}{% endif %}",
        [(23, "cannot be read: '{% elif %}' stands here without its '{% if %}'")],
        {"a", "b"},
    ),
    (
        "{% if a %}{% else %}{% else %}{% endif %}",
        [(23, "cannot be read: '{% else %}' stands here without its '{% if %}'")],
        {"a"},
    ),
    ("{% if %}{% endif %}", [(5, "cannot be read: nothing stands in this {% if %}")], set()),
    ("{% %}", [(0, "cannot be read: the name of a tag is missing behind '{%'")], set()),
    (
        "{% if a %}{% endif b %}",
        [(0, "cannot be read: look at its {% %}: each holds a tag's name, and if and elif a condition")],
        {"a"},
    ),
    # what does not belong
    ("{{ }}", [(2, "cannot be read: nothing stands in this {{ }}")], set()),
    ("{{ a = 3 }}", [(5, "cannot be read: '=' does not belong here; to compare, write '=='")], set()),
    ("{{ a && b }}", [(5, "cannot be read: '&' does not belong here: write 'and'")], set()),
    ("{{ a || b }}", [(6, "cannot be read: '|' does not belong here; for one or the other, write 'or'")], set()),
    ("{{ !a }}", [(3, "cannot be read: '!' does not belong here: write 'not', or '!=' for 'is not'")], set()),
    ("{{ “a” }}", [(3, "cannot be read: '“' does not belong here: write ' or \"")], set()),
    ("{{ a? }}", [(4, "cannot be read: '?' does not belong here")], set()),
    ("{{ a) }}", [(4, "cannot be read: ')' does not belong here")], set()),
    ("{{ a.'x' }}", [(5, "cannot be read: 'x' does not belong here")], set()),
    ("{{ 1, 2 }}", [(4, "cannot be read: ',' does not belong here")], set()),
    ("{{ 'he\x1b' 5 }}", [(9, "cannot be read: '5' does not belong here")], set()),
    ("{{ 5 'he\x1b\u202e' }}", [(5, "cannot be read: 'he\\x1b\\u202e' does not belong here")], set()),
    ("{{ a ℘ }}", [(5, "cannot be read: '℘' does not belong here")], set()),
    ("{{ a· }}", [(3, "'a·' cannot be a variable's name")], set()),
    ("{{ 'a' ~ 'b\\x1' }}", [(9, BACKSLASH)], set()),
    ("{{ a | }}", [(5, "cannot be read: something is missing behind '|'")], set()),
    ("{{ a. }}", [(4, "cannot be read: something is missing behind '.'")], set()),
    # nothing to go by
    ("{{ [1] }}", [(3, "a list that does not follow 'in' cannot be used here")], set()),
    ("{{ 'a' if b }}", [(7, "'… if …' inside a value needs an 'else'")], {"b"}),
    (f"{{{{ {LONG} }}}}", [(3, "is nested too deeply")], set()),
    ("{% if a %}" * 38 + "{{ b + 1 }}" + "{% endif %}" * 38, [(0, "is nested too deeply")], {"a", "b"}),
    # white space that Jinja leaves out, and lines
    (
        "{%- if x -%} {{ y | f }} {%- endif -%}\n\n  {{ z | g }}",
        [(20, f"there is no filter 'f'; {ALL_FILTERS}"), (49, f"there is no filter 'g'; {ALL_FILTERS}")],
        {"x", "y", "z"},
    ),
    ("{% raw %}{{ a a }}{% endraw %}{{ 5 5 }}", [(35, "cannot be read: '5' does not belong here")], set()),
]

CONDITIONS: list[tuple[str, Faults]] = [
    ("", [(0, "cannot be read: nothing stands in this condition")]),
    ("caller == 5 and", [(12, "cannot be read: something is missing behind 'and'")]),
    ("x ==", [(2, "cannot be read: something is missing behind '=='")]),
    ("a b", [(2, "cannot be read: 'b' does not belong here")]),
    ("(a", [(0, "cannot be read: this '(' is not closed with ')'")]),
    ("(a) and [b", [(8, "cannot be read: this '[' is not closed with ']'")]),
    ("(a and", [(3, "cannot be read: something is missing behind 'and'")]),
    ("a in [", [(5, "cannot be read: something is missing behind '['")]),
    ("a }}", [(2, "cannot be read: '}}' does not belong here")]),
    ('a == "b', [(5, "cannot be read: this quote is not closed")]),
    ("a = {{ b }}", [(4, "is a condition: write it without {{ }} and {% %}")]),
    ("secret.A == 'x'", [(0, SECRET)]),
    (LONG, [(0, "is nested too deeply")]),
    (
        "a | x > 5 and b * 2 % c",
        [
            (4, f"there is no filter 'x'; {ALL_FILTERS}"),
            (16, "'*' cannot be used here"),
            (20, "'%' cannot be used here"),
        ],
    ),
]

NO_WORDS_OF_AN_AUTHOR = re.compile(
    r"token|statement|template|expression|block|unexpected|expected|identifier|unicode"
)


def told(error: TemplateError) -> Faults:
    assert all(isinstance(part, WrongWithin) and part.path == () for part in error.parts)
    return [(part.offset, part.message) for part in error.parts if not isinstance(part, Wrong)]


@pytest.mark.parametrize(("source", "faults", "names"), TEXTS)
def test_all_that_is_wrong_in_a_text(source: str, faults: Faults, names: set[str]) -> None:
    with pytest.raises(TemplateError) as caught:
        template(source, purpose=Purpose.SPEECH)
    assert told(caught.value) == faults
    assert str(caught.value) == "; ".join(message for _, message in faults)
    rest = caught.value.rest
    assert isinstance(rest, Template)
    assert {*rest.names} == names
    assert (rest.source, rest.literal) == (source, False)


@pytest.mark.parametrize(("source", "faults"), CONDITIONS)
def test_all_that_is_wrong_in_a_condition(source: str, faults: Faults) -> None:
    with pytest.raises(TemplateError) as caught:
        condition(source)
    assert told(caught.value) == faults


def test_what_is_left_of_a_condition_knows_its_names() -> None:
    with pytest.raises(TemplateError) as caught:
        condition("a | x > b")
    rest = caught.value.rest
    assert isinstance(rest, Condition)
    assert (rest.source, sorted(rest.names)) == ("a | x > b", ["a", "b"])


def test_secrets_are_kept_of_a_text_that_cannot_be_used() -> None:
    with pytest.raises(TemplateError) as caught:
        template("{{ secret.A }} {{ b | x }}", purpose=Purpose.DATA)
    assert isinstance(caught.value.rest, Template)
    assert ({*caught.value.rest.secrets}, {*caught.value.rest.names}) == ({"A"}, {"b"})
    assert [offset for offset, _ in told(caught.value)] == [22]


@pytest.mark.parametrize(
    "said",
    [line for faults in (*(row[1] for row in TEXTS), *(row[1] for row in CONDITIONS)) for _, line in faults],
)
def test_the_words_are_an_authors(said: str) -> None:
    assert not NO_WORDS_OF_AN_AUTHOR.search(said)


@pytest.mark.parametrize(
    ("source", "name", "offset"),
    [
        ("b {{ a.b }} {{ 'b' ~ x | b | default(b) }}", "b", 37),
        ("{{ first }}", "first", 3),
        ("{% if a is b %}{{- b }}{% endif %}", "b", 19),
        ("{{ a['b'] }}{{ c[b] }}", "b", 17),
        ("no", "b", 0),
    ],
)
def test_where_a_text_names_a_variable_first(source: str, name: str, offset: int) -> None:
    whole = Template(source, Purpose.SPEECH, False, frozenset(), frozenset(), None, False)
    assert offset_of(name, whole) == offset


def test_where_a_condition_names_a_variable_first() -> None:
    assert offset_of("b", condition("a.b == 'b' and b")) == 15
