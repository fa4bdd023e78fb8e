"""How somebody names flows on the command line: by name in the settings' folder, by file, or by folder."""

from collections.abc import Sequence
from pathlib import Path

from voiceapp.errors import OperatorError
from voiceapp.flow.library import flow_files
from voiceapp.flow.problems import nearest


def files_named(names: Sequence[Path], folder: Path) -> list[Path]:
    """The files of these flows, each once; those in `folder` when none is named. Raises OperatorError for what
    there is not."""
    if not (names or folder.is_dir()):
        hint = "--flows names another, and voiceapp new writes a flow to begin with"
        raise OperatorError(f"flows: there is no folder {folder}; {hint}")
    if not names:
        return flow_files(folder)
    return list(dict.fromkeys(file for name in names for file in _files(name, folder)))


def file_named(name: Path, folder: Path) -> Path:
    """The file of one flow; raises OperatorError when there is none."""
    for file in (name, folder / f"{name}.yaml", folder / name):
        if file.is_file():
            return file
    if name.is_dir():
        raise OperatorError(f"{name} is a folder; one flow is asked for")
    where = name.parent if name.suffix == ".yaml" and name.parent != Path() else folder
    known = [file.stem for file in where.glob("*.yaml")]
    raise OperatorError(f"there is no flow {name.stem} in {where}{nearest(name.stem, known)}")


def in_one_folder(files: Sequence[Path]) -> tuple[Path, Sequence[Path]]:
    """The folder of these files, and they; raises OperatorError when they lie in several."""
    folders = list(dict.fromkeys(file.parent for file in files))
    if len(folders) > 1:
        raise OperatorError(f"flows of one folder are asked for; these lie in {' and '.join(map(str, folders))}")
    return folders[0], files


def _files(name: Path, folder: Path) -> list[Path]:
    if name.is_dir() and not (folder / f"{name}.yaml").is_file():
        return flow_files(name)
    return [file_named(name, folder)]
