"""VF404: personal data in what `notify` tells."""

from collections.abc import Iterator

from voiceapp.check.data.carried import personal, shown_of
from voiceapp.check.data.outlets import Use, outlets
from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject


def _look(subject: Subject) -> Iterator[Remark]:
    carried = personal(subject)
    for path, use, text, _ in outlets(subject.flow):
        name = shown_of(carried, text) if use is Use.NOTICE else None
        if name is not None:
            yield Remark(
                path,
                f"tells another system '{name}', which is personal, and which is kept until it has been told",
                "leave it out, or tell `call_id` and let the other system ask",
            )


PERSONAL_IN_NOTICE = Rule(
    "VF404",
    Severity.NOTE,
    "personal data told to another system",
    "What callers say about themselves goes where they may not expect it.",
    _look,
)
