"""`voiceapp new`: writes a flow to begin with, its tests, and the schemas by which editors know what both are."""

import re
from pathlib import Path

from voiceapp.errors import OperatorError
from voiceapp.flow.fields import NAME, NAME_RULE
from voiceapp.flow.problems import listed, nearest
from voiceapp.schema import flow_file, tests_file
from voiceapp.starters import ABOUT, starter
from voiceapp.terminal.testing import TESTS


def write(folder: Path, flow: str, template: str) -> tuple[Path, Path]:
    """Writes FLOW.yaml and tests/FLOW.yaml into the folder of flows, and beside each its schema where there is
    none. Raises OperatorError when there is no such template, the name is none, or one of the files is there
    already; then nothing is written."""
    if template not in ABOUT:
        hint = nearest(template, ABOUT) or f"; there are {listed(ABOUT)}"
        raise OperatorError(f"--template: there is no template '{template}'{hint}")
    if not re.fullmatch(NAME, flow):
        raise OperatorError(f"'{flow}' is no name for a flow: it {NAME_RULE}")
    file, tests = folder / f"{flow}.yaml", folder / TESTS / f"{flow}.yaml"
    for path in (file, tests):
        if path.exists():
            raise OperatorError(f"{path} is there already; choose another name")
    made = starter(template, flow)
    schemas = {
        folder / flow_file.FILE: flow_file.schema_text,
        tests.parent / tests_file.FILE: tests_file.schema_text,
    }
    try:
        tests.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(made.flow, encoding="utf-8")
        tests.write_text(made.tests, encoding="utf-8")
        for schema, schema_text in schemas.items():
            if not schema.exists():
                schema.write_text(schema_text(), encoding="utf-8")
    except OSError as error:
        raise OperatorError(f"{folder}: cannot be written to: {error.strerror}") from None
    return file, tests
