"""Where in its file a mistake inside a text is, however the text is written."""

import pytest

from voiceapp.flow.loader import load_flow
from voiceapp.flow.problems import FlowProblems
from voiceapp.flow.yaml_text import read

WRITTEN = {
    "plain": "a: bc #d\n",
    "plain, over lines": "a: bc\n  de\n\n  #f x\n",
    "single quotes": "a: 'it''s # b''c'\n",
    "single quotes, over lines": "a: 'it\n\n   is''\n  x'\n",
    "double quotes": 'a: "b c"\n',
    "escapes": r'a: "1\n2\t\x33\u0034\U00000035 \x20 \" \\ 6\_7\0 8\e9"' + "\n",
    "escaped line ends": 'a: "b \\\n  \\ c\\\n  d\n  e"\n',
    "halves of characters": r'a: "\ud83d\ude00x"' + "\n",
    "as it is": "a: |\n\n  b\n    c d\n\n  e\n",
    "folded": "a: >-  # remark\n  b c\n\n    d\n  e\n  f",
    "indented by a number": "a: |2+\n    b\n  c\n\n",
    "greek and emoji": "ά: 'Γεια 😀 σας'\nb: |\n  😀 x\n",
    "line ends of Windows": 'a: 1\r\nb: |\r\n  c\r\n  d e\r\nf: "g\r\n  h"\r\n',
    "other line ends": "a: |\n  b\u2028  c\n  d\n",
    "in a list in braces": "a: [b, {c: 'd e'}]\n",
    "a mark of byte order": "\ufeffa: bc d\n",
}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_each_sign_of_each_text_is_found_where_it_is_written(text: str) -> None:
    document = read(text.encode(), "f")
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\u2028", "\n").split("\n")
    for path in document.values:
        whole = document.text(path) or ""
        for offset, sign in enumerate(whole):
            if not sign.isspace():
                place = document.within(path, offset)
                written = lines[place.line - 1][place.column - 1 :]
                assert written.startswith((sign, "\\x", "\\u", "\\U", "\\" + sign)), (path, offset, place)
                assert written[0] == sign or ord(sign) in (0x33, 0x34, 0x35, ord('"'), ord("\\"))


def test_signs_one_after_the_other_are_found_one_after_the_other() -> None:
    document = read(b'a: "xx\\x78 xx"', "f")
    columns = [document.within(("a",), offset).column for offset in (0, 1, 2, 4, 5)]
    assert columns == [5, 6, 7, 12, 13]


@pytest.mark.parametrize(
    ("path", "offset", "place"),
    [
        (("a",), 99, (1, 4)),
        (("a", "b"), 0, (1, 4)),
        (("z",), 0, (1, 1)),
        (("b",), 0, (2, 4)),
        (("b", "9"), 0, (2, 4)),
        (("c",), 0, (3, 4)),
    ],
)
def test_what_is_not_there_is_where_the_text_begins(
    path: tuple[str, ...], offset: int, place: tuple[int, int]
) -> None:
    found = read(b"a: x\nb: [y]\nc: ''\nd: z", "f").within(path, offset)
    assert (found.line, found.column) == place


STEPS = [
    (
        "say: |\n      One line,\n      {{ caller }} two,\n        {{ caller | digitz }}\n      {{ 5 5 }}\n",
        ["8:21: steps.a.say: there is no filter 'digitz'", "9:12: steps.a.say: cannot be read: '5' does not"],
    ),
    (
        "say: >-\n      One {{ called | d1 }}\n\n      {{ x | d2 }}\n",
        ["6:23: steps.a.say: there is", "8:14: steps.a.say: there is"],
    ),
    ("say: 'it''s {{ caller | d }}'\n", ["5:29: steps.a.say: there is no filter 'd'"]),
    ('say: [Hi, "\\u263a {{ caller | d }}"]\n', ["5:35: steps.a.say.1: there is no filter 'd'"]),
    (
        'branch:\n      - {if: "callled | foo > 5", next: a}\n      - {if: "called and", next: nowhere}\n',
        [
            "6:25: steps.a.branch.0.if: there is no filter 'foo'",
            "7:22: steps.a.branch.1.if: cannot be read: something",
            "7:34: steps.a.branch.1.next: no step named 'nowhere'",
        ],
    ),
    (
        'fetch: "https://x/{{ called | e }}"\n    json: {f: ["{{ called | g }}"]}\n',
        ["5:35: steps.a.fetch: there", "6:29: steps.a.json.f.0: there"],
    ),
    ('dial: ["{{ called | e }}", "+33123456789"]\n', ["5:25: steps.a.dial.0: there is no filter 'e'"]),
    (
        'set: {x: "{{ called | e }}", y: {z: "{{ called | f }}"}}\n',
        ["5:27: steps.a.set.x: there", "5:54: steps.a.set.y.z: there"],
    ),
]


@pytest.mark.parametrize(("step", "said"), STEPS)
def test_a_mistake_in_a_text_is_told_at_its_place(step: str, said: list[str]) -> None:
    found = [line for line in _problems(step) if "nothing saves" not in line]
    assert len(found) == len(said)
    assert all(line.startswith(f"f.yaml:{begins}") for line, begins in zip(found, said, strict=True)), found


@pytest.mark.parametrize(
    "step",
    [
        'say: "{{ oops }} {{ caller | x }}"',
        'say: {en-GB: "{{ oops }} {{ caller | x }}"}',
        'say: ["{{ oops }} {{ caller | x }}", there]',
        'set: {x: "{{ oops }} {{ caller | x }}"}',
        'fetch: "https://x/{{ oops }}/{{ caller | x }}"',
        'notify: "https://x/"\n    with: {x: ["{{ oops }} {{ caller | x }}"]}',
        'dial: ["+33123456789", "{{ oops ~ caller | x }}"]',
        'branch: [{if: "oops | x", next: a}]',
        'branch: [{if: "x and", next: a}, {if: "oops", next: a}]',
    ],
)
def test_unknown_names_are_told_beside_all_else_that_is_wrong(step: str) -> None:
    said = _problems(f"{step}\n")
    assert len([line for line in said if "nothing saves a variable named 'oops'" in line]) == 1
    assert len(said) > 1


def test_a_prompt_of_another_form_is_told_of_its_form_only() -> None:
    assert len(_problems("say: {en: Hello}\n")) == 1


def _problems(step: str) -> list[str]:
    text = f"flow: f\nlanguages: [en-GB]\nsteps:\n  a:\n    {step}"
    with pytest.raises(FlowProblems) as caught:
        load_flow(text.encode(), "f.yaml")
    return [str(problem) for problem in caught.value.problems]
