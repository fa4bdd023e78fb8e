"""A folder of flows: scripts with all they run, and versions that change exactly when one of those does."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from voiceapp.errors import OperatorError
from voiceapp.flow.library import load_files, load_library, script_from_sources, scripts_of, sources_of
from voiceapp.flow.problems import FlowProblems
from voiceapp.flow.surroundings import Surroundings

SHARED = Path(__file__).parents[1] / "flows" / "shared"
SAY = "flow: {}\nlanguages: [en-GB]\nsteps: {{a: {{say: Hi}}}}\n"
RUN = "flow: {}\nlanguages: [en-GB]\nsteps: {{a: {{run: {}}}}}\n"
TEXTS = {
    "leaf": SAY.format("leaf"),
    "middle": RUN.format("middle", "leaf"),
    "top": RUN.format("top", "middle"),
    "alone": SAY.format("alone"),
    "ping": RUN.format("ping", "pong"),
    "pong": RUN.format("pong", "ping"),
}


def versions(folder: Path, texts: Mapping[str, str]) -> dict[str, str]:
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_bytes(text.encode())
    return {name: script.version for name, script in load_library(folder).scripts.items()}


@pytest.mark.parametrize(
    ("changed", "others"),
    [
        ("leaf", {"leaf", "middle", "top"}),
        ("middle", {"middle", "top"}),
        ("top", {"top"}),
        ("alone", {"alone"}),
        ("ping", {"ping", "pong"}),
        ("pong", {"ping", "pong"}),
    ],
)
def test_a_version_changes_with_what_the_flow_runs(changed: str, others: set[str], tmp_path: Path) -> None:
    before = versions(tmp_path / "before", TEXTS)
    after = versions(tmp_path / "after", {**TEXTS, changed: f"{TEXTS[changed]}# changed\n"})
    assert {name for name in TEXTS if before[name] != after[name]} == others
    assert len({*before.values(), *after.values()}) == len(TEXTS) + len(others)


def test_order_and_place_do_not_matter(tmp_path: Path) -> None:
    for name, text in TEXTS.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    files = sorted(tmp_path.glob("*.yaml"))
    there, back = (scripts_of(load_files(order, Surroundings())) for order in (files, files[::-1]))
    assert {name: script.version for name, script in there.items()} == {
        name: script.version for name, script in back.items()
    }
    assert versions(tmp_path / "elsewhere", TEXTS) == {name: script.version for name, script in there.items()}


def test_a_script_holds_what_it_runs_and_no_more() -> None:
    flows = load_library(SHARED).scripts
    assert {name: set(script.flows) for name, script in flows.items()} == {name: {name} for name in flows}


@pytest.mark.parametrize(("name", "held"), [("top", {"top", "middle", "leaf"}), ("ping", {"ping", "pong"})])
def test_a_script_from_its_stored_sources_is_the_same(name: str, held: set[str], tmp_path: Path) -> None:
    versions(tmp_path / "flows", {**TEXTS, "leaf": "\ufeff" + TEXTS["leaf"].replace("\n", "\r\n")})
    script = load_library(tmp_path / "flows").scripts[name]
    again = script_from_sources(name, sources_of(script))
    assert set(script.flows) == held
    assert again.version == script.version
    assert again.flow.steps == script.flow.steps


def test_no_folder_and_no_flow(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="there is no folder"):
        load_library(tmp_path / "none")
    with pytest.raises(OperatorError, match="holds no flow"):
        load_library(tmp_path)


def test_a_file_that_cannot_be_read_is_told_beside_the_mistakes_in_others(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("flow: broken\n")
    with pytest.raises(FlowProblems) as refused:
        load_files([tmp_path / "gone.yaml", tmp_path / "broken.yaml"], Surroundings())
    told = str(refused.value)
    assert "gone.yaml:1:1: cannot be read: No such file or directory" in told
    assert "broken.yaml:1:1: " in told


def test_sounds_and_secrets_are_looked_for(tmp_path: Path) -> None:
    text = "steps: {a: {say: {audio: a.wav}}, b: {notify: 'https://x/{{ secret.KEY }}'}}"
    (tmp_path / "one.yaml").write_text(f"flow: one\nlanguages: [en-GB]\n{text}")
    with pytest.raises(FlowProblems) as caught:
        load_library(tmp_path, {"KEYS"})
    assert [problem.message for problem in caught.value.problems] == [
        "there is no file audio/a.wav",
        "no secret named 'KEY' (VOICEAPP_SECRET_KEY) is set; did you mean 'KEYS'?",
    ]
    (tmp_path / "audio").mkdir()
    (tmp_path / "audio" / "a.wav").touch()
    assert set(load_library(tmp_path, {"KEY"}).scripts) == {"one"}
