"""Flow: one loaded flow file. Values only; everything in it was checked by the loader."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from voiceapp.events import Value
from voiceapp.flow.fields import (
    END,
    Way,
)
from voiceapp.flow.head import Head, Input, InputType, read_input
from voiceapp.flow.steps.dial import DialStep
from voiceapp.flow.steps.step import Step

__all__ = ["Flow", "Head", "Input", "InputType", "Script", "read_input", "typed_inputs", "with_defaults"]


@dataclass(frozen=True)
class Flow:
    """A flow ready to run: `below` is the step under each (or `end`), `digest` the hash of its file."""

    head: Head
    steps: Mapping[str, Step]
    below: Mapping[str, Way]
    digest: str
    file: str
    source: str
    personal: frozenset[str] = field(default_factory=frozenset)

    @property
    def name(self) -> str:
        """The flow's name, which is its file's stem."""
        return self.head.flow

    @cached_property
    def longest(self) -> timedelta:
        """After so long the call is ended."""
        return timedelta(minutes=self.head.max_minutes)

    @property
    def first(self) -> Way:
        """The step a call begins with."""
        return Way(next(iter(self.steps), END))

    def after(self, name: str) -> Way:
        """Where the call goes after a step that names no way itself."""
        return self.steps[name].next or self.below[name]

    def voice(self, language: str, carrier: str) -> str:
        """The voice to speak this language with on this carrier; `""` when the author named none."""
        voices = self.head.voice.get(language, {})
        return voices.get(carrier) or voices.get("", "")


@dataclass(frozen=True)
class Script:
    """A flow and all flows it runs, directly or not: what one version of it consists of.

    `version` is a hash over all their sources, by which a call stays with what it began with."""

    flow: Flow
    flows: Mapping[str, Flow]
    version: str

    @cached_property
    def dials(self) -> bool:
        """Whether any of its steps dials."""
        return any(isinstance(step, DialStep) for flow in self.flows.values() for step in flow.steps.values())

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers to dial that its authors wrote out."""
        dialling = [s for flow in self.flows.values() for s in flow.steps.values() if isinstance(s, DialStep)]
        return frozenset(target.source for step in dialling for target in step.dial if target.literal)


def with_defaults(flow: Flow, inputs: Mapping[str, Value]) -> dict[str, Value]:
    """The flow's inputs as passed, and their defaults; what it does not declare is left out."""
    declared = flow.head.inputs
    defaults: dict[str, Value] = {
        str(name): item.default_value for name, item in declared.items() if item.default is not None
    }
    return {**defaults, **{name: value for name, value in inputs.items() if name in declared}}


def typed_inputs(flow: Flow, values: Mapping[str, Value]) -> dict[str, Value]:
    """What another flow passes to this one: texts become what the inputs are declared as; raises ValueError."""
    typed = dict(values)
    for name, item in flow.head.inputs.items():
        value = values.get(name)
        if isinstance(value, str):
            try:
                typed[name] = read_input(item.type, value)
            except ValueError as error:
                raise ValueError(f"input '{name}' of flow '{flow.name}' {error}") from None
    return typed
