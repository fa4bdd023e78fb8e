"""Flows to begin with, each with its tests: `NAME.yaml` and `NAME_tests.yaml`; FLOW in them stands for the flow's
name."""

from collections.abc import Mapping
from importlib.resources import files
from typing import NamedTuple


class Starter(NamedTuple):
    """A flow and its tests, as texts."""

    flow: str
    tests: str


ABOUT: Mapping[str, str] = {
    "ivr": "opening hours, a menu, departments that are called, a message at night",
    "survey": "three questions, saved; and no more calls for who wants none",
    "forwarding": "rings a team one after the other, and takes a message when nobody answers",
    "voicemail": "takes a message, lets the caller hear it again, and tells another system",
    "callback": "offers to call back instead of waiting; calls, and connects with the team",
}
"""What there is to begin with, and what each does."""


def starter(template: str, flow: str) -> Starter:
    """The starter of this name, for a flow of that name."""
    folder = files(__package__)
    texts = (folder.joinpath(f"{template}{end}.yaml").read_text(encoding="utf-8") for end in ("", "_tests"))
    return Starter(*(text.replace("FLOW", flow) for text in texts))
