"""No template can do harm, and no caller's text is ever a template (F29, F33)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import nodes

from voiceapp.flow import allowed_syntax, sandbox
from voiceapp.flow.templates import Purpose, RenderError, Template, TemplateError, condition, template

SPEECH, DATA = Purpose.SPEECH, Purpose.DATA

SCOPE: dict[str, Any] = {
    "first_name": "Ann",
    "code": "007",
    "nothing": None,
    "amount": 12.5,
    "caller": "+302310123456",
    "language": "en-GB",
    "now": datetime(2026, 3, 2, 14, 5, 9, tzinfo=UTC),
    "list": ["a", "b"],
    "result": {"count": 3, "items": ["x"], "deep": {"er": 1}},
    "secret": {"TOKEN": "~secret~TOKEN~abc~"},
}


def speech(source: str, **more: Any) -> str:
    return template(source, purpose=SPEECH).render(SCOPE | more)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("{{7*7}}", "{{7*7}}"),
        ("{% raw %}{{ code }}", "{% raw %}{{ code }}"),
        ("{# x #}", "{# x #}"),
        ("{{ secret.TOKEN }}", "{{ secret.TOKEN }}"),
        ("</speak>", " /speak "),
        ("<<b>speak><break time='9s'/>", " b speak break time='9s'/ "),
        ("TTS|TTS_EN|x", "TTS|TTS_EN|x"),
        ("a\r\nb\x00c\x1bd\x85e\u2028f\u202eg\u200bh", "a b c d e f g h"),
        ("Ζωή, Дзвінка, نسرین‌جان", "Ζωή, Дзвінка, نسرین‌جان"),
        ("%s %(x)s {0} {x.__class__}", "%s %(x)s {0} {x.__class__}"),
    ],
)
def test_a_callers_text_is_never_evaluated_nor_markup(value: str, text: str) -> None:
    source = "{{ x }}{% if x %} - {{ x ~ '' }}{% endif %} {{ x | default('') }} {{ result.a }}"
    assert speech(source, x=value, result={"a": value}) == f"{text} - {text} {text} {text}"
    assert template("[{{ x }}]", purpose=DATA).render({"x": value}) == f"[{value}]"
    assert template("{{ x }}", purpose=DATA).value({"x": value}) == value


def test_what_was_rendered_is_data_for_the_next_template() -> None:
    once = template("{{ x }}", purpose=DATA).value({"x": "{{ secret.TOKEN }}"})
    assert template("{{ x }}", purpose=DATA).value(SCOPE | {"x": once}) == "{{ secret.TOKEN }}"


ATTACKS = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__'] }}",
    "{{ '' | attr('__class__') }}",
    "{{ ('' | attr)('x') }}",
    "{{ ''.format }}{{ ''.format() }}",
    "{{ '{0.__class__}'.format(first_name) }}",
    "{{ '%s' % first_name }}",
    "{{ '{0}' | format(first_name) }}",
    "{{ ['{0.__class__}'] | map('format', 1) | list }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ joiner('x') }}",
    "{{ namespace(a=1) }}",
    "{{ lipsum(n=100000) }}",
    "{{ lipsum.__globals__['os'] }}",
    "{{ range(999999999) }}",
    "{{ dict(a=1) }}",
    "{{ config.items() }}",
    "{{ request.application }}{{ request() }}",
    "{{ 9**(9**9) }}",
    "{{ 9**9**9**9 }}",
    "{{ 'a' * 999999999 }}",
    "{{ [1] * 999999999 }}",
    "{{ 'x' | center(999999999) }}",
    "{{ 'x' | indent(999999999) }}",
    "{{ 'x' | replace('', 'yyyyyyyy') }}",
    "{{ list | batch(99999999) }}",
    "{{ list | join('x') }}",
    "{{ list | sum(start=result) }}",
    "{{ 'x' | wordwrap(1) }}",
    "{{ {'a': 1} | xmlattr }}",
    "{{ 'x' | safe }}{{ 'x' | e }}",
    "{{ result | tojson }}{{ result | pprint }}",
    "{{ list | random }}",
    "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% call f() %}{% endcall %}",
    "{% set x = ''.__class__ %}{{ x }}",
    "{% set ns.x = 1 %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% from 'os' import path %}",
    "{% extends 'x' %}",
    "{% block a %}{{ super() }}{% endblock %}",
    "{% filter upper %}x{% endfilter %}",
    "{% with a = 1 %}{% endwith %}",
    "{% autoescape true %}{% endautoescape %}",
    "{% do list.append(1) %}",
    "{% trans %}x{% endtrans %}",
    "{% debug %}",
    "{{ caller() }}",
    "{{ context }}{{ environment() }}",
    "{{ result.items() }}",
    "{{ result.pop('count') }}",
    "{{ list.append(1) }}",
    "{{ now.replace(year=1) }}",
    "{{ first_name[0:1:0] }}",
    "{{ result[:] }}",
    "{{ (1).__add__(1) }}",
    "{{ 1e999 }}",
    "{{ 1e999 + 1 }}",
    "{{ -1e999 }}",
    "{{ " + "9" * 4000 + " }}",
    "{{ 0x" + "f" * 4000 + " }}",
    "{{ 1 | round(-999999999) | upper(1) }}",
    "{{ " + "not " * 1000 + "x }}",
    "{{ " + "(" * 2000 + " }}",
    "{{ " + "(" * 1500 + "x" + ")" * 1500 + " }}",
    "{{ " + "[" * 1500 + "]" * 1500 + " }}",
    "{{ " + "-" * 3000 + "1 }}",
    "{{ x" + ".a" * 1500 + " }}",
    "{{ x" + "[0]" * 1000 + " }}",
    "{{ x" + " | upper" * 400 + " }}",
    "{{ x" + "+x" * 1500 + " }}",
    "{{ x" + " if x else x" * 300 + " }}",
    "{% if x %}" * 150 + "{% endif %}" * 150,
    "{{ " + "(1 + " * 60 + "x" + ")" * 60 + " }}",
    "{{ first_name }}" * 1000,
    "not " * 5000 + "x",
    "{{ x|x|x }}",
    "{{ __builtins__ }}",
    "{{ __import__('os') }}",
    "{{ _ª__class__ }}",
    "{{ ''._＿class__ }}{{ ''.a() }}",
]


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_attacks_are_refused_when_loaded(attack: str) -> None:
    for purpose in Purpose:
        if attack.startswith("not "):
            break
        with pytest.raises(TemplateError):
            template(attack, purpose=purpose)
    inside = attack.removeprefix("{{ ").removesuffix(" }}")
    with pytest.raises(TemplateError):
        condition(inside)


@pytest.mark.parametrize(
    "source",
    [
        "{{ a" + " ~ a" * 800 + " }}",
        "{{ a" + " + a" * 20 + " }}",
        "{{ a }}" * 500,
        "{{ a | upper }}" * 200,
        "{{ a | title ~ a | lower ~ a | trim ~ a | digits }}",
    ],
)
@pytest.mark.parametrize("size", [100, 300_000])
def test_what_comes_out_is_bounded(source: str, size: int) -> None:
    for value in ("x" * size, "é" * size):
        for purpose in Purpose:
            made = template(source, purpose=purpose)
            try:
                text = made.render({"a": value})
            except RenderError:
                continue
            assert len(text.encode()) <= 8192
    with pytest.raises(RenderError):
        speech(source, a="x" * 300_000)


@pytest.mark.parametrize(
    "source",
    ["{{ a.b }}", "{{ a['b'] }}", "{{ a.upper }}", "{{ a.real }}", "{{ a._len_ }}"],
)
def test_no_attribute_of_any_object_is_reached(source: str) -> None:
    class Tempting:
        b = real = upper = _len_ = "reached"

        def __getitem__(self, key: object) -> str:
            return "reached"

    for value in (Tempting(), "text", 5, [1], timedelta(1), print):
        with pytest.raises(RenderError):
            template(source, purpose=DATA).value({"a": value})


def test_every_node_of_jinja_is_allowed_by_name_or_refused() -> None:
    def kinds(kind: type[nodes.Node]) -> set[type[nodes.Node]]:
        return {kind}.union(*(kinds(below) for below in kind.__subclasses__()))

    refused = {kind.__name__ for kind in kinds(nodes.Node) if kind not in allowed_syntax._LEAVES_AND_BRANCHES}
    dangerous = {
        "Call",
        "For",
        "Macro",
        "CallBlock",
        "Assign",
        "AssignBlock",
        "Include",
        "Import",
        "FromImport",
    }
    dangerous |= {
        "Extends",
        "Block",
        "FilterBlock",
        "With",
        "Mul",
        "Pow",
        "Mod",
        "Slice",
        "List",
        "Tuple",
        "Dict",
    }
    dangerous |= {"EnvironmentAttribute", "ExtensionAttribute", "ImportedName", "InternalName", "MarkSafe"}
    dangerous |= {
        "ContextReference",
        "DerivedContextReference",
        "EvalContextModifier",
        "ScopedEvalContextModifier",
    }
    assert dangerous <= refused


def test_the_allow_list_is_what_the_sandbox_has() -> None:
    box = sandbox.Sandbox(str)
    assert set(box.filters) - {"~"} == set(allowed_syntax.FILTERS)
    assert set(box.tests) == set(allowed_syntax.TESTS)
    assert not box.globals


_PIECES = [
    *("{{", "}}", "{%", "%}", "{#", "#}", "-", "+", "*", "/", "//", "**", "%", "~", "|", ".", ",", ":", "="),
    *(
        "==",
        "!=",
        "<",
        ">",
        "<=",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "'",
        '"',
        "'a'",
        '"b"',
        "\\",
        "\n",
        " ",
        "  ",
    ),
    *(
        "if",
        "elif",
        "else",
        "endif",
        "for",
        "in",
        "endfor",
        "set",
        "macro",
        "call",
        "raw",
        "endraw",
        "include",
    ),
    *(
        "not",
        "and",
        "or",
        "is",
        "none",
        "true",
        "loop",
        "self",
        "super",
        "caller",
        "secret",
        "result",
        "count",
    ),
    *(
        "code",
        "first_name",
        "list",
        "now",
        "amount",
        "missing",
        "__class__",
        "_x",
        "é",
        "items",
        "x",
        "range",
    ),
    *("0", "1", "-1", "999999999999", "1e308", "1e309", "0x1F", "1_0", "0.1", "99999999999999999999999999"),
    *allowed_syntax.FILTERS,
    *allowed_syntax.TESTS,
]
_words = st.lists(st.sampled_from(_PIECES), max_size=24).map(" ".join) | st.text(max_size=40)
_atoms = st.sampled_from(
    [
        "code",
        "first_name",
        "list",
        "now",
        "amount",
        "result",
        "missing",
        "nothing",
        "1",
        "-2.5",
        "'a'",
        "''",
        "true",
    ]
)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    binary = st.sampled_from(
        ["+", "-", "/", "//", "~", "==", "<", ">=", "and", "or", "in", "not in", "*", "%", "**"]
    )
    filters = st.sampled_from(
        [*allowed_syntax.FILTERS, "round(2)", "money('EUR')", "default(1)", "join", "format"]
    )
    tests = st.sampled_from([*allowed_syntax.TESTS, "callable"])
    keys = st.sampled_from(["count", "items", "hour", "upper", "__class__", "format", "er"])
    return (
        st.tuples(inner, binary, inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
        | st.tuples(inner, filters).map(lambda t: f"({t[0]} | {t[1]})")
        | st.tuples(inner, tests).map(lambda t: f"({t[0]} is {t[1]})")
        | st.tuples(inner, keys).map(lambda t: f"{t[0]}.{t[1]}")
        | st.tuples(inner, inner).map(lambda t: f"{t[0]}[{t[1]}]")
        | st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})")
        | inner.map(lambda t: f"not {t}")
        | inner.map(lambda t: f"-{t}")
    )


_expressions = st.recursive(_atoms, _grown, max_leaves=12)


def _outcome(source: str, purpose: Purpose) -> Template | None:
    try:
        return template(source, purpose=purpose)
    except TemplateError:
        return None


@settings(max_examples=600, deadline=1000)
@given(
    _words | _words.map(lambda text: f"{{{{ {text} }}}}") | _expressions.map(lambda text: f"a {{{{ {text} }}}} b")
)
def test_any_text_is_refused_or_stays_in_bounds(source: str) -> None:
    before = repr(SCOPE)
    for purpose in Purpose:
        made = _outcome(source, purpose)
        try:
            text = made.render(SCOPE) if made else ""
        except RenderError:
            continue
        assert len(text.encode()) <= 8192
        assert text == source if made and made.literal else True
    assert repr(SCOPE) == before


@settings(max_examples=600, deadline=1000)
@given(_expressions)
def test_any_expression_has_a_json_value_or_says_why_not(source: str) -> None:
    made = _outcome(f"{{{{ {source} }}}}", DATA)
    if made is None:
        with pytest.raises(TemplateError):
            condition(source)
        return
    try:
        value = made.value(SCOPE)
    except RenderError:
        return
    assert value is None or type(value) in (str, int, float, bool, list, dict)
    assert condition(source).holds(SCOPE) is bool(value)


@settings(deadline=1000)
@given(st.text())
def test_any_caller_text_is_spoken_without_markup(value: str) -> None:
    try:
        text = speech("{{ x }}", x=value)
    except RenderError:
        return
    assert not any(sign in "<>" or sign < " " or "\x7f" <= sign <= "\x9f" for sign in text)
