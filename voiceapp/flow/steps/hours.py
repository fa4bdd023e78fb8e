"""`hours`: open or not, now."""

from typing import Annotated, Any, ClassVar

from pydantic import Field, ValidationInfo

from voiceapp.flow.calendar import OpeningHours, is_open, parse_hours
from voiceapp.flow.fields import Way, WayField
from voiceapp.flow.hours_text import SHAPE
from voiceapp.flow.problems import Wrong, WrongParts
from voiceapp.flow.shapes import reads
from voiceapp.flow.steps.step import Go, Outcome, Step, Visit
from voiceapp.flow.ways import WayOut

_CLOSED = "closed"


def _read_hours(value: Any, info: ValidationInfo) -> OpeningHours:
    if not isinstance(value, dict):
        raise ValueError('has to be a mapping, as in {zone: Europe/Athens, mon-fri: "09:00-17:00"}')
    hours, problems = parse_hours(value, (info.context or {}).get("zone", "UTC"))
    if hours is None:
        raise WrongParts(Wrong(path, message) for path, message in problems)
    return hours


class HoursStep(Step):
    """Goes on while open, else to `closed`."""

    verb: ClassVar[str] = "hours"
    summary: ClassVar[str] = "open or not, now"
    example: ClassVar[str] = (
        'hours: {zone: Europe/Athens, mon-fri: "09:00-17:00", sat: "09:00-13:00", holidays: GR}\nclosed: night'
    )
    silent: ClassVar[bool] = True

    hours: Annotated[OpeningHours, reads(_read_hours, SHAPE)] = Field(
        description="weekdays and their hours, with `zone`, `holidays` and `except`"
    )
    closed: WayField = Field(description="where the call goes while closed")

    def enter(self, visit: Visit) -> Outcome:
        return Go() if is_open(self.hours, visit.at) else Go(self.closed, by=_CLOSED)

    def ways_out(self, after: Way) -> tuple[WayOut, ...]:
        return (*super().ways_out(after), WayOut(_CLOSED, self.closed))
