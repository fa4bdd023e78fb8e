"""What a way through a spreadsheet does to a text that no translator would write."""

import re

from voiceapp.wording.fragments import Words, split

_NO_RESULT = re.compile("#[\\w/]+ ?[?!]|#N/[AV]|#NV|Err:[0-9]{3}")
_LOST_LETTERS = re.compile("\ufffd|[?]{2}|[?]\\w")


def damage(text: str, before: str) -> str | None:
    """What probably happened to a text; `before` is what stood there (`""`: nothing yet)."""
    if _NO_RESULT.fullmatch(text.strip()):
        return "is what a spreadsheet leaves of a text that it takes for a formula"
    if _has_lost_letters(text) and not _has_lost_letters(before):
        return "has lost letters when the table was saved: save it as 'CSV UTF-8'"
    if _is_read_wrongly(text) and not _is_read_wrongly(before):
        return "was read in another encoding than UTF-8: open the table as UTF-8"
    return None


def _has_lost_letters(text: str) -> bool:
    return any(_LOST_LETTERS.search(part.text) for part in split(text) if isinstance(part, Words))


def _is_read_wrongly(text: str) -> bool:
    """Whether this is UTF-8 that was read in the encoding of Western Windows."""
    try:
        meant = text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return False
    # An ß before a dash or a quote can be read as UTF-8 too, as a letter of N'Ko.
    return meant != text and not re.search("[\u07c0-\u07ff]", meant)
