"""`dial`: connects the caller to somebody else."""

import re
from itertools import chain
from typing import Annotated, Any, ClassVar, assert_never

from pydantic import PlainValidator

from voiceapp.actions import Dial, StopRecording
from voiceapp.attempt import HIDDEN
from voiceapp.events import ActionFailed, DialEnded, DialOutcome, Event, Value
from voiceapp.flow.fields import Flag, WayField, read_text, whole
from voiceapp.flow.problems import Wrong, WrongParts
from voiceapp.flow.prompts import PromptField
from voiceapp.flow.steps.step import Go, Outcome, Stay, Step, Visit
from voiceapp.flow.templates import Purpose, Template, TemplateError, template

TARGET = re.compile(r"\+[1-9][0-9]{5,14}|sip:[^\s@;?]{1,64}@[A-Za-z0-9.-]{1,190}(:[0-9]{1,5})?")
"""E.164 with its plus, or a SIP address."""

_NUMBER = re.compile(r"\+[1-9][0-9]{5,14}")


def _read_targets(value: Any) -> tuple[Template, ...]:
    if value in ("", []):
        raise ValueError("names nobody to call")
    wrong, targets = [], []
    for at, item in enumerate(value if isinstance(value, list) else [value]):
        try:
            targets.append(_read_target(item))
        except (ValueError, TemplateError) as error:
            wrong.append(Wrong((str(at),) if isinstance(value, list) else (), str(error)))
    if wrong:
        raise WrongParts(wrong)
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

    dial: Annotated[tuple[Template, ...], PlainValidator(_read_targets)]
    ring: Annotated[int, whole(5, 300, "seconds")] = 30
    caller_id: Annotated[Template, PlainValidator(_read_caller_id)] | None = None
    whisper: PromptField | None = None
    music: Flag = False
    record: Flag = False
    max: Annotated[int, whole(1, 14400, "seconds")] | None = None
    answered: WayField | None = None
    busy: WayField | None = None
    no_answer: WayField | None = None
    failed: WayField | None = None

    def enter(self, visit: Visit) -> Outcome:
        wanted = chain.from_iterable(_numbers(visit.value(target)) for target in self.dial)
        targets = tuple(target for target in wanted if target not in visit.call.refused)
        if not targets or not all(TARGET.fullmatch(target) for target in targets):
            return Go(self.failed)
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
                return Go(self.way_of(outcome), stop)
            case ActionFailed():
                return Go(self.failed)
            case _:
                return super().resume(visit, event)

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
