"""A text as a YAML scalar: in the style that is asked for if it can be, else in double quotes."""

import json
import re

import yaml
from yaml.nodes import MappingNode, ScalarNode

_PLAIN_TAG = "tag:yaml.org,2002:str"
_UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def scalar(text: str, style: str | None = None, *, in_braces: bool) -> str:
    """The text in this style (None: plain, else `'` or `"`), or in double quotes where that would say something
    else. `in_braces`: it stands within `{…}` or `[…]`."""
    match style:
        case None if _reads_as(text, text, in_braces=in_braces):
            return text
        case "'" if _reads_as(quoted := "'" + text.replace("'", "''") + "'", text, in_braces=in_braces):
            return quoted
        case _:
            return double_quoted(text)


def block(text: str, header: str, indent: int, newline: str, tail: str) -> str | None:
    """The text as a block scalar, or None when it cannot be one. `header` is what it began with (`|`, `>-`);
    `tail` is what follows its last line: line breaks."""
    style = header[0]
    kept = text.rstrip("\n")
    ending = "" if text.endswith("\n") else "-"
    lines = kept.split("\n") if style == "|" else _folded(kept)
    body = newline.join(f"{' ' * indent}{line}" if line else "" for line in lines)
    written = f"{style}{ending}{newline}{body}"
    try:
        node = yaml.compose(f"k: {written}{tail}", Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return None
    value = node.value[0][1] if isinstance(node, MappingNode) and len(node.value) == 1 else None
    return written if isinstance(value, ScalarNode) and value.value == text else None


_FOLD_AT = 100


def _folded(text: str) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= _FOLD_AT:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return lines


def _reads_as(written: str, text: str, *, in_braces: bool) -> bool:
    """Whether YAML, and not only ours, takes this for the text, on one line."""
    if re.search("[\r\n\x85\u2028\u2029\ufeff]", written):
        return False
    document = f"{{k: {written}, l: m}}" if in_braces else f"k: {written}\nl: m\n"
    try:
        node = yaml.compose(document, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return False
    if not isinstance(node, MappingNode) or len(node.value) != 2:
        return False
    value = node.value[0][1]
    return isinstance(value, ScalarNode) and value.tag == _PLAIN_TAG and value.value == text


def double_quoted(text: str) -> str:
    """The text in double quotes, on one line."""
    return _UNSEEN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", json.dumps(text, ensure_ascii=False))
