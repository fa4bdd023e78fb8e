"""`fetch`: an HTTP request, its answer saved."""

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import Field

from voiceapp.actions import Fetch, Pause, Speak
from voiceapp.call import Progress
from voiceapp.events import (
    ActionCompleted,
    DigitsCollected,
    Event,
    FetchCompleted,
    FetchDelayed,
    FetchFailed,
    SilenceHeard,
)
from voiceapp.flow.fields import DataField, Fraction, Headers, NameField, UrlField, Way, WayField, read_text, whole
from voiceapp.flow.problems import nearest
from voiceapp.flow.prompts import PromptField
from voiceapp.flow.shapes import reads
from voiceapp.flow.steps.step import Failed, Go, Outcome, Stay, Step, Visit
from voiceapp.flow.ways import WayOut

_FAILED = "failed"
PATIENCE = 3.0
PATIENCE_WITH_WORDS = 0.8
"""Seconds of silence a caller bears: until the call is held on, or until `meanwhile` is said."""

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


def _read_method(value: Any) -> str:
    method = read_text(value)
    if method not in get_args(Method):
        raise ValueError(f"unknown method '{method}'{nearest(method.upper(), get_args(Method))}")
    return method


class FetchStep(Step):
    """Asks a back end; the caller hears `meanwhile` when the answer takes longer than a moment."""

    verb: ClassVar[str] = "fetch"
    summary: ClassVar[str] = "HTTP request"
    example: ClassVar[str] = (
        'fetch: "https://results.example.com/patients/{{ patient_number }}"\n'
        "timeout: 2\nmeanwhile: One moment please.\nsave: result\nfailed: reception"
    )
    silent: ClassVar[bool] = True

    fetch: UrlField = Field(description="the URL that is asked; it starts with https://")
    method: Annotated[str, reads(_read_method, {"enum": list(get_args(Method))})] = Field(
        default="GET", description="the HTTP method"
    )
    headers: Headers = Field(default={}, description="HTTP headers to send")
    json_: DataField | None = Field(default=None, alias="json", description="what is sent, as JSON")
    timeout: Fraction = Field(default=2.0, description="seconds that the answer may take, all tries together")
    retries: Annotated[int, whole(0, 3, "retries")] = Field(
        default=0, description="how often it is asked again after a failure"
    )
    meanwhile: PromptField | None = Field(
        default=None, description="what the caller hears when the answer takes longer than a moment"
    )
    save: NameField | None = Field(
        default=None, description="the variable the answer is kept in; the step's name without it"
    )
    failed: WayField | None = Field(
        default=None, description="where the call goes when there is no answer; without it `on_error`"
    )

    def enter(self, visit: Visit) -> Outcome:
        fetch = Fetch(
            step=visit.step,
            url=visit.text(self.fetch),
            method=self.method,
            headers={name: visit.text(value) for name, value in self.headers.items()},
            json=None if self.json_ is None else visit.value(self.json_),
            has_json=self.json_ is not None,
            timeout=self.timeout,
            retries=self.retries,
            patience=PATIENCE if self.meanwhile is None else PATIENCE_WITH_WORDS,
        )
        return Stay((fetch,))

    def resume(self, visit: Visit, event: Event) -> Outcome:
        match event:
            case FetchCompleted(value=value):
                return Go(saved={self.save or visit.call.frame.step: value})
            case FetchFailed(reason=reason):
                return Go(self.failed, by=_FAILED) if self.failed else Failed(f"fetch failed: {reason}")
            case FetchDelayed() if self.meanwhile is not None:
                spoken = tuple(Speak(step=visit.step, piece=piece) for piece in visit.pieces(self.meanwhile))
                return Stay(spoken, Progress(visit.progress.tries + 1))
            case FetchDelayed():
                return Stay((Pause(step=visit.step, seconds=1),), Progress(visit.progress.tries + 1))
            case ActionCompleted() | SilenceHeard() | DigitsCollected():
                return Stay((), visit.progress)
            case _:
                return super().resume(visit, event)

    def ways_out(self, after: Way) -> tuple[WayOut, ...]:
        failed = () if self.failed is None else (WayOut(_FAILED, self.failed),)
        return (*super().ways_out(after), *failed)

    def names_saved(self, name: str) -> Iterable[str]:
        return (self.save or name,)
