"""The JSON Schema (draft-07) of a file of tests: what `voiceapp schema --tests` prints and editors read.

`voiceapp.rehearsal.scenario_file` reads such files; which keys there are is taken from there. As with the shapes
of flows, the schema may be wider than the reader, never narrower. But where the reader takes `null` for no
expectation at all it is marked, since an editor also sees `null` behind a key that nothing is written for yet.
"""

from collections.abc import Mapping
from typing import Any

from voiceapp.flow.shapes import DATA, Shape
from voiceapp.rehearsal.scenario_file import FILE_KEYS, KEYS
from voiceapp.schema.conditions import answer_definitions, condition_shapes
from voiceapp.schema.lines import line_definitions
from voiceapp.schema.models import DEFINITIONS, text_of
from voiceapp.schema.values import a_list, described, only

FILE = "tests.schema.json"
"""What it is called beside the tests, which name it in their first line."""

_A_TEST = {
    "label": "a test",
    "description": "a call that is heard to its end",
    "body": {"${1:what is special about it}": {"call": [{"hears": "${2:Hello.}"}, {"hangs up": "server"}]}},
}
_FILE: Mapping[str, Shape] = {
    "flow": {
        "type": ["string", "number"],
        "errorMessage": "has to be the name of a flow",
        "description": "the flow that is called; without it, the one with the name of this file",
    },
    "tests": {
        "type": "object",
        "additionalProperties": {"$ref": f"{DEFINITIONS}test"},
        "errorMessage": "has to be a mapping of names to calls",
        "defaultSnippets": [_A_TEST],
        "description": "the tests by name; a name says what is special about the call",
    },
}


def tests_schema() -> dict[str, Any]:
    """The schema; raises KeyError for a key that the reader knows and nothing is said of here."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "description": "Calls as they have to come out: what happens on the phone, and what is known afterwards.",
        "type": "object",
        "required": ["tests"],
        "errorMessage": "a file of tests is a mapping with the key 'tests': names to calls",
        "allOf": [only({key: _FILE[key] for key in FILE_KEYS})],
        "definitions": {"test": _test(), **answer_definitions(), **line_definitions()},
    }


def schema_text() -> str:
    """The schema as the file that editors read; the same code writes the same text."""
    return text_of(tests_schema())


def _test() -> Shape:
    note = described({}, "a remark for people; nothing of it is played")
    shapes: Mapping[str, Shape] = {"note": note, **condition_shapes(), **_expected()}
    missing = "the key 'call' is missing: what happens on the phone, line by line"
    return {
        "type": "object",
        "errorMessage": "a test is a mapping with the key 'call'",
        "allOf": [only({key: shapes[key] for key in KEYS}), {"required": ["call"], "errorMessage": missing}],
    }


def _expected() -> Mapping[str, Shape]:
    line = {"$ref": f"{DEFINITIONS}line"}
    saved: Shape = {"type": "object", "errorMessage": "has to be a mapping of variables to values"}
    notified = _with_keys({"url": "where it went", "with": "what it said"})
    called_back = _with_keys(
        {
            "number": "who is called",
            "flow": "the flow that is run",
            "after": "after how many seconds",
            "with": "the inputs of that flow",
        }
    )
    ends: Shape = {"type": ["string", "number"], "errorMessage": "has to be one word"}
    return {
        "call": {
            **a_list(
                line, "what happens on the phone, line by line and nothing besides: what the caller does, too"
            ),
            "errorMessage": "has to be a list of what happens, as in - hears: Hello.",
        },
        "saved": described(saved, 'all variables that steps saved; `"*"` stands for any value'),
        "fetched": a_list(
            described(DATA, "as `GET https://…`, or `{POST https://…: BODY}`", "GET https://crm.example.com/"),
            "all requests to back ends, in order",
        ),
        "notified": a_list(notified, "all webhooks, in order, as `{url: …, with: {…}}`"),
        "opted_out": a_list(DATA, "the scopes in which the caller gets no more calls, such as `all`"),
        "called_back": a_list(called_back, "all later calls, as `{number: …, flow: …, after: …, with: {…}}`"),
        "ends": described(ends, "why the call ended: `completed`, `hung_up`, `error: …`", "completed", "hung_up"),
    }


def _with_keys(meanings: Mapping[str, str]) -> Shape:
    """A value that has these keys, or is `"*"` for any."""
    return {**DATA, "properties": {key: described({}, meaning) for key, meaning in meanings.items()}}
