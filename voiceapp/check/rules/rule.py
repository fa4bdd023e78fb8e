"""What every rule is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.subject import Subject


@dataclass(frozen=True)
class Rule:
    """One thing that can be wrong with a flow that loads. `id` never changes its meaning; `title` is what it is
    called, `why` what a caller would experience, both for the list of rules; `look` finds it."""

    id: str
    severity: Severity
    title: str
    why: str
    look: Callable[[Subject], Iterator[Remark]]
