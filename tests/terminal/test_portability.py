"""`voiceapp portability`, as somebody types it."""

import json
from pathlib import Path

import pytest

from tests.servers import write_flows
from tests.terminal.conftest import Run
from voiceapp.carriers import Callr, Routee

CALLR, ROUTEE = Callr.manners, Routee.manners

FORKED = """\
flow: forked
languages: [en-GB]
on_machine: bye
steps:
  which: {branch: [{if: "carrier == 'callr'", next: word}], otherwise: code}
  word: {record: Speak., review: true, next: bye}
  code: {ask: "How many?", answer: {number: 0-10}, tries: 1}
  desk: {dial: ["+33123456789", "+33123456780"], whisper: Hello.}
  bye: {end: Bye.}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_flows(tmp_path / "forked", FORKED)


async def test_a_table_for_people(run: Run, folder: Path) -> None:
    ran = await run("portability", "--flows", folder)
    assert (ran.code, ran.err) == (0, [])
    lines = [line.rstrip() for line in ran.out]
    callr, routee = lines[2].index("CALLR"), lines[2].index("Routee")
    assert lines[0] == "forked runs on CALLR; is not served on Routee"
    cells = [(line[:callr].split(), line[callr:routee].strip(), line[routee:].strip()) for line in lines[2:]]
    assert cells == [
        (["step", "verb"], "CALLR", "Routee"),
        (["(the", "flow)"], str(CALLR.on_machine), "machineDetection: when the call is placed"),
        (["which", "branch"], "by voiceapp", str(ROUTEE.verbs["branch"])),
        (["word", "record"], "record", "not come to"),
        ([], "emulated: play_record, then a read that takes 1 or 2", ""),
        (["code", "ask"], "not come to", str(ROUTEE.verbs["ask"])),
        ([], "", "emulated: keys come one by one, and silence ends the answer"),
        (["desk", "dial"], "not come to", "DIAL"),
        ([], "", "impossible: Routee calls one number, not several one after the other"),
        ([], "", "impossible: Routee cannot whisper to the called party"),
        (["bye", "end"], "hangup", "emulated: the plan ends there, and the call with it"),
    ]


async def test_a_page(run: Run, folder: Path) -> None:
    ran = await run("portability", "forked", "--flows", folder, "--format", "markdown")
    assert (ran.code, ran.out[0], ran.out[2]) == (0, "## forked", "forked runs on CALLR; is not served on Routee.")
    assert ran.out[4:6] == ["| step | verb | CALLR | Routee |", "| --- | --- | --- | --- |"]
    assert (
        "| `word` | `record` | record; emulated: play_record, then a read that takes 1 or 2 | not come to |"
        in ran.out
    )
    assert {line.count("|") for line in ran.out[4:]} == {5}


async def test_data(run: Run, folder: Path) -> None:
    ran = await run("portability", folder / "forked.yaml", "--format", "json")
    ((flow,),) = [json.loads("\n".join(ran.out))]
    assert (flow["flow"], flow["served"]) == ("forked", {"callr": True, "routee": False})
    steps = {step["step"]: step for step in flow["steps"]}
    assert steps[None]["verb"] is None
    assert steps["desk"]["callr"] is None
    assert steps["desk"]["routee"] == {
        "portability": "impossible",
        "how": [
            {"portability": "native", "command": "DIAL", "words": None},
            {
                "portability": "impossible",
                "command": None,
                "words": "Routee calls one number, not several one after the other",
            },
            {"portability": "impossible", "command": None, "words": "Routee cannot whisper to the called party"},
        ],
    }


async def test_several_flows_and_what_cannot_be_loaded(run: Run, folder: Path) -> None:
    write_flows(folder, "flow: plain\nlanguages: [en-GB]\nsteps:\n  bye: {end: Bye.}\n")
    ran = await run("portability", "--flows", folder)
    assert [line for line in ran.out if "runs on" in line] == [
        "forked runs on CALLR; is not served on Routee",
        "plain runs on CALLR and Routee",
    ]
    (folder / "broken.yaml").write_text("flow: broken\n")
    assert (await run("portability", "plain", "--flows", folder)).code == 0
    broken = await run("portability", "--flows", folder)
    assert (broken.code, broken.out) == (1, [])
    assert "broken.yaml" in broken.err[0]
    nobody = await run("portability", "nobody", "--flows", folder)
    assert (nobody.code, len(nobody.err)) == (2, 1)


async def test_check_for_carriers_shows_their_tables(run: Run, tmp_path: Path) -> None:
    folder = write_flows(tmp_path, "flow: a\nlanguages: [en-GB]\nsteps:\n  x:\n    conference: room")
    ran = await run("check", "--flows", str(folder), "--carrier", "callr,routee")
    assert ran.code == 1
    assert "a runs on CALLR; is not served on Routee" in ran.out
    assert any("VF501" in line for line in ran.out)
