"""`play`: speaks nothing, plays audio."""

from typing import ClassVar

from pydantic import Field

from voiceapp.flow.prompts import PromptField
from voiceapp.flow.steps.say import SpokenStep
from voiceapp.flow.steps.step import Outcome, Visit


class PlayStep(SpokenStep):
    """The same for audio alone."""

    verb: ClassVar[str] = "play"
    summary: ClassVar[str] = "the same for audio alone"
    example: ClassVar[str] = "play: {audio: welcome.wav, text: Welcome to the clinic., media: {callr: 131}}"

    play: PromptField = Field(description="the sound that the caller hears")

    def enter(self, visit: Visit) -> Outcome:
        return self.speak(visit, self.play)
