"""Files that commands write, where somebody said."""

from pathlib import Path

from voiceapp.errors import OperatorError


def write(file: Path, content: bytes) -> None:
    """Writes a file; raises OperatorError."""
    try:
        file.write_bytes(content)
    except OSError as error:
        raise OperatorError(f"{file}: cannot be written: {error.strerror}") from None
