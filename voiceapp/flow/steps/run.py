"""`run`: another flow, then back."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from pydantic import Field

from voiceapp.events import Value
from voiceapp.flow.fields import DataMapping, NameField
from voiceapp.flow.steps.step import Enter, Go, Outcome, Step, Visit


class RunStep(Step):
    """Runs another flow with these inputs; what it saved comes back under `save`."""

    verb: ClassVar[str] = "run"
    summary: ClassVar[str] = "another flow, then back"
    example: ClassVar[str] = 'run: satisfaction\nwith: {order: "{{ order }}"}\nsave: survey'

    run: NameField = Field(description="the flow's name")
    with_: DataMapping = Field(default={}, alias="with", description="the inputs it gets, by name")
    save: NameField | None = Field(
        default=None, description="the variable all that it saved is kept in; the step's name without it"
    )

    def enter(self, visit: Visit) -> Outcome:
        return Enter(self.run, {name: visit.value(data) for name, data in self.with_.items()})

    def leave(self, visit: Visit, saved: Mapping[str, Value]) -> Outcome:
        return Go(saved={self.save or visit.call.frame.step: dict(saved)})

    def names_saved(self, name: str) -> Iterable[str]:
        return (self.save or name,)
