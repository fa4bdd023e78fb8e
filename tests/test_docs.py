"""What the documentation says is what the code does: tables are generated, flows load, commands exist."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from voiceapp.cli import app
from voiceapp.flow.library import load_library
from voiceapp.flow.loader import load_flow
from voiceapp.reference import blocks, rewritten

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


def test_the_mistake_in_the_readme_is_said_as_it_stands_there(tmp_path: Path) -> None:
    ((name, text),) = _flows(ROOT / "README.md")
    said = re.search(r"`flows/(hello\.yaml:\S+ .*?\?)`", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert said
    with pytest.raises(Exception, match="openning") as caught:
        load_flow(text.replace("1: opening", "1: openning").encode(), f"{name}.yaml")
    assert str(caught.value) == said[1]


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
