"""Files that are no YAML: what is wrong is said where it is, in the words of somebody who writes no programs."""

import ast
import inspect
import re

import pytest
import yaml
from yaml import parser, scanner

from voiceapp.flow.problems import FlowProblems
from voiceapp.flow.unread_words import in_plain_words
from voiceapp.flow.yaml_text import Tree, read

BRACES = "a text that begins with {{ has to stand in quotes"
QUOTE = "this quote is not closed"
BRACE = "this '{' is not closed: its '}' is missing"
BRACKET = "this '[' is not closed: its ']' is missing"
DEEPER = "this line is indented deeper than the key above it: keys that belong together begin in one column"
COLUMN = "keys that belong together, and the dashes of one list, begin in one column"
UNEVEN = f"this line is indented unlike those that it belongs to: {COLUMN}"
NO_COLON = "a colon is missing in this line: behind a key stand a colon and a space"
COLON = "a text with a colon and a space in it has to stand in quotes"
IN_BRACES = "in braces and brackets, a text with , ? [ ] { } or quotes in it has to stand in quotes"
SINGLE = "the text in quotes has ended before this: inside single quotes an apostrophe is written twice ('')"
DOUBLE = 'the text in quotes has ended before this: inside double quotes a quote is written \\"'
BACKSLASH = "this backslash means nothing: write it twice, or use single quotes"
LONG = "behind | or > the line ends, and the text begins below; a text that begins so has to stand in quotes"
STAR = "a text that begins with * or & has to stand in quotes"
TAGS = "tags (!) are not used in flows; a text that begins so needs quotes"
PERCENT = "a line that begins with % says nothing to a flow; a text that begins so has to stand in quotes"
TAB = "a tab stands here: use spaces"
DASH = "a list begins below its key; a text that begins with a dash has to stand in quotes"
CLOSES = "nothing that this closes stands before it; a text that begins so has to stand in quotes"
MISSING = "something is missing before this; a text that begins so has to stand in quotes"
NUMBER = "no character and no version has this number"

HEAD = "flow: f\nlanguages: [en-GB]\nsteps:\n  a:\n"
BELOW = "  b:\n    dial: '+33123456789'\n    next: end\n"

