"""`voiceapp schema`: what editors know of a flow, printed or written beside the flows."""

from collections.abc import Callable
from pathlib import Path

from voiceapp.schema.flow_file import schema_text
from voiceapp.terminal.files import write


def write_schema(file: Path | None, show: Callable[[str], None]) -> None:
    """Writes the schema to the file, or shows it when none is named; raises OperatorError."""
    if file is None:
        show(schema_text().rstrip("\n"))
        return
    write(file, schema_text().encode())
    show(f"{file} is written; a flow beside it begins with: # yaml-language-server: $schema=./{file.name}")
