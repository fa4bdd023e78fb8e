"""YAML as flows read it: every scalar is text, every trap is text or refused where it stands, quickly (F32)."""

import pytest

from voiceapp.flow.fields import Name
from voiceapp.flow.loader import load_flow
from voiceapp.flow.problems import FlowProblems, Place
from voiceapp.flow.steps.set import SetStep
from voiceapp.flow.templates import Template
from voiceapp.flow.yaml_text import MAX_BYTES, MAX_DEPTH, Tree, read

TEXT = (
    "+33612345678",
    "0033612345678",
    "007",
    "010",
    "0o10",
    "0x1F",
    "0b101",
    "1_000",
    "21:00",
    "1:30:00",
    "190:20:30",
    "no",
    "NO",
    "on",
    "off",
    "yes",
    "y",
    "n",
    "true",
    "False",
    "~",
    "null",
    "Null",
    "1e3",
    "1.0",
    ".5",
    "-0",
    ".inf",
    "-.INF",
    ".nan",
    "2026-03-02",
    "2026-03-02T12:00:00Z",
    "2026-03-02 12:00:00 +01:00",
    "=",
    "<<",
    "a:b",
    "a#b",
    "Ελληνικά",
    "😀",
)


@pytest.mark.parametrize("text", TEXT)
def test_a_scalar_is_text_as_value_item_and_key(text: str) -> None:
    assert read(f"a: {text}".encode(), "f").tree == {"a": text}
    assert read(f"- {text}\n- [{text}]".encode(), "f").tree == [text, [text]]
    assert read(f"{text}: 1\n".encode(), "f").tree == {text: "1"}


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        (b"", ""),
        (b"# nothing but a comment\n", ""),
        (b"--- \n...\n", ""),
        (b"a:", {"a": ""}),
        (b"a: #c", {"a": ""}),
        (b"a: b # c", {"a": "b"}),
        (b'a: "b # c"', {"a": "b # c"}),
        (b"\xef\xbb\xbfa: 1", {"a": "1"}),
        (b"a: 1\r\nb: 2\r\n", {"a": "1", "b": "2"}),
        (b"%YAML 1.1\n---\na: no", {"a": "no"}),
        (b"a: >-\n  one\n  two\nb: |\n  three\n", {"a": "one two", "b": "three\n"}),
        (b"a: one\n  two", {"a": "one two"}),
        (b'a: "\\u263a \\x41\\n"', {"a": "☺ A\n"}),
        (b"a: 'it''s'", {"a": "it's"}),
        (b"\"a\": 1\n'b': 2", {"a": "1", "b": "2"}),
        (b"{a: 1, b}", {"a": "1", "b": ""}),
        (b"<<: {a: 1}\nb: 2", {"<<": {"a": "1"}, "b": "2"}),
        (b"<<: [{a: 1}, {a: 2}]", {"<<": [{"a": "1"}, {"a": "2"}]}),
        (b"? a\n: b", {"a": "b"}),
        (b'"": 1', {"": "1"}),
    ],
)
def test_read_as_text(text: bytes, tree: Tree) -> None:
    document = read(text, "f")
    assert (document.tree, document.problems) == (tree, [])


