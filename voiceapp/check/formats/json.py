"""JSON for programs; what stands in it is listed in docs/checks.md, and only ever added to."""

from typing import Any

import msgspec

from voiceapp.check.finding import Finding
from voiceapp.check.report import Report

VERSION = 1
"""Rises when something is taken out or changes its meaning."""


def json(report: Report) -> str:
    """The report as one JSON object."""
    counts = {str(severity): number for severity, number in report.counts().items()}
    whole = {
        "version": VERSION,
        "flows": report.flows,
        "summary": {**counts, "ignored": report.ignored},
        "findings": [_finding(finding) for finding in report.findings],
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode()


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "file": finding.file,
        "line": finding.place.line,
        "column": finding.place.column,
        "rule": finding.rule,
        "severity": finding.severity,
        "where": ".".join(finding.path),
        "message": finding.message,
        "fix": finding.fix or None,
        "ignored": finding.ignored or None,
    }
