"""Flows to begin with: each passes check with its tests, which go through all of it and notice every mutant."""

from pathlib import Path

import pytest

from tests.mutants.running import CARRIERS, Laboratory
from voiceapp.check.checking import check
from voiceapp.check.subject import Subject
from voiceapp.errors import OperatorError
from voiceapp.flow.library import load_library
from voiceapp.schema.flow_file import schema_text
from voiceapp.starters import ABOUT
from voiceapp.terminal.new import write
from voiceapp.terminal.testing import load_scenarios, run


@pytest.mark.parametrize("template", ABOUT)
async def test_a_new_flow_passes_check_with_its_tests(template: str, tmp_path: Path) -> None:
    write(tmp_path, "mine", template)
    scripts = load_library(tmp_path).scripts
    assert list(scripts) == ["mine"]
    assert (tmp_path / "flow.schema.json").read_text(encoding="utf-8") == schema_text()
    assert check(Subject(scripts["mine"], {"mine": scripts["mine"].flow})) == ()
    ran = await run(scripts, CARRIERS, load_scenarios(tmp_path), ["mine"])
    assert ran.failed == ()
    assert [share for share in ran.coverage[0].shares().values() if not share.whole] == []


@pytest.mark.parametrize("template", ABOUT)
async def test_its_tests_notice_every_mutant(template: str, tmp_path: Path) -> None:
    write(tmp_path, "mine", template)
    laboratory = Laboratory(tmp_path)
    caught = [await laboratory.caught(name, mutant) for name, mutant in laboratory.mutants()]
    assert caught
    assert [one for one in caught if one.by == "nobody"] == []


def test_nothing_is_written_over(tmp_path: Path) -> None:
    _, tests = write(tmp_path, "mine", "ivr")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.yaml")}
    with pytest.raises(OperatorError, match=r"mine\.yaml is there already; choose another name"):
        write(tmp_path, "mine", "survey")
    (tmp_path / "mine.yaml").unlink()
    with pytest.raises(OperatorError, match=r"tests/mine\.yaml is there already"):
        write(tmp_path, "mine", "survey")
    assert tests.read_bytes() == before[tests]
    assert not (tmp_path / "mine.yaml").exists()


WRONG = {
    ("Mine", "ivr"): "'Mine' is no name for a flow: it has to start with a letter a-z",
    ("mine", "ivrr"): r"--template: there is no template 'ivrr'; did you mean 'ivr'\?",
    (
        "mine",
        "zebra",
    ): "--template: there is no template 'zebra'; there are ivr, survey, forwarding, voicemail and",
}


@pytest.mark.parametrize(("given", "message"), WRONG.items())
def test_what_is_wrong_is_said(given: tuple[str, str], message: str, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=message):
        write(tmp_path, *given)
    assert list(tmp_path.iterdir()) == []
