"""How a carrier does what a flow wants: data beside each codec, in words for authors.

A verb is done by a command of the carrier (native), by several or by others (emulated), by voiceapp itself (ours),
or not at all (impossible). What a step writes besides its verb may be done in a manner of its own. What a carrier
cannot do in one particular flow is said by its `fit.py`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from voiceapp.flow.flow import Flow
from voiceapp.flow.leaves import prompts
from voiceapp.flow.problems import Path
from voiceapp.flow.prompts import InOrder, parts
from voiceapp.flow.steps import Step

HEAD = ""
"""Stands where a step's name does for what a flow says above its steps."""


class Portability(StrEnum):
    """How far a carrier does something, from the best to the worst."""

    OURS = "ours"
    NATIVE = "native"
    EMULATED = "emulated"
    IMPOSSIBLE = "impossible"


class Manner(NamedTuple):
    """How something is done: by which command of the carrier (`""`: by none), and in words."""

    portability: Portability
    command: str
    words: str

    def __str__(self) -> str:
        match self.portability:
            case Portability.NATIVE:
                return f"{self.command}: {self.words}" if self.words else self.command
            case Portability.OURS:
                return f"by voiceapp: {self.words}" if self.words else "by voiceapp"
            case Portability.EMULATED | Portability.IMPOSSIBLE:
                return f"{self.portability}: {self.words}"


def native(command: str, words: str = "") -> Manner:
    """The carrier has a command for it."""
    return Manner(Portability.NATIVE, command, words)


def emulated(command: str, words: str) -> Manner:
    """Done with commands that are meant for something else, or by several: first of all `command`."""
    return Manner(Portability.EMULATED, command, words)


def ours(words: str = "") -> Manner:
    """No carrier has to do anything for it."""
    return Manner(Portability.OURS, "", words)


def impossible(why: str) -> Manner:
    """Not done; `why` is a clause."""
    return Manner(Portability.IMPOSSIBLE, "", why)


class KeyManner(NamedTuple):
    """How a key of these verbs is done, where a step writes it: `written` looks at the step. `key` is its name, or
    what is meant by it."""

    verbs: tuple[str, ...]
    key: str
    written: Callable[[Any], bool]
    manner: Manner


class Manners(NamedTuple):
    """All that one carrier does: each verb, keys of verbs, and `on_machine`, which is none of a step."""

    verbs: Mapping[str, Manner]
    keys: tuple[KeyManner, ...]
    on_machine: Manner

    def of(self, flow: Flow, misfits: Iterable[tuple[Path, str]]) -> Mapping[str, tuple[Manner, ...]]:
        """How each step of a flow is done, its verb first; under HEAD what the flow says above its steps."""
        wrong: dict[str, list[Manner]] = {}
        for (name, *_), why in misfits:
            wrong.setdefault(name if name in flow.steps else HEAD, []).append(impossible(why))
        head = [self.on_machine] if flow.head.on_machine is not None else []
        done = {name: [*self._step(step), *wrong.get(name, ())] for name, step in flow.steps.items()}
        done[HEAD] = [*head, *wrong.get(HEAD, ())]
        return {name: tuple(dict.fromkeys(manners)) for name, manners in done.items()}

    def _step(self, step: Step) -> Iterator[Manner]:
        yield self.verbs[step.verb]
        for verbs, _, written, manner in self.keys:
            if step.verb in verbs and written(step):
                yield manner


def has_pieces(step: Step) -> bool:
    """Whether a prompt of the step is a list of several texts or sounds."""
    whole = (part for _, prompt in prompts(step) for _, part in parts(prompt))
    return any(isinstance(part, InOrder) and len(part.prompts) > 1 for part in whole)
