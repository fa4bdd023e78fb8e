"""YAML text -> plain tree (dict, list, str) and the place of every value in it.

PyYAML's own loader would turn `+33…`, `010`, `12:30`, `on` and `no` into something else, follow aliases into
gigabytes and recurse until it dies, so its composer is used with all scalars kept as text, bounded in size and
depth, and with anchors refused. The loader in C is not used: it crashes on deep nesting.
"""

from dataclasses import dataclass, field
from typing import assert_never

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.reader import ReaderError

from voiceapp.flow.mistakes import Mistake
from voiceapp.flow.problems import FlowProblems, Path, Place, Problem, Wrong, WrongWithin
from voiceapp.flow.text_places import UNUSABLE, place_within
from voiceapp.flow.unread_bytes import undecoded, unprintable
from voiceapp.flow.unread_words import TAGS
from voiceapp.flow.unread_yaml import BRACES, lone_colon, unread

Tree = str | list["Tree"] | dict[str, "Tree"]

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 50


@dataclass
class Document:
    """A file's tree and where everything in it stands: `keys` and `values` by path. `quoted`: texts that are not
    written plain."""

    file: str
    source: str = ""
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

    def told(self, wrong: Wrong | WrongWithin) -> Problem:
        """The problem that this is, at its place; for what is wrong within a text, the very place in it."""
        match wrong:
            case Wrong(path, message, at_key, mistake):
                return self.problem(path, message, key=at_key, mistake=mistake)
            case WrongWithin(path, message, offset, mistake):
                return Problem(self.file, self.within(path, offset), path, message, mistake)
            case _:
                assert_never(wrong)

    def within(self, path: Path, offset: int) -> Place:
        """Where the character at `offset` of the text at `path` stands."""
        text, start = self.text(path), self.place(path)
        return start if text is None else place_within(self.source, start, text, offset)

    def text(self, path: Path) -> str | None:
        """The text at `path`, if there is one."""
        tree = self.tree
        for part in path:
            if isinstance(tree, dict) and part in tree:
                tree = tree[part]
            elif isinstance(tree, list) and part.isdecimal() and int(part) < len(tree):
                tree = tree[int(part)]
            else:
                return None
        return tree if isinstance(tree, str) else None


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


class _Refused(Exception):
    """Something YAML allows and flows do not."""

    def __init__(self, message: str, mark: yaml.Mark) -> None:
        super().__init__(message)
        self.place = Place(mark.line + 1, mark.column + 1)


class _Composer(yaml.SafeLoader):
    """Composes nodes of text only, at most MAX_DEPTH deep, without anchors and aliases."""

    depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs leave it out
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            message = "anchors and aliases (& and *) are not used in flows; a text that begins so needs quotes"
            raise _Refused(message, event.start_mark)
        if getattr(event, "tag", None):
            raise _Refused(TAGS, event.start_mark)
        if self.depth >= MAX_DEPTH:
            raise _Refused(f"nested deeper than {MAX_DEPTH} levels", event.start_mark)
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
        document.source = source = text.decode("utf-8-sig")
        loader = _Composer(source)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except UnicodeDecodeError as error:
        raise FlowProblems([_unreadable(file, *undecoded(text, error))]) from None
    except ReaderError as error:
        raise FlowProblems([_unreadable(file, *unprintable(text, error))]) from None
    except _Refused as error:
        raise FlowProblems([_unreadable(file, error.place, str(error))]) from None
    except yaml.MarkedYAMLError as error:
        raise FlowProblems(_unreadable(file, *why) for why in unread(source, error)) from None
    except (ValueError, OverflowError):  # a number in the file that PyYAML takes for one and Python cannot take
        mark = loader.get_mark()
        place = Place(mark.line + 1, mark.column + 1)
        raise FlowProblems([_unreadable(file, place, "no character and no version has this number")]) from None
    if node is not None:
        document.tree = _plain(document, node, ())
    return document


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
            if node.value and isinstance(node.value[0][0], MappingNode) and _begins_with_braces(document, node):
                return _text_in_braces(document, node, path)
            return _plain_mapping(document, node, path)
        case _:
            raise AssertionError(node)


def _text(document: Document, text: str, path: Path) -> str:
    """The text, without what YAML's escapes can put into it and nothing after us can take."""
    if UNUSABLE.search(text):
        document.problems.append(
            document.problem(path, "a control character, or half of one, stands in this text")
        )
        return UNUSABLE.sub("", text)
    return text


def _begins_with_braces(document: Document, node: MappingNode) -> bool:
    return document.source.startswith("{{", node.start_mark.index)


def _text_in_braces(document: Document, node: MappingNode, path: Path) -> str:
    """The text that `{{ … }}` without quotes was meant to be, and which YAML takes for a mapping in a mapping."""
    document.problems.append(document.problem(path, BRACES))
    return document.source[node.start_mark.index : node.end_mark.index]


def _plain_mapping(document: Document, node: MappingNode, path: Path) -> dict[str, Tree]:
    tree: dict[str, Tree] = {}
    for key_node, written in node.value:
        place = Place(key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        if not isinstance(key_node, ScalarNode):
            document.problems.append(Problem(document.file, place, path, "a key has to be a plain text"))
            continue
        key, value_node = _written(document, key_node, written, path)
        if key in tree:
            first = document.keys[(*path, key)].line
            message = f"the key '{key}' stands here twice (first on line {first})"
            twice = Problem(document.file, place, (*path, key), message, Mistake.KEY_TWICE)
            document.problems.append(twice)
            continue
        document.keys[(*path, key)] = place
        tree[key] = _plain(document, value_node, (*path, key))
    return tree


def _written(document: Document, key_node: ScalarNode, value_node: Node, path: Path) -> tuple[str, Node]:
    """A key and its value; those of `{1:b}`, which YAML takes for a key without a value, are told apart."""
    key = UNUSABLE.sub("", str(key_node.value))
    start, end = key_node.start_mark, key_node.end_mark
    is_lone = ":" in key and key_node.style is None and not value_node.value
    why = (
        lone_colon(key)
        if is_lone and not document.source[end.index : value_node.start_mark.index].strip()
        else None
    )
    if why is None:
        return key, value_node
    key, _, value = key.partition(":")
    document.problems.append(Problem(document.file, Place(start.line + 1, start.column + 1), (*path, key), why))
    return key, ScalarNode(key_node.tag, value, start, end)
