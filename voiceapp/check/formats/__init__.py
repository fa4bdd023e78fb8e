"""How a report is written down: one file a format, listed here and nowhere else."""

from collections.abc import Callable, Mapping

from voiceapp.check.formats.github import github
from voiceapp.check.formats.json import json
from voiceapp.check.formats.sarif import sarif
from voiceapp.check.formats.text import text
from voiceapp.check.report import Format, Report

FORMATS: Mapping[Format, Callable[[Report], str]] = {
    Format.TEXT: text,
    Format.JSON: json,
    Format.SARIF: sarif,
    Format.GITHUB: github,
}
"""What writes each; the text has no line break at its end."""

__all__ = ["FORMATS"]
