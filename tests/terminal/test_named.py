"""Which flows are meant by what somebody types, and what else is loaded for them."""

from pathlib import Path

import pytest

from tests.servers import write_flows
from voiceapp.errors import OperatorError
from voiceapp.flow.problems import FlowProblems
from voiceapp.settings import Settings, load
from voiceapp.terminal.chosen import chosen, chosen_in_one_folder, chosen_one
from voiceapp.terminal.named import file_named, files_named

PLAIN = "flow: {name}\nlanguages: [en-GB]\nsteps:\n  bye: {{end: Bye.}}\n"
RUNNING = "flow: {name}\nlanguages: [en-GB]\nsteps:\n  other: {{run: {other}}}\n  bye: {{end: Bye.}}\n"
BROKEN = "flow: broken\nlanguages: [en-GB]\nsteps:\n  bye: {ends: Bye.}\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command is typed above the folder `flows`, and beside another one."""
    monkeypatch.chdir(tmp_path)
    write_flows(Path("flows"), PLAIN.format(name="reception"), PLAIN.format(name="night"))
    write_flows(Path("more"), PLAIN.format(name="survey"))
    Path("empty").mkdir()
    Path("night").mkdir()


NAMED: dict[str, tuple[list[str], list[str]]] = {
    "none": ([], ["flows/night.yaml", "flows/reception.yaml"]),
    "a name": (["reception"], ["flows/reception.yaml"]),
    "a name with an ending": (["reception.yaml"], ["flows/reception.yaml"]),
    "a file": (["more/survey.yaml"], ["more/survey.yaml"]),
    "a folder": (["flows"], ["flows/night.yaml", "flows/reception.yaml"]),
    "a folder with the name of a flow": (["night"], ["flows/night.yaml"]),
    "several": (["more", "night"], ["more/survey.yaml", "flows/night.yaml"]),
    "the same by name and file": (["night", "flows/night.yaml"], ["flows/night.yaml"]),
}


@pytest.mark.parametrize(("typed", "files"), NAMED.values(), ids=NAMED)
def test_files(typed: list[str], files: list[str]) -> None:
    assert list(map(str, files_named(list(map(Path, typed)), Path("flows")))) == files


UNKNOWN = {
    "a name": ("recption", "there is no flow recption in flows; did you mean 'reception'?"),
    "a file": ("more/surve.yaml", "there is no flow surve in more; did you mean 'survey'?"),
    "a file here": ("survey.yaml", "there is no flow survey in flows"),
    "a file without its ending": ("more/surve", "there is no flow surve in flows"),
    "a folder": ("empty", "flows: the folder empty holds no flow (*.yaml)"),
}


@pytest.mark.parametrize(("typed", "said"), UNKNOWN.values(), ids=UNKNOWN)
def test_what_there_is_not(typed: str, said: str) -> None:
    with pytest.raises(OperatorError) as refused:
        files_named([Path(typed)], Path("flows"))
    assert str(refused.value) == said


def test_a_file_here_goes_before_one_of_the_folder_and_a_flow_before_a_file_of_its_name() -> None:
    Path("night.yaml").write_text("")
    Path("flows/night").write_text("")
    assert file_named(Path("night.yaml"), Path("flows")) == Path("night.yaml")
    assert file_named(Path("night"), Path("flows")) == Path("flows/night.yaml")


@pytest.mark.parametrize("folder", ["nowhere", "flows/night.yaml"])
def test_without_the_folder_flows_are_named_by_file(folder: str) -> None:
    assert files_named([Path("more/survey.yaml")], Path(folder)) == [Path("more/survey.yaml")]
    with pytest.raises(OperatorError, match=rf"^flows: there is no folder {folder}; "):
        files_named([], Path(folder))


def test_one_flow_is_no_folder() -> None:
    with pytest.raises(OperatorError, match=r"^more is a folder; one flow is asked for$"):
        file_named(Path("more"), Path("flows"))


@pytest.fixture
def settings() -> Settings:
    """With a flow that has mistakes, one that runs it, and one that runs that one."""
    write_flows(Path("flows"), BROKEN, RUNNING.format(name="runs", other="broken"))
    write_flows(Path("flows"), RUNNING.format(name="calls", other="runs"))
    return load({"flows": "flows"})


def test_mistakes_of_flows_that_are_not_run_are_not_told(settings: Settings) -> None:
    assert [script.flow.name for script in chosen([Path("reception"), Path("more")], settings)] == [
        "reception",
        "survey",
    ]
    found = chosen_in_one_folder([Path("night"), Path("reception")], settings)
    assert (found.folder, found.names) == (Path("flows"), ("night", "reception"))
    assert set(found.scripts) == {"calls", "night", "reception", "runs"}
    assert chosen_one(Path("night"), settings).names == ("night",)


@pytest.mark.parametrize("name", ["broken", "runs", "calls"])
def test_mistakes_of_flows_that_are_run_are_told(settings: Settings, name: str) -> None:
    with pytest.raises(FlowProblems) as refused:
        chosen_one(Path(name), settings)
    assert str(refused.value).startswith("flows/broken.yaml:4:9: steps.bye")
    assert str(refused.value).count("broken.yaml:4:9") == 1


def test_sounds_lie_below_the_folder_of_flows() -> None:
    Path("flows/audio/hello.wav").write_bytes(b"")
    sound = PLAIN.format(name="sounds").replace("end: Bye.", "end: {audio: hello.wav, text: Hello.}")
    write_flows(Path("flows"), sound)
    assert set(chosen_one(Path("sounds"), load({"flows": "flows"})).scripts) == {"night", "reception", "sounds"}


def test_flows_of_two_folders_are_not_played_together(settings: Settings) -> None:
    with pytest.raises(OperatorError, match=r"^flows of one folder are asked for; these lie in flows and more$"):
        chosen_in_one_folder([Path("night"), Path("more")], settings)
