"""Workflow commands of GitHub Actions: each finding at its line of a pull request, without any upload.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from typing import assert_never

from voiceapp.check.finding import Finding, Severity
from voiceapp.check.report import Report


def github(report: Report) -> str:
    """A command for each finding that nobody ignores, and the summary as a line of the log."""
    return "\n".join([*map(_command, report.open()), report.summary()])


def _command(finding: Finding) -> str:
    where = ".".join(finding.path)
    said = f"{where}: {finding.message}" if where else finding.message
    properties = {
        "file": finding.file,
        "line": str(finding.place.line),
        "col": str(finding.place.column),
        "title": finding.rule,
    }
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    whole = f"{said}\nfix: {finding.fix}" if finding.fix else said
    return f"::{_level(finding.severity)} {written}::{_data(whole)}"


def _level(severity: Severity) -> str:
    match severity:
        case Severity.ERROR | Severity.WARNING:
            return severity.value
        case Severity.NOTE:
            return "notice"
        case _:
            assert_never(severity)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