BROKEN = [
    # quotes
    (f'{HEAD}    say: "Hello there\n  b:\n    dial: "+33123456789"\n', [f"5:10: {QUOTE}"]),
    (f"{HEAD}    say: 'Hello there\n{BELOW}", [f"5:10: {QUOTE}"]),
    (f'{HEAD}    say: "Hello there\n{BELOW}', [f"5:10: {QUOTE}"]),
    (f"{HEAD}    say: 'Tis late\n  c:\n    end: Bye.\n", [f"5:10: {QUOTE}"]),
    (f'{HEAD}    say: "a\n  c:\n    say: "b: c"\n', [f"5:10: {QUOTE}"]),
    (f'{HEAD}    say: "C:\\new\n  c:\n    say: "\\q"\n', [f"5:10: {QUOTE}"]),
    (f'{HEAD}    say: {{en-GB: "Hello, fr-FR: "Bonjour"}}\n', [f"5:18: {QUOTE}"]),
    (f'{HEAD}    say:\n      - "One\n      - "Two"\n', [f"6:9: {QUOTE}"]),
    ('a: "x', [f"1:4: {QUOTE}"]),
    ('a: "x\n---\nb', [f"1:4: {QUOTE}"]),
    ("a: 'don't'", [f"1:9: {SINGLE}"]),
    ("a: {b: 'We're open', c: d}", [f"1:12: {SINGLE}"]),
    ('a: "say "hi" now"', [f"1:10: {DOUBLE}"]),
    ('a: "x\n  note: this" \nb\n', ["3:1: a colon is missing behind 'b'"]),
    ("a: [\"x\n  note: y\", 'd'e]", [f"2:16: {SINGLE}"]),
    ('a: "x\n b: "c d: e\n', [f"1:4: {QUOTE}"]),
    ('a: "b: x" c', [f"1:11: {DOUBLE}"]),
    ("a: {b: c,\n# remark\n d: Really?, e}", [f"3:11: {IN_BRACES}"]),
    ('a: "\\q"', [f"1:5: {BACKSLASH}"]),
    ('a: "one \\xg1"', [f"1:9: {BACKSLASH}"]),
    ('a: "one \\\\ \\u12"', [f"1:12: {BACKSLASH}"]),
    ('a: "\\UFFFFFFFF"', [f"1:7: {NUMBER}"]),
    ('a: "\\U00110000"', [f"1:7: {NUMBER}"]),
    (f"%YAML {'1' * 5000}.1\n---\na: 1", [f"1:7: {NUMBER}"]),
    # braces without quotes
    (f"{HEAD}    say: {{{{ caller }}}} hello\n", [f"5:10: {BRACES}"]),
    (f"{HEAD}    say: {{{{ caller\n    next: end\n", [f"5:10: {BRACES}"]),
    (f"{HEAD}    say: {{{{ caller | digits }}}}, hi: ho\n", [f"5:10: {BRACES}"]),
    (f"{HEAD}    say: {{{{ caller }}}}\n    next: 'don't'\n", [f"5:10: {BRACES}", f"6:16: {SINGLE}"]),
    # colons
    ("steps:\n  a\n    say: Hi\n  b:\n    end: Bye.\n", ["2:3: a colon is missing behind 'a'"]),
    (f"{HEAD}    menu For x press 1\n    keys: {{1: b}}\n", [f"5:5: {NO_COLON}"]),
    (
        f"{HEAD}    menu: x\n    keys:\n      1: b\n      2:b\n  b:\n",
        ["8:7: a space is missing behind the colon: write '2: b'"],
    ),
    ("keys:\n  1:b\n  2: c\n", ["2:3: a space is missing behind the colon: write '1: b'"]),
    ("a: 1\nb # c\nc: 2", ["2:1: a colon is missing behind 'b'"]),
    ("a: 1\nhttps://x\nc: 2", ["2:1: a colon is missing behind 'https://x'"]),
    ("a: \xc2\x85b".encode("latin-1").decode(), ["2:1: a colon is missing behind 'b'"]),
    ("- a\n- b\nc", ["3:1: a colon is missing behind 'c'"]),
    ("a: b: c", [f"1:5: {COLON}"]),
    (f"{HEAD}    say: Attention: we are closed.\n", [f"5:19: {COLON}"]),
    (
        "a: {b: We're open: 9 to 5}",
        ["1:18: in braces and brackets, a text with a colon in it has to stand in quotes"],
    ),
    # brackets
    (f"{HEAD}    keys: {{1: b, 2: c\n    otherwise: b\n  b:\n", [f"5:11: {BRACE}"]),
    ("a: [1, 2", [f"1:4: {BRACKET}"]),
    ("a: {b: [1, 2\nc: d", [f"1:8: {BRACKET}"]),
    ("tests:\n  one: {call: [\n", [f"2:15: {BRACKET}"]),
    ("a: {b: c\n# remark\n\n  , d: 'e'f}", [f"4:11: {SINGLE}"]),
    ("a: [1, 2}", ["1:9: '}' stands here where ']' has to close the '['"]),
    ("a: {b: Really?, c: d}", [f"1:14: {IN_BRACES}"]),
    ("a: [x] y", ["1:8: nothing can follow behind ']': a text with brackets needs quotes"]),
    ("a: {b: c}, d", ["1:10: nothing can follow behind '}': a text with brackets needs quotes"]),
    ("a: ]", [f"1:4: {CLOSES}"]),
    ("a: }", [f"1:4: {CLOSES}"]),
    ("a: b\n]", [f"2:1: {CLOSES}"]),
    ("a: [b, , c]", [f"1:8: {MISSING}"]),
    ("a: ,b", [f"1:4: {MISSING}"]),
    # indentation
    ("a: 1\n b: 2", [f"2:2: {DEEPER}"]),
    ("a: '1'\n b: 2", [f"2:2: {UNEVEN}"]),
    ("a:\n  - 1\n - 2", [f"3:2: {UNEVEN}"]),
    ("a:\n   b: 1\n  c: 2", [f"3:3: {UNEVEN}"]),
    ("a: 1\n- b", ["2:1: a dash stands here, where a key has to: a list begins below its key"]),
    ("- a\nb: c", ["2:1: a key stands here, where the list's next dash has to"]),
    ("a: - b", [f"1:4: {DASH}"]),
    ("  a: 1\nb: 2", ["2:1: this line begins further left than the first key, in line 1: indent both alike"]),
    ("a:\n\tb: 1", [f"2:1: {TAB}"]),
    ("a:\n  b: 1\n\tc: 2", [f"3:1: {TAB}"]),
    ("a:\tb", [f"1:3: {TAB}"]),
    # signs
    ("a: @x", ["1:4: a text that begins with @ has to stand in quotes"]),
    ("a: `x`", ["1:4: a text that begins with ` has to stand in quotes"]),
    ("a: %x", ["1:4: a text that begins with % has to stand in quotes"]),
    ("a: [|x]", ["1:5: a text that begins with | has to stand in quotes"]),
    ("a: ? b", ["1:4: a text that begins with ? has to stand in quotes"]),
    ("keys: {*: repeat}", [f"1:8: {STAR}"]),
    ("a: &", [f"1:4: {STAR}"]),
    ("a: *b+c", [f"1:4: {STAR}"]),
    ("a: !<x", [f"1:4: {TAGS}"]),
    ("a: !x!y z", [f"1:4: {TAGS}"]),
    ("a: !x%zz y", [f"1:4: {TAGS}"]),
    ("a: !<%ff> y", [f"1:4: {TAGS}"]),
    ("a: >x", [f"1:4: {LONG}"]),
    ("a: |0\n  x", [f"1:4: {LONG}"]),
    ("a: | x\n  y", [f"1:4: {LONG}"]),
    ("%", [f"1:1: {PERCENT}"]),
    ("%YAML x\n---\na: 1", [f"1:1: {PERCENT}"]),
    ("%YAML 1.1\n%YAML 1.1\n---\na: 1", [f"2:1: {PERCENT}"]),
    ("%YAML 2.0\n---\na: 1", [f"1:1: {PERCENT}"]),
    ("%TAG ! x\n%TAG ! x\n---\na: 1", [f"2:1: {PERCENT}"]),
    # documents
    ("a: 1\n---\nb: 2", ["2:1: a second document begins here, and a file holds one flow"]),
    ("a: 1\n...\nb: 2", ["3:1: the flow has ended before this, at the '...' in line 2"]),
    ("{a: 1}\nb: 2", [f"2:1: the flow has ended before this: {COLUMN}"]),
]

