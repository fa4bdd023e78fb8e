"""Where a carrier's failure leads somewhere new: the first call in which it meets other circumstances behind it.

A carrier can fail at anything it is told. What follows depends on whose `on_error` it is, on the language, and on
what the steps behind it ask for; one failure is tried for each of these.
"""

from collections.abc import Iterator, Sequence

import msgspec

from voiceapp.actions import CarrierAction, CollectDigits, Speak, is_carrier_action
from voiceapp.call import Call
from voiceapp.events import ActionFailed, Value
from voiceapp.flow.flow import Flow, Script
from voiceapp.flow.graph import graph_of
from voiceapp.flow.leaves import expressions
from voiceapp.flow.steps.hours import HoursStep
from voiceapp.flow.templates import Condition
from voiceapp.rehearsal.server import RehearsalServer
from voiceapp.turn import Happened


class Failures:
    """Remembers the circumstances under which a failure was met."""

    def __init__(self, script: Script) -> None:
        self._starts = {
            name: flow.head.on_error for name, flow in script.flows.items() if flow.head.on_error is not None
        }
        behind = [_Behind(script.flows[name], start) for name, start in self._starts.items()]
        self._asked = frozenset[str]().union(*(one.asked for one in behind))
        self._timed = any(one.timed for one in behind)
        self._met: set[bytes] = set()

    def new(self, server: RehearsalServer | None) -> Iterator[str]:
        """The steps of a call whose first command would fail under circumstances that no call had so far."""
        if not self._starts or server is None:
            return
        told = set[str]()
        for turn in server.turns:
            first = _first(turn, told)
            told |= {action.step for action in turn.actions}
            if first is not None and not turn.call.failed:
                circumstances = self._circumstances(turn.call)
                if circumstances is not None and circumstances not in self._met:
                    self._met.add(circumstances)
                    yield first.step

    def _circumstances(self, call: Call) -> bytes | None:
        """Of what a call knows that which makes a difference behind a failure; None where nothing is there."""
        flows = [frame.flow for frame in call.frames]
        while flows and flows[-1] not in self._starts:
            flows.pop()
        if not flows:
            return None
        known = call.frames[len(flows) - 1].saved
        saved = {name: value for name, value in known.items() if name in self._asked}
        seen: list[Value] = [flows, call.language, saved, call.started_at.isoformat() if self._timed else ""]
        return msgspec.json.encode(seen, order="deterministic")


class _Behind:
    """What is asked for behind an `on_error`: the variables in conditions, and whether it is the time."""

    def __init__(self, flow: Flow, start: str) -> None:
        steps = [flow.steps[name] for name in graph_of(flow).reached([start]) if name in flow.steps]
        found = (expression for step in steps for _, expression in expressions(step))
        self.asked = frozenset[str]().union(*(one.names for one in found if isinstance(one, Condition)))
        self.timed = any(isinstance(step, HoursStep) for step in steps)


def _first(turn: Happened, told: set[str]) -> CarrierAction | None:
    """What is told of a step for the first time: rather something that is only heard."""
    found = [
        action
        for action in turn.actions
        if is_carrier_action(action) and isinstance(action, Speak | CollectDigits) and action.step not in told
    ]
    return next((action for action in found if isinstance(action, Speak)), next(iter(found), None))


def failed(turns: Sequence[Happened]) -> bool:
    """Whether the carrier told of a failure in these turns."""
    return any(isinstance(event, ActionFailed) for turn in turns for event in turn.events)
