"""`menu`: a prompt, one key, go."""

import re
from typing import Annotated, Any, ClassVar

from pydantic import Field

from voiceapp.flow.fields import Way
from voiceapp.flow.problems import Wrong, WrongParts
from voiceapp.flow.prompts import Prompt, PromptField
from voiceapp.flow.shapes import defined, reads
from voiceapp.flow.steps.question import Question
from voiceapp.flow.steps.step import Go, Outcome, Visit
from voiceapp.flow.ways import WayOut, key_way


def read_keys(value: Any) -> dict[str, Way]:
    """Keys of a telephone and where each leads; raises WrongParts for keys no telephone has."""
    if not isinstance(value, dict) or not value:
        raise ValueError("has to map keys to steps, as in {1: sales, 2: support}")
    wrong = [
        Wrong((key,), f"'{key}' is no key of a telephone: use 0 to 9, * or #", at_key=True)
        for key in value
        if not re.fullmatch(r"[0-9*#]", key)
    ]
    wrong += [
        Wrong((key,), "has to be a step's name or a step's body")
        for key, way in value.items()
        if not isinstance(way, str) or not way
    ]
    keys = {key: Way(way) for key, way in value.items() if isinstance(way, str) and way}
    if wrong:
        raise WrongParts(wrong, keys)
    return keys


KEYS_SHAPE = defined(
    "keys", "has to map keys of a telephone, 0 to 9, * and #, to steps, as in {1: sales, 2: support}", "object"
)
KeysField = Annotated[dict[str, Way], reads(read_keys, KEYS_SHAPE)]


class MenuStep(Question):
    """Asks for one key and goes where it leads."""

    verb: ClassVar[str] = "menu"
    summary: ClassVar[str] = "prompt, one key, go"
    example: ClassVar[str] = (
        "menu: For sales press 1, for support press 2.\n"
        "keys: {1: sales, 2: support}\nsilence: I heard nothing.\notherwise: sales"
    )

    menu: PromptField = Field(description="what is asked")
    keys: KeysField = Field(description="for each key a step's name, or a step in place")

    def prompt(self) -> Prompt:
        return self.menu

    def keys_wanted(self, visit: Visit) -> tuple[int, bool]:
        return 1, True

    def takes(self, key: str) -> bool:
        return key in self.keys

    def could_grow(self, keys: str) -> bool:
        return False

    def answered(self, visit: Visit, keys: str) -> Outcome | None:
        way = self.keys.get(keys or "#")
        return None if way is None else Go(way, by=key_way(keys or "#"))

    def ways_out(self, after: Way) -> tuple[WayOut, ...]:
        keys = (WayOut(key_way(key), way) for key, way in self.keys.items())
        return (*keys, self.way_otherwise())
