"""A folder of flow files -> scripts: every flow together with the flows it runs."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from voiceapp.errors import OperatorError
from voiceapp.flow.flow import Flow, Script
from voiceapp.flow.loader import Loaded, load, load_flow
from voiceapp.flow.mistakes import Mistake
from voiceapp.flow.problems import FlowProblems, Place, Problem
from voiceapp.flow.steps.run import RunStep
from voiceapp.flow.surroundings import Surroundings

AUDIO = "audio"


@dataclass(frozen=True)
class Library:
    """All flows of a folder, by name."""

    scripts: Mapping[str, Script]


def load_library(folder: Path, secrets: Collection[str] | None = None) -> Library:
    """Every `*.yaml` in the folder; raises FlowProblems with the problems of all files, OperatorError when
    the folder is not there or holds no flow."""
    files = flow_files(folder)
    return Library(scripts_of(load_files(files, Surroundings(folder / AUDIO, {f.stem for f in files}, secrets))))


def flow_files(folder: Path) -> list[Path]:
    """Every `*.yaml` in the folder; raises OperatorError when the folder is not there or holds no flow."""
    if not folder.is_dir():
        raise OperatorError(f"flows: there is no folder {folder}")
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise OperatorError(f"flows: the folder {folder} holds no flow (*.yaml)")
    return files


def load_files(files: Collection[Path], around: Surroundings) -> dict[str, Flow]:
    """The flows in these files, by name; raises FlowProblems with the problems of all of them."""
    loaded, problems = read_files(files, around)
    if problems:
        raise FlowProblems(problems)
    return {name: one.flow for name, one in loaded.items()}


def read_files(files: Collection[Path], around: Surroundings) -> tuple[dict[str, Loaded], list[Problem]]:
    """The flows of those files that load, by name, and the problems of all others."""
    flows: dict[str, Loaded] = {}
    problems: list[Problem] = []
    for file in files:
        try:
            text = file.read_bytes()
        except OSError as error:
            reason = f"cannot be read: {error.strerror}"
            problems.append(Problem(str(file), Place(1, 1), (), reason, Mistake.NOT_YAML))
            continue
        try:
            one = load(text, str(file), around)
            flows[one.flow.name] = one
        except FlowProblems as error:
            problems += error.problems
    return flows, problems


def scripts_of(flows: Mapping[str, Flow]) -> dict[str, Script]:
    """A script for each flow. All flows that any of them runs have to be among them."""
    return {name: _script(flow, flows) for name, flow in flows.items()}


def script_from_sources(name: str, sources: Mapping[str, str]) -> Script:
    """The script that was stored under these sources: what `sources_of` gave."""
    flows = {flow: load_flow(text.encode(), f"{flow}.yaml") for flow, text in sources.items()}
    return _script(flows[name], flows)


def sources_of(script: Script) -> dict[str, str]:
    """The YAML texts a script consists of, by flow."""
    return {name: flow.source for name, flow in script.flows.items()}


def with_those_run(names: Iterable[str], flows: Mapping[str, Flow]) -> list[str]:
    """These names, and those of all flows that they run, and that these run; also what is not among `flows`."""
    found: list[str] = []
    todo = list(names)[::-1]
    while todo:
        name = todo.pop()
        if name in found:
            continue
        found.append(name)
        if name in flows:
            todo += [step.run for step in flows[name].steps.values() if isinstance(step, RunStep)]
    return found


def _script(flow: Flow, flows: Mapping[str, Flow]) -> Script:
    reached = {name: flows[name] for name in with_those_run([flow.name], flows) if name in flows}
    digest = hashlib.sha256(flow.name.encode())
    for name in sorted(reached):
        digest.update(f"\n{name} {reached[name].digest}".encode())
    return Script(flow, reached, digest.hexdigest())
