"""Texts as a page shows them: paragraphs, lists, code and links, which a template sets apart and escapes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

_BOUNDS = (
    ("minimum", "maximum", ""),
    ("minLength", "maxLength", " characters"),
    ("minItems", "maxItems", " items"),
)
_CODE_OR_LINK = re.compile(r"`([^`]+)`|(https://[^\s)]+)")


@dataclass(frozen=True)
class Piece:
    """A piece of a line. `link`: where it leads, for the kind `link`."""

    kind: Literal["text", "code", "link"]
    text: str
    link: str = ""


Line = Sequence[Piece]


@dataclass(frozen=True)
class Block:
    """A paragraph (one line), or a list (its lines)."""

    kind: Literal["paragraph", "list"]
    lines: Sequence[Line]


def blocks(text: str) -> Sequence[Block]:
    """Paragraphs and lists of a text in Markdown, as far as the document uses it."""
    made: list[Block] = []
    for part in text.split("\n\n"):
        if part.startswith("- "):
            made.append(Block("list", [line(item.removeprefix("- ")) for item in part.split("\n")]))
        elif part:
            made.append(Block("paragraph", [line(part)]))
    return made


def line(text: str) -> Line:
    """A text in its pieces."""
    pieces, at = list[Piece](), 0
    for found in _CODE_OR_LINK.finditer(text):
        pieces.append(Piece("text", text[at : found.start()]))
        code, link = found.groups()
        pieces.append(Piece("link", link, link) if link else Piece("code", code))
        at = found.end()
    return [piece for piece in (*pieces, Piece("text", text[at:])) if piece.text]


def limits(schema: Mapping[str, Any]) -> Iterator[Line]:
    """What a JSON schema allows, besides its type: each limit with a comma before it."""
    for low, high, unit in _BOUNDS:
        least, most = schema.get(low), schema.get(high)
        if least is not None and most is not None:
            yield Piece("text", ", "), Piece("text", f"{least:g} to {most:g}{unit}")
        elif most is not None:
            yield Piece("text", ", "), Piece("text", f"at most {most:g}{unit}")
        elif least == 1 and unit:
            yield Piece("text", ", "), Piece("text", "not empty")
        elif least is not None:
            yield Piece("text", ", "), Piece("text", f"at least {least:g}{unit}")
    if "pattern" in schema:
        yield Piece("text", ", "), Piece("code", schema["pattern"])
