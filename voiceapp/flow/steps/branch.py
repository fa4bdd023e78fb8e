"""`branch`: the first condition that holds."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from voiceapp.flow.fields import ConditionField, Way, WayField
from voiceapp.flow.steps.step import Go, Outcome, Step, Visit
from voiceapp.flow.ways import OTHERWISE, WayOut, named


class Case(BaseModel):
    """One condition and where it leads."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, hide_input_in_errors=True)

    if_: ConditionField = Field(alias="if", description="a condition, as in `score <= 6 and language == 'en-GB'`")
    next: WayField = Field(description="the step that comes next where it holds, or `end`")


class BranchStep(Step):
    """Goes where the first condition that holds leads, else `otherwise`."""

    verb: ClassVar[str] = "branch"
    summary: ClassVar[str] = "first condition that holds"
    example: ClassVar[str] = (
        'branch:\n  - {if: "score <= 6", next: why}\n  - {if: "score >= 9", next: thanks}\notherwise: goodbye'
    )
    silent: ClassVar[bool] = True

    branch: Annotated[tuple[Case, ...], Field(min_length=1)] = Field(
        description="conditions, looked at from top to bottom"
    )
    otherwise: WayField | None = Field(
        default=None, description="where the call goes when none holds; without it the step below"
    )

    def enter(self, visit: Visit) -> Outcome:
        for at, case in enumerate(self.branch, start=1):
            if visit.holds(case.if_):
                return Go(case.next, by=_case(at))
        return Go(self.otherwise, by=OTHERWISE)

    def ways_out(self, after: Way) -> tuple[WayOut, ...]:
        cases = ((_case(at), case.next) for at, case in enumerate(self.branch, start=1))
        return named((*cases, (OTHERWISE, self.otherwise)), after)


def _case(at: int) -> str:
    return f"if {at}"
