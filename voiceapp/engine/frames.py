"""The frames of a call: which flow runs which, where each stands, and what each saved."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from voiceapp.call import Call, Frame
from voiceapp.events import Value
from voiceapp.flow.flow import Flow, typed_inputs, with_defaults


def changed(frames: tuple[Frame, ...], **changes: Any) -> tuple[Frame, ...]:
    """The frames, with these fields of the running one."""
    return (*frames[:-1], replace(frames[-1], **changes))


def saving(call: Call, flow: Flow, saved: Mapping[str, Value]) -> Call | None:
    """The call with these variables; None when a language is set that the flow does not have."""
    if not saved:
        return call
    kept = dict(saved)
    if "language" in kept:
        language = kept.pop("language")
        if language not in flow.head.languages:
            return None
        call = replace(call, language=language)
    return replace(call, frames=changed(call.frames, saved={**call.frame.saved, **kept}))


def entering(call: Call, flow: Flow, inputs: Mapping[str, Value]) -> Call:
    """The call with this flow on top; raises ValueError for an input that is not what the flow declares."""
    frame = Frame(flow=flow.name, saved=with_defaults(flow, typed_inputs(flow, inputs)))
    return replace(call, frames=(*call.frames, frame), progress=None)


def leaving(call: Call) -> tuple[Call, Mapping[str, Value]]:
    """The call without its running flow, and what that saved."""
    return replace(call, frames=call.frames[:-1]), call.frame.saved
