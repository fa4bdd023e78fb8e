"""Every rule over every table; how a case is written stands in `cases.py`."""

import re
from pathlib import Path

import pytest
import yaml

from tests.check.cases import CASES, Case, subject_of
from voiceapp.check.checking import check
from voiceapp.check.finding import Finding
from voiceapp.check.rules import RULES
from voiceapp.check.subject import Subject
from voiceapp.flow.library import AUDIO, load_library

ROOT = Path(__file__).parent.parent.parent
BY_ID = {rule.id: rule for rule in RULES}
FOLDERS = (ROOT / "flows", ROOT / "tests" / "flows" / "shared")
SHIPPED = yaml.safe_load((Path(__file__).parent / "shipped.yaml").read_text(encoding="utf-8"))
"""What is found in shipped flows, by file; nothing in all others."""

ONLY_CASES = [case for _, case in CASES]


def _lines(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{finding.place.line}:{finding.place.column}: {finding.message}" for finding in findings]


@pytest.mark.parametrize("case", ONLY_CASES, ids=[name for name, _ in CASES])
def test_a_rule_finds_this_and_nothing_else(case: Case, tmp_path: Path) -> None:
    subject = subject_of(case, tmp_path)
    assert _lines(check(subject, [BY_ID[case.rule]])) == case.finds
    for finding in check(subject):
        assert re.fullmatch(r"[^\s.].*[^\s.]", finding.message), "a message is one line, without a full stop"
        assert re.fullmatch(r"[^\s.].*[^\s.]", finding.fix), "so is what to do about it"


@pytest.mark.parametrize("rule", BY_ID)
def test_a_rule_has_flows_in_which_it_finds_something_and_others(rule: str) -> None:
    found = {bool(case.finds) for case in ONLY_CASES if case.rule == rule}
    assert found == {True, False}


def test_cases_have_names_of_their_own_and_rules_too() -> None:
    names = [name for name, _ in CASES]
    assert sorted(names) == sorted(set(names))
    assert [rule.id for rule in RULES] == sorted(BY_ID)


def test_the_list_of_rules_is_the_list_of_their_files() -> None:
    folder = ROOT / "voiceapp" / "check" / "rules"
    files = {path.stem.upper() for path in folder.glob("*.py")} - {"__INIT__", "RULE"}
    listed = re.findall(r"^from \S+ import ([A-Z_]+)$", (folder / "__init__.py").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(files)
    assert len(RULES) == len(listed)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(ROOT)))
def test_shipped_flows_are_good(folder: Path) -> None:
    scripts = load_library(folder).scripts
    flows = {name: script.flow for name, script in scripts.items()}
    for name, script in scripts.items():
        found = check(Subject(script, flows, folder / AUDIO))
        at = [f"{one.place.line}:{one.place.column}: {one.rule}: {one.message}" for one in found]
        assert at == SHIPPED.get(f"{folder.relative_to(ROOT)}/{name}.yaml", []), name
