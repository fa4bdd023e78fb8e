"""What an application is told of the calls that it placed: pure, from what happened in a turn."""

from collections.abc import Iterator

from voiceapp.attempt import Attempt, AttemptState
from voiceapp.call import Call
from voiceapp.events import (
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
    """What there is to tell of an attempt that has come to another state without a call of its own."""
    callback, kind = attempt.order.terms.callback, f"call.{attempt.state}"
    if attempt.state is AttemptState.OVER:
        kind = "call.ended" if attempt.reason == "answered" else "call.unreached"
    if callback is None or kind not in callback.events:
        return ()
    return (Report(kind, callback.url, attempt_view(attempt)),)


def _kinds(happened: Happened) -> Iterator[str]:
    call, before = happened.call, happened.before
    if call.answered_at is not None and (before is None or before.answered_at is None):
        yield "call.answered"  # by whatever event: a machine may be heard before anything else is told
    for event in happened.events:
        if event not in happened.ignored and not _told_before(event, before):
            yield from _kind(event)
    if call.by_machine and not (before is not None and before.by_machine):
        yield "call.machine"


def _told_before(event: Event, before: Call | None) -> bool:
    """Whether an earlier turn has told the same: carriers tell of one recording more than once, and a call whose
    caller hung up may be given up after that."""
    match event:
        case RecordingStored(recording=recording):
            return before is not None and recording in before.bill.recordings
        case CallLost():
            return before is not None and before.ended_at is not None
        case _:
            return False


def _kind(event: Event) -> Iterator[str]:
    match event:
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
