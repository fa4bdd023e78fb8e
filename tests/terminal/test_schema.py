"""`voiceapp schema`: printed, or written beside the flows."""

from pathlib import Path

import pytest

from voiceapp.errors import OperatorError
from voiceapp.schema.flow_file import schema_text
from voiceapp.terminal.schema import write_schema


def test_it_is_printed() -> None:
    shown: list[str] = []
    write_schema(None, shown.append)
    assert "\n".join(shown) + "\n" == schema_text()


def test_it_is_written_and_says_how_a_flow_names_it(tmp_path: Path) -> None:
    shown: list[str] = []
    write_schema(tmp_path / "flow.schema.json", shown.append)
    assert (tmp_path / "flow.schema.json").read_text(encoding="utf-8") == schema_text()
    assert "# yaml-language-server: $schema=./flow.schema.json" in shown[0]


def test_where_it_cannot_be_written_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="cannot be written: No such file"):
        write_schema(tmp_path / "nowhere" / "x.json", print)
