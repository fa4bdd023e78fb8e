"""VF110: a loop that goes on for as long as the caller does nothing, or nobody answers."""

from collections.abc import Iterator

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.check.ways.edge_places import edge_remark, in_quotes
from voiceapp.check.ways.loops import Loop, broken_off, loops_of
from voiceapp.flow.steps.dial import DialStep


def _look(subject: Subject) -> Iterator[Remark]:
    for loop in loops_of(subject).waiting:
        yield edge_remark(
            subject,
            loop.back,
            f"leads back into {in_quotes(loop.steps)}, again and again while {_meanwhile(subject, loop)}, "
            f"until {broken_off(subject)}",
            "lead to somebody, a message or a goodbye; or count the rounds with `set` and leave by a `branch`",
        )


def _meanwhile(subject: Subject, loop: Loop) -> str:
    dials = [name for name in loop.steps if isinstance(subject.flow.steps[name], DialStep)]
    asks = [name for name in loop.steps if subject.flow.steps[name].collects]
    if dials and not asks:
        return f"nobody answers {in_quotes(dials, 'or')}"
    return "the caller says and presses nothing" if not dials else "the caller presses nothing and nobody answers"


UNATTENDED_LOOP = Rule(
    "VF110",
    Severity.WARNING,
    "loop of a silent caller",
    "A phone that lies off the hook, or a machine, holds the line and is paid for until a limit ends the call.",
    _look,
)
