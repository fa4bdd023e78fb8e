"""`say`: speaks or plays a prompt."""

from typing import Annotated, ClassVar

from pydantic import Field

from voiceapp.actions import Speak
from voiceapp.flow.fields import Flag, whole
from voiceapp.flow.prompts import Prompt, PromptField
from voiceapp.flow.steps.step import Go, Outcome, Step, Visit


class SpokenStep(Step):
    """What `say` and `play` have in common."""

    interruptible: Flag = Field(
        default=False, description="whether a key ends it and answers the question behind it"
    )
    times: Annotated[int, whole(1, 20, "times")] = Field(default=1, description="how many times it is said")

    def speak(self, visit: Visit, prompt: Prompt) -> Go:
        """Goes on after speaking the prompt `times` times."""
        once = tuple(
            Speak(step=visit.step, piece=piece, interruptible=self.interruptible) for piece in visit.pieces(prompt)
        )
        return Go(actions=once * self.times)


class SayStep(SpokenStep):
    """Speaks or plays a prompt, `times` times."""

    verb: ClassVar[str] = "say"
    summary: ClassVar[str] = "speaks or plays a prompt"
    example: ClassVar[str] = 'say: {en-GB: "Hello {{ first_name }}.", fr-FR: "Bonjour {{ first_name }}."}'

    say: PromptField = Field(description="what the caller hears")

    def enter(self, visit: Visit) -> Outcome:
        return self.speak(visit, self.say)
