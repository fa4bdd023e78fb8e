"""The JSON Schema (draft-07) of a flow file: what `voiceapp schema` prints and editors read."""

from typing import Any

from voiceapp.flow.flow import Head
from voiceapp.schema.models import DEFINITIONS, model_schema, text_of
from voiceapp.schema.prompts import prompt_definitions
from voiceapp.schema.steps import STEP_NAME, step_definitions

FILE = "flow.schema.json"
"""What it is called beside the flows, which name it in their first line."""


def flow_schema() -> dict[str, Any]:
    """The schema, built from the models that the loader reads with."""
    head = model_schema(Head)
    steps = {
        "type": "object",
        "minProperties": 1,
        "propertyNames": STEP_NAME,
        "additionalProperties": {"$ref": f"{DEFINITIONS}step"},
        "errorMessage": "has to be a mapping of step names to steps, with at least one step",
        "description": "the steps by name, which run from top to bottom; a name has a-z, 0-9 and _",
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        **head,
        "description": "What a caller hears, what may be pressed, and where each answer leads.",
        "properties": {**head["properties"], "steps": steps},
        "required": [*head["required"], "steps"],
        "definitions": {**step_definitions(), **prompt_definitions()},
    }


def schema_text() -> str:
    """The schema as the file that editors read; the same code writes the same text."""
    return text_of(flow_schema())