NO_WORDS_OF_AN_AUTHOR = re.compile(
    r"[<>](?!\s)|token|scalar|mapping|block|flow sequence|stream|node|directive|YAML"
)


@pytest.mark.parametrize(("text", "said"), BROKEN, ids=lambda value: value[-40:] if isinstance(value, str) else "")
def test_what_is_wrong_is_said_where_it_is(text: str, said: list[str]) -> None:
    assert _said(text) == said


@pytest.mark.parametrize("said", [line for _, said in BROKEN for line in said])
def test_the_words_are_an_authors(said: str) -> None:
    assert not NO_WORDS_OF_AN_AUTHOR.search(said.replace("| or >", ""))


def _raised() -> list[tuple[str, str]]:
    """What PyYAML's scanner and parser say, and what they were reading, from their source."""
    found = []
    for module in (scanner, parser):
        for call in ast.walk(ast.parse(inspect.getsource(module))):
            match call:
                case ast.Call(ast.Name("ScannerError" | "ParserError"), [context, _, problem, *_]):
                    found.append((_text(problem), _text(context)))
                case _:
                    pass
    return found


def _text(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(value)):
            return value
        case ast.BinOp(left=ast.Constant(value=str(value)), op=ast.Mod()):
            return value.replace("%r", "'x'").replace("%d", "2").replace("%s", "double-quoted")
        case _:
            return ""


