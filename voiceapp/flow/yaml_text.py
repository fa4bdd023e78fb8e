"""YAML text -> plain tree (dict, list, str) and the place of every value in it.

PyYAML's own loader would turn `+33…`, `010`, `12:30`, `on` and `no` into something else, follow aliases into
gigabytes and recurse until it dies, so its composer is used with all scalars kept as text, bounded in size and
depth, and with anchors refused. The loader in C is not used: it crashes on deep nesting.
"""

from dataclasses import dataclass, field

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from voiceapp.flow.problems import FlowProblems, Path, Place, Problem

Tree = str | list["Tree"] | dict[str, "Tree"]

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 50


@dataclass
class Document:
    """A file's tree and where everything in it stands: `keys` and `values` by path."""

    file: str
    tree: Tree = ""
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, path: Path, *, key: bool = False) -> Place:
        """Where `path` stands, or its nearest ancestor that is in the file."""
        while path:
            places = self.keys if key else self.values
            if path in places:
                return places[path]
            path, key = path[:-1], False
        return Place(1, 1)

    def problem(self, path: Path, message: str, *, key: bool = False) -> Problem:
        """A problem at `path`; with `key`, at its key rather than at its value."""
        return Problem(self.file, self.place(path, key=key), path, message)


class _Refused(yaml.MarkedYAMLError):
    """Something YAML allows and flows do not."""


class _Composer(yaml.SafeLoader):
    """Composes nodes of text only, at most MAX_DEPTH deep, without anchors and aliases."""

    depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs leave it out
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused(None, None, "anchors and aliases (& and *) are not used in flows", event.start_mark)
        if self.depth >= MAX_DEPTH:
            raise _Refused(None, None, f"nested deeper than {MAX_DEPTH} levels", event.start_mark)
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1

    def resolve(self, kind: type[Node], value: str, implicit: tuple[bool, bool]) -> str:
        """Every scalar is text: the schema gives types."""
        return "tag:yaml.org,2002:str"


def read(text: bytes, file: str) -> Document:
    """The tree of a YAML file; raises FlowProblems when it is not YAML or too large."""
    document = Document(file)
    if len(text) > MAX_BYTES:
        raise FlowProblems([document.problem((), f"larger than {MAX_BYTES // 1024} KiB")])
    try:
        loader = _Composer(text.decode("utf-8-sig"))
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except UnicodeDecodeError as error:
        line = text[: error.start].count(b"\n") + 1
        raise FlowProblems([Problem(file, Place(line, 1), (), "not UTF-8 text")]) from None
    except yaml.MarkedYAMLError as error:
        raise FlowProblems([_syntax_problem(file, error)]) from None
    except yaml.YAMLError as error:
        raise FlowProblems([Problem(file, Place(1, 1), (), f"not YAML: {_one_line(str(error))}")]) from None
    if node is not None:
        document.tree = _plain(document, node, ())
    return document


def _syntax_problem(file: str, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
    what = error.problem or error.context or "cannot be read"
    hint = ""
    if "mapping values are not allowed" in what:
        hint = " (a text with a colon in it needs quotes)"
    elif "found character" in what and "\\t" in what:
        hint = " (indent with spaces, not tabs)"
    if isinstance(error, _Refused):
        return Problem(file, place, (), what)
    return Problem(file, place, (), f"not YAML: {_one_line(what)}{hint}")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _plain(document: Document, node: Node, path: Path) -> Tree:
    document.values[path] = Place(node.start_mark.line + 1, node.start_mark.column + 1)
    match node:
        case ScalarNode():
            return str(node.value)
        case SequenceNode():
            return [_plain(document, item, (*path, str(at))) for at, item in enumerate(node.value)]
        case MappingNode():
            return _plain_mapping(document, node, path)
        case _:
            raise AssertionError(node)


def _plain_mapping(document: Document, node: MappingNode, path: Path) -> dict[str, Tree]:
    tree: dict[str, Tree] = {}
    for key_node, value_node in node.value:
        place = Place(key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        if not isinstance(key_node, ScalarNode):
            problem = Problem(document.file, place, path, "a key has to be a plain text")
            document.problems.append(problem)
            continue
        key = str(key_node.value)
        if key in tree:
            first = document.keys[(*path, key)].line
            message = f"the key '{key}' stands here twice (first on line {first})"
            document.problems.append(Problem(document.file, place, (*path, key), message))
            continue
        document.keys[(*path, key)] = place
        tree[key] = _plain(document, value_node, (*path, key))
    return tree
