"""What a caller would hear next who presses nothing, for carriers that report no silence.

Such a carrier is given a whole plan in one reply. The plan holds everything up to the first wait, then what
follows if nothing happens there, and so on: the silence ladder. Each stretch of it rests on assumed events;
an answer that comes back from the n-th stretch proves that the first n assumptions came true.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from voiceapp.actions import CarrierAction, CollectDigits, Dial, HangUp, is_carrier_action
from voiceapp.call import Call
from voiceapp.engine.advance import advance
from voiceapp.engine.tell import told_before
from voiceapp.engine.walk import BREATH
from voiceapp.events import ActionCompleted, DialEnded, Event, SilenceHeard
from voiceapp.flow.flow import Script

MAX_STRETCHES = 40
MAX_PLAN_ACTIONS = 120


class Stretch(NamedTuple):
    """What is said and done after `assumed` (None for the first) until the next wait."""

    assumed: Event | None
    actions: tuple[CarrierAction, ...]


def assumption(call: Call, at: datetime) -> Event | None:
    """What happens at this wait when nothing is reported, or None when nothing can be assumed."""
    match call.told:
        case CollectDigits():
            return SilenceHeard(at=at, assumed=True)
        case Dial():
            return DialEnded(at=at, outcome="no_answer", assumed=True)
        case HangUp():
            return None
        case _ if call.progress is not None and call.progress.stage == BREATH:
            return ActionCompleted(at=at)
        case _:
            return None


def ahead(script: Script, call: Call) -> Iterator[tuple[Stretch, Call]]:
    """Stretch by stretch what follows while nothing is reported, each with the call after it. `call` is the
    call after its outbox was handed out. Ends where something would have to be done that needs a report."""
    for _ in range(MAX_STRETCHES):
        assumed = assumption(call, call.turn_at)
        if assumed is None:
            return
        advanced = advance(script, call, assumed)
        if not advanced.legal or not all(map(is_carrier_action, advanced.actions)):
            return
        stretch = Stretch(assumed, advanced.call.outbox)
        call = told_before(advanced.call)
        yield stretch, call


def plan(script: Script, call: Call, told: tuple[CarrierAction, ...]) -> tuple[Stretch, ...]:
    """`told`, and what follows it if nothing is reported; at most MAX_PLAN_ACTIONS actions."""
    stretches = [Stretch(None, told)]
    size = len(told)
    for stretch, _ in ahead(script, call):
        size += len(stretch.actions)
        if size > MAX_PLAN_ACTIONS:
            break
        stretches.append(stretch)
    return tuple(stretches)


def assumed_events(script: Script, call: Call, count: int) -> tuple[Event, ...]:
    """The next `count` events that the running plan assumes after `call`; fewer where it is shorter."""
    stretches = (stretch for stretch, _ in islice(ahead(script, call), count))
    return tuple(stretch.assumed for stretch in stretches if stretch.assumed is not None)
