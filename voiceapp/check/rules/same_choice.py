"""VF112: two choices that save the same word."""

from collections.abc import Iterator

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.flow.answers import Choices
from voiceapp.flow.steps.ask import AskStep


def _look(subject: Subject) -> Iterator[Remark]:
    for name, step in subject.flow.steps.items():
        match step:
            case AskStep(answer=Choices(words)):
                first: dict[str, str] = {}
                for key, word in words.items():
                    other = first.setdefault(word.strip().casefold(), key)
                    if other != key:
                        yield Remark(
                            (name, "answer", "choices", key),
                            f"keys {other} and {key} both answer '{word}': nobody can tell which was pressed",
                            "give each choice a word of its own",
                        )
            case _:
                pass


SAME_CHOICE = Rule(
    "VF112",
    Severity.NOTE,
    "same word for two choices",
    "Callers are offered a choice that changes nothing.",
    _look,
)
