"""`voiceapp diff`: what a change to a flow means, in its text, on every path, and for its tests."""

import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from voiceapp.carriers import Carrier
from voiceapp.changes.behaviour import Behaviour, Compared, behaviour
from voiceapp.changes.change import Change
from voiceapp.changes.meaning import changes
from voiceapp.errors import OperatorError
from voiceapp.flow.flow import Flow, Script
from voiceapp.flow.library import scripts_of
from voiceapp.flow.loader import load_flow
from voiceapp.flow.problems import FlowProblems, Problem
from voiceapp.flow.surroundings import Surroundings
from voiceapp.rehearsal.running import Result, Stage
from voiceapp.rehearsal.scenario import Scenario


@dataclass(frozen=True)
class Difference:
    """What was found: `changes` of meaning, the paths that come out otherwise, and the tests that do."""

    changes: tuple[Change, ...]
    behaviour: Behaviour
    tests: tuple[Result, ...]

    @property
    def empty(self) -> bool:
        """Both versions mean the same, and every call and test comes out the same on both."""
        return not self.changes and not self.behaviour.different and not self.tests


async def difference(
    old: Script, new: Script, carriers: Sequence[Carrier], scenarios: Iterable[Scenario]
) -> Difference:
    """Compares two versions of a flow; `scenarios` are the tests of the old one."""
    before, after = Stage({old.flow.name: old}, carriers), Stage({old.flow.name: new}, carriers)
    affected: list[Result] = []
    for scenario in scenarios:
        was, now = await before.play(scenario), await after.play(scenario)
        passed = {result.carrier for result in was if result.passed}
        affected += [result for result in now if not result.passed and result.carrier in passed]
    return Difference(changes(old.flow, new.flow), await behaviour(old, new, carriers), tuple(affected))


def version(where: str, neighbours: Mapping[str, Flow]) -> Script:
    """A version of a flow: a file, or `REVISION:FILE` as git names it. The flows that it runs are `neighbours`.
    Raises OperatorError, or FlowProblems where it has mistakes."""
    text, name = _source(where)
    try:
        flow = load_flow(text, f"{name}.yaml", Surroundings(flows={*neighbours, name}))
    except FlowProblems as error:
        raise FlowProblems(Problem(where, one.place, one.path, one.message) for one in error.problems) from None
    return scripts_of({**neighbours, flow.name: flow})[flow.name]


def _source(where: str) -> tuple[bytes, str]:
    """The text of a version, and the flow's name by that of its file."""
    file = Path(where)
    if file.is_file():
        return file.read_bytes(), file.stem
    revision, colon, path = where.partition(":")
    if not colon:
        raise OperatorError(f"there is no file {where}; a version in git is written REVISION:FILE")
    try:
        shown = subprocess.run(  # noqa: S603 - what an author typed, given to git as one word
            ["git", "show", f"{revision}:./{path}"],  # noqa: S607 - the author's own git
            capture_output=True,
            check=False,
        )
    except OSError:
        raise OperatorError(f"{where}: there is no file of this name, and no git to ask") from None
    if shown.returncode:
        raise OperatorError(f"{where}: git says: {shown.stderr.decode(errors='replace').strip()}")
    return shown.stdout, Path(path).stem


def lines(found: Difference) -> Iterator[str]:
    """What to show, part by part."""
    if found.changes:
        yield "What it means"
        yield from (f"  {change}" for change in found.changes)
    if found.behaviour.different:
        yield "Calls that come out otherwise"
        for one in found.behaviour.different:
            yield from (f"  {line}" for line in _compared(one))
    if found.tests:
        yield "Tests that come out otherwise"
        yield from (f"  {result.scenario.name} ({result.carrier})" for result in found.tests)
    count = len(found.behaviour.compared)
    if found.empty:
        whole = found.behaviour.whole
        proof = "every wait of both was explored" if whole else "not every wait of both could be explored"
        yield f"No difference: {count} calls come out the same on both, line for line; {proof}."
    else:
        different = len(found.behaviour.different)
        yield f"{len(found.changes)} changes of meaning; {different} of {count} calls come out otherwise."


def _compared(one: Compared) -> Iterator[str]:
    yield f"{one.outcome:<13} {one.name}"
    if one.first is not None:
        yield f"  - {one.first[0]}"
        yield f"  + {one.first[1]}"
    if one.before.ends != one.after.ends:
        yield f"  ended: {one.before.ends} -> {one.after.ends}"
    if one.before.saved != one.after.saved:
        yield f"  saved: {one.before.saved} -> {one.after.saved}"
