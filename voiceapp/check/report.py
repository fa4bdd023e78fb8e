"""What a run of the checks has found, whole: what every format shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from voiceapp.check.finding import Finding, Severity
from voiceapp.flow.mistakes import Mistake


class Format(StrEnum):
    """How a report is written down."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


@dataclass(frozen=True)
class Report:
    """`flows` is how many were looked at; `findings` what was found, ignored or not, in the order of the files;
    `sources` the texts of these files by name; `remarks` what people may want to know besides."""

    flows: int
    findings: tuple[Finding, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def open(self) -> Iterator[Finding]:
        """What nobody ignores."""
        return (finding for finding in self.findings if not finding.ignored)

    def counts(self) -> dict[Severity, int]:
        """How many of each severity nobody ignores; the worst first."""
        severities = [finding.severity for finding in self.open()]
        return {severity: severities.count(severity) for severity in Severity}

    @property
    def ignored(self) -> int:
        """How many are ignored."""
        return sum(1 for finding in self.findings if finding.ignored)

    @property
    def loaded(self) -> bool:
        """Whether all flows could be read."""
        mistakes = {mistake.id for mistake in Mistake}
        return not any(finding.rule in mistakes for finding in self.findings)

    def fails(self, least: Severity) -> bool:
        """Whether something is found that is at least so severe, and nobody ignores it."""
        order = list(Severity)
        return any(order.index(finding.severity) <= order.index(least) for finding in self.open())

    def summary(self) -> str:
        """One line: `3 flows: 1 error, 2 warnings, 1 ignored`."""
        flows = _counted(self.flows, "flow")
        found = [_counted(number, severity) for severity, number in self.counts().items() if number]
        ignored = [f"{self.ignored} ignored"] if self.ignored else []
        if not found:
            return ", ".join([f"{flows} without mistakes", *ignored])
        return f"{flows}: {', '.join([*found, *ignored])}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
