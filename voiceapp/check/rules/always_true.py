"""VF203: a condition that holds for every call, in a `branch` or in a text, with something behind it."""

from collections.abc import Iterator

from voiceapp.check.data.alternatives import alternatives
from voiceapp.check.data.cases import judged
from voiceapp.check.data.conditions import facts
from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.flow.steps.branch import BranchStep


def _look(subject: Subject) -> Iterator[Remark]:
    for judgement in judged(subject):
        step = subject.flow.steps[judgement.step]
        if judgement.anywhere.always and not judgement.hidden and isinstance(step, BranchStep):
            more = judgement.at + 1 < len(step.branch)
            if more or step.otherwise is not None:
                rest = "the cases below it are never looked at" if more else "'otherwise' is never taken"
                yield Remark(
                    (judgement.step, "branch", str(judgement.at), "if"),
                    f"always holds, so every call goes to '{judgement.case.next}' and {rest}",
                    "change the condition, or take out what stands behind it",
                )
    for text in alternatives(subject):
        if text.anywhere.always and text.other:
            known = facts(text.condition, text.env)
            yield Remark(
                text.path,
                f"'{text.condition.source}' always holds here, so {text.lost(text.other)}: {known}",
                "change the condition, or take out what is said only without it",
            )


ALWAYS_TRUE = Rule(
    "VF203",
    Severity.WARNING,
    "condition that always holds",
    "Whatever a caller answered, the call goes the same way, and says the same.",
    _look,
)
