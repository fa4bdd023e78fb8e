"""VF312: a carrier's own copy of a sound, for a carrier that there is not."""

from collections.abc import Iterator

from voiceapp.carriers import CARRIERS
from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.check.words.pieces import sounds
from voiceapp.flow.problems import listed, nearest


def _look(subject: Subject) -> Iterator[Remark]:
    for path, sound in sounds(subject.flow):
        for carrier in sound.media:
            if carrier not in CARRIERS:
                yield Remark(
                    (*path, "media", carrier),
                    f"callers never hear this copy: there is no carrier '{carrier}'{nearest(carrier, CARRIERS)}",
                    f"name {listed(CARRIERS, 'or')}",
                    at_key=True,
                )


UNUSED_MEDIA = Rule(
    "VF312",
    Severity.WARNING,
    "copy of a sound for a carrier that there is not",
    "The carrier that was meant speaks the text, or refuses the flow.",
    _look,
)
