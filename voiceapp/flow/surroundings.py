"""What is around a flow file: sounds, other flows, secrets."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path as FilePath


@dataclass(frozen=True)
class Surroundings:
    """What a flow may refer to outside its file. None: not known here, and so not checked."""

    audio: FilePath | None = None
    flows: Collection[str] | None = None
    secrets: Collection[str] | None = None
