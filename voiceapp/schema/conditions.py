"""What comes to a call of a test from outside, as an editor accepts it."""

from collections.abc import Mapping
from typing import get_args

from voiceapp.events import Direction
from voiceapp.flow.shapes import DATA, FLAG, TEXT, Shape, written
from voiceapp.flow.steps.dial import TARGET
from voiceapp.rehearsal.conditions import CarrierName, Unreached
from voiceapp.rehearsal.scenario_file import ANSWER_KEYS
from voiceapp.schema.models import DEFINITIONS
from voiceapp.schema.values import described, one_of, only, within

_DATE = "[0-9]{4}-?((0[1-9]|1[0-2])-?(0[1-9]|[12][0-9]|3[01])|W[0-5][0-9](-?[1-7])?)"
_CLOCK = "([01][0-9]|2[0-4])(:?[0-5][0-9](:?[0-5][0-9]([.,][0-9]+)?)?)?"
_ZONE = "(Z|[+-][0-9]{2}(:?[0-9]{2}(:?[0-9]{2}([.,][0-9]+)?)?)?)"
_AT = within(
    written(f"^{_DATE}(.{_CLOCK}{_ZONE}?)?$", "has to be a time, as in 2026-03-02T10:00:00+01:00", "integer"),
    minimum=10101,
    maximum=99991231,
)
"""Without a dash a day is a number to editors."""
_NUMBER: Shape = {
    "if": {"type": "null"},
    "else": written(
        f"^({TARGET.pattern})?$", "has to be a number such as +33123456789 or sip:name@host", "number"
    ),
}
"""Also nothing at all; but no editor offers `null`, which the reader refuses when it is written."""
_NO_CARRIER = "there is no such carrier; there are callr and routee"
_NOT_REFUSED = "has to be a number that may not be dialled, or a list of them"
_NO_ANSWER = "has to be an answer, as in {json: {ready: true}}, {status: 503} or {after: 4}"


def unreached(description: str) -> Shape:
    """Why an outbound call never became a conversation."""
    meanings = "the number is busy", "nobody answers", "the number cannot be called"
    return described(one_of(get_args(Unreached), "has to be busy, no_answer or failed", *meanings), description)


def condition_shapes() -> Mapping[str, Shape]:
    """By the keys of a test."""
    directions = "somebody calls the flow", "the flow calls somebody"
    return {
        "carrier": _carrier(),
        "at": described(
            _AT,
            "when the call begins, without a zone in UTC; by default a Monday, 2026-03-02T10:00:00Z",
            "2026-03-02T10:00:00+01:00",
        ),
        "from": described(_NUMBER, "who calls; nothing for somebody who hides the number", "+33612345678"),
        "to": described(_NUMBER, "who is called", "+33123456789"),
        "direction": described(
            one_of(get_args(Direction), "has to be inbound or outbound", *directions),
            "whether the call comes in or goes out; by default it comes in",
        ),
        "inputs": described(
            {
                "type": "object",
                "additionalProperties": {**TEXT, "errorMessage": "has to be a text, as a URL would bring it"},
                "errorMessage": "has to be a mapping of names to texts",
            },
            "the flow's inputs by name, as texts",
        ),
        "machine": described(FLAG, "whether an answering machine picks up an outbound call"),
        "unreached": unreached("nobody picks up an outbound call, for this reason"),
        "fails": described(
            {"type": ["string", "number"], "errorMessage": "has to be one word"},
            "the step whose first command CALLR cannot do",
        ),
        "refused": _refused(),
        "fetch": _fetch(),
    }


def answer_definitions() -> Mapping[str, Shape]:
    """`answer`: one answer of a back end."""
    status = written("^[1-5][0-9]{2}$", "has to be an HTTP status, as in 503", "integer")
    after = written(r"^[0-9]{1,3}(\.[0-9]{1,3})?$", "has to be a number of seconds, as in 4 or 0.5", "number")
    keys = {
        "status": described(within(status, minimum=100, maximum=599), "the HTTP status; by default 200", 503),
        "json": described(DATA, "the body, a value of any type; by default null"),
        "after": described(
            within(after, minimum=0, exclusiveMaximum=1000), "after so many seconds; by default at once", 4
        ),
    }
    known = only({key: keys[key] for key in ANSWER_KEYS})
    return {"answer": {"type": "object", "errorMessage": _NO_ANSWER, "allOf": [known]}}


def _carrier() -> Shape:
    names = get_args(CarrierName)
    one: Shape = {"enum": list(names), "errorMessage": _NO_CARRIER}
    offered = [{"label": name, "body": name} for name in names]
    return {
        "if": {"type": "array"},
        "then": {"items": one},
        "else": one,
        "defaultSnippets": [*offered, {"label": "both", "body": list(names)}],
        "description": "the carrier that plays the call, or a list; by default all that the flow fits",
    }


def _refused() -> Shape:
    number = written(f"^({TARGET.pattern})$", _NOT_REFUSED, "number")
    several = {**number, "type": [*number["type"], "array"], "items": number}
    return described(several, "a number that may not be dialled, or a list of them", "+33123456789")


def _fetch() -> Shape:
    answer = {"$ref": f"{DEFINITIONS}answer"}
    answers: Shape = {
        "type": ["object", "array"],
        "errorMessage": _NO_ANSWER,
        "if": {"type": "array"},
        "then": {"items": answer},
        "else": {"if": {"type": "object"}, "then": answer},
        "description": "what is answered; of a list one after the other, the last again and again",
    }
    urls = {
        "patternProperties": {r"^([A-Z]+ )?(https?://|\*)\S*$": answers},
        "additionalProperties": False,
        "errorMessage": "has to be a URL, or a method and a URL, as in POST https://crm.example.com/*",
    }
    snippet = {
        "label": "an answer",
        "description": "a URL, in which * stands for anything, and what is answered",
        "body": {"https://${1:crm.example.com/*}": {"json": {"${2:ready}": "${3:true}"}}},
    }
    return {
        "type": "object",
        "errorMessage": 'has to map URLs to answers, as in {"https://…": {json: {ready: true}}}',
        "allOf": [urls],
        "defaultSnippets": [snippet],
        "description": "answers of back ends by URL, in which `*` stands for anything, or by `METHOD URL`; "
        "a request that no answer is for fails the test",
    }
