"""What can be wrong with a flow: every way to change one thing in its file."""

from collections.abc import Iterator
from copy import deepcopy
from itertools import pairwise
from typing import Any, NamedTuple

import yaml

from voiceapp.flow.steps import BY_VERB
from voiceapp.flow.yaml_text import Tree, read

Path = tuple[str, ...]

_WAYS = ("next", "otherwise", "answered", "busy", "no_answer", "failed", "empty", "closed")
_HEAD_WAYS = ("on_machine", "on_hang_up", "on_error")
_PROMPTS = ("invalid", "silence", "whisper", "meanwhile", "welcome", "alone")


class Mutant(NamedTuple):
    """A flow's text with one thing changed; `what` says which."""

    what: str
    text: str


def mutants(text: str) -> Iterator[Mutant]:
    """Every mutant of a flow file."""
    tree = read(text.encode(), "flow.yaml").tree
    for what, path, value in _changes(tree):
        changed = deepcopy(tree)
        _put(changed, path, value)
        yield Mutant(f"{'.'.join(path)}: {what}", yaml.safe_dump(changed, sort_keys=False, allow_unicode=True))


GONE = None
"""Stands for a key that is taken out."""


def _changes(tree: Any) -> Iterator[tuple[str, Path, Tree | None]]:
    steps = tree["steps"]
    names = [*steps, "end"]
    for role in _HEAD_WAYS:
        if role in tree:
            yield from _ways((role,), tree[role], list(steps))
            yield "deleted", (role,), GONE
    yield from _keys(("keys",), tree.get("keys", {}), names, "repeat")
    for (name, body), below in zip(steps.items(), names[1:], strict=True):
        yield from _step(("steps", name), body, names, below)


def _step(path: Path, body: Any, names: list[str], below: str) -> Iterator[tuple[str, Path, Tree | None]]:
    for key in _WAYS:
        if key in body:
            yield from _ways((*path, key), body[key], names)
            if key != "closed" and body[key] != _without(key, body, below):
                yield "deleted", (*path, key), GONE
    for key in _PROMPTS:
        if key in body:
            yield "dropped", (*path, key), GONE
    verb = next(key for key in body if key in BY_VERB)
    if verb in ("say", "play"):
        yield "dropped", path, {"set": {"dropped": "true"}, **({"next": body["next"]} if "next" in body else {})}
    if verb == "end" and body["end"] != "true":
        yield "dropped", (*path, "end"), "true"
    yield from _keys((*path, "keys"), body.get("keys", {}), names, below)
    yield from _cases((*path, "branch"), body.get("branch", []), names)
    yield from _answers((*path, "answer"), body.get("answer", {}))


def _without(key: str, body: Any, below: str) -> str | None:
    """Where a step leads when it does not say so by this key."""
    after = str(body.get("next", below))
    match key:
        case "next":
            return below
        case "otherwise":
            return after if "branch" in body else "end"
        case "failed" if "fetch" in body:
            return None
        case _:
            return after


def _ways(path: Path, way: str, names: list[str]) -> Iterator[tuple[str, Path, Tree | None]]:
    """The same way to two other steps: the first and the last that it does not lead to."""
    others = [name for name in names if name != way and (len(path) < 2 or name != path[1])]
    for other in dict.fromkeys((others[0], others[-1])):
        yield f"{way} redirected to {other}", path, other


def _keys(path: Path, keys: Any, names: list[str], below: str) -> Iterator[tuple[str, Path, Tree | None]]:
    for key, way in keys.items():
        if isinstance(way, str):
            yield from _ways((*path, key), way, names)
        else:
            yield from _step((*path, key), way, names, below)
        yield "deleted", (*path, key), GONE
    pairs = list(keys.items())
    for (one, to), (other, too) in pairwise(pairs):
        yield f"keys {one} and {other} swapped", path, {**keys, one: too, other: to}


def _cases(path: Path, cases: Any, names: list[str]) -> Iterator[tuple[str, Path, Tree | None]]:
    for at, case in enumerate(cases):
        yield from _ways((*path, str(at), "next"), case["next"], names)
        yield f"case {case['if']} deleted", path, [other for other in cases if other is not case]


def _answers(path: Path, answer: Any) -> Iterator[tuple[str, Path, Tree | None]]:
    for kind in ("number", "digits"):
        low, dash, high = str(answer.get(kind, "")).partition("-")
        if dash and int(low) < int(high):
            yield "shortened at its end", (*path, kind), f"{low}-{int(high) - 1}"
            yield "shortened at its beginning", (*path, kind), f"{int(low) + 1}-{high}"
        elif low:
            yield "shortened", (*path, kind), str(int(low) - 1)
    choices = answer.get("choices", {})
    for key in choices:
        yield (
            f"without {key}",
            (*path, "choices"),
            {other: word for other, word in choices.items() if other != key},
        )
    for (one, word), (other, too) in pairwise(choices.items()):
        yield f"{one} and {other} swapped", (*path, "choices"), {**choices, one: too, other: word}


def _put(tree: Any, path: Path, value: Tree | None) -> None:
    *above, last = path
    for key in above:
        tree = tree[int(key)] if isinstance(tree, list) else tree[key]
    if value is GONE:
        del tree[last]
    else:
        tree[last] = value
