"""Where the ways of a call stand in its file, and how steps are listed in a sentence."""

from collections.abc import Iterable

from voiceapp.check.finding import Remark
from voiceapp.check.subject import Subject
from voiceapp.flow.bodies import KEYS
from voiceapp.flow.graph import Edge
from voiceapp.flow.problems import Path, listed

_NAMED = 4


def edge_remark(subject: Subject, edge: Edge, message: str, fix: str) -> Remark:
    """A remark where this way is written; at the step's verb when it is not, since order leads there."""
    path = _path(edge)
    if subject.written(path) in subject.document.values:
        return Remark(path, message, fix)
    return Remark((edge.step, subject.flow.steps[edge.step].verb), message, fix, at_key=True)


def _path(edge: Edge) -> Path:
    match edge.name.split():
        case ["key", key]:
            return (edge.step, KEYS, key)
        case ["if", at]:
            return (edge.step, "branch", str(int(at) - 1), "next")
        case ["flow", "key", key]:
            return (KEYS, key)
        case _:
            return (edge.step, edge.name)


def in_quotes(names: Iterable[str], joint: str = "and") -> str:
    """`'a', 'b' and 'c'`; of many, only the first by name."""
    quoted = [f"'{name}'" for name in names]
    more = len(quoted) - _NAMED
    return listed([*quoted[:_NAMED], f"{more} more"] if more > 1 else quoted, joint)
