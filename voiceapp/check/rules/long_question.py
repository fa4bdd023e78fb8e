"""VF302: something to be answered that takes more than about 20 seconds to say."""

from collections.abc import Iterator

from voiceapp.check.finding import Remark, Severity
from voiceapp.check.rules.rule import Rule
from voiceapp.check.subject import Subject
from voiceapp.check.words.lengths import longest, typical_values
from voiceapp.check.words.pieces import whole_prompts
from voiceapp.flow.steps.dial import DialStep
from voiceapp.flow.steps.question import Question
from voiceapp.flow.steps.record import RecordStep

SECONDS = 20


def _look(subject: Subject) -> Iterator[Remark]:
    values = typical_values(subject.flow)
    for path, step, prompt in whole_prompts(subject.flow):
        if isinstance(step, Question | RecordStep | DialStep):
            seconds, language, place = longest(subject, prompt, path, values)
            if seconds > SECONDS:
                yield Remark(
                    place,
                    f"a caller listens for about {seconds:.0f} s in {language} before there is anything to do",
                    f"say it in less than {SECONDS} s: what has to be told goes into a say before it",
                )


LONG_QUESTION = Rule(
    "VF302",
    Severity.WARNING,
    "question that takes more than 20 s to ask",
    "Who has listened for so long has forgotten how it began, and hears it all again after a wrong key. The "
    "time of a text is estimated (15 characters a second, half a second for a digit), a recording has its own.",
    _look,
)
