"""Scenarios -> the text of their file, as a person would write it; and one scenario's part of a file anew."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from voiceapp.events import Value
from voiceapp.flow.flow import Script
from voiceapp.flow.problems import FlowProblems
from voiceapp.flow.yaml_text import Document, read
from voiceapp.rehearsal.comparing import came_of
from voiceapp.rehearsal.conditions import Conditions, MockAnswer
from voiceapp.rehearsal.rehearse import Rehearsed
from voiceapp.rehearsal.scenario import EXPECTED_KEYS, Scenario
from voiceapp.rehearsal.scenario_lines import written_lines

_DOES = {"fetch": "fetched", "notify": "notified", "opt_out": "opted_out", "call_back": "called_back"}
"""What a verb leads to, as a scenario expects it."""

_ONE_LINE = 1_000_000
_PLAIN = re.compile(r"[^\W\d_](?:[^\x00-\x1f\x7f-\x9f#:\"'{}\[\],&*!|>%@`]|:(?=\S)|(?<=\w)['#*])*(?<![\s:])")
"""Texts that stand without quotes: those that mean the same to every reader of YAML, and to people."""

_OTHERWISE = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""What some readers of YAML take for something else, however it is spelled."""


class _Short(dict[str, Any]):
    """A mapping that is written in one line: `{+33123456789: busy}`."""


class _Dumper(yaml.SafeDumper):
    """Writes what our own reader reads: every text that would be something else to somebody is quoted."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Lists are indented below their key."""
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    plain = _PLAIN.fullmatch(text) and text.lower() not in _OTHERWISE
    style = None if plain else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style=style)


def _short(dumper: yaml.SafeDumper, mapping: _Short) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", dict(mapping), flow_style=True)


_Dumper.add_representer(str, _text)
_Dumper.add_multi_representer(str, _text)
_Dumper.add_representer(_Short, _short)


def file_text(flow: str, scenarios: Mapping[str, Mapping[str, Any]], about: str = "") -> str:
    """A whole file: the bodies of scenarios by name, `about` in a comment above."""
    comment = "".join(f"# {line}\n" for line in about.splitlines())
    return comment + f"flow: {flow}\ntests:\n" + "".join(_indented(name, body) for name, body in scenarios.items())


def _indented(name: str, body: Mapping[str, Any]) -> str:
    return "".join(f"  {line}\n" for line in _dumped({name: body}).splitlines())


def _dumped(value: Any) -> str:
    text = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_ONE_LINE)
    return str(text)


def body_of(
    script: Script, conditions: Conditions, carriers: Sequence[str], rehearsed: Rehearsed
) -> dict[str, Any]:
    """A scenario's body: what came to the call, and what came of it as what is expected; also what did not happen
    though the flow can do it."""
    verbs = {step.verb for flow in script.flows.values() for step in flow.steps.values()}
    not_done: dict[str, Any] = {what: [] for verb, what in _DOES.items() if verb in verbs}
    expected = {**not_done, **expected_of(rehearsed)}
    return _conditions(conditions, carriers) | {key: expected[key] for key in EXPECTED_KEYS if key in expected}


def expected_of(rehearsed: Rehearsed) -> dict[str, Any]:
    """Everything that a scenario can expect of this call; what did not happen is left out."""
    came = {what: value for what, value in came_of(rehearsed).items() if value}
    return {"call": _lines(rehearsed), **came}


def _lines(rehearsed: Rehearsed) -> list[Any]:
    return [
        {kind: _Short(detail) if isinstance(detail, dict) else detail for kind, detail in line.items()}
        if isinstance(line, dict)
        else line
        for line in written_lines(rehearsed.lines)
    ]


def _conditions(conditions: Conditions, carriers: Sequence[str]) -> dict[str, Any]:
    """What differs from an ordinary call."""
    ordinary = Conditions()
    given: dict[str, Any] = {}
    if carriers:
        given["carrier"] = carriers[0] if len(carriers) == 1 else list(carriers)
    if conditions.at != ordinary.at:
        given["at"] = conditions.at.isoformat().replace("+00:00", "Z")
    texts = (
        ("from", conditions.caller, ordinary.caller),
        ("to", conditions.called, ordinary.called),
        ("direction", conditions.direction, ordinary.direction),
        ("unreached", conditions.unreached, None),
        ("fails", conditions.fails, ""),
    )
    given |= {key: mine for key, mine, usual in texts if mine != usual}
    if conditions.machine:
        given["machine"] = True
    if conditions.refused:
        given["refused"] = sorted(conditions.refused)
    if conditions.inputs:
        given["inputs"] = dict(conditions.inputs)
    if conditions.fetch:
        given["fetch"] = {url: _answers(answers) for url, answers in conditions.fetch.items()}
    return given


def _answers(answers: Sequence[MockAnswer]) -> Value:
    written = [_answer(one) for one in answers]
    return written[0] if len(written) == 1 else written


def _answer(answer: MockAnswer) -> dict[str, Value]:
    given: dict[str, Value] = {}
    if answer.status != 200:
        given["status"] = answer.status
    if answer.value is not None:
        given["json"] = answer.value
    if answer.after:
        given["after"] = int(answer.after) if answer.after.is_integer() else answer.after
    return _Short(given)


def updated(text: str, document: Document, scenario: Scenario, expected: Mapping[str, Any]) -> str:
    """The text of a file with what this scenario expects written anew; everything else stays as it is, comments
    too. What the scenario did not look at is not added, but `call`. Raises ValueError where the scenario is
    written in braces."""
    lines, path = text.splitlines(keepends=True), ("tests", scenario.name)
    refused = ValueError(f"'{scenario.name}' is written in braces: give each of its keys a line of its own")
    keys = [key for key in EXPECTED_KEYS if (*path, key) in document.keys]
    for key in sorted(keys, key=lambda key: document.keys[(*path, key)], reverse=True):
        place = document.keys[(*path, key)]
        at, indent = place.line - 1, place.column - 1
        if lines[at][:indent].strip():
            raise refused
        empty: Any = {} if key == "saved" else "" if key == "ends" else []
        new, end = _dumped({key: expected.get(key, empty)}), "\r\n" if lines[at].endswith("\r\n") else "\n"
        lines[at : _end_of(lines, at, indent)] = [f"{' ' * indent}{line}{end}" for line in new.splitlines()]
    changed = "".join(lines)
    try:
        after = read(changed.encode(), document.file)
    except FlowProblems:
        raise refused from None
    if _but_expected(after.tree, scenario.name) != _but_expected(document.tree, scenario.name):
        raise refused
    return changed


def _but_expected(tree: Any, name: str) -> Any:
    """A file's tree without what this scenario expects."""
    tests = tree["tests"]
    conditions = {key: value for key, value in tests[name].items() if key not in EXPECTED_KEYS}
    return {**tree, "tests": {**tests, name: conditions}}


def _end_of(lines: Sequence[str], at: int, indent: int) -> int:
    """The line behind the value of the key that stands in line `at`: white space and comments before the next key
    are not a part of it."""
    end = at + 1
    for number in range(at + 1, len(lines)):
        line = lines[number]
        stripped = line.strip()
        deep = len(line) - len(line.lstrip()) > indent
        item = re.match(rf" {{{indent}}}- ", line) is not None or line.rstrip() == f"{' ' * indent}-"
        if stripped and not stripped.startswith("#"):
            if not (deep or item):
                break
            end = number + 1
    return end
