"""VF401: personal data in an address."""

from collections.abc import Iterator

from voiceapp.check.data.carried import personal, shown_of
from voiceapp.check.data.outlets import Use, outlets
from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject


def _look(subject: Subject) -> Iterator[Remark]:
    carried = personal(subject)
    for path, use, text, _ in outlets(subject.flow):
        name = shown_of(carried, text) if use in (Use.URL, Use.HEADER) else None
        if name is not None:
            where = "an address: it then stands" if use is Use.URL else "a header: it may then stand"
            yield Remark(
                path,
                f"puts '{name}', which is personal, into {where} in the logs of every server on the way",
                "send it as `json` with `method: POST`",
            )


PERSONAL_IN_URL = Rule(
    "VF401",
    Severity.WARNING,
    "personal data in an address",
    "What callers say about themselves stays in logs that nobody thinks of.",
    _look,
)
