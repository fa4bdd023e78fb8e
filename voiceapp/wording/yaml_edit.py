"""Changes made in the text of a YAML file: nothing else in it moves, neither comments nor blank lines nor quotes.

What is written is read again, and has to be what the changes mean; else nothing is written.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, assert_never

import yaml
from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from voiceapp.flow.problems import FlowProblems, Path
from voiceapp.flow.yaml_text import Tree, read
from voiceapp.wording.changes import AddKeys, Append, Change, Put, applied
from voiceapp.wording.scalars import block, scalar

_LONGEST_LINE = 115


class CannotEdit(Exception):
    """The file is written in a way in which the change cannot be made in place."""


class _Edit(NamedTuple):
    """The characters from `start` to `end` become `text`."""

    start: int
    end: int
    text: str


class _Spot(NamedTuple):
    """A value's node; whether it stands in braces or brackets; the column of its key in a block mapping."""

    node: Node
    in_braces: bool
    key_column: int | None


def edited(text: str, changes: Iterable[Change]) -> str:
    """A file's text with these changes; raises CannotEdit."""
    changes = tuple(changes)
    if not changes:
        return text
    editing = _Editing(text)
    edits = [editing.edit(change) for change in changes]
    new = text
    for start, end, replacement in sorted(edits, reverse=True):
        new = new[:start] + replacement + new[end:]
    try:
        before, after = read(text.encode(), ""), read(new.encode(), "")
    except (FlowProblems, UnicodeEncodeError):
        raise CannotEdit from None
    # As JSON, in which order counts.
    if json.dumps(after.tree) != json.dumps(applied(before.tree, changes)):
        raise CannotEdit
    return new


@dataclass
class _Editing:
    text: str
    spots: dict[Path, _Spot] = field(default_factory=dict)

    def __post_init__(self) -> None:
        root = yaml.compose(self.text, Loader=yaml.SafeLoader)
        self.newline = "\r\n" if "\r\n" in self.text else "\n"
        self.spots = dict(_spots(root, ())) if root is not None else {}

    def edit(self, change: Change) -> _Edit:
        """The edit that makes this change."""
        spot = self.spots[change.path]
        match change, spot.node:
            case Put(_, str(new)), ScalarNode() as node:
                return self._replaced(node, new, in_braces=spot.in_braces)
            case Put(_, Mapping() as new), ScalarNode() as node:
                return self._spread(spot, node, new)
            case AddKeys(_, entries), MappingNode() as node:
                return self._entries(node, entries)
            case Append(_, items), SequenceNode() as node:
                return self._items(node, items)
            case _:
                raise CannotEdit

    def _replaced(self, node: ScalarNode, new: str, *, in_braces: bool) -> _Edit:
        start, end = node.start_mark.index, self._end(node)
        if node.style not in ("|", ">"):
            return _Edit(start, end, scalar(new, node.style, in_braces=in_braces))
        header, *lines = self.text[start:end].splitlines()
        indent = next((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), 0)
        tail = self.text[end : node.end_mark.index]
        written = None if re.search("[0-9#]", header) else block(new, header, indent, self.newline, tail)
        return _Edit(start, end, written or scalar(new, '"', in_braces=in_braces) + _comment(header))

    def _spread(self, spot: _Spot, node: ScalarNode, new: Mapping[str, str]) -> _Edit:
        """A text becomes a mapping: in braces, or a key a line where that would be too long."""
        start, end = node.start_mark.index, self._end(node)
        comment = _comment(self.text[start:end].splitlines()[0]) if node.style in ("|", ">") else ""
        inline = _in_braces(dict(new)) + comment
        follows = self.text[end : self._end_of_line(end)].strip()
        fits = node.start_mark.column + len(inline) <= _LONGEST_LINE
        if fits or spot.key_column is None or spot.in_braces or follows or comment:
            return _Edit(start, end, inline)
        indent = " " * (spot.key_column + 2)
        lines = (f"{indent}{key}: {scalar(text, in_braces=False)}" for key, text in new.items())
        start -= len(self.text[:start]) - len(self.text[:start].rstrip(" "))
        return _Edit(start, end, self.newline + self.newline.join(lines))

    def _entries(self, node: MappingNode, entries: Mapping[str, Tree]) -> _Edit:
        last = node.value[-1][1]
        style = last.style if isinstance(last, ScalarNode) and last.style in ("'", '"') else None
        braces = bool(node.flow_style)
        written = [f"{key}: {_rendered(tree, style, in_braces=braces)}" for key, tree in entries.items()]
        return self._after(node, last, node.value[0][0].start_mark.column, written)

    def _items(self, node: SequenceNode, items: tuple[str, ...]) -> _Edit:
        dash = "" if node.flow_style else "- "
        written = [dash + scalar(item, in_braces=bool(node.flow_style)) for item in items]
        return self._after(node, node.value[-1], node.start_mark.column, written)

    def _after(self, node: CollectionNode, last: Node, column: int, written: list[str]) -> _Edit:
        """These, behind the last entry of a collection."""
        end = self._end(last)
        if node.flow_style:
            return _Edit(end, end, "".join(f", {entry}" for entry in written))
        end = self._end_of_line(end)
        return _Edit(end, end, "".join(f"{self.newline}{' ' * column}{entry}" for entry in written))

    def _end(self, node: Node) -> int:
        """Where a value ends; PyYAML counts to what follows, for all but flow collections and quoted texts."""
        match node:
            case ScalarNode(style="|" | ">"):
                written = self.text[node.start_mark.index : node.end_mark.index]
                return node.start_mark.index + len(written.rstrip(" \t\r\n"))
            case CollectionNode(flow_style=False):
                last = node.value[-1]
                return self._end(last[1] if isinstance(last, tuple) else last)
            case _:
                return int(node.end_mark.index)

    def _end_of_line(self, at: int) -> int:
        found = re.compile("\r?\n|$").search(self.text, at)
        return found.start() if found else len(self.text)


def _spots(
    node: Node, path: Path, key_column: int | None = None, *, in_braces: bool = False
) -> Iterator[tuple[Path, _Spot]]:
    yield path, _Spot(node, in_braces, key_column)
    within = in_braces or bool(getattr(node, "flow_style", False))
    match node:
        case MappingNode():
            for key, value in node.value:
                column = None if within else key.start_mark.column
                yield from _spots(value, (*path, str(key.value)), column, in_braces=within)
        case SequenceNode():
            for at, item in enumerate(node.value):
                yield from _spots(item, (*path, str(at)), in_braces=within)
        case _:
            pass


def _rendered(tree: Tree, style: str | None, *, in_braces: bool) -> str:
    return scalar(tree, style, in_braces=in_braces) if isinstance(tree, str) else _in_braces(tree)


def _in_braces(tree: Tree) -> str:
    match tree:
        case str():
            return scalar(tree, in_braces=True)
        case list():
            return f"[{', '.join(_in_braces(item) for item in tree)}]"
        case dict():
            return f"{{{', '.join(f'{_in_braces(key)}: {_in_braces(item)}' for key, item in tree.items())}}}"
        case _:
            assert_never(tree)


def _comment(header: str) -> str:
    """The comment behind the sign of a block scalar."""
    found = re.search("[ \t]+#.*", header)
    return found[0] if found else ""
