"""YAML text -> plain tree (dict, list, str) and the place of every value in it.

PyYAML's own loader would turn `+33…`, `010`, `12:30`, `on` and `no` into something else, follow aliases into
gigabytes and recurse until it dies, so its composer is used with all scalars kept as text, bounded in size and
depth, and with anchors refused. The loader in C is not used: it crashes on deep nesting.
"""

import re
from dataclasses import dataclass, field
from typing import assert_never

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.reader import ReaderError

from voiceapp.flow.mistakes import Mistake
from voiceapp.flow.problems import FlowProblems, Path, Place, Problem

Tree = str | list["Tree"] | dict[str, "Tree"]

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 50
_UNUSABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass
class Document:
    """A file's tree and where everything in it stands: `keys` and `values` by path. `quoted`: texts that are not
    written plain."""

    file: str
    tree: Tree = ""
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    quoted: set[Path] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def place(self, path: Path, *, key: bool = False) -> Place:
        """Where `path` stands, or its nearest ancestor that is in the file."""
        while path:
            places = self.keys if key else self.values
            if path in places:
                return places[path]
            path, key = path[:-1], False
        return Place(1, 1)

    def problem(self, path: Path, message: str, *, key: bool = False, mistake: Mistake = Mistake.FORM) -> Problem:
        """A problem at `path`; with `key`, at its key rather than at its value."""
        return Problem(self.file, self.place(path, key=key), path, message, mistake)


def copied(tree: Tree) -> Tree:
    """The same tree once more."""
    match tree:
        case dict():
            return {key: copied(value) for key, value in tree.items()}
        case list():
            return [copied(item) for item in tree]
        case str():
            return tree
        case _:
            assert_never(tree)


class _Refused(yaml.MarkedYAMLError):
    """Something YAML allows and flows do not."""


class _Composer(yaml.SafeLoader):
    """Composes nodes of text only, at most MAX_DEPTH deep, without anchors and aliases."""

    depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs leave it out
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            message = "anchors and aliases (& and *) are not used in flows; a text that begins so needs quotes"
            raise _Refused(None, None, message, event.start_mark)
        if getattr(event, "tag", None):
            message = "tags (!) are not used in flows; a text that begins so needs quotes"
            raise _Refused(None, None, message, event.start_mark)
        if self.depth >= MAX_DEPTH:
            raise _Refused(None, None, f"nested deeper than {MAX_DEPTH} levels", event.start_mark)
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1

    def need_more_tokens(self) -> bool:
        """What PyYAML answers too, after looking through the candidates for a key where there are none; it asks so
        often that this is a fourth of its time."""
        if self.tokens and not self.possible_simple_keys:
            return False
        return bool(super().need_more_tokens())

    def resolve(self, kind: type[Node], value: str, implicit: tuple[bool, bool]) -> str:
        """Every scalar is text: the schema gives types."""
        return "tag:yaml.org,2002:str"


def read(text: bytes, file: str) -> Document:
    """The tree of a YAML file; raises FlowProblems when it is not YAML or too large."""
    document = Document(file)
    if len(text) > MAX_BYTES:
        message = f"larger than {MAX_BYTES // 1024} KiB"
        raise FlowProblems([document.problem((), message, mistake=Mistake.NOT_YAML)])
    try:
        loader = _Composer(text.decode("utf-8-sig"))
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except UnicodeDecodeError as error:
        place = _place_of(text[: error.start].decode("utf-8-sig"), None)
        raise FlowProblems([_unreadable(file, place, "not UTF-8 text")]) from None
    except ReaderError as error:
        place = _place_of(text.decode("utf-8-sig"), error.position)
        raise FlowProblems([_unreadable(file, place, "a control character stands here")]) from None
    except yaml.MarkedYAMLError as error:
        raise FlowProblems([_syntax_problem(file, error)]) from None
    if node is not None:
        document.tree = _plain(document, node, ())
    return document


def _place_of(text: str, position: int | None) -> Place:
    """Where the character at `position` stands (None: what follows the text)."""
    before = text[:position]
    return Place(before.count("\n") + 1, len(before) - before.rfind("\n"))


_HINTS = {
    "mapping values are not allowed": "a text with a colon needs quotes; keys of one mapping begin in one column",
    "could not find expected ':'": "is a colon missing, or are there quotes too few?",
    "'\\t'": "indent with spaces, not tabs",
    "expected alphabetic or numeric character": "a text that begins with * or & needs quotes",
    "that cannot start any token": "a text that begins so needs quotes",
    "expected the node content": "a text that begins so needs quotes",
    "sequence entries are not allowed": "a text that begins with a dash needs quotes",
    "expected chomping": "a text that begins with > or | needs quotes",
    "unknown escape character": "write a backslash twice, or use single quotes",
    "found unexpected end of stream": "is a closing quote missing?",
    "expected ',' or": "in braces and brackets, a text with , ? [ ] { } or quotes in it needs quotes",
    "found '<scalar>'": "after a closing quote nothing can follow; the keys of one mapping begin in one column",
    "expected <block end>": "the keys of one mapping, and the dashes of one list, begin in one column",
    "expected '<document start>'": "the flow has ended before this",
}
"""What an author usually did where PyYAML says these words."""


def _syntax_problem(file: str, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
    what = " ".join((error.problem or error.context or "cannot be read").split())
    if isinstance(error, _Refused):
        return _unreadable(file, place, what)
    if what == "but found another document":
        return _unreadable(file, place, "a second document begins here, and a file holds one flow")
    hint = next((hint for words, hint in _HINTS.items() if words in what), "")
    return _unreadable(file, place, f"not YAML: {what}{f' ({hint})' if hint else ''}")


def _unreadable(file: str, place: Place, message: str) -> Problem:
    return Problem(file, place, (), message, Mistake.NOT_YAML)


def _plain(document: Document, node: Node, path: Path) -> Tree:
    document.values[path] = Place(node.start_mark.line + 1, node.start_mark.column + 1)
    match node:
        case ScalarNode():
            if node.style is not None:
                document.quoted.add(path)
            return _text(document, str(node.value), path)
        case SequenceNode():
            return [_plain(document, item, (*path, str(at))) for at, item in enumerate(node.value)]
        case MappingNode():
            return _plain_mapping(document, node, path)
        case _:
            raise AssertionError(node)


def _text(document: Document, text: str, path: Path) -> str:
    """The text, without what YAML's escapes can put into it and nothing after us can take."""
    if _UNUSABLE.search(text):
        document.problems.append(
            document.problem(path, "a control character, or half of one, stands in this text")
        )
        return _UNUSABLE.sub("", text)
    return text


def _plain_mapping(document: Document, node: MappingNode, path: Path) -> dict[str, Tree]:
    tree: dict[str, Tree] = {}
    for key_node, value_node in node.value:
        place = Place(key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        if not isinstance(key_node, ScalarNode):
            hint = " (a text that begins with {{ needs quotes)" if isinstance(key_node, MappingNode) else ""
            message = f"a key has to be a plain text{hint}"
            document.problems.append(Problem(document.file, place, path, message))
            continue
        key = _UNUSABLE.sub("", str(key_node.value))
        if key in tree:
            first = document.keys[(*path, key)].line
            message = f"the key '{key}' stands here twice (first on line {first})"
            twice = Problem(document.file, place, (*path, key), message, Mistake.KEY_TWICE)
            document.problems.append(twice)
            continue
        document.keys[(*path, key)] = place
        tree[key] = _plain(document, value_node, (*path, key))
    return tree
