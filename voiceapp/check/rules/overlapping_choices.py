"""VF105: a choice whose key is the beginning of another's."""

from collections.abc import Iterator

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.check.ways.edge_places import in_quotes
from voiceapp.flow.answers import Choices
from voiceapp.flow.steps.ask import AskStep


def _look(subject: Subject) -> Iterator[Remark]:
    for name, step in subject.flow.steps.items():
        match step:
            case AskStep(answer=Choices(words)):
                for key in words:
                    longer = [other for other in words if other != key and other.startswith(key)]
                    if longer:
                        yield Remark(
                            (name, "answer", "choices", key),
                            f"'{key}' may become {in_quotes(longer, 'or')}: whoever means '{words[key]}' waits "
                            f"up to {step.wait} seconds, or has to press #",
                            "give every choice as many keys, as in {11: …, 12: …}, or one key each",
                            at_key=True,
                        )
            case _:
                pass


OVERLAPPING_CHOICES = Rule(
    "VF105",
    Severity.WARNING,
    "overlapping choices",
    "The answer is complete and the line is silent: callers think that the key was not heard, and press it again.",
    _look,
)
