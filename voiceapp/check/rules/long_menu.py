"""VF301: a menu of more than five choices."""

from collections.abc import Iterator

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.flow.fields import REPEAT
from voiceapp.flow.steps.menu import MenuStep

MOST = 5


def _look(subject: Subject) -> Iterator[Remark]:
    for name, step in subject.flow.steps.items():
        if isinstance(step, MenuStep):
            choices = len(set(step.keys.values()) - {REPEAT})
            if choices > MOST:
                yield Remark(
                    (name, "keys"),
                    f"a caller has to choose among {choices}, and has forgotten the first when the last is said",
                    f"keep to {MOST}: put the rare ones into a second menu, or behind a person",
                    at_key=True,
                )


LONG_MENU = Rule(
    "VF301",
    Severity.WARNING,
    "menu of more than five choices",
    "Nobody keeps more than a few choices in mind while listening; callers press anything, or wait for a person. "
    "Keys that repeat the menu, and those that the whole flow listens to, are not counted.",
    _look,
)