RAISED = _raised()
NOT_BY_ITS_WORDS = ("could not find expected ':'", "found unexpected", "found unknown escape", "expected escape")
"""What is explained by what stands around it, or in `_FINDERS` by what was read."""


def test_all_that_pyyaml_says_is_found() -> None:
    assert len(RAISED) > 40
    assert ("mapping values are not allowed here", "") in RAISED


@pytest.mark.parametrize(("says", "reading"), RAISED)
def test_all_that_pyyaml_says_is_put_into_plain_words(says: str, reading: str) -> None:
    if not says.startswith(NOT_BY_ITS_WORDS):
        context = reading.replace("double-quoted", "alias" if "an " in reading else "tag")
        _, message = in_plain_words(says, context)
        assert not message.startswith("this cannot be read")
        assert not NO_WORDS_OF_AN_AUTHOR.search(message.replace("| or >", ""))


def test_words_that_nobody_knows_are_not_told() -> None:
    assert in_plain_words("expected <gibberish>", "") == (
        False,
        "this cannot be read: look at the quotes, colons and indentation here and in the line above",
    )


@pytest.mark.parametrize("cut", range(0, 400, 7))
def test_a_file_that_ends_too_early_is_read_or_explained(cut: int) -> None:
    whole = f"{HEAD}    say: {{en-GB: \"Hello, {{{{ x }}}}\", fr-FR: 'B'}}\n    keys: [1, {{2: b}}]\n{BELOW}"
    for said in _said(whole[: cut % len(whole)]):
        assert not NO_WORDS_OF_AN_AUTHOR.search(said)


@pytest.mark.parametrize(
    ("text", "tree", "said"),
    [
        ("keys: {1:b}", {"keys": {"1": "b"}}, ["1:8: keys.1: a space is missing behind the colon: write '1: b'"]),
        (
            "{1: a, 2:b , 2:c}",
            {"1": "a", "2": "b"},
            [
                "1:8: 2: a space is missing behind the colon: write '2: b'",
                "1:14: 2: a space is missing behind the colon: write '2: c'",
                "1:14: 2: the key '2' stands here twice (first on line 1)",
            ],
        ),
        ("{a:b: }", {"a:b": ""}, []),
        ("{a:b: []}", {"a:b": []}, []),
        ("{'a:b'}", {"a:b": ""}, []),
        ("{https://x}", {"https://x": ""}, []),
        ("a:b:", {"a:b": ""}, []),
        ("a: [b:c]", {"a": ["b:c"]}, []),
        ("say: {{ x }}", {"say": "{{ x }}"}, [f"1:6: say: {BRACES}"]),
        ("say: {a: {{ x | y }}, b: c}", {"say": {"a": "{{ x | y }}", "b": "c"}}, [f"1:10: say.a: {BRACES}"]),
        ("- {{ x }}\n- [{{ y }}, z]", ["{{ x }}", ["{{ y }}", "z"]], [f"1:3: 0: {BRACES}", f"2:4: 1.0: {BRACES}"]),
        ("a: { {b: c}: d}", {"a": {}}, ["1:6: a: a key has to be a plain text"]),
    ],
)
def test_what_yaml_reads_otherwise_than_it_was_meant(text: str, tree: Tree, said: list[str]) -> None:
    document = read(text.encode(), "f")
    assert document.tree == tree
    assert [str(problem).removeprefix("f:") for problem in document.problems] == said


def test_an_error_without_a_place_is_no_mistake_of_an_author(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise yaml.MarkedYAMLError("nowhere")

    monkeypatch.setattr("voiceapp.flow.yaml_text._Composer.get_single_node", fail)
    with pytest.raises(yaml.MarkedYAMLError, match="nowhere"):
        read(b"a: b", "f")


def _said(text: str) -> list[str]:
    try:
        return [str(problem).removeprefix("f:") for problem in read(text.encode(), "f").problems]
    except FlowProblems as error:
        return [str(problem).removeprefix("f:") for problem in error.problems]
