"""Wrong flows: every mistake is said, at once, where it stands and in words that an author knows."""

import re
from pathlib import Path

import pytest

from tests.flow.tables.wrong_heads import HEAD, WRONG_HEADS
from tests.flow.tables.wrong_steps import WRONG_STEPS
from voiceapp.flow.fields import Name
from voiceapp.flow.flow import Flow, read_input, typed_inputs, with_defaults
from voiceapp.flow.library import load_library
from voiceapp.flow.loader import load_flow
from voiceapp.flow.problems import FlowProblems, listed, nearest
from voiceapp.flow.steps import BY_VERB
from voiceapp.flow.surroundings import Surroundings

HERE = Path(__file__).parent
SHARED = HERE.parent / "flows" / "shared"
PROGRAMMERS_WORDS = re.compile(
    r"pydantic|None|dict|tuple|\bstr\b|\bint\b|Error|validat|input should|[Tt]raceback|<class"
)


@pytest.fixture(name="around", scope="module")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Surroundings:
    """What a flow may refer to: two sounds, two flows, one secret."""
    audio = tmp_path_factory.mktemp("audio")
    for name in ("welcome.wav", "hello_en-GB.wav"):
        (audio / name).touch()
    return Surroundings(audio, {"bad", "survey"}, {"TOKEN"})


def problems(text: str, around: Surroundings | None = None, file: str = "bad.yaml") -> list[str]:
    with pytest.raises(FlowProblems) as caught:
        load_flow(text.encode(), file, around)
    assert str(caught.value).splitlines() == [str(problem) for problem in caught.value.problems]
    return [str(problem).removeprefix(f"{file}:") for problem in caught.value.problems]


@pytest.mark.parametrize(("step", "said"), WRONG_STEPS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_wrong_step(step: str, said: list[str], around: Surroundings) -> None:
    assert problems(f"{HEAD}steps:\n  hello:\n    {step}\n", around) == said


@pytest.mark.parametrize(("text", "said"), WRONG_HEADS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_wrong_head(text: str, said: list[str], around: Surroundings) -> None:
    assert problems(text, around) == said


def test_every_verb_has_wrong_steps() -> None:
    tried = {step.partition(":")[0] for step, _ in WRONG_STEPS}
    assert set(BY_VERB) <= tried


@pytest.mark.parametrize("said", [said for _, lines in (*WRONG_STEPS, *WRONG_HEADS) for said in lines])
def test_a_message_is_a_sentence_of_an_author(said: str) -> None:
    assert not PROGRAMMERS_WORDS.search(said)
    assert re.match(r"\d+:\d+: \S", said)


def test_ten_mistakes_in_one_file() -> None:
    said = problems((HERE / "mistakes.yaml").read_text(encoding="utf-8"), file="mistakes.yaml")
    assert said == (HERE / "mistakes.txt").read_text(encoding="utf-8").splitlines()


def test_the_mistakes_of_all_files_are_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("flow: one\nlanguages: [en-GB]\nsteps: {a: {run: two}, b: {say: }}")
    (tmp_path / "two.yaml").write_text("flow: two\nlanguages: [en-GB]\nsteps: {a: {run: ones}}")
    with pytest.raises(FlowProblems) as caught:
        load_library(tmp_path)
    assert [(Path(problem.file).name, problem.message) for problem in caught.value.problems] == [
        ("one.yaml", "is empty: there is nothing to say"),
        ("two.yaml", "no flow named 'ones'; did you mean 'one'?"),
    ]


def test_what_is_not_known_is_not_checked() -> None:
    text = 'steps: {a: {say: {audio: x.wav}}, b: {run: other}, c: {notify: "https://x/{{ secret.X }}"}}'
    assert load_flow(f"{HEAD}{text}".encode(), "bad.yaml").first == "a"


@pytest.mark.parametrize("name", ["clinic", "satisfaction", "call_tracking", "click_to_call"])
def test_the_shared_flows_load(name: str) -> None:
    flow = load_library(SHARED).scripts[name].flow
    assert flow.name == name
    assert set(flow.below) == set(flow.steps)


def test_what_a_loaded_flow_knows() -> None:
    flow = load_flow((SHARED / "clinic.yaml").read_bytes(), "clinic.yaml")
    assert flow.head.languages == ("en-GB", "el-GR")
    assert flow.head.max_minutes == 15
    assert flow.head.keys == {"0": "reception", "*": "repeat"}
    assert flow.first == "open"
    assert flow.after("open") == "language"
    assert flow.after("language.1") == "main"
    assert flow.after("report") == "end"
    assert flow.voice("en-GB", "callr") == "female"
    assert flow.voice("fr-FR", "callr") == ""
    assert flow.personal == {"first_name", "patient_number"}


def test_a_mark_of_byte_order_changes_nothing() -> None:
    text = f"{HEAD}steps: {{a: {{say: Hi}}}}".encode()
    assert load_flow(b"\xef\xbb\xbf" + text, "bad.yaml") == load_flow(text, "bad.yaml")


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("text", "007", "007"),
        ("text", "", ""),
        ("number", "-12", -12),
        ("number", "007", 7),
        ("number", "1_0", ValueError),
        ("number", " 5", ValueError),
        ("number", "٣", ValueError),
        ("number", "9" * 16, ValueError),
        ("number", "1.5", ValueError),
        ("phone", "+33123456789", "+33123456789"),
        ("phone", "sip:a@b.example:5060", "sip:a@b.example:5060"),
        ("phone", "0123456789", ValueError),
        ("phones", "+33123456789, sip:a@b.example", ["+33123456789", "sip:a@b.example"]),
        ("phones", "+33123456789", ["+33123456789"]),
        ("phones", "+33123456789, 12", ValueError),
        ("flag", "true", True),
        ("flag", "false", False),
        ("flag", "yes", ValueError),
    ],
)
def test_an_input_from_text(kind: str, text: str, value: object) -> None:
    flow = _with_input(kind)
    assert flow.head.inputs[Name("x")].type == kind
    if value is ValueError:
        with pytest.raises(ValueError, match=r"^has to be"):
            read_input(flow.head.inputs[Name("x")].type, text)
        with pytest.raises(ValueError, match=r"^input 'x' of flow 'bad' has to be"):
            typed_inputs(flow, {"x": text})
    else:
        assert read_input(flow.head.inputs[Name("x")].type, text) == value
        assert typed_inputs(flow, {"x": text}) == {"x": value}


def test_inputs_and_their_defaults() -> None:
    flow = _with_input("number, default: 5")
    assert with_defaults(flow, {"y": 1}) == {"x": 5}
    assert with_defaults(flow, {"x": 6}) == {"x": 6}
    assert with_defaults(_with_input("number"), {}) == {}
    assert typed_inputs(flow, {"x": 7, "y": "8"}) == {"x": 7, "y": "8"}


def _with_input(kind: str) -> Flow:
    return load_flow(f"{HEAD}inputs: {{x: {{type: {kind}}}}}\nsteps: {{a: {{say: Hi}}}}".encode(), "bad.yaml")


@pytest.mark.parametrize(
    ("names", "said"),
    [([], "none"), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_names_in_a_row(names: list[str], said: str) -> None:
    assert listed(names) == said


@pytest.mark.parametrize(
    ("word", "said"),
    [("tims", "; did you mean 'times'?"), ("nxt", "; did you mean 'next'?"), ("zzz", ""), ("", "")],
)
def test_the_nearest_name(word: str, said: str) -> None:
    assert nearest(word, {"times", "next"}) == said
