"""Comments that ignore findings: which they are, what they are about, and what is said of them."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.check.cases import subject
from voiceapp.check.checking import check
from voiceapp.check.finding import Finding
from voiceapp.check.ignores import Ignore, ignores, judged
from voiceapp.check.kinds import IGNORABLE, KINDS, NOT_POSSIBLE
from voiceapp.check.rules import RULES
from voiceapp.flow.mistakes import Mistake
from voiceapp.flow.problems import Place

WHERE: dict[str, tuple[str, list[range]]] = {
    "at the end of its line": ("a: b # voiceapp: ignore VF101 x", [range(1, 2)]),
    "without spaces": ("a: b #voiceapp:ignore VF101 x", [range(1, 2)]),
    "behind quotes": ("a: 'b' # voiceapp: ignore VF101 x\nc: d", [range(1, 2)]),
    "behind a list": ("a: [b,\n  c] # voiceapp: ignore VF101 x", [range(2, 3)]),
    "inside a list": ("a: [b, # voiceapp: ignore VF101 x\n  c]", [range(1, 2)]),
    "behind a key": ("a: # voiceapp: ignore VF101 x\n  b: c", [range(1, 2)]),
    "behind a text of two lines": ("x: y\na: 'b\n\n  c' # voiceapp: ignore VF101 x", [range(2, 5)]),
    "behind a plain text of two lines": ("a: b\n  c # voiceapp: ignore VF101 x\nd: e", [range(1, 3)]),
    "on the first line of a long text": ("a: | # voiceapp: ignore VF101 x\n  b\n  c\nd: e", [range(1, 2)]),
    "on the first line of a folded text": ("a: >-2 # voiceapp: ignore VF101 x\n   b\n", [range(1, 2)]),
    "alone": ("# voiceapp: ignore VF101 x\na: b\nc: d", [range(2, 3)]),
    "alone, with empty lines and remarks": (
        "a: b\n  # voiceapp: ignore VF101 x\n\n# why not\n  \nc: d\ne: f",
        [range(6, 7)],
    ),
    "two alone": ("# voiceapp: ignore VF101 x\n# voiceapp: ignore VF102 y\na: b", [range(3, 4), range(3, 4)]),
    "alone below a long text": ("a: |\n  b\n# voiceapp: ignore VF101 x\nc: d", [range(4, 5)]),
    "alone in a list": ("a: [b,\n # voiceapp: ignore VF101 x\n c]", [range(3, 4)]),
    "alone at the end": ("a: b\n# voiceapp: ignore VF101 x", [range(0)]),
    "in a file without anything": ("# voiceapp: ignore VF101 x", [range(0)]),
    "with Windows' line ends": ("a: b\r\nc: d # voiceapp: ignore VF101 x\r\ne: f", [range(2, 3)]),
    "behind Unicode's line end": ("a: b\u2028c: d # voiceapp: ignore VF101 x", [range(2, 3)]),
    "in quotes": ("a: 'b # voiceapp: ignore VF101 x'", []),
    "in double quotes over two lines": ('a: "b\n # voiceapp: ignore VF101 x"', []),
    "in a long text": ("a: |\n  # voiceapp: ignore VF101 x\n  b", []),
    "on the second line of a folded text": ("a: >\n  b\n  c # voiceapp: ignore VF101 x\n", []),
    "in a word": ("a: b# voiceapp: ignore VF101 x", []),
    "behind another remark": ("a: b # see # voiceapp: ignore VF101 x", []),
    "another word": ("a: b # voiceapp: ignored VF101 x", []),
    "no YAML": ("a: 'b # voiceapp: ignore VF101 x", []),
}


@pytest.mark.parametrize(("source", "lines"), WHERE.values(), ids=WHERE)
def test_where_a_comment_is_one_and_what_it_is_about(source: str, lines: list[range]) -> None:
    assert [one.lines for one in ignores(source)] == lines


WRITTEN: dict[str, tuple[tuple[str, ...], str]] = {
    "VF101 on paper still": (("VF101",), "on paper still"),
    "VF101: on paper": (("VF101",), "on paper"),
    "VF101 - on paper": (("VF101",), "on paper"),
    "VF101,VF203  , VF3 on paper, still": (("VF101", "VF203", "VF3"), "on paper, still"),
    "VF101 on paper  ": (("VF101",), "on paper"),
    "VF101": (("VF101",), ""),
    "VF101 ": (("VF101",), ""),
    "": ((), ""),
    "the old menu": (("the",), "old menu"),
    "VF101 # 12": (("VF101",), "# 12"),
}


@pytest.mark.parametrize("text", WRITTEN)
def test_ids_and_reason(text: str) -> None:
    (one,) = ignores(f"a: b\nc: d # voiceapp: ignore {text}\n")
    assert (one.ids, one.reason) == WRITTEN[text]
    assert one.place == Place(2, 6)


@given(st.text(alphabet="ab:# '\"|>-\n{[]},\t\r\x85"), st.sampled_from(["", "  ", "\n"]))
def test_any_text_can_be_looked_through(before: str, gap: str) -> None:
    source = f"{before}{gap}# voiceapp: ignore VF101 x\n"
    for one in ignores(source):
        assert one.ids == ("VF101",)
        line = (
            source.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n").split("\n")[one.place.line - 1]
        )
        assert line[one.place.column - 1 :].startswith("# voiceapp")


LOOKED = {rule.id for rule in RULES}
FLOW = """\
steps:
  hello: {{say: Hello., next: bye}}
  lost:
    say: Nobody hears this. {0}
  bye: {{end: Bye.}}
