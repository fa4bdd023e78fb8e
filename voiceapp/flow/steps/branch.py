"""`branch`: the first condition that holds."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from voiceapp.flow.fields import ConditionField, WayField
from voiceapp.flow.steps.step import Go, Outcome, Step, Visit


class Case(BaseModel):
    """One condition and where it leads."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, hide_input_in_errors=True)

    if_: ConditionField = Field(alias="if")
    next: WayField


class BranchStep(Step):
    """Goes where the first condition that holds leads, else `otherwise`."""

    verb: ClassVar[str] = "branch"
    summary: ClassVar[str] = "first condition that holds"
    example: ClassVar[str] = (
        'branch:\n  - {if: "score <= 6", next: why}\n  - {if: "score >= 9", next: thanks}\notherwise: goodbye'
    )
    silent: ClassVar[bool] = True

    branch: Annotated[tuple[Case, ...], Field(min_length=1)]
    otherwise: WayField | None = None

    def enter(self, visit: Visit) -> Outcome:
        for case in self.branch:
            if visit.holds(case.if_):
                return Go(case.next)
        return Go(self.otherwise)
