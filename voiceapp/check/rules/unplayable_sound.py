"""VF305: a sound in a form that telephone networks do not carry."""

from collections.abc import Iterator
from pathlib import Path as FilePath

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.check.words.pieces import sounds
from voiceapp.check.words.sounds import NoSound, read_sound
from voiceapp.flow.prompts import Played

_FIX = "convert it: ffmpeg -i {file} -ac 1 -ar 8000 -c:a pcm_s16le {stem}.wav"


def _look(subject: Subject) -> Iterator[Remark]:
    for path, sound in sounds(subject.flow):
        if subject.audio is None or sound.source.startswith("https://"):
            continue
        for file in dict.fromkeys(sound.file(language) for language in subject.flow.head.languages):
            message = _wrong(sound, file, subject.audio)
            if message:
                yield Remark((*path, "audio"), message, _FIX.format(file=file, stem=f"{FilePath(file).stem}_8000"))


def _wrong(sound: Played, file: str, audio: FilePath) -> str:
    if not file.lower().endswith(".wav"):
        # Where carriers have copies of their own, the file may be no more than the original.
        return "" if sound.media else f"callers may not hear {file}: of files, carriers play .wav only"
    try:
        found = read_sound(audio / file)
    except NoSound:
        return ""  # which VF311 says
    if found.fits_telephones:
        return ""
    return f"callers may hear noise or nothing: {file} is {found.form}, and not PCM, 16 bit, mono, 8000 Hz"


UNPLAYABLE_SOUND = Rule(
    "VF305",
    Severity.WARNING,
    "sound that carriers may not play",
    "What a carrier cannot play is silence, or noise. Routee plays .wav files and says no more; CALLR's library "
    "takes PCM of 16 bit. Telephone networks carry one channel at 8 or 16 kHz, as PCM of 16 bit, A-law or µ-law.",
    _look,
)
