"""The flows that somebody names on the command line, each with those that it runs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from voiceapp.flow.flow import Flow, Script
from voiceapp.flow.library import AUDIO, read_files, scripts_of, with_those_run
from voiceapp.flow.problems import FlowProblems
from voiceapp.flow.surroundings import Surroundings
from voiceapp.settings import Settings
from voiceapp.terminal.named import file_named, files_named, in_one_folder


@dataclass(frozen=True)
class Chosen:
    """Flows of one folder: the `names` that somebody chose, and the `scripts` of all flows there that load."""

    folder: Path
    names: tuple[str, ...]
    scripts: Mapping[str, Script]


def chosen(names: Sequence[Path], settings: Settings) -> tuple[Script, ...]:
    """The flows that are named so, all of the settings' folder when none is named. Raises FlowProblems and
    OperatorError; a mistake in a flow beside them that they do not run is none of theirs."""
    files = files_named(names, Path(settings.flows))
    scripts: list[Script] = []
    for folder in dict.fromkeys(file.parent for file in files):
        here = [file for file in files if file.parent == folder]
        every = _scripts(folder, here, settings.secrets.keys())
        scripts += [every[file.stem] for file in here]
    return tuple(scripts)


def chosen_in_one_folder(names: Sequence[Path], settings: Settings) -> Chosen:
    """The flows that are named so, with all that lie beside them. Raises as `chosen` does, and OperatorError when
    they lie in several folders."""
    folder, files = in_one_folder(files_named(names, Path(settings.flows)))
    return Chosen(folder, tuple(file.stem for file in files), _scripts(folder, files, settings.secrets.keys()))


def chosen_one(name: Path, settings: Settings) -> Chosen:
    """The flow that is named so, with all that lie beside it. Raises as `chosen` does."""
    file = file_named(name, Path(settings.flows))
    return Chosen(file.parent, (file.stem,), _scripts(file.parent, [file], settings.secrets.keys()))


def loadable(folder: Path, secrets: Collection[str]) -> dict[str, Flow]:
    """The flows of the folder that load; none where there is no such folder."""
    files = [file for file in sorted(folder.glob("*.yaml")) if file.is_file()]
    loaded, _ = read_files(files, Surroundings(folder / AUDIO, {file.stem for file in files}, secrets))
    return {name: one.flow for name, one in loaded.items()}


def _scripts(folder: Path, files: Sequence[Path], secrets: Collection[str]) -> dict[str, Script]:
    """The scripts of all flows in the folder that load. Raises FlowProblems for mistakes in these files, and in
    flows that they run."""
    others = [file for file in sorted(folder.glob("*.yaml")) if file not in files and file.is_file()]
    around = Surroundings(folder / AUDIO, {file.stem for file in (*files, *others)}, secrets)
    loaded, problems = read_files(files, around)
    beside, further = read_files(others, around)
    flows = {name: one.flow for name, one in (*beside.items(), *loaded.items())}
    run = with_those_run(loaded, flows)
    problems += [problem for problem in further if Path(problem.file).stem in run]
    if problems:
        raise FlowProblems(problems)
    return scripts_of(flows)
