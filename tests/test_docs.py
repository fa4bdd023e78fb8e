"""What the documentation says is what the code does: tables are generated, flows load, commands exist."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from tests.mutants.running import CARRIERS
from tests.servers import write_flows
from voiceapp.cli import app
from voiceapp.flow.library import load_library, scripts_of
from voiceapp.flow.loader import load_flow
from voiceapp.reference import blocks, rewritten
from voiceapp.rehearsal.running import Stage
from voiceapp.rehearsal.scenario import EXPECTED_KEYS
from voiceapp.rehearsal.scenario_file import CONDITION_KEYS, read_scenarios
from voiceapp.settings import load
from voiceapp.terminal.check import Wanted, report_of
from voiceapp.terminal.graph import drawn

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")])


def _names(pages: list[Path]) -> list[str]:
    return [page.name for page in pages]


@pytest.mark.parametrize("page", PAGES, ids=_names(PAGES))
def test_generated_tables_are_those_of_the_code(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert rewritten(text) == text, "run: make docs"


def test_every_generated_table_stands_in_some_page() -> None:
    everything = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [mark for mark in blocks() if f"<!-- {mark} -->" not in everything] == []


def _flows(page: Path) -> list[tuple[str, str]]:
    yaml_blocks = re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    return [(name[1], block) for block in yaml_blocks if (name := re.match(r"flow: (\w+)", block))]


@pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "docs" / "language.md"], ids=lambda page: page.name)
def test_flows_in_the_pages_load(page: Path) -> None:
    flows = _flows(page)
    assert flows
    for name, text in flows:
        assert load_flow(text.encode(), f"{name}.yaml").name == name


async def test_the_tests_in_the_pages_pass_on_the_flow_of_the_readme() -> None:
    page = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```yaml\n(flow: hello\ntests:\n.*?)```", page, re.DOTALL)
    ((name, flow),) = _flows(ROOT / "README.md")
    stage = Stage(scripts_of({name: load_flow(flow.encode(), f"{name}.yaml")}), CARRIERS)
    results = [result for one in read_scenarios(text.encode(), "hello.yaml") for result in await stage.play(one)]
    assert {result.carrier for result in results} == {"callr", "routee"}
    assert [result.differences for result in results if not result.passed] == []


def test_every_key_of_a_test_is_explained() -> None:
    page = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"`(\w+)", "".join(line for line in page.splitlines() if line.startswith("| `"))))
    assert {*CONDITION_KEYS, *EXPECTED_KEYS} - {"call"} <= explained


def test_the_mistake_in_the_readme_is_said_as_it_stands_there(tmp_path: Path) -> None:
    ((_, text),) = _flows(ROOT / "README.md")
    said = re.search(r"`flows/(hello\.yaml:\S+ .*?\?)`", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert said
    folder = write_flows(tmp_path / "flows", text.replace("1: opening", "1: openning"))
    report = report_of([], load({"flows": str(folder)}), Wanted())
    assert [str(finding).rpartition("/")[2] for finding in report.findings] == [said[1]]


def test_the_picture_is_that_of_the_flow() -> None:
    flow = load_library(ROOT / "flows").scripts["reception"].flow
    drawn_now = drawn(flow, "svg", None)
    shown = (ROOT / "docs" / "pictures" / "reception.svg").read_text(encoding="utf-8")
    assert shown.strip() == drawn_now.strip(), "run: voiceapp graph reception -o docs/pictures/reception.svg"


def test_commands_in_the_pages_exist() -> None:
    everything = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    used = set(re.findall(r"(?:`|bin/)voiceapp ([a-z]+)\b", everything))
    commands = get_command(app)
    assert used
    assert used <= set(getattr(commands, "commands", {}))


@pytest.mark.parametrize("page", PAGES, ids=_names(PAGES))
def test_links_and_paths_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if not link.startswith("https://")]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_shipped_flows_load() -> None:
    assert set(load_library(ROOT / "flows", secrets=()).scripts) == {
        path.stem for path in (ROOT / "flows").glob("*.yaml")
    }
