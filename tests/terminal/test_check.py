"""`voiceapp check`: which files are looked at, what is told of them in which format, and how it ends."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.servers import write_flows
from tests.terminal.conftest import Run
from voiceapp.errors import OperatorError
from voiceapp.settings import load
from voiceapp.terminal.check import Wanted, report_of, wanted

ROOT = Path(__file__).parent.parent.parent
GOOD = """\
flow: good
languages: [en-GB]
steps:
  hello: {end: Hello.}
"""
LOST = """\
flow: lost
languages: [en-GB]
steps:
  hello: {say: Hello., next: bye}
  lost: {say: Nobody hears this.}
  bye: {end: Bye.}
"""
BROKEN = """\
flow: broken
languages: [en-GB, fr-FR]
steps:
  hello: {say: Hello., next: by}
  again: {say: {en-GB: Hello.}, wait: 5}
"""
MISTAKES = [(4, "VF007"), (5, "VF010"), (5, "VF004")]
"""Lines and rules of what is wrong with it."""
NO_YAML = "flow: 'no_yaml # voiceapp: ignore VF002 please\n"
ROUTEE_REFUSES = """\
flow: record
languages: [en-GB]
steps:
  one: {say: Hello.}
  # voiceapp: ignore VF501 it runs on CALLR alone
  two: {record: Speak.}
  bye: {end: Thank you.}
"""
RUNS = """\
flow: runs
languages: [en-GB]
steps:
  one: {run: record}
  bye: {end: Thank you.}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command is typed, above the folder `flows`."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "flows"


Found = Callable[..., list[str]]


@pytest.fixture
def found(folder: Path) -> Found:
    """What is found in files of the folder, or in all: each in a line; what is ignored in brackets."""

    def look(*paths: str, only: Wanted | None = None) -> list[str]:
        settings = load({"flows": str(folder)})
        report = report_of([Path(path) for path in paths], settings, only or Wanted())
        lines = [f"{one.file}:{one.place.line} {one.severity} {one.rule}" for one in report.findings]
        marked = zip(lines, report.findings, strict=True)
        return [f"[{line}]" if one.ignored else line for line, one in marked]

    return look


def test_mistakes_of_some_files_and_findings_in_others_are_told_together(folder: Path, found: Found) -> None:
    write_flows(folder, GOOD, LOST, BROKEN)
    (folder / "no_yaml.yaml").write_text(NO_YAML)
    (folder / "bytes.yaml").write_bytes(b"flow: \xff\xfe")
    (folder / "folder.yaml").mkdir()
    assert found() == [
        *(f"flows/broken.yaml:{line} error {rule}" for line, rule in MISTAKES),
        "flows/bytes.yaml:1 error VF002",
        "flows/folder.yaml:1 error VF002",
        "flows/lost.yaml:5 warning VF101",
        "flows/no_yaml.yaml:1 error VF002",
    ]
    assert found("lost", "flows/good.yaml") == ["flows/lost.yaml:5 warning VF101"]


def test_mistakes_of_a_flow_that_is_run_are_told_too(folder: Path, found: Found) -> None:
    write_flows(folder, RUNS.replace("record", "lost"), RUNS.replace("runs", "around").replace("record", "broken"))
    write_flows(folder, GOOD, LOST, BROKEN)
    assert found("good", "runs") == []
    assert set(found("around")) == {f"flows/broken.yaml:{line} error {rule}" for line, rule in MISTAKES}


def test_a_file_that_is_named_twice_is_looked_at_once(folder: Path) -> None:
    write_flows(folder, LOST)
    names = [Path("lost"), Path("flows/lost.yaml"), folder / "lost.yaml"]
    report = report_of(names, load({"flows": str(folder)}), Wanted())
    assert (report.flows, [one.rule for one in report.findings]) == (1, ["VF101"])


