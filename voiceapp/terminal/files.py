"""Files that commands write, where somebody said."""

from pathlib import Path

from voiceapp.errors import OperatorError


def write(file: Path, content: bytes, *, force: bool = False) -> None:
    """Writes a file; raises OperatorError. One that is there is replaced, but no YAML without `force`: it may be a
    flow."""
    if file.suffix in (".yaml", ".yml") and file.exists() and not force:
        raise OperatorError(f"{file} is there already, and may be a flow: choose another name")
    try:
        file.write_bytes(content)
    except OSError as error:
        raise OperatorError(f"{file}: cannot be written: {error.strerror}") from None
