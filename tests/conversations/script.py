"""Whole conversations as YAML: a flow, what the people on the line do, and what they hear.

A file has `flow` (the name of a shared flow, or a flow's text) or `flows` (several texts), and `conversations`
by name. URLs at example.com in a flow lead to the test's back end.
"""

from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec
import yaml

from tests.servers import SHARED_FLOWS
from voiceapp.emulators.caller import Outcome, ScriptedCaller, Voice

CarrierName = Literal["callr", "routee"]


class Conversation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One call. What is heard and done is given for each carrier that plays it, or once for `both`.

    `keys`, `voice`, `parties`, `drops_at` and `leaves` are those of ScriptedCaller. `back_end` are its answers
    by path, `asked` is what it is asked, notifications included. `answers` are all variables at the end. `at`
    is when the call begins. `carrier` are options of the emulators; `machine`: an answering machine picks up
    (Routee tells)."""

    callr: str = ""
    routee: str = ""
    both: str = ""
    keys: str = ""
    voice: Voice = "speaks"
    parties: dict[str, Outcome] = {}
    drops_at: str = ""
    leaves: bool = True
    inputs: dict[str, str] = {}
    carrier: dict[str, Any] = {}
    machine: bool = False
    at: datetime | None = None
    back_end: dict[str, Any] = {}
    asked: list[str] = []
    answers: dict[str, Any] = {}
    partial: str = ""
    end: str | dict[CarrierName, str] = "completed"
    state: str = "ended"

    @property
    def carriers(self) -> list[CarrierName]:
        played: dict[CarrierName, str] = {"callr": self.callr, "routee": self.routee}
        return [name for name, lines in played.items() if lines or self.both]

    def lines(self, carrier: CarrierName) -> str:
        """The transcript that is expected."""
        own = self.callr if carrier == "callr" else self.routee
        return own or self.both

    def ends(self, carrier: CarrierName) -> str:
        """Why the call ended. Routee does not tell whether the caller or the plan was first to stop."""
        return self.end if isinstance(self.end, str) else self.end[carrier]

    def caller(self) -> ScriptedCaller:
        return ScriptedCaller(
            self.keys, parties=self.parties, voice=self.voice, leaves=self.leaves, drops_at=self.drops_at
        )


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    about: str
    flow: str = ""
    flows: list[str] = []
    conversations: dict[str, Conversation]


class Scene(NamedTuple):
    """A conversation with the flow it is about."""

    file: str
    name: str
    flow: str
    conversation: Conversation

    def __str__(self) -> str:
        return f"{self.file}: {self.name}"


def read_scripts(folder: Path) -> tuple[list[str], list[Scene]]:
    """The texts of all flows that the files of this folder are about, and all their conversations."""
    texts, scenes = [], []
    for path in sorted(folder.glob("*.yaml")):
        file = msgspec.convert(yaml.safe_load(path.read_text()), _File)
        own = file.flows or [file.flow if "\n" in file.flow else (SHARED_FLOWS / f"{file.flow}.yaml").read_text()]
        texts += own
        name = next(line for line in own[0].splitlines() if line.startswith("flow: ")).split()[1]
        scenes += [Scene(path.stem, title, name, one) for title, one in file.conversations.items()]
    return texts, scenes
