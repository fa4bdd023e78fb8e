"""`pause`: silence."""

from typing import Annotated, ClassVar

from pydantic import Field

from voiceapp.actions import Pause
from voiceapp.flow.fields import whole
from voiceapp.flow.steps.step import Go, Outcome, Step, Visit


class PauseStep(Step):
    """Silence for some seconds."""

    verb: ClassVar[str] = "pause"
    summary: ClassVar[str] = "silence, seconds"
    example: ClassVar[str] = "pause: 2"

    pause: Annotated[int, whole(1, 300, "seconds")] = Field(description="how long nothing is heard, in seconds")

    def enter(self, visit: Visit) -> Outcome:
        return Go(actions=(Pause(step=visit.step, seconds=self.pause),))
