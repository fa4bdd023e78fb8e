"""What is written out of a condition is read back as the same."""

import pytest

from voiceapp.check.data.sources import written
from voiceapp.flow.templates import condition, expression_tree

SOURCES = [
    "score > 5",
    "not (a and b) or c and not d",
    "a or (b or c)",
    "a and (b and c)",
    "(a or b) and c",
    "(not a) == b",
    "a is not defined and b is defined and not c is none",
    "(a is none) == true",
    "(a is none) is string",
    "(a | length) is number",
    "a | default('it''s') | lower == 'x'",
    "a | default(b if c else 'd') != none",
    "(a if b else c if d else e) == (f if (g if h else i) else j)",
    "(a if b else c) if d else e",
    "a - (b - c) - d + e",
    "a / (b / c) // d",
    "(a + b) / c",
    "a / b ~ c + d ~ (e ~ f)",
    "-a + -(b + c) - +d",
    "-(a | int) < 5.5 and (-a) | int > -5",
    "(a + b) | round(1)",
    "result.a.b['c d'][0][e] == 1",
    "(result | first).name",
    "a in ['x', \"it's\", 5]",
    "a not in ('x',)",
    "a in ('x', 'y')",
    "a in []",
    "1 < a <= b",
    "(a < b) < c",
    r"a == 'back\\slash, \'quote\' and \n line, ελληνικά'",
    "true and False and none",
    "code in (0.1, 12345678901234)",
]


@pytest.mark.parametrize("source", SOURCES)
def test_what_is_written_is_read_as_the_same(source: str) -> None:
    tree = expression_tree(source)
    assert expression_tree(written(tree)) == tree
    condition(written(tree))


@pytest.mark.parametrize(
    "source", ["score > 5", "a is not defined", "a or b and not c", "a in ['x', 'y'] | first"]
)
def test_what_an_author_wrote_plainly_stays_as_it_is(source: str) -> None:
    assert written(expression_tree(source)) == source


def test_what_no_flow_has_is_refused() -> None:
    with pytest.raises(TypeError, match="no expression"):
        written(expression_tree("name()"))
