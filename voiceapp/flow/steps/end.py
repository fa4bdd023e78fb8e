"""`end`: hangs up, after an optional prompt."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from voiceapp.actions import Speak
from voiceapp.flow.fields import Way
from voiceapp.flow.prompts import PROMPT_SHAPE, Prompt, read_prompt
from voiceapp.flow.shapes import defined, reads
from voiceapp.flow.steps.step import Finish, Outcome, Step, Visit
from voiceapp.flow.ways import WayOut


def _read_last_words(value: Any) -> Prompt | None:
    return None if value in ("", "true") else read_prompt(value)


_LAST_WORDS = defined("last_words", PROMPT_SHAPE["errorMessage"], *PROMPT_SHAPE["type"], "null")


class EndStep(Step):
    """Says goodbye and hangs up."""

    verb: ClassVar[str] = "end"
    summary: ClassVar[str] = "hangs up, after an optional prompt"
    example: ClassVar[str] = "end: Thank you. Goodbye."

    end: Annotated[Prompt | None, reads(_read_last_words, _LAST_WORDS)] = Field(
        description="what the caller hears before the call ends; `true` for nothing"
    )

    def enter(self, visit: Visit) -> Outcome:
        pieces = () if self.end is None else visit.pieces(self.end)
        return Finish(tuple(Speak(step=visit.step, piece=piece) for piece in pieces))

    def ways_out(self, after: Way) -> tuple[WayOut, ...]:
        return ()
