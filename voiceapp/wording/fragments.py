"""A text as whoever records or translates it has to see it: words, and what is different in every call."""

from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import Environment, TemplateSyntaxError

_LEXER = Environment(autoescape=True, keep_trailing_newline=True)  # never renders anything


@dataclass(frozen=True)
class Words:
    """What is the same in every call."""

    text: str


@dataclass(frozen=True)
class Placeholder:
    """A `{{ … }}`, or a `{% … %}` tag (`spoken` is False): what stands in it, with single spaces."""

    expression: str
    spoken: bool = True

    def __str__(self) -> str:
        return f"{{{{ {self.expression} }}}}" if self.spoken else f"{{% {self.expression} %}}"


def split(source: str) -> tuple[Words | Placeholder, ...]:
    """The words and placeholders of a text in order; of one that Jinja cannot read, the whole as words."""
    try:
        return tuple(_split(source))
    except TemplateSyntaxError:
        return (Words(source),)


def _split(source: str) -> Iterator[Words | Placeholder]:
    inside: list[str] = []
    for _, kind, text in _LEXER.lex(source):
        match kind:
            case "data":
                yield Words(text)
            case "variable_begin" | "block_begin":
                inside = []
            case "variable_end" | "block_end":
                yield Placeholder(" ".join(inside), spoken=kind == "variable_end")
            case "whitespace" | "comment_begin" | "comment" | "comment_end" | "raw_begin" | "raw_end":
                pass
            case _:
                inside.append(text)


def placeholders(source: str) -> frozenset[str]:
    """What a text fills in, as `{{ … }}` with single spaces."""
    return frozenset(str(part) for part in split(source) if isinstance(part, Placeholder) and part.spoken)


_LEFT_OVER = ".,;:!?)]” \n\t"
"""What ended the sentence before a fragment."""


def fragments(source: str) -> tuple[str, ...]:
    """The words between the placeholders, as far as there is something to speak in them."""
    words = (part.text.strip().lstrip(_LEFT_OVER) for part in split(source) if isinstance(part, Words))
    return tuple(text for text in words if any(sign.isalnum() for sign in text))
