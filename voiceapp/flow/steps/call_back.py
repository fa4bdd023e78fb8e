"""`call_back`: a later call with a flow."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from voiceapp.actions import CallBack
from voiceapp.flow import shapes
from voiceapp.flow.fields import DataMapping, NameField, read_text, whole
from voiceapp.flow.shapes import TEMPLATE, Shape, reads, written
from voiceapp.flow.steps.dial import TARGET
from voiceapp.flow.steps.step import Failed, Go, Outcome, Step, Visit
from voiceapp.flow.templates import Purpose, Template, template

LONGEST = 7 * 24 * 3600
"""Seconds."""


def _read_number(value: Any) -> Template | None:
    if value == "true":
        return None
    number = template(read_text(value), purpose=Purpose.DATA)
    if number.literal and not TARGET.fullmatch(number.source):
        raise ValueError(f"'{number.source}' is no number to call: write true, or a number such as +33123456789")
    return number


_NO_NUMBER = "is no number to call: write true, or a number such as +33123456789"
_NUMBER: Shape = {
    **written(f"^(true|{TARGET.pattern})$|{TEMPLATE}", _NO_NUMBER, "number", "boolean"),
    **shapes.true(_NO_NUMBER),
}


class CallBackStep(Step):
    """Calls the other party, or a number, later and with another flow; on the carrier of this call."""

    verb: ClassVar[str] = "call_back"
    summary: ClassVar[str] = "a later call with a flow"
    example: ClassVar[str] = 'call_back: true\nafter: 600\nflow: satisfaction\nwith: {order: "{{ order }}"}'
    silent: ClassVar[bool] = True

    call_back: Annotated[Template | None, reads(_read_number, _NUMBER)] = Field(
        description="`true` for the other party of this call, or a number"
    )
    after: Annotated[int, whole(0, LONGEST, "seconds")] = Field(description="seconds from now to that call")
    flow: NameField = Field(description="the flow of that call")
    with_: DataMapping = Field(default={}, alias="with", description="the inputs it gets, by name")

    def enter(self, visit: Visit) -> Outcome:
        call = visit.call
        number, own = (call.caller, call.called) if call.direction == "inbound" else (call.called, call.caller)
        if self.call_back is not None:
            number = visit.text(self.call_back).strip()
        if not TARGET.fullmatch(number):
            return Failed("there is no number to call back")
        back = CallBack(
            step=visit.step,
            number=number,
            shown=own if TARGET.fullmatch(own) else "",
            after=self.after,
            flow=str(self.flow),
            inputs={name: visit.value(item) for name, item in self.with_.items()},
        )
        return Go(actions=(back,))
