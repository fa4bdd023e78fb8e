"""Every rule over every flow."""

from collections.abc import Collection, Iterator

from voiceapp.check.finding import Finding
from voiceapp.check.rules import RULES, Rule
from voiceapp.check.subject import Subject


def check(subject: Subject, rules: Collection[Rule] = RULES) -> tuple[Finding, ...]:
    """Everything these rules find in a flow, in the order of its file."""
    return tuple(sorted(set(_found(subject, rules))))


def _found(subject: Subject, rules: Collection[Rule]) -> Iterator[Finding]:
    for rule in rules:
        for remark in rule.look(subject):
            path, message, fix, at_key = remark
            yield Finding(
                subject.flow.file,
                subject.place(path, at_key=at_key),
                rule.id,
                rule.severity,
                subject.written(path),
                message,
                fix,
            )
