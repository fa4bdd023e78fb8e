"""The schema of files of tests: what is in quotes is marked if and only if the reader refuses it; of what is not,
nothing that the reader takes."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import given, settings

from tests.rehearsal.test_scenario_file import MISTAKES, WHOLE
from tests.rehearsal.test_scenario_text import CONDITIONS, SCRIPT, TEXTS, calls
from tests.schema.editors import TESTS, as_edited, marked
from voiceapp.flow.problems import FlowProblems
from voiceapp.rehearsal import lines
from voiceapp.rehearsal.conditions import Conditions
from voiceapp.rehearsal.rehearse import Rehearsed
from voiceapp.rehearsal.scenario import EXPECTED_KEYS
from voiceapp.rehearsal.scenario_file import ANSWER_KEYS, CONDITION_KEYS, KEYS, read_scenarios
from voiceapp.rehearsal.scenario_text import body_of, file_text
from voiceapp.schema import flow_file, tests_file
from voiceapp.schema.conditions import condition_shapes
from voiceapp.schema.tests_file import FILE, schema_text

ROOT = Path(__file__).parent.parent.parent
FILES = sorted((ROOT / "flows" / "tests").glob("*.yaml"))
STARTERS = sorted((ROOT / "voiceapp" / "starters").glob("*_tests.yaml"))
CALLS = yaml.safe_load((ROOT / "tests" / "rehearsal" / "calls.yaml").read_text(encoding="utf-8"))
UNREADABLE = {"the same test twice", "no YAML at all"}
"""What an editor says without a schema."""


def test_the_schema_is_one() -> None:
    jsonschema_rs.meta.validate(tests_file.tests_schema())


def test_the_file_beside_the_tests_is_that_of_the_code() -> None:
    written = (ROOT / "flows" / "tests" / FILE).read_text(encoding="utf-8")
    assert written == schema_text(), f"run: voiceapp schema --tests -o flows/tests/{FILE}"


def test_shipped_tests_name_the_schema() -> None:
    firsts = {file.read_text(encoding="utf-8").splitlines()[0] for file in [*FILES, *STARTERS]}
    assert firsts == {f"# yaml-language-server: $schema=./{FILE}"}


# what is read


@pytest.mark.parametrize("file", [*FILES, *STARTERS], ids=lambda file: file.name)
def test_a_file_that_is_read_is_not_marked(file: Path) -> None:
    assert marked(file.read_text(encoding="utf-8"), TESTS) == []


@pytest.mark.parametrize("text", [*(case["tests"] for case in CALLS.values()), WHOLE], ids=[*CALLS, "everything"])
def test_a_case_of_the_reader_is_not_marked(text: str) -> None:
    assert marked(text, TESTS) == []


def test_the_tests_of_the_page_are_not_marked() -> None:
    page = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```yaml\n(flow: .*?)```", page, re.DOTALL)
    assert marked(block, TESTS) == []


@settings(deadline=None)
@given(TEXTS, CONDITIONS, calls())
def test_what_is_written_is_not_marked(name: str, conditions: Conditions, rehearsed: Rehearsed) -> None:
    body = body_of(SCRIPT, conditions, ("callr",), rehearsed)
    assert marked(file_text("line", {name: body}), TESTS) == []


# what is refused


@pytest.mark.parametrize("case", [case for case in MISTAKES if case not in UNREADABLE])
def test_a_mistake_is_marked_where_it_stands(case: str) -> None:
    said = [line.partition(": ")[2].partition(": ")[0] for line in MISTAKES[case]["said"]]
    places = marked(MISTAKES[case]["text"], TESTS)
    assert [where for where in said if not any(_within(where, place) for place in places)] == []
    assert [place for place in places if not any(_within(where, place) for where in said)] == []


def _within(where: str, place: str) -> bool:
    """Whether the mark stands at what the reader says something of, at what holds it, or at a part of it."""
    where = where.replace("+", "")
    return place in ("", where) or where.startswith(f"{place}.") or place.startswith(f"{where}.")


def test_what_an_editor_sees_behind_a_key_without_a_value_is_marked() -> None:
    """Of `from` and `to` it means something: a number that is hidden."""
    for key in (*CONDITION_KEYS, *EXPECTED_KEYS):
        places = marked(f"tests:\n  one:\n    {'' if key == 'call' else 'call: []'}\n    {key}:\n", TESTS)
        assert places == ([] if key in ("from", "to") else [f"tests.one.{key}"])


# the same as the reader

SCALARS = (
    *(
        "3",
        "007",
        "0",
        "-1",
        "+5",
        "1.5",
        "99",
        "100",
        "503",
        "599",
        "600",
        "999.999",
        "1000",
        "9.9999",
        "1e3",
        "0x1F",
        ".5",
    ),
    *("12345678901234567890", "yes", "on", "off", "nothing", "all", "caller", "callee", "server", "carrier"),
    *("answered", "busy", "no_answer", "failed", "engaged", "inbound", "outbound", "callr", "routee", "both"),
    *("+33612345678", "0033612345678", "+331", "sip:a@b.example", "sip:a b@c", "12#", "#*0", "12 #", "A"),
    *("5 s", "5s", "5  s", "05 s", "-5 s", "hang up", "two words", "é"),
    *("https://x.example/a", "http://*", "POST https://x.example/*", "post https://x.example", "POST  *", "*"),
    *("*/1", "ftp://x.example", "https://a b", "2026-03-02", "2026-03-02T10:00", "2026-03-02 10:00:00.5"),
    *(
        "2026-03-02T10:00:00+01:00",
        "2026-03-02T10:00:00Z",
        "2026-W10-1",
        "2026W10",
        "20260302",
        "20260302T100000Z",
    ),
    *("2026-13-01", "2026-03-32", "2026-3-2", "2026-03-02T25:00", "2026-03-02T10:60", "2026-03-02T", "10:00"),
    *("tomorrow", "2026-03-02T10:00+1", "2026-03-02T10:00 ", "a\nb", "x\n", "POST https://x.example\n", "1\n"),
)
ONLY_IN_QUOTES = ("true", "false", "null", "~", "", " ", "True")
"""Without quotes an editor sees something else than the reader (see `voiceapp.flow.shapes`)."""

WORDS = {value for name, value in vars(lines).items() if name.isupper() and isinstance(value, str)}
"""Every word of a line that there is."""


def _test(body: str) -> str:
    return f'{{"tests": {{"one": {body}}}}}'


def _mock(body: str) -> str:
    return _test(f'{{"call": [], "fetch": {{"https://x.example": {body}}}}}')


PLACES = {
    "a file": "VALUE",
    "its flow": '{"flow": VALUE, "tests": {}}',
    "its tests": '{"tests": VALUE}',
    "another key of a file": '{"other": VALUE, "tests": {}}',
    "a test": _test("VALUE"),
    **{f"its {key}": _test(f'{{"call": [], "{key}": VALUE}}') for key in KEYS if key != "call"},
    "its call": _test('{"call": VALUE}'),
    "another key of a test": _test('{"call": [], "other": VALUE}'),
    "an answer": _mock("VALUE"),
    **{f"its {key}": _mock(f'{{"{key}": VALUE}}') for key in (*ANSWER_KEYS, "other")},
    "a line": _test('{"call": [VALUE]}'),
    **{f"a line of {word}": _test(f'{{"call": [{{"{word}": VALUE}}]}}') for word in (*sorted(WORDS), "other")},
}
"""A whole file with VALUE at each place where something is read."""


def in_quotes() -> Iterator[str]:
    """Values as they stand in a file, all scalars in quotes."""
    yield from ("[]", "{}", "[[]]", "[{}]", '{"call": []}', '{"call": [], "ends": "x"}', '{"tests": {}}')
    yield from ('{"hears": "x", "presses": "1"}', '{"hears": "x", "other": "1"}', '{"json": [], "status": "200"}')
    leaves = [json.dumps(text, ensure_ascii=False) for text in (*SCALARS, *ONLY_IN_QUOTES, *sorted(WORDS))]
    for leaf in leaves:
        yield from (leaf, f"[{leaf}]", f"{{{leaf}: {{}}}}")
    for leaf in leaves[::10]:
        yield from (f'["callr", {leaf}]', f"[[{leaf}]]", f'{{"other": {leaf}}}', f'{{"status": {leaf}}}')
        yield from (f'{{{leaf}: "busy"}}', f'{{{leaf}: [{{"after": {leaf}}}]}}')


def without_quotes() -> Iterator[str]:
    """Values of which some scalars have no quotes."""
    for text in SCALARS:
        if re.fullmatch(r"[^\s*#,](.*[^\s#])?", text):
            yield from (text, f"[{text}]", f'{{"other": {text}}}')


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_what_is_in_quotes_is_marked_if_and_only_if_the_reader_refuses_it(place: str) -> None:
    texts = [place.replace("VALUE", value) for value in in_quotes()]
    assert [text for text in texts if _taken(text) != TESTS.is_valid(as_edited(text))] == []


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_what_the_reader_takes_without_quotes_is_not_marked(place: str) -> None:
    texts = [place.replace("VALUE", value) for value in without_quotes()]
    assert [text for text in texts if _taken(text) and not TESTS.is_valid(as_edited(text))] == []


OUT_OF_BOUNDS = {
    "its at": ("10100", "99991232"),
    "its status": ("99", "600"),
    "its after": ("-1", "1000", "1000.5"),
    "a line of presses": ("-1",),
}


@pytest.mark.parametrize(("place", "values"), OUT_OF_BOUNDS.items(), ids=OUT_OF_BOUNDS)
def test_numbers_that_are_too_small_or_too_large_are_marked_without_quotes(
    place: str, values: tuple[str, ...]
) -> None:
    texts = [PLACES[place].replace("VALUE", value) for value in values]
    assert [text for text in texts if _taken(text) or TESTS.is_valid(as_edited(text))] == []


def _taken(text: str) -> bool:
    try:
        read_scenarios(text.encode(), "tests/line.yaml")
    except FlowProblems:
        return False
    return True


# every key is described


def test_what_is_said_of_a_key_is_of_one_that_the_reader_knows() -> None:
    assert set(condition_shapes()) == set(CONDITION_KEYS)
    assert {word for word in WORDS if TESTS.is_valid(as_edited(_test(f'{{"call": ["{word}"]}}')))} == {
        *("silence", "records", "leaves")
    }


def test_every_key_and_every_word_says_what_it_is_for() -> None:
    keys, words = (
        list(_found(tests_file.tests_schema(), "properties")),
        list(_found(tests_file.tests_schema(), "enum")),
    )
    assert len(keys) == 6
    assert [key for one in keys for key, shape in one["properties"].items() if not shape.get("description")] == []
    assert [one["enum"] for one in words if not all(one.get("enumDescriptions", [""]))] == [
        ["callr", "routee"],
        ["callr", "routee"],
    ]


def test_what_is_in_backticks_is_told_as_markdown() -> None:
    for schema in (json.loads(schema_text()), json.loads(flow_file.schema_text())):
        told = [one for one in _found(schema, "description") if "`" in one["description"]]
        assert len(told) > 5
        assert [one for one in told if "`" not in one["markdownDescription"]] == []


def _found(schema: Any, key: str) -> Iterator[dict[str, Any]]:
    """Every mapping in the schema that has this key."""
    if isinstance(schema, dict):
        if isinstance(schema.get(key), dict if key == "properties" else str | list):
            yield schema
        for value in schema.values():
            yield from _found(value, key)
    if isinstance(schema, list):
        for value in schema:
            yield from _found(value, key)
