"""`set`: variables."""

from collections.abc import Iterable
from typing import ClassVar

from pydantic import Field

from voiceapp.flow.fields import Assignments
from voiceapp.flow.steps.step import Go, Outcome, Step, Visit


class SetStep(Step):
    """Sets variables; `language` is the one the caller hears from then on."""

    verb: ClassVar[str] = "set"
    summary: ClassVar[str] = "variables"
    example: ClassVar[str] = 'set: {language: el-GR, total: "{{ price + 5 }}"}'
    silent: ClassVar[bool] = True

    set_: Assignments = Field(alias="set", description="names and the value each gets")

    def enter(self, visit: Visit) -> Outcome:
        return Go(saved={name: visit.value(data) for name, data in self.set_.items()})

    def names_saved(self, name: str) -> Iterable[str]:
        return self.set_
