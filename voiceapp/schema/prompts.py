"""Prompts as an editor accepts them: see `voiceapp.flow.prompts`, which reads them."""

from typing import Any

from voiceapp.flow.prompts import LANGUAGE, PROMPT_SHAPE
from voiceapp.flow.shapes import SHAPE, Shape, defined, written
from voiceapp.flow.steps.conference import ONE_PIECE_SHAPE
from voiceapp.schema.models import DEFINITIONS

_WORDS = defined(
    "words",
    "has to be what the sound says: one text, or one for each language",
    *("string", "number", "boolean", "object"),
)
_LETTER = r"([A-Za-z0-9_-]|\{lang\})"
_PART = rf"(\.{{3,}}|\.*{_LETTER}(\.|{_LETTER})*)"
_AUDIO = rf"^(https://[^\s/?#@|]+(/[^\s|]*)?|{_PART}(/{_PART})*)$"
_MEDIA: Shape = {
    "type": "object",
    "additionalProperties": {
        **written("^[0-9]{1,18}$", "has to be the carrier's number of the sound", "integer"),
        "minimum": 0,
    },
    "description": "carriers' own copies of the sound, by their numbers: `{callr: 131}`",
    "errorMessage": "has to name a carrier and its id of the sound, as in {callr: 131}",
}
_SNIPPETS = (
    {
        "label": "in each language",
        "description": "one text for each of the flow's languages",
        "body": {"en-GB": "$1", "fr-FR": "$2"},
    },
    {
        "label": "a sound",
        "description": "a file below flows/audio/, and what it says",
        "body": {"audio": "$1.wav", "text": "$2"},
    },
)


def prompt_definitions() -> dict[str, Any]:
    """`prompt`; `one_piece`, no list; `words`, no sound either; `last_words`, a prompt or nothing."""
    return {
        "prompt": {"defaultSnippets": list(_SNIPPETS), **_prompt(PROMPT_SHAPE)},
        "one_piece": {"defaultSnippets": list(_SNIPPETS), **_prompt(ONE_PIECE_SHAPE)},
        "words": {"defaultSnippets": list(_SNIPPETS[:1]), **_prompt(_WORDS, sounds=False)},
        "last_words": {"if": {"enum": [None, ""]}, "else": {"$ref": f"{DEFINITIONS}prompt"}},
    }


def _prompt(shape: Shape, *, sounds: bool = True) -> dict[str, Any]:
    again = {"$ref": f"{DEFINITIONS}{shape[SHAPE]}"}
    texts = {
        "if": {"type": "object", "required": ["text"], "maxProperties": 1},
        "then": {"properties": {"text": again}},
        "else": {
            "patternProperties": {f"^{LANGUAGE.pattern}$": again},
            "additionalProperties": False,
            "errorMessage": "is no language: write it as en-GB; a sound has the keys audio, text and media",
        },
    }
    is_sound = {"type": "object", "anyOf": [{"required": ["audio"]}, {"required": ["media"]}]}
    return {
        "type": shape["type"],
        "errorMessage": shape["errorMessage"],
        "pattern": r"\S",
        "minProperties": 1,
        **({"items": again, "minItems": 1} if "array" in shape["type"] else {}),
        **({"if": is_sound, "then": _SOUND, "else": texts} if sounds else texts),
    }


_SOUND: Shape = {
    "required": ["audio"],
    "additionalProperties": False,
    "properties": {
        "audio": {
            **written(_AUDIO, "has to be a file below flows/audio/ or a URL that starts with https://", "number"),
            "description": "a file below `flows/audio/`, or an https URL; `{lang}` in it stands for the language",
        },
        "text": {"allOf": [{"$ref": f"{DEFINITIONS}words"}], "description": "what the sound says"},
        "media": _MEDIA,
    },
}
