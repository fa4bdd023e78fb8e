"""How wide a text is, where no font can be asked: on the safe side, so that no text leaves its box."""

import unicodedata

_NARROW = frozenset("ijlI.,:;'|!()[]ftr-/ ·…")
_BROAD = frozenset("mwMW@%—×→")


def clean(text: str) -> str:
    """One line. What XML cannot hold is in no text of a flow that loads."""
    return " ".join(text.split())


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Pixels that a text takes at most, set in a common sans-serif of this size."""
    return sum(map(_share, text)) * size * (1.1 if bold else 1.0)


def _share(sign: str) -> float:
    """Of the size, as in DejaVu Sans, the widest of the fonts asked for."""
    if sign in _NARROW:
        return 0.42
    if sign in _BROAD:
        return 1.0
    if unicodedata.combining(sign):
        return 0.0
    if unicodedata.east_asian_width(sign) in "WF":
        return 1.05
    return 0.76 if sign.isupper() else 0.65


def fitted(text: str, size: float, most: float, *, bold: bool = False) -> str:
    """The text, cut to `most` pixels."""
    if width(text, size, bold=bold) <= most:
        return text
    while text and width(f"{text}…", size, bold=bold) > most:
        text = text[:-1]
    return f"{text.rstrip()}…"


def wrapped(text: str, size: float, most: float, lines: int) -> list[str]:
    """The text in up to so many lines of `most` pixels; the last is cut when more would follow, and the first
    that is a word too long to break."""
    words, found = text.split(), list[str]()
    while words and len(found) < lines - 1:
        if width(words[0], size) > most:
            return [*found, fitted(words[0], size, most)]
        taken = 1
        while taken < len(words) and width(" ".join(words[: taken + 1]), size) <= most:
            taken += 1
        found.append(" ".join(words[:taken]))
        words = words[taken:]
    return [*found, fitted(" ".join(words), size, most)] if words else found
