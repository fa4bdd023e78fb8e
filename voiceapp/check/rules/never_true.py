"""VF202: a condition that holds for no call."""

from collections.abc import Iterator

from voiceapp.check.data.cases import Judged, judged
from voiceapp.check.data.values import worded
from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.flow.problems import listed

_CHANGE = "change the condition, or take the case out"


def _look(subject: Subject) -> Iterator[Remark]:
    for judgement in judged(subject):
        path = (judgement.step, "branch", str(judgement.at), "if")
        to = judgement.case.next
        if judgement.hidden:
            continue  # what hides it is found, and has to be changed first
        if judgement.breaks:
            yield Remark(path, f"cannot be worked out: the call fails here, since {_facts(judgement)}", _KINDS)
        elif judgement.never:
            yield Remark(
                path, f"never holds, so no call goes to '{to}' from here: {_facts(judgement)}", _hint(judgement)
            )
        elif judgement.covered:
            yield Remark(
                path,
                f"never holds here, so no call goes to '{to}' from here: earlier cases take all that it would",
                "put it before them, or take it out",
            )


_KINDS = 'compare digits as numbers with "… | int", and a text with a text in quotes'


def _facts(judgement: Judged) -> str:
    names = sorted(judgement.case.if_.names)
    facts = [f"'{name}' is {worded(judgement.env[name])}" for name in names if name in judgement.env]
    return listed(facts) if facts else "nothing in it changes from call to call"


def _hint(judgement: Judged) -> str:
    source = judgement.case.if_.source
    return (
        _CHANGE if "'" in source or '"' in source or judgement.alone.outcomes == set() else f"{_CHANGE}; {_KINDS}"
    )


NEVER_TRUE = Rule(
    "VF202",
    Severity.WARNING,
    "condition that never holds",
    "Callers for whom the case was written are sent another way.",
    _look,
)
