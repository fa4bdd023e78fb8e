"""SARIF 2.1.0 (OASIS), which GitHub's code scanning and editors read."""

from pathlib import PurePath
from typing import Any
from urllib.parse import quote

import msgspec

from voiceapp import __version__
from voiceapp.check.finding import Finding
from voiceapp.check.kinds import KINDS, Kind
from voiceapp.check.report import Report

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_AT = {kind.id: at for at, kind in enumerate(KINDS)}


def sarif(report: Report) -> str:
    """The report as a SARIF log of one run; its rules are all there are."""
    driver = {"name": "voiceapp", "version": __version__, "rules": [_rule(kind) for kind in KINDS]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding) for finding in report.findings],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(log), indent=2).decode()


def _rule(kind: Kind) -> dict[str, Any]:
    return {
        "id": kind.id,
        "shortDescription": {"text": kind.title},
        "fullDescription": {"text": kind.why},
        "defaultConfiguration": {"level": kind.severity},
    }


def _result(finding: Finding) -> dict[str, Any]:
    where = ".".join(finding.path)
    said = f"{where}: {finding.message}" if where else finding.message
    return {
        "ruleId": finding.rule,
        "ruleIndex": _AT[finding.rule],
        "level": finding.severity,
        "message": {"text": f"{said}\nfix: {finding.fix}" if finding.fix else said},
        "locations": [{"physicalLocation": _place(finding)}],
        # An empty list says that it is not suppressed; without one, nobody would know.
        "suppressions": [{"kind": "inSource", "justification": finding.ignored}] if finding.ignored else [],
    }


def _place(finding: Finding) -> dict[str, Any]:
    file = PurePath(finding.file)
    artifact = {"uri": file.as_uri()} if file.is_absolute() else {"uri": quote(file.as_posix())}
    return {
        "artifactLocation": artifact,
        "region": {"startLine": finding.place.line, "startColumn": finding.place.column},
    }
