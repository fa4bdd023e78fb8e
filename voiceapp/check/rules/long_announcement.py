"""VF309: an announcement that takes more than about 20 seconds."""

from collections.abc import Iterator

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.check.words.lengths import longest, typical_values
from voiceapp.check.words.pieces import said, whole_prompts
from voiceapp.flow.problems import Path
from voiceapp.flow.prompts import Prompt
from voiceapp.flow.steps.dial import DialStep
from voiceapp.flow.steps.question import Question
from voiceapp.flow.steps.record import RecordStep

SECONDS = 20


def _look(subject: Subject) -> Iterator[Remark]:
    values = typical_values(subject.flow)
    for path, step, prompt in whole_prompts(subject.flow):
        if isinstance(step, Question | RecordStep | DialStep) or _wordless(subject, prompt, path):
            continue
        seconds, language, place = longest(subject, prompt, path, values)
        if seconds > SECONDS:
            yield Remark(
                place,
                f"a caller listens for about {seconds:.0f} s in {language} and can do nothing",
                "shorten it, or offer the rest behind a key",
            )


def _wordless(subject: Subject, prompt: Prompt, path: Path) -> bool:
    """Whether a sound without words is in it: music, or a recording that somebody called to hear."""
    return any(
        text is None for language in subject.flow.head.languages for _, text in said(prompt, language, path)
    )


LONG_ANNOUNCEMENT = Rule(
    "VF309",
    Severity.NOTE,
    "announcement of more than 20 s",
    "Few callers listen that long to a voice that asks them nothing. Recordings whose words are not written down "
    "are taken for music and not counted.",
    _look,
)
