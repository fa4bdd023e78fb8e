"""VF308: a voice that the carrier it is named for does not have."""

from collections.abc import Iterator

from voiceapp.carriers import CARRIERS
from voiceapp.carriers.callr import voices as callr
from voiceapp.carriers.routee import fit as routee
from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.flow.problems import listed, nearest

VOICE_DOUBTS = {"callr": callr.voice_doubt, "routee": routee.voice_doubt}
"""What is wrong with speaking a language with a voice, by carrier; `""` when nothing is."""


def _look(subject: Subject) -> Iterator[Remark]:
    for language, voices in subject.flow.head.voice.items():
        for carrier, voice in voices.items():
            path = ("voice", language, carrier)
            if carrier and carrier not in CARRIERS:
                message = (
                    f"callers never hear this voice: there is no carrier '{carrier}'{nearest(carrier, CARRIERS)}"
                )
                yield Remark(path, message, f"name {listed(CARRIERS, 'or')}", at_key=True)
            elif carrier and (doubt := VOICE_DOUBTS[carrier](language, voice)):
                yield Remark(
                    path, doubt, "name one of the carrier's voices for this language, or write female or male"
                )


UNKNOWN_VOICE = Rule(
    "VF308",
    Severity.WARNING,
    "voice that the carrier does not have",
    "The carrier speaks with another voice, with a foreign accent, or not at all.",
    _look,
)
