"""`voiceapp schema`: what editors know of a flow or of its tests, printed or written beside them."""

from collections.abc import Callable
from pathlib import Path

from voiceapp.schema import flow_file, tests_file
from voiceapp.terminal.files import write


def write_schema(file: Path | None, show: Callable[[str], None], *, tests: bool = False) -> None:
    """Writes the schema of flows, or that of tests, to the file, or shows it when none is named; raises
    OperatorError."""
    text = tests_file.schema_text() if tests else flow_file.schema_text()
    if file is None:
        show(text.rstrip("\n"))
        return
    write(file, text.encode())
    what = "a file of tests" if tests else "a flow"
    show(f"{file} is written; {what} beside it begins with: {_first_line(file.name)}")


def with_first_line(text: str, file: Path) -> str:
    """The text of a new file of tests: where the schema is beside it, with the line by which editors find that."""
    named = (file.parent / tests_file.FILE).exists()
    return f"{_first_line(tests_file.FILE)}\n{text}" if named else text


def _first_line(schema: str) -> str:
    return f"# yaml-language-server: $schema=./{schema}"
