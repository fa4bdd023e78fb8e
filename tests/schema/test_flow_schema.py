"""The schema of flows: it marks no flow that loads, and every mistake that a schema can know of."""

import re
from pathlib import Path
from typing import Annotated, TypeVar

import jsonschema_rs
import pytest
from pydantic import BaseModel, Field, PlainValidator, ValidationError

from tests.flow.tables import CASES, HEAD_CASES
from tests.flow.tables.wrong_heads import HEAD, WRONG_HEADS
from tests.flow.tables.wrong_steps import WRONG_STEPS
from tests.schema import written
from tests.schema.beyond import beyond
from tests.schema.editors import marked
from tests.schema.written import Written
from voiceapp.flow.fields import Flag, Name, Text
from voiceapp.flow.flow import Head
from voiceapp.flow.leaves import ways
from voiceapp.flow.prompts import LANGUAGE
from voiceapp.flow.steps import STEPS, Step
from voiceapp.flow.steps.set import SetStep
from voiceapp.flow.templates import Template
from voiceapp.schema.flow_file import FILE, flow_schema, schema_text
from voiceapp.schema.models import fields, model_schema

ROOT = Path(__file__).parent.parent.parent
FILES = sorted([*(ROOT / "flows").glob("*.yaml"), *(ROOT / "tests" / "flows" / "shared").glob("*.yaml")])
CASE_FLOWS = [
    f"flow: test\n{'' if 'languages:' in case.head else 'languages: [en-GB, fr-FR]'}\n{case.head}\nsteps:\n"
    + "\n".join(f"  {line}" for line in case.steps.strip("\n").splitlines())
    for case in (*HEAD_CASES, *(case for cases in CASES.values() for case in cases))
]

SCHEMA = flow_schema()
DEFINED = {
    step.verb: jsonschema_rs.Draft7Validator(
        {"$ref": f"#/definitions/{step.verb}", "definitions": SCHEMA["definitions"]}
    )
    for step in STEPS
}
HEAD_ONLY = jsonschema_rs.Draft7Validator({**SCHEMA, "required": []})


def wrong_step(step: str) -> str:
    return f"{HEAD}steps:\n  hello:\n    {step}\n"


WRONG = [*((wrong_step(step), said) for step, said in WRONG_STEPS), *WRONG_HEADS]


def test_the_schema_is_one() -> None:
    jsonschema_rs.meta.validate(flow_schema())


def test_the_file_beside_the_flows_is_that_of_the_code() -> None:
    written = (ROOT / "flows" / FILE).read_text(encoding="utf-8")
    assert written == schema_text(), f"run: voiceapp schema -o flows/{FILE}"


def test_shipped_flows_name_the_schema() -> None:
    firsts = {file.read_text(encoding="utf-8").splitlines()[0] for file in (ROOT / "flows").glob("*.yaml")}
    assert firsts == {f"# yaml-language-server: $schema=./{FILE}"}


