"""`voiceapp paths`: what is written where, and what is never written over."""

import re
from pathlib import Path

import pytest

from tests.servers import write_flows
from tests.terminal.conftest import Run

LINE = """\
flow: line
languages: [en-GB]
steps:
  main: {menu: Press 1 or 2., keys: {1: one, 2: two}, tries: 2}
  one: {end: One.}
  two: {end: Two.}
"""
WRITTEN = """\
# Found by `voiceapp paths line`: read each one, and keep those that are as they should be.
flow: line
tests:
  "main, key 2":
    call:
      - hears: Press 1 or 2.
      - presses: "2"
      - hears: Two.
      - hangs up: server
    ends: completed
  "main, key 1":
    call:
      - hears: Press 1 or 2.
      - presses: "1"
      - hears: One.
      - hangs up: server
    ends: completed
  "main, otherwise":
    carrier: callr
    call:
      - hears: Press 1 or 2.
      - presses: "0"
      - hears: Press 1 or 2.
      - presses: "0"
      - hangs up: server
    ends: completed
"""


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    return write_flows(tmp_path / "flows", LINE)


async def test_the_tests_are_written_beside_the_flow_and_pass(run: Run, flows: Path) -> None:
    file = flows / "tests" / "line_paths.yaml"
    ran = await run("paths", "line", "--flows", flows)
    assert ran == (0, [f"{file}: 3 tests that were missing; read them before you keep them"], [])
    assert file.read_text() == WRITTEN
    ran = await run("test", "--flows", flows, "--min-coverage", "100")
    assert ran.code == 0
    assert ran.out[-1].startswith("3 tests, 5 calls, all as expected")


async def test_a_file_is_never_written_over_unasked(run: Run, flows: Path) -> None:
    file = flows / "tests" / "line_paths.yaml"
    file.parent.mkdir()
    file.write_text("tests: {mine: {call: []}}\n")
    ran = await run("paths", "line", "--flows", flows)
    assert ran == (2, [], [f"{file} is there already: --force writes over it"])
    assert file.read_text() == "tests: {mine: {call: []}}\n"
    assert (await run("paths", "line", "--flows", flows, "--force")).code == 0
    assert "mine" not in file.read_text()
    again = file.read_text()
    assert (await run("paths", "line", "--flows", flows, "--force")).code == 0
    assert file.read_text() == again


async def test_a_place_that_cannot_be_written_to(run: Run, flows: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    nowhere = tmp_path / "file" / "tests.yaml"
    ran = await run("paths", "line", "--flows", flows, "-o", nowhere)
    assert (ran.code, ran.err) == (2, [f"{nowhere}: cannot be written: Not a directory"])


async def test_shown_and_not_written(run: Run, flows: Path) -> None:
    ran = await run("paths", "line", "--flows", flows, "-o", "-")
    assert ran == (0, WRITTEN.splitlines(), [])
    assert not (flows / "tests").exists()


async def test_a_flow_without_a_way_out_is_played_too(run: Run, flows: Path) -> None:
    write_flows(flows, "flow: bye\nlanguages: [en-GB]\nsteps:\n  bye: {end: Bye.}\n")
    ran = await run("paths", "bye", "--flows", flows)
    assert ran.out == [f"{flows}/tests/bye_paths.yaml: 1 test that was missing; read it before you keep it"]
    assert (await run("test", "bye", "--flows", flows)).code == 0
    assert (await run("paths", "bye", "--flows", flows, "-o", "-")).out == []


async def test_written_elsewhere(run: Run, flows: Path, tmp_path: Path) -> None:
    file = tmp_path / "new" / "line.yaml"
    assert (await run("paths", "line", "--flows", flows, "--output", file)).code == 0
    assert file.read_text() == WRITTEN


async def test_nothing_is_missing(run: Run, flows: Path) -> None:
    (flows / "tests").mkdir()
    (flows / "tests" / "line.yaml").write_text(WRITTEN)
    ran = await run("paths", "line", "--flows", flows)
    assert ran == (0, ["nothing is missing: the tests of line go through all of it"], [])
    assert [file.name for file in (flows / "tests").iterdir()] == ["line.yaml"]


async def test_only_what_is_missing_is_written(run: Run, flows: Path) -> None:
    (flows / "tests").mkdir()
    file = flows / "tests" / "line.yaml"
    file.write_text(WRITTEN.partition('  "main, key 1":')[0])
    ran = await run("paths", "line", "--flows", flows, "-o", "-")
    assert [line for line in ran.out if line.startswith('  "')] == ['  "main, key 1":', '  "main, otherwise":']


async def test_every_try_and_every_language_only_when_asked(run: Run, flows: Path) -> None:
    (flows / "tests").mkdir()
    (flows / "tests" / "line.yaml").write_text(WRITTEN.partition('  "main, otherwise":')[0])
    write_flows(flows, LINE.replace("tries: 2", "tries: 2, otherwise: one"))
    ways = await run("paths", "line", "--flows", flows, "-o", "-")
    assert [line for line in ways.out if line.startswith('  "')] == ['  "main, otherwise":']
    write_flows(
        flows,
        LINE.replace("{en", "{en")
        .replace("1: one", "1: {set: {language: fr-FR}, next: one}")
        .replace("[en-GB]", "[en-GB, fr-FR]")
        .replace("Press 1 or 2.", "{en-GB: Press 1 or 2., fr-FR: Tapez 1 ou 2.}")
        .replace("{end: One.}", "{menu: {en-GB: One., fr-FR: Un.}, keys: {1: two}}")
        .replace("{end: Two.}", "{end: {en-GB: Two., fr-FR: Deux.}}"),
    )
    ways = await run("paths", "line", "--flows", flows, "-o", "-")
    whole = await run("paths", "line", "--flows", flows, "-o", "-", "--all")
    only_when_asked = set(_names(whole.out)) - set(_names(ways.out))
    assert only_when_asked == {"two in fr-FR"}


def _names(lines: list[str]) -> list[str]:
    return [line.strip(' ":') for line in lines if re.match(r"  \S", line)]


async def test_what_no_call_is_found_for_is_told(run: Run, flows: Path) -> None:
    text = LINE.replace(
        "  main:", "  first: {branch: [{if: carrier == 'x', next: one}], otherwise: main}\n  main:"
    )
    write_flows(flows, text)
    ran = await run("paths", "line", "--flows", flows)
    assert (ran.code, ran.err) == (0, ["no call was found for: way out if 1 of first"])


async def test_an_unknown_flow(run: Run, flows: Path) -> None:
    ran = await run("paths", "lane", "--flows", flows)
    assert ran == (2, [], [f"there is no flow lane in {flows}; did you mean 'line'?"])
