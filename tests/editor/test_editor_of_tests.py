"""What people see who write tests of flows in an editor: marks, completions, words under the pointer."""

import re
from pathlib import Path

import pytest

from tests.editor.language_server import LanguageServer
from tests.rehearsal.test_scenario_file import MISTAKES
from tests.schema.test_tests_schema import CALLS, FILES, STARTERS, UNREADABLE
from voiceapp.rehearsal.scenario_file import ANSWER_KEYS, KEYS

MODELINE = "# yaml-language-server: $schema=./tests.schema.json\n"
ONE = f"{MODELINE}tests:\n  one:\n"
CALL = f"{ONE}    call:\n"
ALONE = {"silence", "records", "leaves"}
WITH_MORE = {"hears", "presses", "pause", "records: nothing", "dials", "joins", "whispers", "alone", "tones"} | {
    *("recording", "hangs up", "unreached")
}


@pytest.mark.parametrize("file", [*FILES, *STARTERS], ids=lambda file: file.name)
def test_a_good_file_has_no_mark(tests_editor: LanguageServer, file: Path) -> None:
    assert tests_editor.marks(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("case", CALLS)
def test_a_case_of_the_reader_has_no_mark(tests_editor: LanguageServer, case: str) -> None:
    assert tests_editor.marks(MODELINE + CALLS[case]["tests"]) == []


@pytest.mark.parametrize("case", [case for case in MISTAKES if case not in UNREADABLE])
def test_every_mistake_is_marked_on_its_line_and_nothing_else_is(tests_editor: LanguageServer, case: str) -> None:
    known = [int(line.partition(":")[0]) + 1 for line in MISTAKES[case]["said"]]
    assert sorted(mark.line for mark in tests_editor.marks(MODELINE + MISTAKES[case]["text"])) == known


@pytest.mark.parametrize(
    ("text", "line", "marked", "message"),
    [
        ("flow: hello\n", 2, "f", "a file of tests is a mapping with the key 'tests'"),
        ("tests:\n  one: {ends: x}\n", 3, "one", "the key 'call' is missing: what happens on the phone"),
        ("tests:\n  one:\n    call: []\n    end: x\n", 5, "end", "Property end is not allowed."),
        ("tests:\n  one:\n    call: []\n    ends:\n", 5, "", "has to be one word"),
        ("tests:\n  one:\n    call:\n", 4, "", "has to be a list of what happens, as in - hears: Hello."),
        ("tests:\n  one:\n    call: []\n    carrier: [callr, routy]\n", 5, "routy", "there is no such carrier"),
        ("tests:\n  one: {call: [silense]}\n", 3, "silense", "is nothing that happens on a call: write - hears: "),
        (
            "tests:\n  one: {call: [silence: x]}\n",
            3,
            "silence",
            "is nothing that happens on a call: write - hears",
        ),
        ("tests:\n  one: {call: [{hangs up: me}]}\n", 3, "me", "has to be caller, callee, server or carrier"),
        (
            "tests:\n  one: {call: [{dials: {+33123456789: off}}]}\n",
            3,
            "off",
            "has to be answered, busy, no_answer",
        ),
        ("tests:\n  one: {call: [{hears: x, presses: 1}]}\n", 3, "{hears: x, presses: 1}", "has to be one thing"),
        (
            "tests:\n  one: {call: [], fetch: {x.example: {}}}\n",
            3,
            "x.example",
            "has to be a URL, or a method and",
        ),
        (
            "tests:\n  one: {call: [], fetch: {'*': {status: 99}}}\n",
            3,
            "99",
            "has to be an HTTP status, as in 503",
        ),
        (
            "tests:\n  one: {call: [], fetch: {'*': {after: -1}}}\n",
            3,
            "-1",
            "has to be a number of seconds, as in",
        ),
        ("tests:\n  one: {call: [{presses: -1}]}\n", 3, "-1", "has to be keys: 0 to 9, * and #"),
        ("tests:\n  one: {call: [], fetch: {'*': {jsn: 1}}}\n", 3, "jsn", "Property jsn is not allowed."),
    ],
)
def test_a_mark_stands_where_the_mistake_is(
    tests_editor: LanguageServer, text: str, line: int, marked: str, message: str
) -> None:
    (mark,) = tests_editor.marks(MODELINE + text)
    assert mark[:2] == (line, marked)
    assert mark.message.startswith(message)


def test_a_number_without_quotes_has_no_mark(tests_editor: LanguageServer) -> None:
    """A telephone's, or keys: editors take them for numbers."""
    call = "      - presses: 007\n      - dials: {+33123456789: busy, 0033123456780: answered}\n"
    assert tests_editor.marks(f"{ONE}    from: +33600000000\n    refused: [+33600000001]\n    call:\n{call}") == []


# completions


@pytest.mark.parametrize("before", ["", "      - hears: Hello.\n", "      - silence\n"])
def test_an_empty_line_is_offered_all_that_can_happen(tests_editor: LanguageServer, before: str) -> None:
    offered = tests_editor.completions(f"{CALL}{before}      - |\n")
    assert set(offered) == ALONE | WITH_MORE
    assert {word for word in offered if offered[word]["insertText"] == word} == {*ALONE, "records: nothing"}
    assert offered["dials"]["insertText"] == 'dials:\n  "+${1:33123456789}": ${2|answered,busy,no_answer,failed|}'
    assert [word for word in offered if not offered[word].get("documentation")] == []


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        (f"{MODELINE}|\n", {"flow", "tests"}),
        (f"{MODELINE}tests:\n  |\n", {"a test"}),
        (f"{ONE}    |\n", set(KEYS)),
        (f"{CALL}      - silence\n    |\n", {*KEYS} - {"call"}),
        (f"{CALL}      - hears: x\n        |\n", set()),
        (f"{CALL}      - s|\n", ALONE | WITH_MORE),
        (f"{CALL}      - hangs up: |\n", {"caller", "callee", "server", "carrier"}),
        (f"{CALL}      - unreached: |\n", {"busy", "no_answer", "failed"}),
        (f"{CALL}      - recording: |\n", {'"on"', '"off"'}),
        (f"{CALL}      - records: |\n", {"nothing"}),
        (f"{CALL}      - dials: |\n", {"a number"}),
        (f"{CALL}      - dials: {{+33123456789: |}}\n", {"answered", "busy", "no_answer", "failed"}),
        (f"{CALL}      - hears: |\n", set()),
        (f"{ONE}    carrier: |\n", {"callr", "routee", "both"}),
        (f"{ONE}    carrier: [|]\n", {"callr", "routee"}),
        (f"{ONE}    at: |\n", {"2026-03-02T10:00:00+01:00"}),
        (f"{ONE}    from: |\n", {"+33612345678"}),
        (f"{ONE}    direction: |\n", {"inbound", "outbound"}),
        (f"{ONE}    machine: |\n", {"true", "false"}),
        (f"{ONE}    unreached: |\n", {"busy", "no_answer", "failed"}),
        (f"{ONE}    fetch:\n      |\n", {"an answer"}),
        (f"{ONE}    fetch:\n      https://x.example:\n        |\n", set(ANSWER_KEYS)),
        (f"{ONE}    fetch:\n      https://x.example:\n        - |\n", set(ANSWER_KEYS)),
        (f"{ONE}    notified:\n      - |\n", {"url", "with"}),
        (f"{ONE}    called_back:\n      - |\n", {"number", "flow", "after", "with"}),
        (f"{ONE}    ends: |\n", {"completed", "hung_up"}),
        (f"{ONE}    fails: |\n", set()),
    ],
)
def test_what_is_offered_where(tests_editor: LanguageServer, text: str, offered: set[str]) -> None:
    assert set(tests_editor.completions(text)) == offered


