"""Steps as an editor accepts them: the verb in a step decides which keys it has.

A step without a verb yet is offered the verbs and whole examples of them; with one, that verb's keys, and what is
wrong is marked at the key where it stands. `record` beside `dial` is a key of `dial`.
"""

from typing import Any

import yaml

from voiceapp.flow.bodies import KEYS
from voiceapp.flow.fields import END, NAME, NAME_RULE, REPEAT, WAY_SHAPE
from voiceapp.flow.shapes import name
from voiceapp.flow.steps import STEPS, Step
from voiceapp.flow.steps.menu import KEYS_SHAPE
from voiceapp.schema.models import DEFINITIONS, model_schema

COMMON = ("next", "note")
STEP_NAME = name(NAME, NAME_RULE, (END, REPEAT, KEYS))
TELEPHONE_KEYS = (*"123456789", "0", "*", "#")

_NO_STEP = "a step is a mapping with one verb in it, as in {say: Hello}"
_VERBS = f"the verbs are {', '.join(step.verb for step in STEPS)}"


def step_definitions() -> dict[str, Any]:
    """`step`; a definition of each verb under its name; `keys`, and what may stand behind one."""
    verbs = {step.verb: _verb(step) for step in STEPS}
    behind_key = {"$ref": f"{DEFINITIONS}behind_key"}
    return {
        "step": {"type": "object", "errorMessage": _NO_STEP, **_by_verb(verbs)},
        "keys": {
            "minProperties": 1,
            # By their names they are offered; by the pattern they are found, for `1` without quotes is a number.
            "properties": dict.fromkeys(TELEPHONE_KEYS, behind_key),
            "patternProperties": {"^[0-9*#]$": behind_key},
            "additionalProperties": False,
            "errorMessage": KEYS_SHAPE["errorMessage"],
        },
        "behind_key": {
            **WAY_SHAPE,
            "type": ["string", "object"],
            "errorMessage": "has to be a step's name or a step's body",
            "description": "a step's name, `end`, `repeat`, or a step in place",
            "if": {"type": "object"},
            "then": {"$ref": f"{DEFINITIONS}step"},
        },
        "no_verb": _without_verb(verbs),
        **verbs,
    }


def _verb(step: type[Step]) -> dict[str, Any]:
    schema = model_schema(step)
    own = schema["properties"].pop(step.verb)
    common = {key: schema["properties"].pop(key) for key in COMMON}
    own["markdownDescription"] = f"{schema['description']}\n\n```yaml\n{step.example}\n```"
    own["description"] = schema["description"]
    return {**schema, "properties": {step.verb: own, **schema["properties"], **common}}


def _by_verb(verbs: dict[str, Any]) -> dict[str, Any]:
    """The definition of the verb in a step. Of two verbs the one counts that has the other among its keys."""
    keys_of_others = {key for verb, schema in verbs.items() for key in schema["properties"] if key != verb}
    chosen: dict[str, Any] = {"$ref": f"{DEFINITIONS}no_verb"}
    in_order = sorted(verbs, key=keys_of_others.__contains__)
    for verb in reversed(in_order):
        chosen = {"if": {"required": [verb]}, "then": {"$ref": f"{DEFINITIONS}{verb}"}, "else": chosen}
    return chosen


def _without_verb(verbs: dict[str, Any]) -> dict[str, Any]:
    told = ("description", "markdownDescription", "type")
    offered = {verb: {key: schema["properties"][verb][key] for key in told} for verb, schema in verbs.items()}
    common = {key: next(iter(verbs.values()))["properties"][key] for key in COMMON}
    return {
        "properties": {**offered, **common},
        "defaultSnippets": [_snippet(step) for step in STEPS],
        "additionalProperties": False,
        "errorMessage": f"is no verb; {_VERBS}",
        # Where nothing is wrong but that no verb is there, requiring any one of them says so.
        "if": {"propertyNames": {"enum": list(COMMON)}},
        "then": {"required": [STEPS[0].verb], "errorMessage": f"this step has no verb; {_VERBS}"},
    }


def _snippet(step: type[Step]) -> dict[str, Any]:
    return {
        "label": f"{step.verb} …",
        "description": f"an example: {step.summary}",
        "body": _as_written(yaml.compose(step.example, Loader=yaml.SafeLoader)),
    }


def _as_written(node: yaml.Node | None) -> Any:
    """What editors have to be told for the text of an example to come out with its quotes."""
    match node:
        case yaml.MappingNode(value=pairs):
            return {key.value: _as_written(value) for key, value in pairs}
        case yaml.SequenceNode(value=items):
            return [_as_written(item) for item in items]
        case yaml.ScalarNode(value=text, style=None):
            return text == "true" if text in ("true", "false") else text
        case yaml.ScalarNode(value=text):
            return f'"{text}"'
        case _:
            raise ValueError("an example is no YAML")
