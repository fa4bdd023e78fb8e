"""Under which terms a call was placed: what an application asked for that the flow itself does not say."""

from typing import Literal

import msgspec

MachineAction = Literal["hang_up", "continue"]
DetectionMethod = Literal["silence", "dtmf"]

CALLBACK_EVENTS = (
    "call.placed",
    "call.failed",
    "call.unknown",
    "call.cancelled",
    "call.answered",
    "call.machine",
    "call.unreached",
    "call.ended",
    "call.recorded",
    "call.updated",
)
"""What an application can be told of a call, in the order in which it mostly happens."""


class MachineDetection(msgspec.Struct, gc=False, frozen=True, omit_defaults=True, kw_only=True):
    """How to tell an answering machine from a person, and what to do `then`.

    `carrier`: it detects by itself (Routee). Else the fields and defaults of CALLR's App.Param.VmsDetect ("JSON
    objects"), times in seconds: a person says a short hello and is silent; or is asked to press a key."""

    then: MachineAction = "continue"
    carrier: bool = False
    method: DetectionMethod = "silence"
    silence_seconds: float = 1.8
    silence_iterations: int = 1
    silence_timeout: int = 3
    dtmf_iterations: int = 2
    dtmf_timeout: int = 2


class Callback(msgspec.Struct, gc=False, frozen=True):
    """Where to tell what becomes of a call, and which of CALLBACK_EVENTS."""

    url: str
    events: tuple[str, ...] = CALLBACK_EVENTS


class Terms(msgspec.Struct, gc=False, frozen=True, omit_defaults=True, kw_only=True):
    """`max_seconds` from the answer on; `detect_b`: hang up on a machine that answers what the flow dials;
    `click`: the click-to-call that this call is a part of."""

    detection: MachineDetection | None = None
    callback: Callback | None = None
    max_seconds: int | None = None
    detect_b: bool = False
    click: str = ""


NO_TERMS = Terms()
