"""VF402: a secret where others can see it, or where it is of no use."""

from collections.abc import Iterator

from voiceapp.check.data.carried import secrets, shown_of
from voiceapp.check.data.outlets import Use, outlets
from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.flow.steps.fetch import FetchStep
from voiceapp.flow.steps.step import Step

_IN_HEADER = "send it in a header"


def _look(subject: Subject) -> Iterator[Remark]:
    carried = secrets(subject.flow)
    for path, use, text, step in outlets(subject.flow):
        name = min(text.secrets, default=None) or shown_of(carried, text)
        said = None if name is None else _said(use, name, step)
        if said is not None:
            yield Remark(path, *said)


def _said(use: Use, name: str, step: Step) -> tuple[str, str] | None:
    match use:
        case Use.URL:
            message = (
                f"puts the secret '{name}' into an address: it then stands in the logs of every server on the way"
            )
            return message, "send it in a header of a `fetch`"
        case Use.HEADER | Use.BODY if isinstance(step, FetchStep) and step.fetch.source.startswith("http://"):
            message = f"sends the secret '{name}' unencrypted: everybody on the way can read it"
            return message, "write https://"
        case Use.NOTICE:
            message = f"tells the secret '{name}' to another system, and notices are signed without it"
            return message, "leave it out, or use a `fetch` with a header"
        case Use.SPOKEN:
            message = f"would speak the secret '{name}', of which the caller hears only a meaningless mark"
            return message, "take it out of what is spoken"
        case Use.OTHER:
            message = f"uses the secret '{name}' where only a mark in its place arrives"
            return message, "use it in a header or the `json` of a `fetch`"
        case Use.HEADER | Use.BODY | Use.SAVED:
            return None


SECRET_LET_OUT = Rule(
    "VF402",
    Severity.WARNING,
    "secret let out",
    "Whoever reads it can act in your name, towards your callers too.",
    _look,
)
