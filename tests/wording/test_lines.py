"""Every text of a flow: which there are, in which order, what they are called and when they are said."""

import re
from itertools import pairwise
from typing import Any

import pytest

from tests.wording.flows import ODD, SHIPPED, flow_in, flow_of
from voiceapp.flow.leaves import prompts
from voiceapp.flow.prompts import PerLanguage, Played, Said, parts
from voiceapp.flow.steps import BY_VERB
from voiceapp.wording.context import ROLES
from voiceapp.wording.lines import lines_of

LINES = {
    "odd.keys.5.say": ({"en-GB": "Five.", "el-GR": "Πέντε."}, "odd/keys-5-say.{}.wav"),
    "odd.plain.say": ("Hello there.", "odd/plain-say.{}.wav"),
    "odd.quoted.say": ('It\'s "fine", {{ name }}.', "odd/quoted-say.{}.wav"),
    "odd.blocks.say": ({"en-GB": "A long text over two lines.\n", "el-GR": "Ένα,\nδύο."}, "odd/blocks-say.{}.wav"),
    "odd.several.say.1": ("One.", "odd/several-say-1.{}.wav"),
    "odd.several.say.2": ({"en-GB": "Two.", "el-GR": "Δύο."}, "odd/several-say-2.{}.wav"),
    "odd.several.say.3": ({"en-GB": "Three.", "el-GR": "Τρία."}, "odd/several-say-3.{}.wav"),
    "odd.sounds.play.1": ({"en-GB": "A sound.", "el-GR": "Ένας ήχος."}, {"en-GB": "a.wav", "el-GR": "c.wav"}),
    "odd.sounds.play.2": ({"el-GR": "Και άλλο."}, "odd/sounds-play-2.{}.wav"),
    "odd.sound_each.play": ("Both.", "x-{}.wav"),
    "odd.room.welcome": ("Come in.", "odd/room-welcome.{}.wav"),
    "odd.room.alone": ("You are\nalone.\n", "odd/room-alone.{}.wav"),
    "odd.question.menu": ({"en-GB": "Press 1.", "el-GR": "Πατήστε 1."}, "odd/question-menu.{}.wav"),
    "odd.question.1.say": ("Bravo.", "odd/question-1-say.{}.wav"),
    "odd.question.#.end": ("Bye.", "odd/question-hash-end.{}.wav"),
    "odd.question.invalid": ({"en-GB": "Wrong.", "el-GR": "Λάθος."}, "odd/question-invalid.{}.wav"),
    "odd.number.ask": ("A number, please.", "odd/number-ask.{}.wav"),
    "odd.number.confirm": ("Is it {{ number | digits }}?", "odd/number-confirm.{}.wav"),
    "odd.bye.end": ("Goodbye.", "odd/bye-end.{}.wav"),
}


def each(value: Any, languages: tuple[str, ...]) -> dict[str, str]:
    """By language, of what is written shorter above."""
    return value if isinstance(value, dict) else {language: value.format(language) for language in languages}


def test_lines_of_everything_a_prompt_can_look_like() -> None:
    flow = flow_in(ODD)
    found = {line.id: line for line in lines_of(flow)}
    assert list(found) == list(LINES)
    for at, (name, (texts, files)) in enumerate(LINES.items(), 1):
        line = found[name]
        wanted = texts if isinstance(texts, dict) else dict.fromkeys(flow.head.languages, texts)
        assert (line.number, line.texts) == (at, wanted)
        assert {language: line.recording(language) for language in wanted} == each(files, tuple(wanted))


CONTEXTS = {
    "odd.plain.say": "said; the call begins here",
    "odd.quoted.say": "said; after plain; note: read it slowly",
    "odd.several.say.2": "said (part 2 of 3); after blocks",
    "odd.question.menu": "asks for a key; after room; after keys.5",
    "odd.question.1.say": "said; after question: key 1",
    "odd.keys.5.say": "said; after question: flow key 5; after number: flow key 5",
    "odd.question.invalid": "said after a wrong key; the question follows again",
}


@pytest.mark.parametrize(("line", "context"), CONTEXTS.items(), ids=CONTEXTS)
def test_context(line: str, context: str) -> None:
    assert {each.id: each.context for each in lines_of(flow_in(ODD))}[line] == context


def test_of_many_ways_the_first_are_named() -> None:
    menus = "\n".join(f"  m{at}: {{menu: Hello., keys: {{1: bye}}}}" for at in range(5))
    flow = flow_of(f"flow: odd\nlanguages: [en-GB]\nsteps:\n{menus}\n  bye: {{end: Bye.}}\n")
    assert lines_of(flow)[-1].context.endswith("after m0: key 1; after m1: key 1; after m2: key 1; and 2 more")


def test_every_prompt_of_every_verb_has_a_role() -> None:
    fields = [(key, field) for model in BY_VERB.values() for key, field in model.model_fields.items()]
    assert set(ROLES) == {field.alias or key for key, field in fields if "Said" in str(field.annotation)}


@pytest.mark.parametrize("file", [*SHIPPED, ODD], ids=lambda file: file.stem)
def test_no_text_is_left_out_and_ids_and_files_are_not_shared(file: Any) -> None:
    flow = flow_in(file)
    lines = lines_of(flow)
    said = [
        inner.text.source
        for step in flow.steps.values()
        for _, prompt in prompts(step)
        for _, inner in parts(prompt)
        if isinstance(inner, Said)
    ]
    assert sorted(said) == sorted(
        {spot.path: spot.source for each in lines for spot in each.spots.values()}.values()
    )
    assert len({line.id for line in lines}) == len(lines)
    suggested = [line.recording(one) for line in lines for one, spot in line.spots.items() if not spot.sound]
    assert len(set(suggested)) == len(suggested)
    assert all(re.fullmatch(r"[a-z0-9_]+/[A-Za-z0-9_-]+\.[a-z]{2,3}-[A-Z]{2}\.wav", name) for name in suggested)
    assert all(one.number + 1 == other.number for one, other in pairwise(lines))


def test_a_wordless_sound_is_no_line() -> None:
    flow = flow_of("flow: odd\nlanguages: [en-GB]\nsteps:\n  one: {play: {audio: chime.wav}}\n")
    assert lines_of(flow) == ()
    assert not any(isinstance(part, PerLanguage | Said) for _, part in parts(Played("chime.wav")))
