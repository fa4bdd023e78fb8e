"""A line of a call in a file of tests, as an editor accepts it; `voiceapp.rehearsal.scenario_lines` reads it.

What happens is either a word alone (`- silence`) or a word and what more there is to say (`- hears: Hello.`). An
empty line is offered both.
"""

from collections.abc import Mapping
from typing import Any, get_args

from voiceapp.events import DialOutcome
from voiceapp.flow.shapes import Shape, written
from voiceapp.rehearsal.lines import (
    ALONE,
    DIALS,
    HANGS_UP,
    HEARS,
    JOINS,
    LEAVES,
    NOTHING,
    PAUSE,
    PRESSES,
    RECORDING,
    RECORDS,
    SILENCE,
    TONES,
    UNREACHED,
    WHISPERS,
)
from voiceapp.schema.conditions import unreached
from voiceapp.schema.values import described, one_of, within

_NO_LINE = "is nothing that happens on a call: write - hears: Hello., or - silence"
_QUIET = "the caller says nothing while recorded"
_SOUND = "a sound counts as the text that it says, else as `[its file]`"


def line_definitions() -> dict[str, Any]:
    """`line`: one thing that happens on a call."""
    no_line = {"errorMessage": _NO_LINE}
    details = {"properties": _details(), "additionalProperties": False, "maxProperties": 1, **no_line}
    one_thing = {
        "if": {"minProperties": 1, "maxProperties": 1},
        "then": details,
        "else": {"type": "null", "errorMessage": "has to be one thing that happens"},
    }
    line = {"type": ["string", "object"], "if": {"type": "object"}, "then": one_thing, "else": _alone(), **no_line}
    return {"line": line}


def _details() -> Mapping[str, Shape]:
    """What stands behind each kind of line."""
    return {
        HEARS: described(
            _spoken("that the caller hears"), f"what the caller hears; {_SOUND}; `*` stands for anything"
        ),
        PRESSES: described(_keys(), "the caller presses these keys, in one listening window"),
        PAUSE: described(
            written("^[0-9]+ s$", "has to be seconds, as in 5 s"), "silence in which nobody is listened to", "5 s"
        ),
        RECORDS: {
            **one_of([NOTHING], "has to be nothing, or stands alone for a caller who speaks", _QUIET),
            "doNotSuggest": True,
            "description": _QUIET,
        },
        DIALS: _dials(),
        JOINS: described(
            written(r"^[^\n]+$", "has to be the name of the room", "number"), "the caller joins this conference"
        ),
        WHISPERS: described(_spoken("that the called party hears"), "what the called party hears first"),
        ALONE: described(_spoken("for who is alone in the room"), "what somebody hears who is alone in the room"),
        TONES: described(_keys(), "keys that the flow sends to the other side"),
        RECORDING: described(
            one_of(("on", "off"), "has to be on or off", "from here on", "no longer"),
            "whether the whole call is recorded",
        ),
        HANGS_UP: _hangs_up(),
        UNREACHED: unreached("why an outbound call never became a conversation"),
    }


def _spoken(whose: str) -> Shape:
    return written(r"\S", f"has to be the words {whose}", "number")


def _keys() -> Shape:
    return within(written("^[0-9*#]+$", "has to be keys: 0 to 9, * and #", "integer"), minimum=0)


def _dials() -> Shape:
    outcomes = get_args(DialOutcome)
    meanings = "they talk", "the number is busy", "it rings and nobody answers", "the number cannot be called"
    snippet = {
        "label": "a number",
        "description": "a number, and what becomes of it",
        "body": {'"+${1:33123456789}"': f"${{2|{','.join(outcomes)}|}}"},
    }
    return {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": one_of(outcomes, "has to be answered, busy, no_answer or failed", *meanings),
        "errorMessage": "has to say what becomes of each number, as in {+33123456789: busy}",
        "defaultSnippets": [snippet],
        "description": "the numbers that are dialled, and what becomes of each",
    }


def _hangs_up() -> Shape:
    whose = {
        "caller": "the caller",
        "callee": "who was dialled",
        "server": "the flow",
        "carrier": "the carrier",
    }
    message = "has to be caller, callee, server or carrier"
    return described(
        one_of(whose, message, *whose.values()),
        "who ends the call; on Routee nobody is told which of two connected people it was",
    )


def _alone() -> Shape:
    """Editors make one of what they are offered under the same name: so of RECORDS only the word is offered under
    its own, and what may stand behind it as another whole line."""
    meanings = {
        SILENCE: "the caller lets one listening window pass",
        RECORDS: "the caller speaks while recorded",
        LEAVES: "the caller leaves the room",
    }
    whole_line = {"label": f"{RECORDS}: {NOTHING}", "description": _QUIET, "body": f"{RECORDS}: {NOTHING}"}
    return {**one_of(meanings, _NO_LINE, *meanings.values()), "defaultSnippets": [whole_line]}
