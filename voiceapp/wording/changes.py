"""What can change in a flow's file when its words do, on the tree of the file."""

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import assert_never

from voiceapp.flow.problems import Path
from voiceapp.flow.yaml_text import Tree


@dataclass(frozen=True)
class Put:
    """In place of the text at `path` stands another, or a mapping of languages to texts."""

    path: Path
    tree: str | Mapping[str, str]


@dataclass(frozen=True)
class AddKeys:
    """The mapping at `path` gets these keys at its end."""

    path: Path
    entries: Mapping[str, Tree]


@dataclass(frozen=True)
class Append:
    """The list at `path` gets these texts at its end."""

    path: Path
    items: tuple[str, ...]


Change = Put | AddKeys | Append


def applied(tree: Tree, changes: Iterable[Change]) -> Tree:
    """The tree as it is after these changes."""
    changed = [copy.deepcopy(tree)]
    for change in changes:
        holder: Tree = changed
        *above, last = ("0", *change.path)
        for key in above:
            holder = _inner(holder, key)
        match change:
            case Put(_, new):
                _put(holder, last, dict(new) if isinstance(new, Mapping) else new)
            case AddKeys(_, entries):
                _put(holder, last, {**_mapping(_inner(holder, last)), **entries})
            case Append(_, items):
                _put(holder, last, [*_inner(holder, last), *items])
            case _:
                assert_never(change)
    return changed[0]


def _inner(tree: Tree, key: str) -> Tree:
    return tree[int(key)] if isinstance(tree, list) else _mapping(tree)[key]


def _put(tree: Tree, key: str, value: Tree) -> None:
    if isinstance(tree, list):
        tree[int(key)] = value
    else:
        _mapping(tree)[key] = value


def _mapping(tree: Tree) -> dict[str, Tree]:
    if not isinstance(tree, dict):
        raise TypeError("not a mapping")
    return tree
