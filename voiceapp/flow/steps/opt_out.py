"""`opt_out`: no more calls to this number."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from voiceapp.actions import OptOut
from voiceapp.flow import shapes
from voiceapp.flow.fields import NAME_SHAPE, read_name
from voiceapp.flow.shapes import Shape, reads
from voiceapp.flow.steps.step import Go, Outcome, Step, Visit


def _read_scope(value: Any) -> str:
    return str(read_name(value))


def _read_true(value: Any) -> bool:
    if value != "true":
        raise ValueError("has to be true")
    return True


_TRUE: Shape = {**shapes.written("^true$", "has to be true", "boolean"), **shapes.true("has to be true")}


class OptOutStep(Step):
    """Puts the other party's number on the list of those never to be called again, at once."""

    verb: ClassVar[str] = "opt_out"
    summary: ClassVar[str] = "no more calls to this number"
    example: ClassVar[str] = "opt_out: true\nscope: all"
    silent: ClassVar[bool] = True

    opt_out: Annotated[bool, reads(_read_true, _TRUE)] = Field(description="`true`")
    scope: Annotated[str, reads(_read_scope, NAME_SHAPE)] = Field(
        default="all", description="which calls are not to come any more; `all`, or a name of your own"
    )

    def enter(self, visit: Visit) -> Outcome:
        call = visit.call
        number = call.caller if call.direction == "inbound" else call.called
        return Go(actions=(OptOut(step=visit.step, number=number, scope=self.scope),) if number else ())
