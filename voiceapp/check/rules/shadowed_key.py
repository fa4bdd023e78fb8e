"""VF104: a key of the whole flow that a question keeps for itself."""

from collections.abc import Iterator
from typing import NamedTuple

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.flow.answers import Choices
from voiceapp.flow.bodies import KEYS
from voiceapp.flow.fields import Way
from voiceapp.flow.problems import Path
from voiceapp.flow.steps.ask import AskStep
from voiceapp.flow.steps.menu import MenuStep


class OwnKey(NamedTuple):
    """A key that both a question and the whole flow have; `does` is what it does in the question, by `way` if it
    leads anywhere."""

    path: Path
    key: str
    does: str
    way: Way | None
    flow_way: Way


def own_keys(subject: Subject) -> Iterator[OwnKey]:
    """The keys that questions name themselves though the flow has them. A range that merely holds a digit names
    none."""
    for name, step in subject.flow.steps.items():
        for key, flow_way in subject.flow.head.keys.items():
            match step:
                case MenuStep(keys=keys) if key in keys:
                    yield OwnKey((name, KEYS, key), key, f"leads to '{keys[key]}'", keys[key], flow_way)
                case AskStep(answer=Choices(words)) if key in words:
                    path = (name, "answer", "choices", key)
                    yield OwnKey(path, key, f"answers '{words[key]}'", None, flow_way)
                case _:
                    pass


def _look(subject: Subject) -> Iterator[Remark]:
    for path, key, does, way, flow_way in own_keys(subject):
        if way != flow_way:
            yield Remark(
                path,
                f"key {key} {does if _named(way) else 'does something else'} here, "
                f"not {_to(flow_way)} as in the rest of the flow",
                f"take another key here, or let nothing tell these callers of the flow's key {key}",
                at_key=True,
            )


def _named(way: Way | None) -> bool:
    """Whether its author gave it a name."""
    return way is None or "." not in way


def _to(way: Way) -> str:
    return f"to '{way}'" if _named(way) else "what stands behind it"


SHADOWED_KEY = Rule(
    "VF104",
    Severity.WARNING,
    "shadowed key",
    "A question's own keys win: whoever was told of the flow's key gets something else in this question.",
    _look,
)
