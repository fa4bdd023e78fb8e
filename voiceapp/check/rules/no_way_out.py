"""VF102: a part of the flow that no way leads out of."""

from collections.abc import Iterator

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.check.ways.edge_places import edge_remark, in_quotes
from voiceapp.check.ways.loops import broken_off, loops_of


def _look(subject: Subject) -> Iterator[Remark]:
    for loop in loops_of(subject).closed:
        yield edge_remark(
            subject,
            loop.back,
            f"leads back into {in_quotes(loop.steps)}, from where no way ends the call: "
            f"whoever does not hang up goes round until {broken_off(subject)}",
            "give a key or `otherwise` there a way to a step that says goodbye and ends",
        )


NO_WAY_OUT = Rule(
    "VF102",
    Severity.ERROR,
    "no way to an end",
    "Callers go round until they hang up; a line that nobody hangs up is held and paid for until a limit ends it.",
    _look,
)