def test_a_test_that_is_inserted_has_no_mark(tests_editor: LanguageServer) -> None:
    inserted = tests_editor.completions(f"{MODELINE}tests:\n  |\n")["a test"]["insertText"]
    text = re.sub(r"\$\{\d:(.*?)\}", r"\1", inserted).replace("\n", "\n  ")
    assert text.splitlines()[0] == "what is special about it:"
    assert tests_editor.marks(f"{MODELINE}tests:\n  {text}\n") == []


# words under the pointer


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{MODELINE}te|sts: {{}}\n", "the tests by name"),
        (f"{ONE}    ca|ll: []\n", "what happens on the phone, line by line"),
        (f"{ONE}    fe|tch: {{}}\n", r"answers of back ends by URL, in which `\*` stands for anything"),
        (f"{ONE}    fetch: {{'*': {{aft|er: 4}}}}\n", "after so many seconds"),
        (f"{ONE}    at|: 2026-03-02\n", "by default a Monday.*```yaml\n2026-03-02T10:00:00"),
        (f"{ONE}    direction: inb|ound\n", r"\* `inbound`: somebody calls the flow"),
        (f"{CALL}      - he|ars: Hello.\n", r"what the caller hears; .*else as `\[its file\]`"),
        (f"{CALL}      - sil|ence\n", r"\* `silence`: the caller lets one listening window pass"),
        (f"{CALL}      - rec|ords\n", r"\* `records`: the caller speaks"),
        (f"{CALL}      - rec|ords: nothing\n", "the caller says nothing while recorded"),
        (f"{CALL}      - hangs up: ser|ver\n", r"\* `server`: the flow"),
    ],
)
def test_a_key_says_what_it_is_for(tests_editor: LanguageServer, text: str, said: str) -> None:
    assert re.search(said, tests_editor.hover(text), re.DOTALL)
