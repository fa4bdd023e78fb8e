"""`voiceapp graph`: a flow as a picture, painted with what tests or callers took of it."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple, assert_never

from voiceapp.carriers import Carrier
from voiceapp.drawing.mermaid import mermaid
from voiceapp.drawing.model import drawing_of
from voiceapp.drawing.painted import Painted, comparable, counted, from_coverage
from voiceapp.drawing.svg import svg
from voiceapp.errors import AuthoringError, OperatorError
from voiceapp.flow.flow import Flow, Script
from voiceapp.flow.library import script_from_sources
from voiceapp.flow.ways import Taken
from voiceapp.replay import folded
from voiceapp.store.store import Store
from voiceapp.terminal.calls import kept

Format = Literal["mermaid", "svg"]
_PAGE = 500


class Counted(NamedTuple):
    """What stored calls took of a flow; how many were counted, and how many began with a version of the flow that
    has ways which it has no more, or that cannot be loaded."""

    painted: Painted
    calls: int
    left_out: int

    def __str__(self) -> str:
        told = f"painted with {self.calls} call{'' if self.calls == 1 else 's'}"
        others = f"; {self.left_out} of other versions of the flow do not fit this one"
        return told + (others if self.left_out else "")


_BY_ENDING: Mapping[str, Format] = {".svg": "svg", ".mmd": "mermaid", ".mermaid": "mermaid"}


def form_of(file: Path | None) -> Format:
    """The format that a file's name asks for; Mermaid without a file. Raises OperatorError for another ending."""
    if file is None:
        return "mermaid"
    if file.suffix not in _BY_ENDING:
        raise OperatorError(f"{file}: a picture's name ends in .svg, Mermaid's in .mmd; else say --format")
    return _BY_ENDING[file.suffix]


def drawn(flow: Flow, form: Format, painted: Painted | None) -> str:
    """The picture as text."""
    drawing = drawing_of(flow, painted)
    match form:
        case "mermaid":
            return mermaid(drawing)
        case "svg":
            return svg(drawing)
        case _:
            assert_never(form)


def from_file(file: Path, flow: Flow) -> Painted:
    """What `voiceapp test --coverage-file` wrote. Raises OperatorError."""
    try:
        return from_coverage(file.read_bytes(), flow)
    except OSError as error:
        raise OperatorError(f"--coverage: {file}: cannot be read: {error.strerror}") from None
    except OperatorError as error:
        raise OperatorError(f"--coverage: {file}: {error}") from None


async def from_calls(db: str, flow: Flow, carriers: Mapping[str, Carrier], since: datetime | None) -> Counted:
    """What the log says that calls of this flow took, those that began at `since` or later (None: all). Their logs
    are folded again over the version that each began with."""
    async with kept(db) as store:
        return await _Count(store, flow, carriers).of(since)


class _Count:
    """A count under way."""

    def __init__(self, store: Store, flow: Flow, carriers: Mapping[str, Carrier]) -> None:
        self._store = store
        self._flow = flow
        self._carriers = carriers
        self._scripts: dict[str, Script | None] = {}
        self._entered: list[str] = []
        self._taken: list[Taken] = []

    async def of(self, since: datetime | None) -> Counted:
        calls = left_out = 0
        before: str | None = None
        while True:
            page = await self._store.calls(limit=_PAGE, before=before, flow=self._flow.name)
            for call in page.calls:
                if since is not None and call.started_at < since:
                    break
                script = await self._script(call.version)
                if script is None:
                    left_out += 1
                    continue
                calls += 1
                for fold in folded(script, self._carriers[call.carrier], await self._store.turns(call.id)):
                    self._entered += fold.happened.steps
                    self._taken += fold.happened.taken
            else:
                before = page.next
                if before is not None:
                    continue
            return Counted(counted(self._flow, self._entered, self._taken), calls, left_out)

    async def _script(self, version: str) -> Script | None:
        """A version whose calls can be counted."""
        if version not in self._scripts:
            self._scripts[version] = await self._loaded(version)
        return self._scripts[version]

    async def _loaded(self, version: str) -> Script | None:
        sources = await self._store.flow_sources(version)
        if sources is None:
            return None
        try:
            script = script_from_sources(self._flow.name, sources)
        except AuthoringError:
            return None
        return script if comparable(script.flow, self._flow) else None
