"""VF403: a secret that is written out in the flow."""

import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import parse_qsl, urlsplit

from voiceapp.check.data.outlets import Use, outlets, sounds
from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject

_KNOWN = re.compile(
    r"\b(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{10,}|\bgh[pousr]_[A-Za-z0-9]{20,}|\bxox[abprs]-[A-Za-z0-9-]{10,}"
    r"|\bAKIA[A-Z0-9]{16}\b|\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.|\bwhsec_[A-Za-z0-9+/=]{16,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
)
"""What issuers of keys begin them with."""

_LOGIN = re.compile(r"(?i)\b(?:bearer|basic)\s+[A-Za-z0-9+/=._~-]{12,}")
_TELLING_NAME = re.compile(r"(?i)(?:^|[-_])(?:authorization|api-?_?key|apikey|token|secret|password|passwd)$")
_LONG = re.compile(r"[A-Za-z0-9+]{20,}")
_LEAST_KINDS = 3
_VALUE = 8
"""Characters of what a name such as `token` has to be given to count."""


def _look(subject: Subject) -> Iterator[Remark]:
    for path, use, text, _ in outlets(subject.flow):
        written = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", text.source, flags=re.DOTALL)
        what = _secret_in(written) or (_secret_in_url(text.source) if use is Use.URL else None)
        named = bool(_TELLING_NAME.search(path[-1])) and text.literal and len(written) >= _VALUE
        if what is None and named and use in (Use.HEADER, Use.BODY, Use.NOTICE):
            what = f"the value of '{path[-1]}'"
        if what is not None:
            yield _remark(path, what)
    for path, source in sounds(subject.flow):
        what = _secret_in_url(source) or _secret_in(source)
        if what is not None:
            yield _remark(path, what)


def _remark(path: tuple[str, ...], what: str) -> Remark:
    return Remark(
        path,
        f"{what} looks like a secret, and everybody who can read the flow can use it",
        "replace it by a new one, set as VOICEAPP_SECRET_NAME, and write {{ secret.NAME }} in a header",
    )


def _secret_in(written: str) -> str | None:
    if _KNOWN.search(written):
        return "a key of a known kind"
    if _LOGIN.search(written):
        return "what stands behind 'Bearer' or 'Basic'"
    for word in _LONG.findall(written):
        if _random(word):
            return f"'{word[:4]}…'"
    return None


def _random(word: str) -> bool:
    """Whether nobody would write this as a word or a name: letters of both cases and digits, well mixed."""
    kinds = [re.search(kind, word) is not None for kind in ("[a-z]", "[A-Z]", "[0-9]")]
    changes = sum(_kind(one) != _kind(other) for one, other in pairwise(word))
    return sum(kinds) == _LEAST_KINDS and changes * 3 >= len(word)


def _kind(letter: str) -> int:
    return 0 if letter.isdigit() else 1 if letter.isupper() else 2 if letter.islower() else 3


def _secret_in_url(url: str) -> str | None:
    try:
        split = urlsplit(url)
    except ValueError:
        return None
    login, at, _ = split.netloc.rpartition("@")
    if at and ":" in login and "{{" not in login:
        return "the password in the address"
    for name, value in parse_qsl(split.query):
        if _TELLING_NAME.search(name) and len(value) >= _VALUE and "{{" not in value:
            return f"the value of '{name}'"
    return None


SECRET_WRITTEN_OUT = Rule(
    "VF403",
    Severity.WARNING,
    "secret written out",
    "Whoever reads the flow can act in your name, towards your callers too.",
    _look,
)
