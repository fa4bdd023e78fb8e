"""What a rule finds: where, what a caller would experience, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from voiceapp.flow.problems import Path, Place


class Severity(StrEnum):
    """`error`: a caller will be failed; `warning`: a caller may be; `note`: worth a thought."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Remark(NamedTuple):
    """What a rule says of one place of a flow: a path that begins with a step's name, or one of the flow's head.
    `message` says what a caller would experience, `fix` what to write. `at_key`: the key there is meant."""

    path: Path
    message: str
    fix: str
    at_key: bool = False


@dataclass(frozen=True, order=True)
class Finding:
    """A remark at its place in a file, by the rule of this id. `ignored` is why its author leaves it so, `""` when
    it is not ignored."""

    file: str
    place: Place
    rule: str
    severity: Severity
    path: Path
    message: str
    fix: str
    ignored: str = ""

    def __str__(self) -> str:
        start = f"{self.file}:{self.place.line}:{self.place.column}: {self.severity} {self.rule}"
        where = ".".join(self.path)
        return f"{start}: {where}: {self.message}" if where else f"{start}: {self.message}"
