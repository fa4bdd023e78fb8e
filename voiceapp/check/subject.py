"""What a rule looks at: a flow, its graph, the flows it runs, and where each part of it stands in its file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path as FilePath

from voiceapp.check.data.variables import Variables
from voiceapp.flow.flow import Flow, Script
from voiceapp.flow.graph import Graph, graph_of
from voiceapp.flow.loader import Loaded, load
from voiceapp.flow.problems import Path, Place
from voiceapp.flow.yaml_text import Document


@dataclass(frozen=True)
class Subject:
    """One flow under examination. `script` has the flows it runs; `neighbours` all flows of its folder by name;
    `audio` is the folder of the sounds, None where it is not known; `loaded` the flow's file as it was read, which
    is read again without it."""

    script: Script
    neighbours: Mapping[str, Flow] = field(default_factory=dict)
    audio: FilePath | None = None
    loaded: Loaded | None = None

    @property
    def flow(self) -> Flow:
        """The flow that is examined."""
        return self.script.flow

    @cached_property
    def graph(self) -> Graph:
        """Its steps and ways."""
        return graph_of(self.flow)

    @cached_property
    def variables(self) -> Variables:
        """What its variables can hold at each step."""
        return Variables(self.flow, self.graph, (*self.script.flows.values(), *self.neighbours.values()))

    @property
    def document(self) -> Document:
        """Its file."""
        return self._read.document

    @cached_property
    def _read(self) -> Loaded:
        return self.loaded or load(self.flow.source.encode(), self.flow.file)

    def written(self, path: Path) -> Path:
        """The path in the file of a path that begins with a step's name; one of the head is already that."""
        at = self._read.paths.get(path[0]) if path else None
        return path if at is None else (*at, *path[1:])

    def place(self, path: Path, *, at_key: bool = False) -> Place:
        """Line and column of a path that begins with a step's name, or of one of the head."""
        return self.document.place(self.written(path), key=at_key)