def test_a_file_that_is_not_below_is_named_whole(
    folder: Path, found: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_flows(folder, LOST)
    (folder.parent / "else").mkdir()
    monkeypatch.chdir(folder.parent / "else")
    assert found() == [f"{folder}/lost.yaml:5 warning VF101"]


def test_a_flow_is_looked_at_among_the_others_of_its_folder(folder: Path, found: Found) -> None:
    other = RUNS.replace("runs", "other").replace("record", "runs")
    write_flows(folder, RUNS.replace("record", "other"), other)
    (folder / "odd.yaml").mkdir()
    assert found("runs") == ["flows/runs.yaml:4 error VF107"]


MISFITS: dict[str, tuple[tuple[str, ...], str, list[str]]] = {
    "nobody asks": ((), "record", []),
    "but not where it is to be served": (("routee",), "record", ["flows/record.yaml:6 error VF501"]),
    "elsewhere nobody asks either": (("callr",), "record", []),
    "nor where another flow runs it": (("routee",), "runs", ["flows/record.yaml:6 error VF501"]),
    "which is not looked at otherwise": ((), "runs", []),
}


@pytest.mark.parametrize(("carriers", "flow", "lines"), MISFITS.values(), ids=MISFITS)
def test_what_a_carrier_cannot_do(
    folder: Path, found: Found, carriers: tuple[str, ...], flow: str, lines: list[str]
) -> None:
    write_flows(folder, ROUTEE_REFUSES, RUNS)
    assert found(flow, only=Wanted(carriers)) == lines


CHOICES: dict[str, tuple[str, str, list[str]]] = {
    "all": ("", "", ["VF007", "VF010", "VF101"]),
    "what depends on the settings too": ("VF", "", ["VF007", "VF010", "VF101", "VF503"]),
    "a family": ("VF1", "", ["VF007", "VF010", "VF101"]),
    "two": ("VF503 VF101", "", ["VF007", "VF010", "VF101", "VF503"]),
    "all but a family": ("", "VF5", ["VF007", "VF010", "VF101"]),
    "of a family all but one": ("VF1", "VF101", ["VF007", "VF010"]),
    "mistakes are always told": ("VF3", "VF0", ["VF007", "VF010"]),
}


@pytest.mark.parametrize(("select", "ignore", "rules"), CHOICES.values(), ids=CHOICES)
def test_which_rules_are_told_of(folder: Path, found: Found, select: str, ignore: str, rules: list[str]) -> None:
    dials = LOST.replace("bye: {end: Bye.}", 'bye: {dial: "+33123456789", next: end}')
    write_flows(folder, dials, BROKEN.replace(", wait: 5", ""))
    only = wanted(load({"flows": str(folder)}), (), select.split(), ignore.split())
    assert sorted(line.split()[-1] for line in found(only=only)) == rules


def test_a_comment_is_needless_only_where_its_rule_has_looked(folder: Path, found: Found) -> None:
    comment = "hello: {end: Hello.} # voiceapp: ignore VF102, VF503 see below"
    write_flows(folder, GOOD.replace("hello: {end: Hello.}", comment))
    assert found() == ["flows/good.yaml:4 note VF093"]
    assert found(only=Wanted(select=("VF101", "VF09"))) == []


def test_a_mistake_is_not_ignored_and_its_comment_is_told(folder: Path, found: Found) -> None:
    write_flows(
        folder, GOOD.replace("{end: Hello.}", "{say: Hello., next: by} # voiceapp: ignore VF007, VF101 no")
    )
    assert found() == ["flows/good.yaml:4 error VF007", "flows/good.yaml:4 warning VF092"]


@pytest.mark.parametrize(
    ("carrier", "select", "ignore", "said"),
    [
        ("callr x", "", "", "--carrier: there is no carrier x; there are callr and routee"),
        ("", "VF1 VF8", "", "--select: no rule begins with VF8"),
        ("", "vf1", "", r"--select: no rule begins with vf1; did you mean VF1\?"),
        ("", "", "F1", "--ignore: no rule begins with F1"),
    ],
)
def test_what_there_is_not(folder: Path, carrier: str, select: str, ignore: str, said: str) -> None:
    with pytest.raises(OperatorError, match=f"^{said}$"):
        wanted(load({"flows": str(folder)}), carrier.split(), select.split(), ignore.split())


EXITS: dict[str, tuple[tuple[str, ...], int]] = {
    "good": (("good",), 0),
    "a warning": (("lost",), 0),
    "a warning, and it counts": (("lost", "--fail-on", "warning"), 1),
    "a warning, and notes count": (("lost", "--fail-on", "note"), 1),
    "a mistake": (("broken",), 1),
    "a note": (("record",), 0),
    "an ignored note": (("record", "--fail-on", "note"), 0),
    "not possible where it is wanted": (("record", "--carrier", "callr,routee"), 1),
    "not possible where it is not": (("record", "--carrier", "callr"), 0),
    "wanted in two words": (("record", "--carrier", "callr", "--carrier", "routee"), 1),
    "a rule among two": (("lost", "--select", "VF1", "--select", "VF3", "--fail-on", "warning"), 1),
    "a folder": (("flows",), 1),
}


@pytest.mark.parametrize(("arguments", "code"), EXITS.values(), ids=EXITS)
async def test_how_it_ends(run: Run, folder: Path, arguments: tuple[str, ...], code: int) -> None:
    write_flows(folder, GOOD, LOST, BROKEN, ROUTEE_REFUSES)
    ran = await run("check", *arguments, "--flows", folder)
    assert (ran.code, ran.err) == (code, [])


async def test_a_file_that_is_never_served_is_told(run: Run, folder: Path) -> None:
    write_flows(folder, GOOD)
    (folder / "other.yml").write_text(GOOD.replace("good", "other"))
    ran = await run("check", "--flows", folder)
    said = f"{folder.name}/other.yml is not served: the name of a flow's file ends in .yaml"
    assert ran == (0, ["1 flow without mistakes", said], [])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--times", "--format", "json"), "--format: cannot stand beside --times"),
        (("--times", "--select", "VF1"), "--select: cannot stand beside --times"),
        (("--carrier", ""), "--carrier: names nothing"),
        (("--ignore", ","), "--ignore: names nothing"),
    ],
)
async def test_options_that_say_nothing(run: Run, folder: Path, arguments: tuple[str, ...], said: str) -> None:
    write_flows(folder, GOOD)
    assert await run("check", *arguments, "--flows", folder) == (2, [], [said])


async def test_mistakes_are_told_in_every_format(run: Run, folder: Path) -> None:
    write_flows(folder, LOST, BROKEN)
    told = ["VF004", "VF007", "VF010", "VF101"]
    for form, rules in (("json", _of_json), ("sarif", _of_sarif), ("github", _of_lines), ("text", _of_lines)):
        ran = await run("check", "--flows", folder, "--format", form)
        assert (ran.code, ran.err, sorted(rules(ran.out))) == (1, [], told)


def _of_json(lines: list[str]) -> list[str]:
    whole: dict[str, Any] = json.loads("\n".join(lines))
    return [finding["rule"] for finding in whole["findings"]]


def _of_sarif(lines: list[str]) -> list[str]:
    whole: dict[str, Any] = json.loads("\n".join(lines))
    return [result["ruleId"] for result in whole["runs"][0]["results"]]


def _of_lines(lines: list[str]) -> list[str]:
    return [rule for line in lines for rule in ("VF004", "VF007", "VF010", "VF101") if rule in line]


async def test_the_shipped_flows_have_only_notes(run: Run) -> None:
    ran = await run("check", "--flows", ROOT / "flows", "--fail-on", "warning")
    assert (ran.code, ran.err) == (0, [])
