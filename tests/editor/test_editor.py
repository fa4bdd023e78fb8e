"""What people see who write flows in an editor: marks, completions, words under the pointer."""

import re
from pathlib import Path

import pytest

from tests.editor.language_server import LanguageServer, Mark
from tests.flow.tables.wrong_steps import WRONG_STEPS
from tests.schema.beyond import beyond
from voiceapp.flow.steps import STEPS

ROOT = Path(__file__).parent.parent.parent
FLOWS = ROOT / "flows"
MODELINE = "# yaml-language-server: $schema=./flow.schema.json\n"
HEAD = f"{MODELINE}flow: bad\nlanguages: [en-GB, fr-FR]\nsteps:\n"
CHECKED = [*sorted(FLOWS.glob("*.yaml")), ROOT / "tests" / "flows" / "shared" / "clinic.yaml"]


@pytest.mark.parametrize("file", CHECKED, ids=lambda file: file.name)
def test_a_good_flow_has_no_mark(editor: LanguageServer, file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert editor.marks(text if text.startswith(MODELINE) else MODELINE + text) == []


def test_ten_mistakes(editor: LanguageServer) -> None:
    """Seven of them are about names, and a number, that only `voiceapp check` can judge."""
    text = (ROOT / "tests" / "flow" / "mistakes.yaml").read_text(encoding="utf-8")
    kinds = "{digits: 6}, {digits: 4-10}, {number: 0-10}, {choices: {1: yes, 2: no}}"
    assert sorted(editor.marks(MODELINE + text)) == [
        Mark(5, "voise", "Property voise is not allowed."),
        Mark(18, "digit", f"has to be one of {kinds}"),
        Mark(25, "25 seconds", "has to be a whole number of seconds from 5 to 300"),
    ]


_NO_PROPERTY = "stands behind a comma"
"""A key without a value, in braces: to the language server it is none, as somebody may be about to write one."""


def test_every_wrong_step_is_marked_on_its_line_and_nothing_else_is(editor: LanguageServer) -> None:
    text, known = HEAD, set[int]()
    for at, (step, said) in enumerate(WRONG_STEPS):
        first = text.count("\n") + 2
        known |= {_line(line, first) for line in said if not (beyond(line) or re.search(_NO_PROPERTY, line))}
        text += f"  s{at}:\n    {step}\n"
    assert {mark.line for mark in editor.marks(text)} == known


def _line(said: str, first: int) -> int:
    """Where an editor marks what the loader says of a step that begins on line `first` (in its table, on line 5);
    what is missing, it marks at the step's name."""
    missing = re.match(r"5:5: .*(is missing|this step has no verb)", said)
    return first - 1 if missing else first + int(said.partition(":")[0]) - 5


@pytest.mark.parametrize(
    ("step", "line", "text", "message"),
    [
        ("menu: Hi\n    keys: {1: end}\n    silense: x", 8, "silense", "Property silense is not allowed."),
        ("saay: Hi", 6, "saay", "is no verb; the verbs are say, play, "),
        ("next: end", 5, "a", "this step has no verb; the verbs are say, play, "),
        ("menu: Hi", 5, "a", 'Missing property "keys".'),
        ("menu: Hi\n    keys: {10: end}", 7, "10", "has to map keys of a telephone, 0 to 9, * and #"),
        ("menu: Hi\n    keys: {1: {say: x, nxt: end}}", 7, "nxt", "Property nxt is not allowed."),
        ("say: {en-GB: Hi, fr_FR: Salut}", 6, "fr_FR", "is no language: write it as en-GB"),
        ("say: [Hi, {audio: a.wav, txet: x}]", 6, "txet", "Property txet is not allowed."),
        ("set: {caller: x}", 6, "caller", "is a reserved name"),
        ("dial: '2310123456'", 6, "'2310123456'", "is no number to call: write it as +33123456789"),
        ("branch: [{if: '{{ x }}', next: end}]", 6, "'{{ x }}'", "is a condition: write it without {{ }}"),
    ],
)
def test_a_mark_stands_where_the_mistake_is(
    editor: LanguageServer, step: str, line: int, text: str, message: str
) -> None:
    (mark,) = editor.marks(f"{HEAD}  a:\n    {step}\n")
    assert (mark.line, mark.text) == (line, text)
    assert mark.message.startswith(message)


# completions


def test_an_empty_step_is_offered_the_verbs_with_an_example_of_each(editor: LanguageServer) -> None:
    offered = editor.completions(f"{HEAD}  a:\n    |\n")
    for step in STEPS:
        assert "```yaml" in offered[step.verb]["documentation"]["value"]
        assert offered[f"{step.verb} …"]["insertText"].startswith(f"{step.verb}: ".rstrip())
    verbs = {step.verb for step in STEPS}
    assert set(offered) == {*verbs, *(f"{verb} …" for verb in verbs), "next", "note"}


def test_what_is_inserted_as_an_example_keeps_its_quotes(editor: LanguageServer) -> None:
    offered = editor.completions(f"{HEAD}  a:\n    |\n")
    assert offered["set …"]["insertText"] == 'set:\n  language: el-GR\n  total: "{{ price + 5 }}"'
    assert offered["opt_out …"]["insertText"] == "opt_out: true\nscope: all"


@pytest.mark.parametrize(
    ("step", "some", "none"),
    [
        ("menu: Hi\n    |", {"keys", "tries", "silence", "otherwise", "next", "note"}, {"say", "answer", "ring"}),
        ("ask: Hi\n    |", {"answer", "save", "confirm", "silence"}, {"keys", "say"}),
        ("dial: '+33123456789'\n    |", {"record", "whisper", "busy"}, {"review", "quiet"}),
        ("menu: Hi\n    keys:\n      |", {*"0123456789", "*", "#"}, {"say"}),
        ("menu: Hi\n    keys:\n      1:\n        |", {"say", "set", "next"}, {"keys"}),
        ("ask: Hi\n    answer:\n      |", {"digits", "number", "choices"}, {"say"}),
        ("hours:\n      |", {"zone", "holidays", "except", "mon-fri", "sat"}, {"closed"}),
        ("say: |", {"in each language", "a sound"}, {"say"}),
        ("fetch: https://x.example/\n    method: |", {"GET", "POST"}, {"say"}),
        ("record: Hi\n    review: |", {"true", "false"}, {"say", '"true"'}),
    ],
)
def test_what_is_offered_where(editor: LanguageServer, step: str, some: set[str], none: set[str]) -> None:
    offered = set(editor.completions(f"{HEAD}  a:\n    {step}\n"))
    assert (some - offered, none & offered) == (set(), set())


def test_the_top_of_a_flow_is_offered_its_keys(editor: LanguageServer) -> None:
    offered = editor.completions(f"{HEAD}  a: {{say: Hi}}\n|")
    assert {"title", "voice", "inputs", "keys", "on_error", "max_minutes"} <= set(offered)
    assert "languages" not in offered


# words under the pointer


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{HEAD}  a:\n    me|nu: Hi\n", r"Asks for one key.*```yaml\nmenu: For sales"),
        (
            f"{HEAD}  a:\n    menu: Hi\n    keys: {{1: end}}\n    tri|es: 2\n",
            "how often it is asked before `otherwise`",
        ),
        (f"{HEAD}  a:\n    menu: Hi\n    keys: {{1: end}}\n    sile|nce: Hm\n", "said after silence"),
        (f"{HEAD}  a:\n    ask: Hi\n    answer: {{dig|its: 4}}\n", "how many digits"),
        (f"{MODELINE}fl|ow: bad\n", "its name: the file's stem"),
    ],
)
def test_a_key_says_what_it_is_for(editor: LanguageServer, text: str, said: str) -> None:
    assert re.search(said, editor.hover(text), re.DOTALL)
