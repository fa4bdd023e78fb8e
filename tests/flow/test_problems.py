"""What is said of a mistake can be printed, whatever stands in the file."""

import pytest

from voiceapp.flow.loader import load_flow
from voiceapp.flow.mistakes import Mistake
from voiceapp.flow.problems import FlowProblems, Place, Problem, Wrong, WrongWithin, printable, rest_of, wrong_at


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Γεια 😀 \\x", "Γεια 😀 \\x"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
        ("\x00\x7f\x85\x9b", "\\x00\\x7f\\x85\\x9b"),
        ("\u200e\u2028\u202e\u2066", "\\u200e\\u2028\\u202e\\u2066"),
        ("\ud800", "\\ud800"),
    ],
)
def test_what_steers_a_terminal_is_spelt_out(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert (
        str(Problem(f"{text}.yaml", Place(1, 2), (text,), f"'{text}'")) == f"{shown}.yaml:1:2: {shown}: '{shown}'"
    )


@pytest.mark.parametrize(
    "step",
    [
        'next: "a\\tb\\nc"',
        'sa"\\e[1m\\n": x',
        '"sa\\e[1m\\n\\u202e": x',
        'end: "{{ x | \\u202e }}"',
        "end: \"{{ 5 'a\\u202e\\n' }}\"",
        'branch: [{if: "5 \\u2066", next: a}]',
        'dial: "\\u202e\\n"',
        "say: hi \x1b[31mred",
        "say: hi\x9b \x07",
        'set: {"\\n\\u202e": x}',
        'keys: {"\\t": x}',
    ],
)
def test_no_problem_holds_what_steers_a_terminal(step: str) -> None:
    text = f"flow: f\nlanguages: [en-GB]\nsteps:\n  a:\n    {step}\n"
    with pytest.raises(FlowProblems) as caught:
        load_flow(text.encode(), "f.yaml")
    for problem in caught.value.problems:
        assert str(problem) == printable(str(problem))
        assert str(problem).isprintable()


def test_what_an_error_says_at_a_path() -> None:
    assert wrong_at(("a",), ValueError("no")) == [Wrong(("a",), "no", mistake=Mistake.FORM)]


@pytest.mark.parametrize(
    ("wrong", "rest"),
    [([WrongWithin((), "x", 1)], "read"), ([WrongWithin((), "x", 1), Wrong((), "y")], None), ([], "read")],
)
def test_what_is_left_for_further_checks(wrong: list[Wrong | WrongWithin], rest: str | None) -> None:
    assert rest_of("read", wrong) == rest
