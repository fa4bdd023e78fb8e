"""What every step is: the fields all verbs share, what a step can see, and what it can answer.

A step is pure: it sees a `Visit`, it returns an `Outcome`. The engine does the rest.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Protocol

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from voiceapp.actions import Action, Piece
from voiceapp.call import Call, Progress
from voiceapp.events import ActionFailed, Event, Value
from voiceapp.flow.fields import Data, Text, Way, WayField
from voiceapp.flow.phrases import Phrase
from voiceapp.flow.prompts import Prompt
from voiceapp.flow.templates import Condition, Template
from voiceapp.flow.ways import NEXT, WayOut


class Go(msgspec.Struct, gc=False, frozen=True):
    """The step is done: go to `way` (None: the step's `next`, else the one below), with these variables. `by` is
    the way's name among `ways_out`."""

    way: Way | None = None
    actions: tuple[Action, ...] = ()
    saved: Mapping[str, Value] = {}
    by: str = NEXT


class Stay(msgspec.Struct, gc=False, frozen=True):
    """The step waits for an event, and remembers `progress` until then. `by` are
    the names, among `rungs`, of the try that begins."""

    actions: tuple[Action, ...]
    progress: Progress = Progress()
    by: tuple[str, ...] = ()


class Failed(msgspec.Struct, gc=False, frozen=True):
    """The step could not be done and has no way of its own for that."""

    reason: str


class Enter(msgspec.Struct, gc=False, frozen=True):
    """Another flow runs from here; the step is resumed by `leave` when it is through."""

    flow: str
    inputs: Mapping[str, Value]


class Finish(msgspec.Struct, gc=False, frozen=True):
    """The call ends here, after these actions."""

    actions: tuple[Action, ...] = ()


Outcome = Go | Stay | Failed | Enter | Finish


class Visit(Protocol):
    """What a step sees of the call. Raises RenderError where a template needs what is not there."""

    @property
    def call(self) -> Call:
        """The call as it is now."""

    @property
    def step(self) -> str:
        """The step's name as a trace shows it."""

    @property
    def progress(self) -> Progress:
        """What the step remembered."""

    @property
    def flow_keys(self) -> Mapping[str, Way]:
        """The keys listened to in every question of this flow."""

    @property
    def language(self) -> str:
        """The language the call is in."""

    @property
    def at(self) -> Any:
        """When this happens: an aware UTC datetime."""

    def pieces(self, prompt: Prompt, extra: Mapping[str, Value] | None = None) -> tuple[Piece, ...]:
        """The prompt in the caller's language, ready to speak; `extra` are variables of this prompt only."""

    def phrase(self, name: Phrase, **values: str) -> Piece:
        """One of the built-in sentences in the caller's language."""

    def text(self, template: Template) -> str:
        """A template's text."""

    def value(self, data: Data) -> Value:
        """A tree of templates as JSON types; one whole `{{ … }}` keeps its type."""

    def holds(self, condition: Condition) -> bool:
        """Whether a condition is true now."""


class Step(BaseModel, ABC):
    """One step of a flow. Subclasses are the verbs, one file each, listed once in `steps/__init__`."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, hide_input_in_errors=True)

    verb: ClassVar[str]
    summary: ClassVar[str]
    example: ClassVar[str]
    collects: ClassVar[bool] = False
    silent: ClassVar[bool] = False
    """Needs no caller: may run after the hang-up."""

    next: WayField | None = Field(
        default=None, description="the step that comes next, or `end`; without it the one below"
    )
    note: Text = Field(default="", description="a remark for people; no caller hears it")

    @abstractmethod
    def enter(self, visit: Visit) -> Outcome:
        """The call comes to this step."""

    def resume(self, visit: Visit, event: Event) -> Outcome:
        """What this step waited for has happened."""
        reason = event.reason if isinstance(event, ActionFailed) else f"cannot go on after {type(event).__name__}"
        return Failed(reason)

    def leave(self, visit: Visit, saved: Mapping[str, Value]) -> Outcome:
        """The flow that this step entered is through and saved these variables."""
        return Go()

    def settle(self, visit: Visit, result: Event | None) -> Mapping[str, Value]:
        """The caller hung up while this step waited: what of its answer is worth keeping."""
        return {}

    def names_saved(self, name: str) -> Iterable[str]:
        """The variables this step may save, given its own name."""
        return ()

    def ways_out(self, after: Way) -> tuple[WayOut, ...]:
        """Every way out; `after` is where `next` or the order leads."""
        return (WayOut(NEXT, after),)

    def rungs(self) -> tuple[str, ...]:
        """The names of the tries that follow the first, and of what is said before them."""
        return ()
