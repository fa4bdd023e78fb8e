"""VF106: a key that callers are told to press and that does nothing."""

from collections.abc import Callable, Iterator

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.check.ways.announced import announced
from voiceapp.flow.leaves import prompts
from voiceapp.flow.problems import Path
from voiceapp.flow.prompts import Prompt, Said, parts
from voiceapp.flow.steps.ask import AskStep
from voiceapp.flow.steps.menu import MenuStep
from voiceapp.flow.steps.question import Question

_ENDS_AN_ANSWER = "#"
_CONFIRMING = ("1", "2")


def _look(subject: Subject) -> Iterator[Remark]:
    flow_keys = subject.flow.head.keys
    for name, step in subject.flow.steps.items():
        if not isinstance(step, Question):
            continue
        for path, prompt in prompts(step):
            listens = _confirming if path == ("confirm",) else _asking(step)
            for at, key in _announced(prompt, (name, *path)):
                if key not in flow_keys and not listens(key):
                    yield Remark(
                        at,
                        f"tells callers to press {key}, which is no answer here: they hear that it was wrong",
                        _fix(step, key),
                    )


def _announced(prompt: Prompt, path: Path) -> Iterator[tuple[Path, str]]:
    for at, part in parts(prompt, path):
        if isinstance(part, Said):
            yield from ((at, key) for key in announced(part.text))


def _asking(step: Question) -> Callable[[str], bool]:
    """Whether a question hears this key, or these, as an answer or a part of one."""

    def listens(key: str) -> bool:
        ends = isinstance(step, AskStep) and key == _ENDS_AN_ANSWER
        return ends or step.takes(key) or step.could_grow(key)

    return listens


def _confirming(key: str) -> bool:
    return key in _CONFIRMING


def _fix(step: Question, key: str) -> str:
    if isinstance(step, MenuStep):
        return (
            "a menu takes one key: say another" if len(key) > 1 else f"add {key} to its keys, or say another key"
        )
    return "say a key that is an answer, or make this one an answer"


MISSING_KEY = Rule(
    "VF106",
    Severity.WARNING,
    "announced key that does nothing",
    "Callers do as they were told and hear that the key is wrong, until the tries are used up.",
    _look,
)
