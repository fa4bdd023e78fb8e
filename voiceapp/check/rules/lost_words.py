"""VF307: words behind a `#`, which YAML takes for a remark."""

import re
from collections.abc import Iterator

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.check.words.pieces import texts
from voiceapp.flow.problems import Place

_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""Where YAML's reader counts a new line."""

_REMARK = re.compile(r"(?P<gap>[ \t]+)#(?P<remark>.*)")
_FINISHED = re.compile(r"[.!?…;。！？][\"'»”)]*$")
_MARK_FOLLOWS = re.compile(r"\s*$|[.,;:!?…]")
_OPEN_END = re.compile(r"[,:–—-]$")


def _look(subject: Subject) -> Iterator[Remark]:
    source = subject.flow.source
    if not _REMARK.search(source):
        return
    lines = _LINE_BREAK.split(source)
    for path, said in texts(subject.flow):
        found = _remark_behind(lines, subject.place(path), said.text.source)
        if found is not None and _lost(said.text.source, found["gap"], found["remark"]):
            yield Remark(
                path,
                f"callers hear only '{_end(said.text.source)}': what follows the # is a remark to YAML",
                "quote the text, or name the key in words; a remark goes behind a full stop or two spaces",
            )


def _remark_behind(lines: list[str], place: Place, text: str) -> re.Match[str] | None:
    """The remark on the line on which a text ends that stands there without quotes."""
    words: list[str] = []
    for at in range(place.line - 1, len(lines)):
        rest = lines[at] if at >= place.line else lines[at][place.column - 1 :]
        found = _REMARK.search(rest)
        words += (rest[: found.start()] if found else rest).split()
        if words == text.split() and found:
            return found
        if found or words != text.split()[: len(words)]:
            return None
    return None


def _lost(text: str, gap: str, remark: str) -> bool:
    """Whether the sentence goes on behind the `#`, as far as one can tell."""
    if _FINISHED.search(text) or remark.lstrip().startswith("voiceapp:"):
        return False
    return gap == " " or bool(_MARK_FOLLOWS.match(remark) or _OPEN_END.search(text))


def _end(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 40 else f"… {words[-40:]}"


LOST_WORDS = Rule(
    "VF307",
    Severity.WARNING,
    "words lost behind a #",
    'YAML takes a # behind a space for the beginning of a remark: of `say: Press # now` a caller hears "Press".',
    _look,
)
