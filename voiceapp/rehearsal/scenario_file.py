"""A file of scenarios (`flows/tests/*.yaml`) -> scenarios, or every mistake in it at file:line:column."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path as FilePath
from typing import Any, get_args

from voiceapp.events import Value
from voiceapp.flow.json_values import json_value
from voiceapp.flow.problems import FlowProblems, Path, Place, Wrong, listed, nearest
from voiceapp.flow.steps.dial import TARGET
from voiceapp.flow.yaml_text import Document, Tree, read
from voiceapp.rehearsal.conditions import CarrierName, Conditions, MockAnswer, Unreached
from voiceapp.rehearsal.lines import Line
from voiceapp.rehearsal.scenario import EXPECTED_KEYS, Expected, Scenario
from voiceapp.rehearsal.scenario_lines import read_lines

FILE_KEYS = ("flow", "tests")
CONDITION_KEYS = (
    "carrier",
    "at",
    "from",
    "to",
    "direction",
    "inputs",
    "machine",
    "unreached",
    "fails",
    "refused",
    "fetch",
)
KEYS = ("note", *CONDITION_KEYS, *EXPECTED_KEYS)
ANSWER_KEYS = ("status", "json", "after")


def read_scenarios(text: bytes, file: str) -> tuple[Scenario, ...]:
    """The scenarios in a file; raises FlowProblems with everything that is wrong in it."""
    reading = _Reading(read(text, file))
    scenarios = reading.scenarios()
    problems = [*reading.document.problems, *(reading.problem(wrong) for wrong in reading.wrong)]
    if problems:
        raise FlowProblems(problems)
    return scenarios


class _Reading:
    """One file being read: what is wrong in one place does not hide what is wrong in another."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.wrong: list[Wrong] = []

    def problem(self, wrong: Wrong) -> Any:
        return self.document.problem(wrong.path, wrong.message, key=wrong.at_key)

    def scenarios(self) -> tuple[Scenario, ...]:
        tree = self.document.tree
        if not isinstance(tree, dict) or not isinstance(tree.get("tests"), dict):
            self.wrong.append(
                Wrong(("tests",), "a file of tests is a mapping with the key 'tests': names to calls")
            )
            return ()
        self._unknown(tree, (), FILE_KEYS)
        flow = tree.get("flow", FilePath(self.document.file).stem)
        tests = tree["tests"]
        if not isinstance(flow, str) or not isinstance(tests, dict):
            self.wrong.append(Wrong(("flow",), "has to be the name of a flow"))
            return ()
        return tuple(self._scenario(flow, name, body) for name, body in tests.items())

    def _scenario(self, flow: str, name: str, body: Tree) -> Scenario:
        path: Path = ("tests", name)
        if not isinstance(body, dict):
            self.wrong.append(Wrong(path, "a test is a mapping with the key 'call'"))
            body = {"call": []}
        self._unknown(body, path, KEYS)
        if "call" not in body:
            self.wrong.append(Wrong(path, "the key 'call' is missing: what happens on the phone, line by line"))
        place = self.document.place(path, key=True)
        carriers = self._carriers(body.get("carrier"), (*path, "carrier"))
        conditions = self._conditions(body, path)
        lines = read_lines(body.get("call", []), (*path, "call"), self.wrong)
        expected = self._expected(body, path, tuple(chain.from_iterable(lines)))
        places = dict(self._places(body, path, lines))
        return Scenario(name, flow, self.document.file, place, carriers, conditions, expected, places)

    def _places(
        self, body: Mapping[str, Tree], path: Path, lines: Sequence[Sequence[Line]]
    ) -> Iterator[tuple[str, tuple[Place, ...]]]:
        """Where each key of what is expected stands; of `call` each of its lines."""
        for key in EXPECTED_KEYS:
            if key == "call":
                items = (self.document.place((*path, key, str(at))) for at in range(len(lines)))
                yield key, tuple(place for place, of_item in zip(items, lines, strict=True) for _ in of_item)
            elif key in body:
                yield key, (self.document.place((*path, key), key=True),)

    def _unknown(self, body: Mapping[str, Tree], path: Path, known: tuple[str, ...]) -> None:
        for key in body:
            if key not in known:
                self.wrong.append(Wrong((*path, key), f"unknown key '{key}'{nearest(key, known)}", at_key=True))

    def _carriers(self, tree: Tree | None, path: Path) -> tuple[CarrierName, ...]:
        names = [] if tree is None else tree if isinstance(tree, list) else [tree]
        known: dict[str, CarrierName] = {"callr": "callr", "routee": "routee"}
        for name in names:
            if not isinstance(name, str) or name not in known:
                self.wrong.append(Wrong(path, f"there is no carrier {name}; there are callr and routee"))
        return tuple(known[name] for name in names if isinstance(name, str) and name in known)

    # what comes to the call from outside

    def _conditions(self, body: Mapping[str, Tree], path: Path) -> Conditions:
        default = Conditions()
        return Conditions(
            at=self._read(body, path, "at", _time, default.at),
            caller=self._read(body, path, "from", _number, default.caller),
            called=self._read(body, path, "to", _number, default.called),
            direction=self._read(body, path, "direction", _one_of("inbound", "outbound"), default.direction),
            inputs=self._texts(body.get("inputs", {}), (*path, "inputs")),
            machine=self._read(body, path, "machine", _one_of("true", "false"), "false") == "true",
            unreached=self._read(body, path, "unreached", _one_of(*get_args(Unreached)), None),
            fails=self._read(body, path, "fails", str, ""),
            refused=self._refused(body.get("refused", []), (*path, "refused")),
            fetch=self._mocks(body.get("fetch", {}), (*path, "fetch")),
        )

    def _read(
        self, body: Mapping[str, Tree], path: Path, key: str, reader: Callable[[str], Any], default: Any
    ) -> Any:
        if key not in body:
            return default
        text = body[key]
        try:
            if not isinstance(text, str):
                raise ValueError("has to be one word")
            return reader(text)
        except ValueError as error:
            self.wrong.append(Wrong((*path, key), str(error)))
            return default

    def _refused(self, tree: Tree, path: Path) -> frozenset[str]:
        numbers = tree if isinstance(tree, list) else [tree]
        for number in numbers:
            if not isinstance(number, str) or not TARGET.fullmatch(number):
                self.wrong.append(Wrong(path, "has to be a number that may not be dialled, or a list of them"))
        return frozenset(number for number in numbers if isinstance(number, str))

    def _texts(self, tree: Tree, path: Path) -> Mapping[str, str]:
        if not isinstance(tree, dict):
            self.wrong.append(Wrong(path, "has to be a mapping of names to texts"))
            return {}
        for name, text in tree.items():
            if not isinstance(text, str):
                self.wrong.append(Wrong((*path, name), "has to be a text, as a URL would bring it"))
        return {name: text for name, text in tree.items() if isinstance(text, str)}

    def _mocks(self, tree: Tree, path: Path) -> Mapping[str, tuple[MockAnswer, ...]]:
        if not isinstance(tree, dict):
            self.wrong.append(
                Wrong(path, 'has to map URLs to answers, as in {"https://…": {json: {ready: true}}}')
            )
            return {}
        mocks = {}
        for url, answers in tree.items():
            if not re.fullmatch(r"([A-Z]+ )?(https?://|\*)\S*", url):
                message = "has to be a URL, or a method and a URL, as in POST https://crm.example.com/*"
                self.wrong.append(Wrong((*path, url), message, at_key=True))
            if isinstance(answers, list):
                several = [self._mock(one, (*path, url, str(at))) for at, one in enumerate(answers)]
            else:
                several = [self._mock(answers, (*path, url))]
            mocks[url] = tuple(several) or (MockAnswer(),)
        return mocks

    def _mock(self, tree: Tree, path: Path) -> MockAnswer:
        if not isinstance(tree, dict):
            self.wrong.append(
                Wrong(path, "has to be an answer, as in {json: {ready: true}}, {status: 503} or {after: 4}")
            )
            return MockAnswer()
        self._unknown(tree, path, ANSWER_KEYS)
        return MockAnswer(
            status=self._read(tree, path, "status", _status, 200),
            value=json_value(self.document, tree.get("json", "null"), (*path, "json")),
            after=self._read(tree, path, "after", _seconds, 0.0),
        )

    # what is expected

    def _expected(self, body: Mapping[str, Tree], path: Path, lines: tuple[Line, ...]) -> Expected:
        saved = self._value(body, path, "saved")
        if saved is not None and not isinstance(saved, dict):
            self.wrong.append(Wrong((*path, "saved"), "has to be a mapping of variables to values"))
            saved = None
        ends = self._read(body, path, "ends", str, None)
        return Expected(
            lines=lines,
            saved=saved,
            fetched=self._list(body, path, "fetched"),
            notified=self._list(body, path, "notified"),
            opted_out=self._list(body, path, "opted_out"),
            called_back=self._list(body, path, "called_back"),
            ends=ends,
        )

    def _value(self, body: Mapping[str, Tree], path: Path, key: str) -> Value:
        return json_value(self.document, body[key], (*path, key)) if key in body else None

    def _list(self, body: Mapping[str, Tree], path: Path, key: str) -> tuple[Value, ...] | None:
        value = self._value(body, path, key)
        if value is not None and not isinstance(value, list):
            self.wrong.append(Wrong((*path, key), "has to be a list"))
            return None
        return None if value is None else tuple(value)


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("has to be a time, as in 2026-03-02T10:00:00+01:00") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _number(text: str) -> str:
    if text and not TARGET.fullmatch(text):
        raise ValueError("has to be a number such as +33123456789 or sip:name@host")
    return text


def _one_of(*words: str) -> Callable[[str], str]:
    def reader(text: str) -> str:
        if text not in words:
            raise ValueError(f"has to be {listed(words, 'or')}{nearest(text, words)}")
        return text

    return reader


def _status(text: str) -> int:
    if not re.fullmatch("[1-5][0-9]{2}", text):
        raise ValueError("has to be an HTTP status, as in 503")
    return int(text)


def _seconds(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3})?", text):
        raise ValueError("has to be a number of seconds, as in 4 or 0.5")
    return float(text)
