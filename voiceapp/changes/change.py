"""One change that somebody on the phone, or who reads the results, would notice."""

from dataclasses import dataclass
from enum import StrEnum

from voiceapp.changes.excerpts import excerpt


class Kind(StrEnum):
    """What is another now. `result`: a name under which answers are kept or shown is gone, which breaks whoever
    reads them."""

    STEP_ADDED = "step added"
    STEP_REMOVED = "step removed"
    STEP_RENAMED = "step renamed"
    VERB = "verb"
    WAY = "way"
    PROMPT = "prompt"
    ANSWER = "answer"
    RESULT = "result"
    INPUT = "input"
    SETTING = "setting"


@dataclass(frozen=True)
class Change:
    """`where`: a step, a way out of it (`main: key 2`), or a key of the flow; `before` and `after` in words, `""`
    for nothing."""

    kind: Kind
    where: str
    before: str
    after: str

    def __str__(self) -> str:
        match self.before, self.after:
            case "", "":
                return f"{self.kind:<13} {self.where}"
            case "", after:
                return f"{self.kind:<13} {self.where}: {after} (new)"
            case before, "":
                return f"{self.kind:<13} {self.where}: {before} (gone)"
            case before, after:
                if self.kind is Kind.PROMPT:
                    before, after = excerpt(before, after).shown
                where = "" if self.kind is Kind.STEP_RENAMED else f"{self.where}: "
                return f"{self.kind:<13} {where}{before} -> {after}"
