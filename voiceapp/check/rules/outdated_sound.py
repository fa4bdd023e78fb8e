"""VF306: a recording that says something else than its text does now."""

from collections.abc import Iterator
from pathlib import Path as FilePath

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.check.words.recorded import FILE, Recorded, read_recorded, to_record
from voiceapp.check.words.sounds import digest, read_list

_SHOWN = 60
_WORDS_BEFORE = 3


def _look(subject: Subject) -> Iterator[Remark]:
    content = None if subject.audio is None else read_list(subject.audio / FILE)
    if subject.audio is None or content is None:
        return
    wanted = list(to_record(subject.flow))
    try:
        rows = {(row.file, row.language): row for row in read_recorded(content)}
    except ValueError as error:
        if wanted:
            message = f"nobody can tell whether its sounds say what they should: audio/{FILE} {error}"
            yield Remark((*wanted[0][0], "audio"), message, "mend the list, or take it away")
        return
    for path, now in wanted:
        row = rows.get((now.file, now.language))
        if row is not None and row.text.split() != now.text.split() and _speaks_of(row, subject.audio):
            old, new = _difference(row.text, now.text)
            yield Remark(
                (*path, "audio"),
                f"callers in {now.language} hear '{old}' from {now.file}, while the text is '{new}'",
                f"record it again, and write its text into audio/{FILE}",
            )


def _speaks_of(row: Recorded, audio: FilePath) -> bool:
    """Whether the row is of this very recording, as far as it says."""
    return not row.sha256 or row.sha256 == digest(audio / row.file)


def _difference(old: str, new: str) -> tuple[str, str]:
    """Both texts, from shortly before where they part."""
    one, other = old.split(), new.split()
    same = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    begin = max(0, same - _WORDS_BEFORE)
    return _shown(one, begin), _shown(other, begin)


def _shown(words: list[str], begin: int) -> str:
    text = " ".join(words[begin:])
    end = "…" if len(text) > _SHOWN else ""
    return f"{'… ' if begin else ''}{text[:_SHOWN]}{end}"


OUTDATED_SOUND = Rule(
    "VF306",
    Severity.WARNING,
    "sound older than its text",
    "The text was changed and the recording was not: callers hear yesterday's opening hours. What was recorded "
    "stands in flows/audio/recorded.csv; of a sound that is not listed there, nothing is said.",
    _look,
)
