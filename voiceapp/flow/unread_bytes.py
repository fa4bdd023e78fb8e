"""Why the bytes of a file are no text that YAML may hold, and how to save the file so that they are."""

from yaml.reader import ReaderError

from voiceapp.flow.problems import Place

_SAVE = "save the file with the encoding UTF-8 (in Windows Notepad: File, Save as, Encoding: UTF-8)"
_NOT_UTF_8 = f"not UTF-8 text, since this sign is written in another encoding: {_SAVE}"
_UTF_16 = f"not UTF-8 text, but UTF-16 (Windows calls it Unicode): {_SAVE}"

_BEGINNING = Place(1, 1)


def undecoded(text: bytes, error: UnicodeDecodeError) -> tuple[Place, str]:
    """Where these bytes are not UTF-8, and what to do."""
    if _is_utf_16(text):
        return _BEGINNING, _UTF_16
    return _place_of(error.object[: error.start].decode(), None), _NOT_UTF_8


def unprintable(text: bytes, error: ReaderError) -> tuple[Place, str]:
    """Where these bytes hold what no YAML may hold, and what to do."""
    if _is_utf_16(text):
        return _BEGINNING, _UTF_16
    return _place_of(text.decode("utf-8-sig"), error.position), "a control character stands here: delete it"


def _is_utf_16(text: bytes) -> bool:
    """By its mark of byte order or, without one, by one of its first two bytes."""
    return text.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in (text[:1], text[1:2])


def _place_of(text: str, position: int | None) -> Place:
    """Where the character at `position` stands (None: what follows the text)."""
    before = text[:position]
    return Place(before.count("\n") + 1, len(before) - before.rfind("\n"))