"""
SAID: dict[str, list[str]] = {
    "": ["VF101"],
    "# voiceapp: ignore VF101 on paper": ["VF101 on paper"],
    "# voiceapp: ignore VF103, VF101 on paper": ["VF093 nothing is found here that is VF103", "VF101 on paper"],
    "# voiceapp: ignore VF103 on paper": ["VF093 nothing is found here that is VF103", "VF101"],
    "# voiceapp: ignore VF101": ["VF091 an ignore needs a reason, and counts for nothing without one", "VF101"],
    "# voiceapp: ignore VF103": ["VF091 an ignore needs a reason, and counts for nothing without one", "VF101"],
    "# voiceapp: ignore": ["VF092 an ignore has to name what it ignores", "VF101"],
    "# voiceapp: ignore VF999 on paper": ["VF092 there is no rule 'VF999'", "VF101"],
    "# voiceapp: ignore all": ["VF092 there is no rule 'all'", "VF101"],
    "# Voiceapp: Ignore VF101 on paper": ["VF101 on paper"],
    "# voiceapp: ignore VF1 on paper": ["VF092 there is no rule 'VF1'", "VF101"],
    "# voiceapp: ignore VF007 on paper": ["VF092 VF007 cannot be ignored", "VF101"],
    "# voiceapp: ignore VF093 on paper": ["VF092 VF093 cannot be ignored", "VF101"],
    "# voiceapp: ignore VF503 on paper": ["VF101"],
}


@pytest.mark.parametrize("comment", SAID)
def test_what_is_ignored_and_what_is_said_of_a_comment(comment: str) -> None:
    examined = subject("test", {"test": FLOW.format(comment)})
    found = judged(check(examined), ignores(examined.flow.source), "test.yaml", LOOKED)
    assert sorted(_said(found)) == SAID[comment]


def _said(findings: Iterable[Finding]) -> list[str]:
    """Ids with the reason for which they are ignored; of comments also what is wrong with them."""
    return [" ".join([one.rule, one.message if one.rule < "VF1" else one.ignored]).strip() for one in findings]


def test_a_rule_that_did_not_look_makes_no_comment_needless() -> None:
    comment = Ignore(Place(1, 1), range(1, 2), ("VF101", NOT_POSSIBLE.id), "on paper")
    assert [one.rule for one in judged((), [comment], "x.yaml", {"VF102"})] == []
    assert [one.rule for one in judged((), [comment], "x.yaml", LOOKED)] == ["VF093"]


def test_two_comments_about_one_finding_are_both_needed() -> None:
    source = FLOW.format("# voiceapp: ignore VF101 one").replace(
        "    say: N", "    # voiceapp: ignore VF101 two\n    say: N"
    )
    examined = subject("test", {"test": source})
    assert _said(judged(check(examined), ignores(examined.flow.source), "x.yaml", LOOKED)) == ["VF101 two"]


def test_a_comment_is_not_taken_for_words_that_yaml_lost() -> None:
    text = "steps: {a: {say: Hello}}\n".replace("Hello}", "Hello # voiceapp: ignore VF101 x\n  }")
    assert [one.rule for one in check(subject("test", {"test": text})) if one.rule == "VF307"] == []


def test_mistakes_and_comments_are_never_ignored() -> None:
    ids = {kind.id for kind in KINDS}
    assert ids - IGNORABLE == {mistake.id for mistake in Mistake} | {"VF091", "VF092", "VF093"}
    assert len(ids) == len(KINDS)
