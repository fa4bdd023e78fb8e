"""`end`: hangs up, after an optional prompt."""

from typing import Annotated, Any, ClassVar

from pydantic import PlainValidator

from voiceapp.actions import Speak
from voiceapp.flow.prompts import Prompt, read_prompt
from voiceapp.flow.steps.step import Finish, Outcome, Step, Visit


def _read_last_words(value: Any) -> Prompt | None:
    return None if value in ("", "true") else read_prompt(value)


class EndStep(Step):
    """Says goodbye and hangs up."""

    verb: ClassVar[str] = "end"
    summary: ClassVar[str] = "hangs up, after an optional prompt"
    example: ClassVar[str] = "end: Thank you. Goodbye."

    end: Annotated[Prompt | None, PlainValidator(_read_last_words)]

    def enter(self, visit: Visit) -> Outcome:
        pieces = () if self.end is None else visit.pieces(self.end)
        return Finish(tuple(Speak(step=visit.step, piece=piece) for piece in pieces))
