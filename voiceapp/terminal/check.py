"""`voiceapp check`: every mistake in the flows, what a carrier cannot do, and what may not be dialled."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from voiceapp.carriers import Carrier
from voiceapp.carriers.base import Misfit
from voiceapp.flow.bodies import lift
from voiceapp.flow.flow import Flow, Script
from voiceapp.flow.library import AUDIO, load_files, load_library, scripts_of
from voiceapp.flow.problems import Problem
from voiceapp.flow.surroundings import Surroundings
from voiceapp.flow.yaml_text import read
from voiceapp.service.served_flows import misfits_of
from voiceapp.settings import Settings
from voiceapp.terminal.calling_out import refused_numbers
from voiceapp.web.wiring import toll_rules


def load(paths: Sequence[Path], folder: Path, secrets: Collection[str]) -> dict[str, Script]:
    """The flows in these files, or all of the folder when none is named; raises FlowProblems."""
    if not paths:
        return dict(load_library(folder, secrets).scripts)
    files = [path if path.suffix == ".yaml" or path.exists() else folder / f"{path}.yaml" for path in paths]
    flows: dict[str, Flow] = {}
    for file in files:
        neighbours = {other.stem for other in file.parent.glob("*.yaml")}
        flows |= load_files([file], Surroundings(file.parent / AUDIO, neighbours, secrets))
    return scripts_of(flows)


def carrier_problems(scripts: Iterable[Script], carrier: Carrier) -> list[Problem]:
    """What this carrier cannot do, at file:line:column."""
    return [problem for script in scripts for problem in _placed(script, misfits_of(carrier, script))]


def carrier_doubts(scripts: Iterable[Script], carrier: Carrier) -> list[Problem]:
    """What this carrier will probably not do well."""
    return [problem for script in scripts for problem in _own(script, carrier.doubts(script.flow))]


def dial_doubts(scripts: Iterable[Script], settings: Settings) -> list[Problem]:
    """The numbers written out in flows that may not be dialled with these settings."""
    rules = toll_rules(settings)
    return [problem for script in scripts for problem in _own(script, refused_numbers(script.flow, rules))]


def _own(script: Script, misfits: Iterable[Misfit]) -> Iterable[Problem]:
    """Where they stand in the script's own flow."""
    return _placed(script, (Misfit((script.flow.name, *misfit.path), misfit.message) for misfit in misfits))


def _placed(script: Script, misfits: Iterable[Misfit]) -> Iterable[Problem]:
    for misfit in misfits:
        name, *path = misfit.path
        flow = script.flows[name]
        document = read(flow.source.encode(), flow.file)
        bodies = lift(document.tree) if isinstance(document.tree, dict) else None
        if bodies is not None and path[0] in bodies.paths:
            where = (*bodies.paths[path[0]], *path[1:])
        else:
            where = tuple(path)
        yield document.problem(where, misfit.message)
