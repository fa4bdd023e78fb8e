"""A dial that the flow wants and that may not be: its step is entered again, and then knows better."""

from msgspec.structs import replace

from voiceapp.actions import CarrierAction, Dial, StartRecording
from voiceapp.engine.walk import Walk
from voiceapp.events import DialRefused
from voiceapp.flow.fields import Way


def refused(walk: Walk, event: DialRefused) -> None:
    """The call may not dial these numbers, now and later. What was to be said before the dial is said."""
    call = walk.call
    numbers = tuple(dict.fromkeys((*call.refused, *event.numbers)))
    walk.call = call = replace(call, refused=numbers)
    last = call.outbox[-1] if call.outbox else None
    if isinstance(last, Dial) and not set(numbers).isdisjoint(last.targets):
        kept = tuple(action for action in call.outbox[:-1] if not _records(action, last))
        walk.call = replace(call, outbox=kept, progress=None)
        walk.go(Way(call.frame.step))


def _records(action: CarrierAction, dial: Dial) -> bool:
    return isinstance(action, StartRecording) and action.step == dial.step
