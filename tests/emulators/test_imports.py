"""The emulators share no code with the server, or they could not disagree with it."""

import ast
import sys
from pathlib import Path

import pytest

import voiceapp.emulators

MODULES = sorted(Path(voiceapp.emulators.__path__[0]).rglob("*.py"))
ALLOWED = {"aiohttp", "msgspec", *sys.stdlib_module_names}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_only_aiohttp_msgspec_and_the_standard_library(module: Path) -> None:
    for node in ast.walk(ast.parse(module.read_text())):
        match node:
            case ast.ImportFrom(module=str(name), level=0):
                names = [name]
            case ast.Import(names=aliases):
                names = [alias.name for alias in aliases]
            case _:
                continue
        for name in names:
            assert name.startswith("voiceapp.emulators") or name.partition(".")[0] in ALLOWED, name
