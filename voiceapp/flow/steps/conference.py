"""`conference`: a room, by name."""

import re
from typing import Annotated, Any, ClassVar

from pydantic import Field

from voiceapp.actions import JoinConference, Piece
from voiceapp.events import ActionCompleted, Event
from voiceapp.flow.fields import Flag, read_text
from voiceapp.flow.problems import Wrong, WrongParts
from voiceapp.flow.prompts import InOrder, Prompt, parts, read_prompt
from voiceapp.flow.shapes import defined, reads, written
from voiceapp.flow.steps.step import Go, Outcome, Stay, Step, Visit
from voiceapp.flow.templates import Purpose, Template, template


def _read_room(value: Any) -> Template:
    if not read_text(value).strip():
        raise ValueError("has to name a room")
    return template(value, purpose=Purpose.DATA)


def _read_one_piece(value: Any) -> Prompt:
    prompt = read_prompt(value)
    wrong = [
        Wrong(path, "has to be one text or one sound: a room plays no list")
        for path, part in parts(prompt)
        if isinstance(part, InOrder)
    ]
    if wrong:
        raise WrongParts(wrong)
    return prompt


def _read_pin(value: Any) -> str:
    pin = read_text(value)
    if not re.fullmatch(r"[0-9]{1,20}", pin):
        raise ValueError(f"'{pin}' cannot be typed: a pin has digits only")
    return pin


_ROOM = written(r"\S", "has to name a room", "number", "boolean")
_PIN = written("^[0-9]{1,20}$", "cannot be typed: a pin has digits only", "integer")
ONE_PIECE_SHAPE = defined(
    "one_piece",
    "has to be one text, one for each language, or one sound: a room plays no list",
    *("string", "number", "boolean", "object"),
)
_OnePiece = Annotated[Prompt, reads(_read_one_piece, ONE_PIECE_SHAPE)]


class ConferenceStep(Step):
    """Puts the caller into a room together with everybody else in it; the caller leaves it with `*`."""

    verb: ClassVar[str] = "conference"
    summary: ClassVar[str] = "a room, by name"
    example: ClassVar[str] = (
        'conference: monday_meeting\npin: "4711"\nalone: You are the first.\nleave_when_alone: true'
    )

    conference: Annotated[Template, reads(_read_room, _ROOM)] = Field(
        description="the room's name; all who come to a room of one name are in it together"
    )
    pin: Annotated[str, reads(_read_pin, _PIN)] = Field(
        default="", description="digits that have to be typed to come in"
    )
    welcome: _OnePiece | None = Field(default=None, description="what the caller hears when coming in")
    alone: _OnePiece | None = Field(default=None, description="what the caller hears while nobody else is in it")
    leave_when_alone: Flag = Field(
        default=False, description="whether the call goes on when everybody else has left"
    )

    def enter(self, visit: Visit) -> Outcome:
        join = JoinConference(
            step=visit.step,
            room=visit.text(self.conference),
            pin=self.pin,
            welcome=_first(visit, self.welcome),
            alone=_first(visit, self.alone),
            leave_when_alone=self.leave_when_alone,
        )
        return Stay((join,))

    def resume(self, visit: Visit, event: Event) -> Outcome:
        return Go() if isinstance(event, ActionCompleted) else super().resume(visit, event)


def _first(visit: Visit, prompt: Prompt | None) -> Piece | None:
    return None if prompt is None else visit.pieces(prompt)[0]
