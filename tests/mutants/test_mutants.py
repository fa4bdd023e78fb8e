"""Every mutant of the shipped flows is caught; and where a test is missing, one gets through."""

import shutil
import sys
from pathlib import Path

import pytest

from tests.mutants.__main__ import FLOWS, main
from tests.mutants.operators import mutants
from tests.mutants.running import Laboratory

LINE = """\
flow: line
languages: [en-GB]
steps:
  main: {menu: One or two., keys: {1: one, 2: two}, otherwise: two}
  one: {end: One.}
  two: {end: Two.}
"""


async def test_every_mutant_of_the_shipped_flows_is_caught() -> None:
    laboratory = Laboratory(FLOWS)
    caught = [await laboratory.caught(name, mutant) for name, mutant in laboratory.mutants()]
    assert [f"{one.flow}: {one.what}" for one in caught if one.by == "nobody"] == []
    assert len(caught) > 200
    assert {one.by for one in caught} == {"check", "test"}


def test_without_tests_mutants_get_through_and_the_run_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "flows"
    shutil.copytree(FLOWS, folder)
    for file in FLOWS.glob("*.yaml"):
        if file.stem != "meeting":
            (folder / file.name).unlink()
            (folder / "tests" / file.name).unlink()
    monkeypatch.setattr(sys, "argv", ["mutants", str(folder)])
    with pytest.raises(SystemExit) as whole:
        main()
    assert (whole.value.code, "survived" in capsys.readouterr().out) == (False, False)
    (folder / "tests" / "meeting.yaml").unlink()
    with pytest.raises(SystemExit) as holed:
        main()
    out = capsys.readouterr().out
    assert holed.value.code
    assert "survived: meeting: " in out
    assert "100.0 %" not in out


def test_the_operators() -> None:
    assert [mutant.what for mutant in mutants(LINE)] == [
        "steps.main.otherwise: two redirected to one",
        "steps.main.otherwise: two redirected to end",
        "steps.main.otherwise: deleted",
        "steps.main.keys.1: one redirected to two",
        "steps.main.keys.1: one redirected to end",
        "steps.main.keys.1: deleted",
        "steps.main.keys.2: two redirected to one",
        "steps.main.keys.2: two redirected to end",
        "steps.main.keys.2: deleted",
        "steps.main.keys: keys 1 and 2 swapped",
        "steps.one.end: dropped",
        "steps.two.end: dropped",
    ]
    assert len({mutant.text for mutant in mutants(LINE)}) == len(list(mutants(LINE)))
