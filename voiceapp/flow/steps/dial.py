"""`dial`: connects the caller to somebody else."""

import re
from itertools import chain
from typing import Annotated, Any, ClassVar, assert_never, get_args

from pydantic import Field

from voiceapp.actions import Dial, StopRecording
from voiceapp.attempt import HIDDEN
from voiceapp.events import ActionFailed, DialEnded, DialOutcome, Event, Value
from voiceapp.flow import shapes
from voiceapp.flow.fields import Flag, Way, WayField, read_text, whole
from voiceapp.flow.problems import Wrong, WrongParts, WrongWithin, rest_of, wrong_at
from voiceapp.flow.prompts import PromptField
from voiceapp.flow.shapes import TEMPLATE, reads, written
from voiceapp.flow.steps.step import Go, Outcome, Stay, Step, Visit
from voiceapp.flow.templates import Purpose, Template, left_of, template
from voiceapp.flow.ways import WayOut, named

TARGET = re.compile(r"\+[1-9][0-9]{5,14}|sip:[^\s@;?]{1,64}@[A-Za-z0-9.-]{1,190}(:[0-9]{1,5})?")
"""E.164 with its plus, or a SIP address."""

_NUMBER = re.compile(r"\+[1-9][0-9]{5,14}")
_TARGETS = shapes.one_or_more(
    written(
        f"^({TARGET.pattern})$|{TEMPLATE}",
        "is no number to call: write it as +33123456789 or sip:name@host",
        "number",
    )
)
_SHOWN = written(
    f"^({_NUMBER.pattern}|{HIDDEN})$|{TEMPLATE}",
    f"is no number to show: write it as +33123456789, or {HIDDEN}",
    "number",
)


def _read_targets(value: Any) -> tuple[Template, ...]:
    if value in ("", []):
        raise ValueError("names nobody to call")
    wrong: list[Wrong | WrongWithin] = []
    targets = []
    for at, item in enumerate(value if isinstance(value, list) else [value]):
        try:
            targets.append(_read_target(item))
        except ValueError as error:
            path = (str(at),) if isinstance(value, list) else ()
            wrong += wrong_at(path, error)
            targets.append(left_of(error, Purpose.DATA))
    if wrong:
        raise WrongParts(wrong, rest_of(tuple(targets), wrong))
    return tuple(targets)


def _read_target(value: Any) -> Template:
    target = template(read_text(value), purpose=Purpose.DATA)
    if target.literal and not TARGET.fullmatch(target.source):
        raise ValueError(f"'{target.source}' is no number to call: write it as +33123456789 or sip:name@host")
    return target


def _read_caller_id(value: Any) -> Template:
    caller_id = template(read_text(value), purpose=Purpose.DATA)
    if caller_id.literal and caller_id.source != HIDDEN and not _NUMBER.fullmatch(caller_id.source):
        raise ValueError(f"'{caller_id.source}' is no number to show: write it as +33123456789, or hidden")
    return caller_id


def _numbers(value: Value) -> list[str]:
    """One number, or all of an input of type `phones`."""
    return [str(item).strip() for item in (value if isinstance(value, list) else [value])]


class DialStep(Step):
    """Calls the targets one after the other until one answers, and connects it with the caller."""

    verb: ClassVar[str] = "dial"
    summary: ClassVar[str] = "connects to the first of these that answers"
    example: ClassVar[str] = (
        'dial: ["+302310123456", "+302310123457"]\nring: 25\nbusy: voicemail\nno_answer: voicemail'
    )

    dial: Annotated[tuple[Template, ...], reads(_read_targets, _TARGETS)] = Field(
        description="a number as +33123456789, a SIP address, or several, called in this order"
    )
    ring: Annotated[int, whole(5, 300, "seconds")] = Field(
        default=30, description="how long each of them rings, in seconds"
    )
    caller_id: Annotated[Template, reads(_read_caller_id, _SHOWN)] | None = Field(
        default=None, description="the number shown to whom is called, or `hidden`; without it the one called"
    )
    whisper: PromptField | None = Field(
        default=None, description="what the one who answers hears before the two are connected"
    )
    music: Flag = Field(default=False, description="whether the caller hears music in place of the ringing")
    record: Flag = Field(default=False, description="whether the conversation is recorded")
    max: Annotated[int, whole(1, 14400, "seconds")] | None = Field(
        default=None, description="how long the two may talk, in seconds"
    )
    answered: WayField | None = Field(default=None, description="where the call goes when they have talked")
    busy: WayField | None = Field(default=None, description="where the call goes when all were busy")
    no_answer: WayField | None = Field(default=None, description="where the call goes when nobody answered")
    failed: WayField | None = Field(default=None, description="where the call goes when none could be called")

    def enter(self, visit: Visit) -> Outcome:
        wanted = chain.from_iterable(_numbers(visit.value(target)) for target in self.dial)
        targets = tuple(target for target in wanted if target not in visit.call.refused)
        if not targets or not all(TARGET.fullmatch(target) for target in targets):
            return Go(self.failed, by="failed")
        dial = Dial(
            step=visit.step,
            targets=targets,
            ring=self.ring,
            caller_id=self._shown(visit),
            whisper=() if self.whisper is None else visit.pieces(self.whisper),
            music=self.music,
            record=self.record,
            max_seconds=self.max,
        )
        return Stay((dial,))

    def _shown(self, visit: Visit) -> str:
        """The number the called party sees; none where the author's is hidden or, now, no number."""
        if self.caller_id is None:
            return visit.call.called
        number = visit.text(self.caller_id).strip()
        return number if _NUMBER.fullmatch(number) else ""

    def resume(self, visit: Visit, event: Event) -> Outcome:
        match event:
            case DialEnded(outcome=outcome):
                stop = (StopRecording(step=visit.step),) if self.record else ()
                return Go(self.way_of(outcome), stop, by=outcome)
            case ActionFailed():
                return Go(self.failed, by="failed")
            case _:
                return super().resume(visit, event)

    def ways_out(self, after: Way) -> tuple[WayOut, ...]:
        return named(((outcome, self.way_of(outcome)) for outcome in get_args(DialOutcome)), after)

    def way_of(self, outcome: DialOutcome) -> Any:
        """Where this outcome leads; None is the step's `next`."""
        match outcome:
            case "answered":
                return self.answered
            case "busy":
                return self.busy
            case "no_answer":
                return self.no_answer
            case "failed":
                return self.failed
            case _:
                assert_never(outcome)
