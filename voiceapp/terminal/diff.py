"""`voiceapp diff`: what a change to a flow means, in its text, on every path, and for its tests."""

import re
import subprocess
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from voiceapp.carriers import Carrier
from voiceapp.changes.behaviour import Behaviour, behaviour
from voiceapp.changes.change import Change
from voiceapp.changes.fitness import Fitness, fitness
from voiceapp.changes.groups import each, grouped
from voiceapp.changes.meaning import changes
from voiceapp.changes.telling import calls_told, counted, fitness_told
from voiceapp.check.finding import Finding, Severity
from voiceapp.check.subject import Subject
from voiceapp.errors import OperatorError
from voiceapp.flow.fields import NAME
from voiceapp.flow.flow import Flow, Script
from voiceapp.flow.library import AUDIO, scripts_of
from voiceapp.flow.loader import load_flow
from voiceapp.flow.problems import FlowProblems, Problem
from voiceapp.flow.surroundings import Surroundings
from voiceapp.rehearsal.running import Result, Stage
from voiceapp.rehearsal.scenario import Scenario

_NAMED = re.compile(rf"^flow:[ \t]+(?P<name>{NAME})[ \t\r]*(?:#.*)?$".encode(), re.MULTILINE)


@dataclass(frozen=True)
class Difference:
    """What was found: `changes` of meaning, what they make of the flow's `fitness`, the paths that come out
    otherwise, and the tests that do."""

    changes: tuple[Change, ...]
    fitness: Fitness
    behaviour: Behaviour
    tests: tuple[Result, ...]

    @property
    def empty(self) -> bool:
        """Both versions mean the same, are as fit, and every call and test comes out the same on both."""
        return not self.changes and self.fitness.same and not self.behaviour.different and not self.tests


@dataclass(frozen=True)
class Beside:
    """What a flow is compared among: the other `flows` of its folder, the `folder` itself (None: unknown), and the
    names of the `secrets` that there are (None: unknown)."""

    flows: Mapping[str, Flow] = field(default_factory=dict)
    folder: Path | None = None
    secrets: Collection[str] | None = None

    @property
    def audio(self) -> Path | None:
        """The folder of the sounds."""
        return None if self.folder is None else self.folder / AUDIO


async def difference(
    old: Script,
    new: Script,
    carriers: Sequence[Carrier],
    scenarios: Iterable[Scenario],
    beside: Beside | None = None,
) -> Difference:
    """Compares two versions of a flow; `scenarios` are the tests of the old one."""
    beside = beside or Beside()
    before, after = Stage({old.flow.name: old}, carriers), Stage({old.flow.name: new}, carriers)
    affected: list[Result] = []
    for scenario in scenarios:
        was, now = await before.play(scenario), await after.play(scenario)
        passed = {result.carrier for result in was if result.passed}
        affected += [result for result in now if not result.passed and result.carrier in passed]
    return Difference(
        changes(old.flow, new.flow),
        fitness(_unmet(old, new, beside), _subjects(old, beside), _subjects(new, beside), carriers),
        await behaviour(old, new, carriers),
        tuple(affected),
    )


def _subjects(script: Script, beside: Beside) -> tuple[Subject, ...]:
    """The flow, and those that run it."""
    name = script.flow.name
    flows = {**beside.flows, name: script.flow}
    running = [one for one in scripts_of(flows).values() if name in one.flows and one.flow.name != name]
    return tuple(Subject(one, flows, beside.audio) for one in (script, *running))


def _unmet(old: Script, new: Script, beside: Beside) -> Iterator[Finding]:
    """Sounds and secrets that only the new version wants, and that there are not."""
    around = Surroundings(beside.audio, secrets=beside.secrets)
    known = {(one.path, one.message) for one in _problems(old.flow, around)}
    for one in _problems(new.flow, around):
        if (one.path, one.message) not in known:
            yield Finding(one.file, one.place, one.mistake.id, Severity.ERROR, one.path, one.message, "")


def _problems(flow: Flow, around: Surroundings) -> tuple[Problem, ...]:
    try:
        load_flow(flow.source.encode(), flow.file, around)
    except FlowProblems as error:
        return error.problems
    return ()


def version(where: str, neighbours: Mapping[str, Flow]) -> Script:
    """A version of a flow: a file, or `REVISION:FILE` as git names it. The flows that it runs are `neighbours`.
    Raises OperatorError, also where it has mistakes."""
    text, stem = _source(where)
    named = _NAMED.search(text)
    name = named["name"].decode() if named else stem  # the file of an older version may have any name
    try:
        flow = load_flow(text, f"{name}.yaml", Surroundings(flows={*neighbours, name}))
    except FlowProblems as error:
        problems = FlowProblems(Problem(where, one.place, one.path, one.message) for one in error.problems)
        raise OperatorError(str(problems)) from None
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


def lines(found: Difference, new: str, *, every: bool = False) -> Iterator[str]:
    """What to show, part by part; `new` is what the author calls the new version. `every`: each call by itself,
    not one of those that come out otherwise for one reason."""
    behaviour = found.behaviour
    groups = (each if every else grouped)(behaviour.compared)
    parts = {
        "What it means": map(str, found.changes),
        "Carriers and waiting": fitness_told(found.fitness),
        "What check finds now": (str(_in_file(one, new)) for one in found.fitness.findings),
        "Calls that come out otherwise": (line for group in groups for line in calls_told(group)),
        "Tests that come out otherwise": _tests(found.tests),
    }
    for title, told in parts.items():
        shown = [f"  {line}" for line in told]
        if shown:
            yield title
            yield from shown
    yield _summary(found)


def _in_file(finding: Finding, new: str) -> Finding:
    """Under the name by which the author knows the file. The flows beside it have their own."""
    return finding if Path(finding.file).is_file() else replace(finding, file=new)


def _tests(results: Iterable[Result]) -> Iterator[str]:
    carriers: dict[str, list[str]] = {}
    for result in results:
        carriers.setdefault(result.scenario.name, []).append(result.carrier)
    return (f"{name} ({', '.join(names)})" for name, names in carriers.items())


def _summary(found: Difference) -> str:
    count, different = len(found.behaviour.compared), len(found.behaviour.different)
    if not count:
        played = "no calls were compared, since no carrier can do both versions"
    else:
        whole = found.behaviour.whole
        proof = "every wait of both was explored" if whole else "not every wait of both could be explored"
        alike = f"{counted(count, 'call')} come{'s' if count == 1 else ''} out the same on both, line for line"
        some = f"{different} of {count} calls come out otherwise"
        played = f"{some if different else alike}; {proof}"
    if found.empty:
        return f"No difference: {played}."
    tests = len({result.scenario.name for result in found.tests})
    failing = f"; {counted(tests, 'test')} fail{'s' if tests == 1 else ''} now" if tests else ""
    return f"{counted(len(found.changes), 'change')} of meaning; {played}{failing}."