ANCHORS = "anchors and aliases (& and *) are not used in flows; a text that begins so needs quotes"
TAGS = "tags (!) are not used in flows; a text that begins so needs quotes"
BOMB = b"a: &a [x, x, x, x, x, x, x, x]\n" + b"".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 8)}]\n".encode()
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
BRACES = "a text that begins with {{ has to stand in quotes"
SAVE = "save the file with the encoding UTF-8 (in Windows Notepad: File, Save as, Encoding: UTF-8)"
SIGN = f"not UTF-8 text, since this sign is written in another encoding: {SAVE}"
NOTEPAD = f"not UTF-8 text, but UTF-16 (Windows calls it Unicode): {SAVE}"
CONTROL = "a control character stands here: delete it"
TWICE = "stands here twice (first on line"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (BOMB, [f"1:4: {ANCHORS}"]),
        (b"a: *b", [f"1:4: {ANCHORS}"]),
        (b"&a x: 1", [f"1:1: {ANCHORS}"]),
        (b"a: &b", [f"1:4: {ANCHORS}"]),
        (b"<<: *a", [f"1:5: {ANCHORS}"]),
        (b"a: &x\n  b: *x", [f"1:4: {ANCHORS}"]),
        (b"a: !!python/object/apply:os.system [ls]", [f"1:4: {TAGS}"]),
        (b"a: !!binary aGk=", [f"1:4: {TAGS}"]),
        (b"a: !!int 5", [f"1:4: {TAGS}"]),
        (b"a: !secret x", [f"1:4: {TAGS}"]),
        (b"!!set {a, b}", [f"1:1: {TAGS}"]),
        (b"a:\n  - ! b", [f"2:5: {TAGS}"]),
        (b"a: 1\nb: 2\na: 3", [f"3:1: a: the key 'a' {TWICE} 1)"]),
        (b"a: 1\n'a': 3", [f"2:1: a: the key 'a' {TWICE} 1)"]),
        (
            b"x:\n  a: {b: 1, b: 2}\n  a: 3",
            [f"2:13: x.a.b: the key 'b' {TWICE} 2)", f"3:3: x.a: the key 'a' {TWICE} 2)"],
        ),
        (
            b"a: 1\n? [a, b]\n: 2\n{c: d}: 3",
            ["2:3: a key has to be a plain text", "4:1: a key has to be a plain text"],
        ),
        (b"say: {{ name }}", [f"1:6: say: {BRACES}"]),
        (
            b"say: [Hello, {{ name }}]",
            [f"1:14: say.1: {BRACES}"],
        ),
        (b"a: \x00", [f"1:4: {CONTROL}"]),
        (b"a: b\nc: \x1b[1m", [f"2:4: {CONTROL}"]),
        (
            b'a: "\\0"\nb: ["\\ud800x"]',
            [
                "1:4: a: a control character, or half of one, stands in this text",
                "2:5: b.0: a control character, or half of one, stands in this text",
            ],
        ),
        (b"a: caf\xe9", [f"1:7: {SIGN}"]),
        (b"a: ok\nb: \xff", [f"2:4: {SIGN}"]),
        ("a: 1".encode("utf-16"), [f"1:1: {NOTEPAD}"]),
        ("a: 1".encode("utf-16-le"), [f"1:1: {NOTEPAD}"]),
        ("a: é".encode("utf-16-be"), [f"1:1: {NOTEPAD}"]),
        (b"\xef\xbb\xbfa: \xff", [f"1:4: {SIGN}"]),
        (b"x" * (MAX_BYTES + 1), ["1:1: larger than 1024 KiB"]),
        (b"[" * 100_000, [f"1:{MAX_DEPTH + 1}: nested deeper than {MAX_DEPTH} levels"]),
        (b"{a: " * 100_000, [f"1:{MAX_DEPTH * 4 - 2}: nested deeper than {MAX_DEPTH} levels"]),
        (b"- " * 5_000 + b"x", [f"1:{MAX_DEPTH * 2 + 1}: nested deeper than {MAX_DEPTH} levels"]),
        (
            b"".join(b" " * at + b"a:\n" for at in range(60)),
            [f"{MAX_DEPTH}:{MAX_DEPTH}: nested deeper than {MAX_DEPTH} levels"],
        ),
        (b"[" * (MAX_BYTES - 1), [f"1:{MAX_DEPTH + 1}: nested deeper than {MAX_DEPTH} levels"]),
    ],
)
def test_refused_where_it_stands(text: bytes, problems: list[str]) -> None:
    assert _problems(text) == [f"f:{problem}" for problem in problems]


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        b"x" * (MAX_BYTES + 1),
        b"[" * MAX_BYTES,
        b"&" * MAX_BYTES,
        *(
            sign * 100_000
            for sign in (b"x", b"\n", b"#", b"\t", b"a: ", b"- ", b"? ", b"!", b"|", b"'", b'"', b"%")
        ),
        b'"' + b"\\" * 100_000,
    ],
    ids=lambda text: f"{text[:4]!r} {len(text)}",
)
def test_a_trap_is_refused_or_read(text: bytes) -> None:
    problems = _problems(text)
    assert len(problems) <= 1
    assert all(len(problem) < 200 for problem in problems)


def test_depth_up_to_the_bound() -> None:
    text = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    assert _problems(text) == []
    assert _problems(b"[" + text + b"]") != []


def test_places_of_keys_and_values() -> None:
    document = read(b"a:\n  b: [1, {c: d}]\n", "f")
    path = ("a", "b", "1", "c")
    assert document.place(path, key=True) == Place(2, 11)
    assert document.place(path) == Place(2, 14)
    assert document.place(("a", "b", "0")) == Place(2, 7)
    assert document.place(("a", "b", "9", "x")) == Place(2, 6), "the nearest ancestor there is"
    assert document.place(("z",)) == Place(1, 1)


def test_a_flow_full_of_traps_means_what_it_says() -> None:
    flow = load_flow(
        b"""
flow: traps
languages: [en-GB]
inputs:
  off: {default: on}
steps:
  no:
    set: {zero: 0033, when: 21:00, off: no, day: 2026-03-02, nothing: ~, exp: 1e3, octal: 010, phone: +33612345678}
  yes:
    dial: +33612345678
""",
        "traps.yaml",
    )
    assert list(flow.steps) == ["no", "yes"]
    step = flow.steps["no"]
    assert isinstance(step, SetStep)
    texts = ["0033", "21:00", "no", "2026-03-02", "~", "1e3", "010", "+33612345678"]
    assert [item.source for item in step.set_.values() if isinstance(item, Template)] == texts
    assert flow.head.inputs[Name("off")].default_value == "on"


def _problems(text: bytes) -> list[str]:
    try:
        return [str(problem) for problem in read(text, "f").problems]
    except FlowProblems as error:
        return [str(problem) for problem in error.problems]
