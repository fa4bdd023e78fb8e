"""Lines for people: what is wrong, the line where it is, and what to do about it."""

import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from voiceapp.check.finding import Finding, Severity
from voiceapp.check.report import Report

WIDTH = 115
"""Columns of a page where nobody says how wide it is."""

_INDENT = 4

_BREAK = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold cyan"}


def text(report: Report) -> str:
    """The report without colours."""
    return painted(report).plain


def painted(report: Report, width: int = WIDTH) -> Text:
    """The report with colours, for a terminal of so many columns."""
    lines = {file: _BREAK.split(source) for file, source in report.sources.items()}
    parts: list[tuple[str, str]] = []
    for finding in report.open():
        parts += [*_finding(finding), ("\n", ""), *_excerpt(finding, lines.get(finding.file, ()), width)]
        if finding.fix:
            parts += [("    fix: ", "green"), (f"{finding.fix}\n", "")]
    remarks = [(f"\n{remark}", "dim") for remark in report.remarks]
    return Text.assemble(*parts, (report.summary(), "bold"), *remarks)


def _finding(finding: Finding) -> Iterator[tuple[str, str]]:
    where = ".".join(finding.path)
    yield f"{finding.file}:{finding.place.line}:{finding.place.column}: ", ""
    yield f"{finding.severity} {finding.rule}", _COLOURS[finding.severity]
    yield f": {where}: {finding.message}" if where else f": {finding.message}", ""


def _excerpt(finding: Finding, lines: Sequence[str], width: int) -> Iterator[tuple[str, str]]:
    """The line, or as much of a long one as is needed, with a mark under the column."""
    line, column = finding.place.line, finding.place.column
    if line > len(lines) or not lines[line - 1].strip():
        return
    whole = "".join(sign if sign.isprintable() else " " for sign in lines[line - 1])
    room = max(width - _INDENT - 2, 20)
    left = max(column - room // 2, 0) if len(whole) > room else 0
    shown = whole[left : left + room]
    before = f"{'…' if left else ''}{shown[: column - 1 - left]}"
    after = f"{shown[column - 1 - left :]}{'…' if left + room < len(whole) else ''}"
    yield f"    {before}{after}\n", "dim"
    yield f"    {' ' * cell_len(before)}^\n", _COLOURS[finding.severity]
