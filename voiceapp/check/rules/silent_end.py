"""VF109: a call that ends without a word."""

from collections.abc import Iterator

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.check.ways.edge_places import edge_remark
from voiceapp.check.ways.partings import noticed, silent_partings
from voiceapp.flow.fields import END
from voiceapp.flow.problems import Path
from voiceapp.flow.ways import ON_ERROR

_FIX = "say goodbye first, as in `end: Goodbye.`"


def _look(subject: Subject) -> Iterator[Remark]:
    told = set[Path]()
    for by, step, since in silent_partings(subject):
        message = f"hangs up without a word: {noticed(subject, since)} the caller hears nothing"
        remark = _at_once(subject, step, message) if by is None else edge_remark(subject, by, message, _FIX)
        if remark.path not in told:
            told.add(remark.path)
            yield remark


def _at_once(subject: Subject, step: str, message: str) -> Remark:
    """Where a call that begins, or goes on after a failure, ends at once."""
    if step == END:
        return Remark((ON_ERROR,), message, _FIX)
    return Remark((step, subject.flow.steps[step].verb), message, _FIX, at_key=True)


SILENT_END = Rule(
    "VF109",
    Severity.WARNING,
    "hang-up without a word",
    "The line goes dead; callers think that it broke, and call again.",
    _look,
)
