"""`voiceapp schema`: printed, or written beside the flows or their tests, whose first line names it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from voiceapp.cli import app
from voiceapp.errors import OperatorError
from voiceapp.fuzzing.writing import Written
from voiceapp.schema import flow_file, tests_file
from voiceapp.terminal import fuzz, new, paths
from voiceapp.terminal.schema import write_schema

TEXTS = {False: flow_file.schema_text(), True: tests_file.schema_text()}
FIRST_LINE = f"# yaml-language-server: $schema=./{tests_file.FILE}\n"
TEXT = "flow: line\ntests: {}\n"


@pytest.mark.parametrize("tests", [False, True])
def test_it_is_printed(tests: bool) -> None:
    shown: list[str] = []
    write_schema(None, shown.append, tests=tests)
    assert "\n".join(shown) + "\n" == TEXTS[tests]


@pytest.mark.parametrize(
    ("tests", "name", "said"),
    [
        (
            False,
            "flow.schema.json",
            "; a flow beside it begins with: # yaml-language-server: $schema=./flow.schema.json",
        ),
        (True, "t.json", "; a file of tests beside it begins with: # yaml-language-server: $schema=./t.json"),
    ],
)
def test_it_is_written_and_says_how_it_is_named(tests: bool, name: str, said: str, tmp_path: Path) -> None:
    shown: list[str] = []
    write_schema(tmp_path / name, shown.append, tests=tests)
    assert (tmp_path / name).read_text(encoding="utf-8") == TEXTS[tests]
    assert shown[0].endswith(said)


def test_where_it_cannot_be_written_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="cannot be written: No such file"):
        write_schema(tmp_path / "nowhere" / "x.json", print)


@pytest.mark.parametrize(("arguments", "tests"), [(["schema"], False), (["schema", "--tests"], True)])
def test_the_command_prints_that_of_flows_or_that_of_tests(arguments: list[str], tests: bool) -> None:
    assert CliRunner().invoke(app, arguments).stdout == TEXTS[tests]


@pytest.mark.parametrize("tests", [False, True])
def test_the_command_writes_it_and_a_dash_stands_for_printing(tests: bool, tmp_path: Path) -> None:
    arguments = ["schema", *(["--tests"] if tests else []), "-o"]
    assert CliRunner().invoke(app, [*arguments, "-"]).stdout == TEXTS[tests]
    assert CliRunner().invoke(app, [*arguments, str(tmp_path / "x.json")]).exit_code == 0
    assert (tmp_path / "x.json").read_text(encoding="utf-8") == TEXTS[tests]


# files of tests that name it


def test_a_new_flow_comes_with_both_schemas_and_its_tests_name_theirs(tmp_path: Path) -> None:
    _, tests = new.write(tmp_path, "mine", "ivr")
    assert tests.read_text(encoding="utf-8").startswith(FIRST_LINE)
    assert (tmp_path / flow_file.FILE).read_text(encoding="utf-8") == TEXTS[False]
    assert (tests.parent / tests_file.FILE).read_text(encoding="utf-8") == TEXTS[True]


def test_a_schema_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    schema = tmp_path / "tests" / tests_file.FILE
    schema.parent.mkdir()
    schema.write_text("{}")
    new.write(tmp_path, "mine", "ivr")
    assert schema.read_text() == "{}"


@pytest.mark.parametrize("there", [False, True])
def test_tests_that_are_found_name_the_schema_where_it_is_beside_them(there: bool, tmp_path: Path) -> None:
    if there:
        write_schema(tmp_path / tests_file.FILE, print, tests=True)
    paths.write(TEXT, tmp_path / "line_paths.yaml")
    fuzz.write(Written(TEXT, ".yaml"), None, tmp_path, "line")
    fuzz.write(Written("{}", ".json"), None, tmp_path, "line")
    expected = f"{FIRST_LINE}{TEXT}" if there else TEXT
    assert (tmp_path / "line_paths.yaml").read_text() == expected
    assert (tmp_path / "line_fuzz.yaml").read_text() == expected
    assert (tmp_path / "line_fuzz.json").read_text() == "{}"


def test_a_flow_that_is_there_is_not_written_over_by_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("mine")
    with pytest.raises(OperatorError, match="is there already"):
        new.write(tmp_path, "mine", "ivr")
    assert [file.name for file in tmp_path.iterdir()] == ["mine.yaml"]
    assert (tmp_path / "mine.yaml").read_text() == "mine"


def test_the_folder_of_tests_is_made_only_for_what_is_written_there(tmp_path: Path) -> None:
    tests = tmp_path / "tests"
    assert fuzz.write(Written(TEXT, ".yaml"), tmp_path / "x.yaml", tests, "line") == tmp_path / "x.yaml"
    assert not tests.exists()
    assert fuzz.write(Written(TEXT, ".yaml"), None, tests, "line") == tests / "line_fuzz.yaml"
    with pytest.raises(OperatorError, match="cannot be written"):
        fuzz.write(Written(TEXT, ".yaml"), None, tmp_path / "x.yaml" / "tests", "line")
