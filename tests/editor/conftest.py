"""The language server of editors, started once beside the files of each kind."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editor.language_server import LanguageServer

HERE = Path(__file__).parent
FLOWS = HERE.parent.parent / "flows"
PROGRAM = HERE / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"


@pytest.fixture(name="editor", scope="session")
def among_flows() -> Iterator[LanguageServer]:
    """One server for all tests about flows."""
    with _server(FLOWS) as server:
        yield server


@pytest.fixture(name="tests_editor", scope="session")
def among_tests() -> Iterator[LanguageServer]:
    """One server for all tests about files of tests."""
    with _server(FLOWS / "tests") as server:
        yield server


def _server(folder: Path) -> LanguageServer:
    if (shutil.which("node") is None or not PROGRAM.exists()) and os.environ.get("CI") != "true":
        pytest.skip("needs node, and: npm install --prefix tests/editor")
    return LanguageServer(PROGRAM, folder)
