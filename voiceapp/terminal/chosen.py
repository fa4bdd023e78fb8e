"""The flows that somebody names on the command line, each with those that it runs."""

from collections.abc import Sequence
from pathlib import Path

from voiceapp.flow.flow import Script
from voiceapp.flow.library import AUDIO, flow_files, load_files, read_files, scripts_of
from voiceapp.flow.surroundings import Surroundings
from voiceapp.settings import Settings


def chosen(names: Sequence[Path], settings: Settings) -> tuple[Script, ...]:
    """The flows in these files, or of these names in the settings' folder; all of that when none is named. Raises
    FlowProblems and OperatorError; a mistake in a flow beside them is none of theirs."""
    folder = Path(settings.flows)
    files = [_file(name, folder) for name in names] or flow_files(folder)
    scripts: list[Script] = []
    for place in dict.fromkeys(file.parent for file in files):
        here = [file for file in files if file.parent == place]
        others = [file for file in sorted(place.glob("*.yaml")) if file not in here and file.is_file()]
        around = Surroundings(place / AUDIO, {file.stem for file in (*here, *others)}, settings.secrets.keys())
        flows = load_files(here, around)
        beside, _ = read_files(others, around)
        every = scripts_of({**{name: one.flow for name, one in beside.items()}, **flows})
        scripts += [every[name] for name in flows]
    return tuple(scripts)


def _file(name: Path, folder: Path) -> Path:
    return name if name.suffix == ".yaml" or name.exists() else folder / f"{name}.yaml"
