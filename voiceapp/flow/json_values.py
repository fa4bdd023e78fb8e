"""Values in YAML that have a type: as in JSON, since nobody has to guess there what `007`, `no` or `+33…` is.

What stands plain and is a JSON number, `true`, `false` or `null` is that; everything else, and everything in
quotes, is text.
"""

import re

import msgspec

from voiceapp.events import Value
from voiceapp.flow.problems import Path
from voiceapp.flow.yaml_text import Document, Tree

_SCALAR = re.compile(r"true|false|null|-?(0|[1-9][0-9]{0,39})(\.[0-9]{1,39})?([eE][+-]?[0-9]{1,2})?")


def json_value(document: Document, tree: Tree, path: Path) -> Value:
    """The value of what stands at `path`."""
    match tree:
        case dict():
            return {key: json_value(document, item, (*path, key)) for key, item in tree.items()}
        case list():
            return [json_value(document, item, (*path, str(at))) for at, item in enumerate(tree)]
        case _:
            return msgspec.json.decode(tree) if path not in document.quoted and is_json_scalar(tree) else tree


def is_json_scalar(text: str) -> bool:
    """Whether a text that stands plain would be a number, a truth value or null."""
    return _SCALAR.fullmatch(text) is not None
