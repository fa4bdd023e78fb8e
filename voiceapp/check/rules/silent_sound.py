"""VF311: a sound in which there is nothing to hear."""

from collections.abc import Iterator
from pathlib import Path as FilePath

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.check.words.pieces import sounds
from voiceapp.check.words.sounds import NoSound, read_sound


def _look(subject: Subject) -> Iterator[Remark]:
    for path, sound in sounds(subject.flow):
        if subject.audio is None or sound.source.startswith("https://"):
            continue
        for file in dict.fromkeys(sound.file(language) for language in subject.flow.head.languages):
            wrong = _wrong(subject.audio / file) if file.lower().endswith(".wav") else ""
            if wrong:
                yield Remark(
                    (*path, "audio"),
                    f"callers hear nothing: {file} {wrong}",
                    "record it again; for silence there is pause",
                )


def _wrong(file: FilePath) -> str:
    try:
        sound = read_sound(file)
    except NoSound as error:
        return str(error)
    return f"is {sound.seconds:.1f} s of silence" if sound.silent else ""


SILENT_SOUND = Rule(
    "VF311",
    Severity.ERROR,
    "sound without anything to hear",
    "Callers hear silence where a recording was meant, and hang up.",
    _look,
)
