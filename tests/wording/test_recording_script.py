"""The script for whoever lends a flow their voice."""

from pathlib import Path

import pytest

from tests.wording.flows import SHIPPED, flow_in, flow_of
from voiceapp.wording.recording_script import recording_script

GOLDEN = Path(__file__).with_name("reception.md")


def test_the_script_of_the_reception() -> None:
    (file,) = (file for file in SHIPPED if file.stem == "reception")
    flow = flow_in(file)
    assert recording_script(flow, flow.head.languages) == GOLDEN.read_text("utf-8")


def said(text: str) -> list[str]:
    """What the script shows of a line with this text."""
    quoted = "'" + text.replace("'", "''") + "'"
    script = recording_script(
        flow_of(f"flow: odd\nlanguages: [en-GB]\nsteps:\n  one: {{say: {quoted}}}\n"), ["en-GB"]
    )
    return script.partition("### 1. odd.one.say\n\n")[2].splitlines()


SHOWN = {
    "Press * or #.": "Press * or #.",
    "*Now* _please_ <b>": r"\*Now\* \_please\_ \<b>",
    "# Hello": r"\# Hello",
    "- five": r"\- five",
    "1. Hello": r"1\. Hello",
    "+ 3 [x](y) `z` a\\b": r"\+ 3 \[x](y) \`z\` a\\b",
    "a_b, 1.5 - 2": "a_b, 1.5 - 2",
    "Hello {{ first_name | title }}!": "Hello ⟨first_name | title⟩!",
    "{{first_name|default( 'a.b' )}}  {{  first_name }}": "⟨first_name|default( 'a.b' )⟩  ⟨first_name⟩",
    "{% if n %}Yes{% endif %}": "⟨if n⟩Yes⟨endif⟩",
}


@pytest.mark.parametrize(("text", "shown"), SHOWN.items(), ids=SHOWN)
def test_a_text_is_shown_as_it_is(text: str, shown: str) -> None:
    assert said(text.replace("n %", "caller %").replace("first_name", "caller"))[0] == (
        f"> {shown.replace('first_name', 'caller').replace('if n', 'if caller')}"
    )


def test_a_text_of_two_lines() -> None:
    script = recording_script(
        flow_of("flow: odd\nlanguages: [en-GB]\nsteps:\n  one:\n    say: |\n      One.\n\n      Two.\n"), ["en-GB"]
    )
    assert "> One.\n>\n> Two.\n>\n\n" in script


def test_what_is_different_in_every_call_is_recorded_in_fragments() -> None:
    assert said("Order {{caller|digits}} for {{ called }}. Thank you.")[2:] == [
        "- said; the call begins here",
        "- **cannot be recorded in one piece**: `{{ called }}`, `{{caller|digits}}` is different in every call",
        "- fragment 1: “Order”, to `odd/one-say-part1.en-GB.wav`",
        "- fragment 2: “for”, to `odd/one-say-part2.en-GB.wav`",
        "- fragment 3: “Thank you.”, to `odd/one-say-part3.en-GB.wav`",
    ]
    assert said("{{ caller }}.")[-1] == "- nothing to record: the voice of the telephone company says it"
    assert said("{% if caller %}Yes.{% else %}No.{% endif %}")[3].startswith(
        "- **cannot be recorded in one piece**: what"
    )


def test_languages_with_other_parts_keep_the_numbers() -> None:
    flow = flow_of(
        "flow: odd\nlanguages: [en-GB, el-GR]\nsteps:\n  a: {say: {en-GB: A., el-GR: [Α., Β.]}}\n"
        "  b: {say: {en-GB: C., el-GR: Γ.}}\n"
    )
    numbers = {
        one: [line[4] for line in recording_script(flow, [one]).splitlines() if line.startswith("### ")]
        for one in flow.head.languages
    }
    assert numbers == {"en-GB": ["1", "3"], "el-GR": ["1", "2", "3"]}
