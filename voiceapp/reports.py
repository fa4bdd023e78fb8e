"""What an application is told of the calls that it placed: pure, from what happened in a turn."""

from collections.abc import Iterator

from voiceapp.attempt import Attempt
from voiceapp.events import (
    CallAnswered,
    CallHungUp,
    CallLost,
    CallUnreached,
    Event,
    RecordingStored,
    StatusReported,
)
from voiceapp.store.turns import Report
from voiceapp.turn import Happened
from voiceapp.views import attempt_view, call_view


def reports_of(happened: Happened) -> tuple[Report, ...]:
    """What there is to tell after a turn, to whom the call was placed for."""
    callback = happened.call.terms.callback
    if callback is None:
        return ()
    told = dict.fromkeys(kind for kind in _kinds(happened) if kind in callback.events)
    return tuple(Report(kind, callback.url, call_view(happened.call)) for kind in told)


def report_of(attempt: Attempt) -> tuple[Report, ...]:
    """What there is to tell of an attempt that has come to another state before its call began."""
    callback, kind = attempt.order.terms.callback, f"call.{attempt.state}"
    if callback is None or kind not in callback.events:
        return ()
    return (Report(kind, callback.url, attempt_view(attempt)),)


def _kinds(happened: Happened) -> Iterator[str]:
    for event in happened.events:
        if event not in happened.ignored:
            yield from _kind(event)
    if happened.call.by_machine and not (happened.before is not None and happened.before.by_machine):
        yield "call.machine"


def _kind(event: Event) -> Iterator[str]:
    match event:
        case CallAnswered():
            yield "call.answered"
        case CallUnreached():
            yield "call.unreached"
        case CallHungUp() | CallLost():
            yield "call.ended"
        case RecordingStored():
            yield "call.recorded"
        case StatusReported(seconds=seconds, price=price, cause=cause) if seconds or price or cause:
            yield "call.updated"
        case _:
            return
