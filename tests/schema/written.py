"""What people might write at a key, right or wrong: as the loader reads it, and as an editor does."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel

from tests.schema.editors import typed
from voiceapp.flow.steps import Step
from voiceapp.flow.yaml_text import read

_SCALARS = (
    *(
        "3",
        "007",
        "0",
        "-1",
        "+5",
        "10",
        "0.2",
        "1.5",
        "300",
        "1e3",
        "0x1F",
        "0o17",
        ".5",
        ".inf",
        "12345678901234567890",
    ),
    *("yes", "no", "on", "off", "none", "hidden", "female", "text", "number", "phone", "all", "GET", "POST"),
    *("+33612345678", "0033612345678", "sip:a@b.example", "+331*", "12#", "4-10", " 4 - 10 ", "20"),
    *(
        "09:00-17:00",
        "9:00-12:00, 14:00-18:00",
        "22:00-2:00",
        "23:59-24:00",
        "24h",
        "Closed",
        "2026-12-25",
        "GR",
        "FR-57",
    ),
    *("end", "sales", "en-GB", "Europe/Paris", "UTC", "US/Eastern", "two words", "é", "callr", "a.b"),
    *("https://x.example/a", "{{ caller }}", "caller == 'x'", "a.wav", "a/b-{lang}.wav", "...", "../a.wav", ".x."),
)
_UNTYPED = ("true", "false", "null", "~", "", " ")
"""With quotes only: without, an editor has something else than the loader (see `voiceapp.flow.shapes`)."""
_KEYS = (
    *("en-GB", "text", "audio", "callr", "1", "0", "*", "#", "12", "mon-fri", "Sat", "mon, wed", "Sun - Tue"),
    *("zone", "holidays", "except", "2026-12-25", "digits", "number", "choices", "name", "language", "X-Key"),
    *("type", "default", "personal", "if", "next", "say", "keys"),
)

_PAIRS = (("choices", "1"), ("except", "2026-12-25"), ("text", "en-GB"), ("1", "say"), ("n", "type"))


class Scalar(NamedTuple):
    """A scalar as it stands in a file."""

    text: str
    quoted: bool


_SOUND = Scalar("x.wav", False)
Written = Scalar | list["Written"] | dict[str, "Written"]

_LEAVES: tuple[Scalar, ...] = (
    *(Scalar(text, True) for text in (*_SCALARS, *_UNTYPED)),
    *(Scalar(text, False) for text in _SCALARS if re.fullmatch(r"[^\s{#'](.*\S)?", text)),
)


def values() -> Iterator[Written]:
    """Every scalar; and some in lists, in languages, in sounds, below every key and two deep."""
    nothing: tuple[Written, ...] = ([], {}, [[]], [{}])
    yield from nothing
    for leaf in _LEAVES:
        yield leaf
        yield {"mon-fri": leaf}
        yield {"digits": leaf}
        yield {"number": leaf}
    for leaf in _LEAVES[::12]:
        yield [leaf, {"audio": _SOUND, "text": leaf}]
        yield {"en-GB": leaf, "fr-FR": [leaf]}
        yield {"audio": _SOUND, "media": {"callr": leaf}}
        yield [{"if": Scalar("caller", False), "next": leaf}]
        yield {"n": {"type": Scalar("number", False), "default": leaf}}
        yield {"n": {"type": Scalar("phone", False), "default": leaf, "personal": leaf}}
        for key in _KEYS:
            yield {key: leaf}
        for key, inner in _PAIRS:
            yield {key: {inner: leaf}}


def example(step: type[Step]) -> dict[str, Written]:
    """A verb's example, all in quotes."""
    tree = read(step.example.encode(), step.verb).tree
    assert isinstance(tree, dict)
    return {key: _quoted(value) for key, value in tree.items()}


def head() -> dict[str, Written]:
    """The head of a flow with nothing in it that may be left out."""
    return {"flow": Scalar("bad", False), "languages": [Scalar("en-GB", False)]}


def keys_of(model: type[BaseModel]) -> list[str]:
    """The keys that a model reads."""
    return [info.alias or name for name, info in model.model_fields.items()]


def as_read(value: Written) -> Any:
    """What the loader makes of it: all scalars are text."""
    match value:
        case Scalar(text=text):
            return text
        case list():
            return [as_read(item) for item in value]
        case dict():
            return {key: as_read(item) for key, item in value.items()}


def as_edited(value: Written) -> Any:
    """What an editor makes of it."""
    match value:
        case Scalar(text=text, quoted=quoted):
            return text if quoted else typed(text)
        case list():
            return [as_edited(item) for item in value]
        case dict():
            return {key: as_edited(item) for key, item in value.items()}


def _quoted(tree: Any) -> Written:
    match tree:
        case str():
            return Scalar(tree, True)
        case list():
            return [_quoted(item) for item in tree]
        case _:
            return {key: _quoted(item) for key, item in tree.items()}
