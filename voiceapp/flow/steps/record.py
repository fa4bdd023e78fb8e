"""`record`: the caller's voice."""

from collections.abc import Iterable, Mapping
from typing import Annotated, ClassVar

from msgspec.structs import replace
from pydantic import Field

from voiceapp.actions import CollectDigits, PlayRecording, RecordVoice, Speak
from voiceapp.call import Progress
from voiceapp.events import DigitsCollected, Event, SilenceHeard, Value, VoiceRecorded
from voiceapp.flow.fields import Flag, NameField, Way, WayField, whole
from voiceapp.flow.prompts import PromptField
from voiceapp.flow.steps.step import Go, Outcome, Stay, Step, Visit
from voiceapp.flow.ways import AGAIN, WayOut, named

_EMPTY = "empty"
_REVIEW = "review"
_REVIEW_TRIES = 3
_REVIEW_WAIT = 5


class RecordStep(Step):
    """Records the caller; with `review`, plays it back: 1 keeps it, 2 records again."""

    verb: ClassVar[str] = "record"
    summary: ClassVar[str] = "the caller's voice"
    example: ClassVar[str] = (
        "record: Please leave a message after the tone.\nmax: 120\nsave: message\nempty: goodbye"
    )

    record: PromptField = Field(description="what the caller hears before the recording")
    max: Annotated[int, whole(1, 300, "seconds")] = Field(
        default=120, description="how long a recording may be, in seconds"
    )
    quiet: Annotated[int, whole(1, 20, "seconds")] = Field(
        default=3, description="seconds of silence that end the recording"
    )
    save: NameField | None = Field(
        default=None, description="the variable it is kept in; the step's name without it"
    )
    review: Flag = Field(default=False, description="plays it back: 1 keeps it, 2 records again")
    empty: WayField | None = Field(default=None, description="where the call goes when nothing was said")

    def enter(self, visit: Visit) -> Stay:
        spoken = tuple(Speak(step=visit.step, piece=piece) for piece in visit.pieces(self.record))
        return Stay((*spoken, RecordVoice(step=visit.step, max_seconds=self.max, quiet=self.quiet)))

    def resume(self, visit: Visit, event: Event) -> Outcome:
        match event:
            case VoiceRecorded(recording=""):
                return Go(self.empty, saved={self._name(visit): ""}, by=_EMPTY)
            case VoiceRecorded(recording=recording) if self.review:
                return self._play_back(visit, recording, 0)
            case VoiceRecorded(recording=recording):
                return Go(saved={self._name(visit): recording})
            case DigitsCollected(digits="2") if visit.progress.stage == _REVIEW:
                return replace(self.enter(visit), by=(AGAIN,))
            case DigitsCollected(digits="1") if visit.progress.stage == _REVIEW:
                return self._keep(visit)
            case DigitsCollected() | SilenceHeard() if visit.progress.stage == _REVIEW:
                tries = visit.progress.tries + 1
                if tries >= _REVIEW_TRIES:
                    return self._keep(visit)
                return self._play_back(visit, visit.progress.value, tries)
            case _:
                return super().resume(visit, event)

    def settle(self, visit: Visit, result: Event | None) -> Mapping[str, Value]:
        if isinstance(result, VoiceRecorded) and result.recording:
            return {self._name(visit): result.recording}
        return {self._name(visit): visit.progress.value} if visit.progress.stage == _REVIEW else {}

    def ways_out(self, after: Way) -> tuple[WayOut, ...]:
        return (*super().ways_out(after), *named([(_EMPTY, self.empty)], after))

    def rungs(self) -> tuple[str, ...]:
        return (AGAIN,) if self.review else ()

    def names_saved(self, name: str) -> Iterable[str]:
        return (self.save or name,)

    def _name(self, visit: Visit) -> str:
        return self.save or visit.call.frame.step

    def _keep(self, visit: Visit) -> Go:
        return Go(saved={self._name(visit): visit.progress.value})

    def _play_back(self, visit: Visit, recording: str, tries: int) -> Stay:
        choice = CollectDigits(
            step=visit.step, prompt=(visit.phrase("review"),), max_digits=1, wait=_REVIEW_WAIT, fixed=True
        )
        progress = Progress(tries, "", _REVIEW, recording)
        return Stay((PlayRecording(step=visit.step, recording=recording), choice), progress)
