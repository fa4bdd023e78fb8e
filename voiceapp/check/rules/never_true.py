"""VF202: a condition that holds for no call, in a `branch` or in a text."""

from collections.abc import Iterator

from voiceapp.check.data.alternatives import Alternative, alternatives
from voiceapp.check.data.cases import Judged, judged
from voiceapp.check.data.conditions import facts
from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.flow.templates import Condition

_CHANGE = "change the condition, or take the case out"


def _look(subject: Subject) -> Iterator[Remark]:
    for judgement in judged(subject):
        if not judgement.hidden:  # what hides it is found, and has to be changed first
            yield from _case(judgement)
    for text in alternatives(subject):
        yield from _text(text)


def _case(judgement: Judged) -> Iterator[Remark]:
    path = (judgement.step, "branch", str(judgement.at), "if")
    to, condition, known = judgement.case.next, judgement.case.if_, facts(judgement.case.if_, judgement.env)
    if judgement.alone.breaks:
        yield Remark(path, f"cannot be worked out: the call fails here, since {known}", _KINDS)
    elif judgement.alone.never:
        yield Remark(path, f"never holds, so no call goes to '{to}' from here: {known}", _hint(condition, _CHANGE))
    elif judgement.covered:
        yield Remark(
            path,
            f"never holds here, so no call goes to '{to}' from here: earlier cases take all that it would",
            "put it before them, or take it out",
        )


def _text(text: Alternative) -> Iterator[Remark]:
    known = facts(text.condition, text.env)
    if text.alone.breaks:
        message = f"'{text.condition.source}' cannot be worked out: the call fails here, since {known}"
        yield Remark(text.path, message, _KINDS)
    elif text.alone.never and text.then:
        message = f"'{text.condition.source}' never holds here, so {text.lost(text.then)}: {known}"
        yield Remark(text.path, message, _hint(text.condition, "change the condition, or take this part out"))


_KINDS = 'compare digits as numbers with "… | int", and a text with a text in quotes'


def _hint(condition: Condition, change: str) -> str:
    return change if "'" in condition.source or '"' in condition.source else f"{change}; {_KINDS}"


NEVER_TRUE = Rule(
    "VF202",
    Severity.WARNING,
    "condition that never holds",
    "Callers for whom it was written are sent another way, or told something else.",
    _look,
)
