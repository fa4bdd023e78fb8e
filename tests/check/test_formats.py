"""One report in every format, as the pages in `reports/` show it, and what each format's readers insist on."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_sarif import model  # type: ignore[import-untyped]  # it says nothing of its types
from rich.cells import cell_len

from voiceapp.check.finding import Finding, Severity
from voiceapp.check.formats import FORMATS
from voiceapp.check.formats.text import painted
from voiceapp.check.kinds import KINDS
from voiceapp.check.report import Format, Report
from voiceapp.flow.problems import Path as Keys
from voiceapp.flow.problems import Place

PAGES = Path(__file__).parent / "reports"
MENU = """\
flow: menu
steps:
  main:
    menu: "Press 1."\t # a tab
    keys: {1: sails}
  σπίτι: {say: "電話をお待ちください。", next: end, note: "LONG", nxt: main}
""".replace("LONG", ("a long remark of somebody " * 8).strip())
ODD = "flows/50%, or: more.yaml"


def _finding(
    line: int,
    column: int,
    rule: str,
    severity: Severity,
    keys: Keys,
    message: str,
    fix: str = "",
    *,
    file: str = "flows/menu.yaml",
    ignored: str = "",
) -> Finding:
    return Finding(file, Place(line, column), rule, severity, keys, message, fix, ignored)


REPORT = Report(
    3,
    (
        _finding(1, 1, "VF002", Severity.ERROR, (), "100% wrong,\nand: odd", file=ODD),
        _finding(5, 15, "VF007", Severity.ERROR, ("steps", "main", "keys", "1"), "no step named 'sails'"),
        _finding(4, 5, "VF108", Severity.WARNING, ("steps", "main"), "the line goes dead", "add `otherwise`"),
        _finding(4, 11, "VF101", Severity.WARNING, ("steps", "main"), "nobody comes", "go", ignored="on paper"),
        _finding(6, 16, "VF304", Severity.NOTE, ("steps", "σπίτι"), "wide letters", "speak up"),
        _finding(6, 30, "VF304", Severity.NOTE, ("steps", "σπίτι", "next"), "behind wide letters"),
        _finding(6, 277, "VF304", Severity.NOTE, ("steps", "σπίτι", "nxt"), "far to the right"),
        _finding(99, 1, "VF304", Severity.NOTE, (), "below the end"),
    ),
    {"flows/menu.yaml": MENU, ODD: "\x1b[31m: - red"},
)
NOTHING = Report(1)
IGNORED = Report(2, tuple(finding for finding in REPORT.findings if finding.ignored))


@pytest.mark.parametrize("form", Format)
def test_a_report_is_written_as_the_page_shows_it(form: Format) -> None:
    page = PAGES / f"report.{form}"
    written = FORMATS[form](REPORT)
    if form is Format.SARIF:  # but for the list of all rules, which grows
        log = json.loads(written)
        del log["runs"][0]["tool"]["driver"]["rules"], log["runs"][0]["tool"]["driver"]["version"]
        for result in log["runs"][0]["results"]:
            del result["ruleIndex"]
        written = json.dumps(log, indent=2, ensure_ascii=False)
    assert f"{written}\n" == page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (REPORT, "3 flows: 2 errors, 1 warning, 4 notes, 1 ignored"),
        (NOTHING, "1 flow without mistakes"),
        (IGNORED, "2 flows without mistakes, 1 ignored"),
    ],
)
def test_the_last_line_says_how_much(report: Report, line: str) -> None:
    for form in (Format.TEXT, Format.GITHUB):
        assert FORMATS[form](report).splitlines()[-1] == line


def _only(severity: Severity, ignored: str = "") -> Report:
    return Report(1, (_finding(1, 1, "VF101", severity, (), "x", ignored=ignored),))


@pytest.mark.parametrize("least", Severity)
@pytest.mark.parametrize("found", Severity)
def test_what_fails(found: Severity, least: Severity) -> None:
    order = ["error", "warning", "note"]
    assert _only(found).fails(least) == (order.index(found) <= order.index(least))
    assert not _only(found, ignored="on paper").fails(least)


@pytest.mark.parametrize("report", [REPORT, NOTHING, IGNORED])
def test_sarif_is_what_its_schema_wants(report: Report) -> None:
    log = json.loads(FORMATS[Format.SARIF](report))
    model.StaticAnalysisResultsFormatSarifVersion210JsonSchema.model_validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [kind.id for kind in KINDS]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert "suppressions" in result, "in all results or in none"


def test_sarif_has_addresses_of_files() -> None:
    assert _addresses("flows/50% é.yaml", "/srv/flows/x y.yaml") == [
        "flows/50%25%20%C3%A9.yaml",
        "file:///srv/flows/x%20y.yaml",
    ]


def _addresses(*files: str) -> list[str]:
    findings = tuple(_finding(1, 1, "VF101", Severity.NOTE, (), "x", file=file) for file in files)
    run: dict[str, Any] = json.loads(FORMATS[Format.SARIF](Report(2, findings)))["runs"][0]
    return [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"]]


_ANYTHING = st.text() | st.text(alphabet="a%:,=\r\n")


@given(_ANYTHING, _ANYTHING)
def test_no_text_breaks_out_of_a_workflow_command(file: str, message: str) -> None:
    found = _finding(1, 2, "VF101", Severity.ERROR, (), message, file=file)
    command = FORMATS[Format.GITHUB](Report(1, (found,))).removesuffix("\n1 flow: 1 error")
    assert "\n" not in command
    assert "\r" not in command
    head, properties, said = command.split("::", 2)
    name, _, rest = properties.partition(" ")
    read = dict(pair.split("=", 1) for pair in rest.split(","))
    assert (head, name) == ("", "error")
    assert read == {"file": read["file"], "line": "1", "col": "2", "title": "VF101"}
    assert (_unescaped(read["file"]), _unescaped(said)) == (file, message)


def _unescaped(text: str) -> str:
    for code, sign in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, sign)
    return text


@given(st.text(alphabet="ab 電σ\t\x1b", min_size=1, max_size=300), st.integers(1, 300), st.integers(20, 200))
def test_the_mark_stands_under_its_column(line: str, column: int, width: int) -> None:
    line, column = f"{line}!", min(column, len(line) + 1)
    found = _finding(1, column, "VF101", Severity.ERROR, (), "x")
    _, shown, mark, _ = painted(Report(1, (found,), {"flows/menu.yaml": line}), width).plain.split("\n")
    sign = line[column - 1]
    under = next(at for at in range(len(shown)) if cell_len(shown[:at]) == mark.index("^"))
    assert shown[under] == (sign if sign.isprintable() else " ")
    assert len(shown) <= max(width, 26)
