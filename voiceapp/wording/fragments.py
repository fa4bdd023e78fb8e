"""A text as whoever records or translates it has to see it: words, and what is different in every call."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jinja2 import Environment, TemplateSyntaxError

_LEXER = Environment(autoescape=True, keep_trailing_newline=True)  # never renders anything


@dataclass(frozen=True)
class Words:
    """What is the same in every call."""

    text: str


@dataclass(frozen=True)
class Placeholder:
    """A `{{ … }}`, or a `{% … %}` tag (`spoken` is False), as it is `written`, and the `signs` in it, by which two
    are known to be the same one. White space is collapsed."""

    written: str
    signs: tuple[str, ...]
    spoken: bool = True

    @property
    def expression(self) -> str:
        """What stands between the braces."""
        return self.written[2:-2].removeprefix("-").removesuffix("-").strip()


def split(source: str) -> tuple[Words | Placeholder, ...]:
    """The words and placeholders of a text in order; of one that Jinja cannot read, the whole as words."""
    try:
        return tuple(_split(source))
    except TemplateSyntaxError:
        return (Words(source),)


def _split(source: str) -> Iterator[Words | Placeholder]:
    written: list[str] = []
    signs: list[str] = []
    for _, kind, text in _LEXER.lex(source):
        match kind:
            case "data":
                yield Words(text)
            case "variable_begin" | "block_begin":
                written, signs = [text], []
            case "variable_end" | "block_end":
                yield Placeholder("".join([*written, text.strip()]), tuple(signs), spoken=kind == "variable_end")
            case "comment_begin" | "comment" | "comment_end" | "raw_begin" | "raw_end":
                pass
            case "whitespace":
                written.append(" ")
            case _:
                written.append(text)
                signs.append(text)


def placeholders(source: str) -> Mapping[tuple[str, ...], str]:
    """What a text fills in, in order: each `{{ … }}` as it is written where it stands first, by its signs."""
    found: dict[tuple[str, ...], str] = {}
    for part in split(source):
        if isinstance(part, Placeholder) and part.spoken:
            found.setdefault(part.signs, part.written)
    return found


_LEFT_OVER = ".,;:!?)]” \n\t"
"""What ended the sentence before a fragment."""


def fragments(source: str) -> tuple[str, ...]:
    """The words between the placeholders, as far as there is something to speak in them."""
    words = (part.text.strip().lstrip(_LEFT_OVER) for part in split(source) if isinstance(part, Words))
    return tuple(text for text in words if any(sign.isalnum() for sign in text))
