"""What is written of a counterexample: a test that fails as it should, or a record that is played again."""

import asyncio
import re
import sys
from pathlib import Path

import pytest

from tests.fuzzing import scenes
from tests.fuzzing.scenes import searched
from tests.servers import write_flows
from tests.test_cli import Run, run
from voiceapp.engine.walk import Walk
from voiceapp.fuzzing.case import Record, read_record, record_text
from voiceapp.fuzzing.playing import play
from voiceapp.fuzzing.searching import Counterexample
from voiceapp.rehearsal.scenario_file import read_scenarios
from voiceapp.rehearsal.server import RehearsalServer

__all__ = ["run"]

CALLS = ("--calls", "150", "--seed", "1", "--carrier", "callr")


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    return write_flows(tmp_path / "flows", scenes.LINE, scenes.ASKS, scenes.PESTERS, scenes.TRUSTS)


def unsaved(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Walk.save
    monkeypatch.setattr(
        Walk, "save", lambda walk, saved: right(walk, {k: v for k, v in saved.items() if k != "age"})
    )


def test_a_flow_that_breaks_a_rule_becomes_a_test_that_fails(run: Run, flows: Path) -> None:
    found = run("fuzz", "pesters", "--flows", flows, *CALLS)
    assert (found.code, found.err) == (1, "")
    file = flows / "tests" / "pesters_fuzz.yaml"
    assert f"{file}: voiceapp test plays it" in found.out
    (scenario,) = read_scenarios(file.read_bytes(), str(file))
    assert (scenario.flow, scenario.expected.called_back, scenario.expected.saved) == ("pesters", (), None)
    tested = run("test", "pesters", "--flows", flows)
    assert tested.code == 1
    assert "called_back:\n          expected []" in tested.out

    run("fuzz", "pesters", "--flows", flows, *CALLS)
    assert (flows / "tests" / "pesters_fuzz_2.yaml").read_bytes() == file.read_bytes()


def test_the_test_passes_once_the_engine_is_right(run: Run, flows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        unsaved(broken)
        found = run("fuzz", "asks", "--flows", flows, *CALLS)
        assert found.code == 1
        assert "age was answered, and age is not there" in found.out
        assert run("test", "asks", "--flows", flows).code == 1
    mended = run("test", "asks", "--flows", flows)
    assert mended.code == 0, mended.out


def test_what_the_network_did_becomes_a_record(run: Run, flows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = RehearsalServer.reply

    def forgetful(server: RehearsalServer, post: object) -> bytes:
        server._answered.clear()
        return right(server, post)  # type: ignore[arg-type]

    file = flows / "tests" / "line_fuzz.json"
    with monkeypatch.context() as broken:
        broken.setattr(RehearsalServer, "reply", forgetful)
        found = run("fuzz", "line", "--flows", flows, *CALLS)
        assert found.code == 1
        assert f"voiceapp fuzz line --again {file} plays it" in found.out
        assert re.search(r"^  network    post \d repeated", found.out, re.MULTILINE)
        again = run("fuzz", "line", "--flows", flows, "--again", file)
        assert again.code == 1
        assert again.out in found.out
    record = read_record(file.read_bytes())
    assert (record.broke, len(record.case.upsets)) == ("repeatable", 1)
    mended = run("fuzz", "line", "--flows", flows, "--again", file)
    assert mended == (0, f"{file}: this call breaks no rule\n", "")
    assert run("fuzz", "trusts", "--flows", flows, "--again", file).code == 2


def test_an_apology_becomes_a_test(run: Run, flows: Path) -> None:
    shown = run("fuzz", "trusts", "--flows", flows, *CALLS, "--no-apology", "-o", "-")
    assert shown.code == 1
    assert "    ends: completed\n" in shown.out
    assert not (flows / "tests").exists()


def test_a_failure_of_our_own_making_is_no_apology(run: Run, flows: Path) -> None:
    lines = (flows / "line.yaml").read_text().replace("steps:", "on_error: sorry\nsteps:")
    (flows / "line.yaml").write_text(f"{lines}  sorry: {{end: Sorry.}}\n")
    done = run("fuzz", "line", "--flows", flows, "--calls", "100", "--no-apology")
    assert (done.code, done.err) == (0, "")


def test_nothing_is_found(run: Run, flows: Path) -> None:
    done = run("fuzz", "line", "--flows", flows, "--calls", "20")
    assert (done.code, done.err) == (0, "")
    assert re.search(r"^ callr +20 +\d+ +\d/7 ", done.out, re.MULTILINE)
    assert re.search(r"^ routee +20 ", done.out, re.MULTILINE)
    assert done.out.endswith("no call broke a rule\n")
    limited = run("fuzz", "line", "--flows", flows, "--calls", "20", "--turns", "1", "-o", "-")
    assert limited.code == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nobody"], "there is no flow nobody in flows\n"),
        (["line", "--carrier", "vonage"], "--carrier: there is no carrier vonage; there are callr and routee\n"),
        (["line", "--again", "missing.json"], "missing.json: cannot be read: No such file or directory\n"),
        (["line", "--again", "flows/line.yaml"], "flows/line.yaml: is no record of voiceapp fuzz: "),
        (["line", "--carrier", "callr", "--turns", "1", "-o", "flows"], "flows: cannot be written: "),
        (["line", "--carrier", "callr", "--turns", "1", "-o", "none/x.yaml"], "none/x.yaml: cannot be written: "),
        (["line", "--carrier", "callr", "--turns", "1", "-o", "flows/line.yaml"], "flows/line.yaml is there alre"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    run: Run, flows: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(flows.parent)
    done = run("fuzz", *arguments, "--flows", "flows", "--calls", "20")
    assert done.code == 2
    assert done.err.startswith(said)
    assert done.err.count("\n") == 1


def test_without_hypothesis_it_says_what_to_install(
    run: Run, flows: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    monkeypatch.delitem(sys.modules, "voiceapp.fuzzing.searching", raising=False)
    done = run("fuzz", "line", "--flows", flows)
    assert done == (2, "", "voiceapp fuzz needs Hypothesis: install voiceapp[fuzz]\n")


async def test_a_counterexample_is_the_same_when_it_is_played_again(tmp_path: Path) -> None:
    script, carrier = scenes.scripts(tmp_path / "flows")["pesters"], scenes.carriers()[1]
    found = await asyncio.to_thread(searched, script, carrier)
    assert found.found is not None
    assert found.found.broken.invariant.name == "opt-out obeyed"
    again = await play(script, carrier, read_record(record_text(_record(found.found)).encode()).case)
    assert (again.case, again.rehearsed.lines) == (found.found.played.case, found.found.played.rehearsed.lines)


def _record(found: Counterexample) -> Record:
    return Record(broke=found.broken.invariant.name, detail=found.broken.breach.detail, case=found.played.case)