# flows that load


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_a_flow_that_loads_is_not_marked(file: Path) -> None:
    assert marked(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("text", CASE_FLOWS)
def test_a_flow_of_the_language_s_cases_is_not_marked(text: str) -> None:
    assert marked(text) == []


@pytest.mark.parametrize("page", ["README.md", "docs/language.md"])
def test_the_flows_of_the_pages_are_not_marked(page: str) -> None:
    blocks = re.findall(r"```yaml\n(flow: .*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    assert [marked(block) for block in blocks] == [[] for _ in blocks]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.verb)
def test_the_example_of_a_verb_is_not_marked_in_place_either(step: type[Step]) -> None:
    body = "\n".join(f"          {line}" for line in step.example.splitlines())
    assert marked(f"{HEAD}steps:\n  hello:\n    menu: x\n    keys:\n        5:\n{body}\n") == []


# flows that do not load


@pytest.mark.parametrize(("text", "said"), WRONG, ids=lambda value: value if isinstance(value, str) else "")
def test_what_a_schema_can_know_of_is_marked_where_it_stands(text: str, said: list[str]) -> None:
    known = [line for line in said if not beyond(line)]
    places = marked(text)
    assert [line for line in known if not any(_within(line, place) for place in places)] == []
    unsaid = [place for place in places if not any(_within(line, place) for line in known)]
    # What type a default has, the loader asks when nothing else is wrong.
    assert [place for place in unsaid if not (known and re.fullmatch(r"inputs\.\w+\.default", place))] == []


def _within(line: str, place: str) -> bool:
    """Whether the mark stands at what the loader says this of, at what holds it, or at a part of it."""
    where = re.sub(r"^\d+:\d+: ", "", line).partition(": ")[0]
    return where.startswith(place) or place.startswith(where)


def test_ten_mistakes() -> None:
    text = (ROOT / "tests" / "flow" / "mistakes.yaml").read_text(encoding="utf-8")
    assert marked(text) == ["", "steps.main.keys.2.answer", "steps.reception.ring"]


@pytest.mark.parametrize("word", ["null", "~", "true", "False"])
def test_what_is_no_text_in_an_editor_is_marked_where_a_name_or_a_word_is_wanted(word: str) -> None:
    assert marked(wrong_step(f"say: x\n    next: {word}")) == ["steps.hello.next"]
    assert marked(wrong_step(f"{{ask: x, answer: {{digits: 1}}, save: {word}}}")) == ["steps.hello.save"]
    assert marked(wrong_step(f"set: {{a: {word}}}")) == []


@pytest.mark.parametrize("step", ["opt_out: false", "call_back: false\n    after: 1\n    flow: bad"])
def test_where_only_true_means_something_false_is_marked(step: str) -> None:
    assert marked(wrong_step(step)) == [f"steps.hello.{step.partition(':')[0]}"]


# never narrower than the loader


PLACES = {
    (str(info.annotation), str(info.metadata)): (step, info.alias or name)
    for step in STEPS
    for name, info in step.model_fields.items()
}
"""A step and a key of it for each way in which a value is read."""


@pytest.mark.parametrize(("step", "key"), PLACES.values(), ids=lambda value: getattr(value, "verb", value))
def test_no_step_is_marked_that_the_loader_takes(step: type[Step], key: str) -> None:
    taken = 0
    for value in written.values():
        body = {**written.example(step), key: value}
        loaded = _model(step, body)
        if loaded is None or not all(_is_name(way) for _, way in ways(loaded)) or _odd_language(loaded):
            continue
        taken += 1
        assert DEFINED[step.verb].is_valid(written.as_edited(body)), body
    assert taken


def test_no_head_is_marked_that_the_loader_takes() -> None:
    taken = 0
    for key in written.keys_of(Head):
        for value in written.values():
            tree = {**written.head(), key: value}
            head = _model(Head, tree)
            if head is None or not _refers_well(head):
                continue
            taken += 1
            assert HEAD_ONLY.is_valid(written.as_edited(tree)), tree
    assert taken > 200


AnyModel = TypeVar("AnyModel", bound=BaseModel)


def _model(model: type[AnyModel], tree: dict[str, Written]) -> AnyModel | None:
    try:
        return model.model_validate(written.as_read(tree))
    except ValidationError:
        return None


def _is_name(way: str) -> bool:
    return re.fullmatch(r"[a-z][a-z0-9_]*", way) is not None


def _odd_language(step: Step) -> bool:
    """Whether a language is set that no flow can have, which the loader says when it knows those of the flow."""
    language = step.set_.get(Name("language"), "") if isinstance(step, SetStep) else ""
    return bool(language) and not (isinstance(language, Template) and re.match("en-GB|{{", language.source))


def _refers_well(head: Head) -> bool:
    """Whether the rest of the loader would take it: its steps, its languages, the types of its defaults."""
    named = [*head.keys.values(), *filter(None, (head.on_machine, head.on_hang_up, head.on_error))]
    try:
        _ = [item.default_value for item in head.inputs.values()]
    except ValueError:
        return False
    return all(map(_is_name, named)) and all(map(LANGUAGE.fullmatch, head.voice))


# every key is described


def test_every_key_of_every_model_is_in_the_schema() -> None:
    schema = flow_schema()
    assert set(schema["properties"]) == {*written.keys_of(Head), "steps"}
    for step in STEPS:
        assert set(schema["definitions"][step.verb]["properties"]) == set(written.keys_of(step))
        assert list(schema["definitions"]["no_verb"]["properties"])[: len(STEPS)] == [step.verb for step in STEPS]


def test_every_key_says_what_it_is_for() -> None:
    schema = flow_schema()
    described = [*fields(schema), *(one for verb in STEPS for one in fields(schema["definitions"][verb.verb]))]
    assert [where for where, field in described if not field.get("description")] == []
    assert [field["description"] for _, field in described if field["description"].endswith(".")] == [
        schema["definitions"][step.verb]["description"] for step in STEPS
    ]


def test_a_key_without_a_description_or_a_shape_is_an_error() -> None:
    class Bare(BaseModel):
        word: Annotated[str, PlainValidator(str)] = Field(description="has a reader that tells editors nothing")

    class Unsaid(BaseModel):
        word: Text
        flag: Flag = Field(description="is told")

    for model in (Bare, Unsaid):
        with pytest.raises(KeyError, match=f"{model.__name__}: nothing tells editors what to write under word"):
            model_schema(model)
