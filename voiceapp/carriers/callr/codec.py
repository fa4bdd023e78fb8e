"""CALLR REALTIME10: one command a reply, its result with the next post.

Sources are named where a fact is used: [OBJ] CALLR's "JSON objects" page, [RTREF] its real-time reference,
[PHP], [NET], [SDK1] its official SDKs; "inferred" marks what none of them states, see docs/carriers.md.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from voiceapp.actions import CarrierAction, Speak
from voiceapp.call import Call
from voiceapp.carriers.base import ATTEMPT, Misfit, Opening, Post, Received, Stretch
from voiceapp.carriers.callr.commands import CallrOptions, command_of, expanded
from voiceapp.carriers.callr.fit import doubts, misfits
from voiceapp.carriers.callr.portable import MANNERS
from voiceapp.carriers.callr.wire import RtRequest, read_request, text, token
from voiceapp.carriers.narrowed import narrowed
from voiceapp.carriers.portable import Manner
from voiceapp.errors import PostRefused
from voiceapp.events import (
    ActionCompleted,
    ActionFailed,
    CallAnswered,
    CallHungUp,
    CallOffered,
    CallUnreached,
    DialEnded,
    DialOutcome,
    DigitsCollected,
    Event,
    MachineDetected,
    PersonDetected,
    SilenceHeard,
    UnreachedReason,
    VoiceRecorded,
)
from voiceapp.flow.flow import Flow

HARD_STOP = 4.0
"""Seconds; CALLR waits 5 [OBJ RT.Response, RTREF]."""

_FALLBACK_ID = "fallback"
_UNREACHED: Mapping[str, UnreachedReason] = {
    "BUSY": "busy",
    "NOANSWER": "no_answer",
    "CONGESTION": "congestion",
    "REJECTED": "rejected",
}
_DIAL_OUTCOMES: Mapping[str, DialOutcome] = {
    "ANSWER": "answered",
    "BUSY": "busy",
    "NOANSWER": "no_answer",
    "CANCEL": "no_answer",
    "CONGESTION": "failed",
    "CHANUNAVAIL": "failed",
    "NODIAL": "failed",
    "REJECTED": "failed",
    "TIMEOUT": "no_answer",
}
"""What a `dialout` that did not connect may say: the CDR's dialstatus words [OBJ CDR.Out]; inferred."""


class Callr:
    """The codec of CALLR's Real-Time calls."""

    name = "callr"
    title = "CALLR"
    takes_plan = False
    dial_outcomes = frozenset(_DIAL_OUTCOMES.values())
    manners = MANNERS
    dials_sip = False

    def __init__(self, options: CallrOptions, hard_stop: float = HARD_STOP) -> None:
        self.options = options
        self.answers_within: Mapping[str, float] = {"call": hard_stop}

    def decode(self, post: Post) -> Received:
        """See `Carrier.decode`."""
        request = read_request(post.body)
        ref, status = text(request.callid), text(request.call_status, limit=32)
        if not ref or not status:
            raise PostRefused(400, "the body has no callid or no call_status")
        turn = token(request.command_id)
        outbound = bool(text(request.request_hash))
        events, unknown = self._events(request, status, turn, outbound, post)
        return Received(
            app=text(request.app),
            ref=ref,
            key=f"{turn or 'start'}:{status}",
            turn=turn,
            events=events,
            opening=Opening() if turn else _opening(request, outbound),
            attempt=_attempt(request) if outbound else "",
            opens=not turn,
            parting=turn == _FALLBACK_ID and status != "HANGUP",
            unknown=unknown,
        )

    def _events(
        self, request: RtRequest, status: str, turn: str, outbound: bool, post: Post
    ) -> tuple[tuple[Event, ...], str]:
        at = post.at
        if status == "HANGUP":
            result = _result(request, post) if turn and text(request.command_result) else None
            kept = result if isinstance(result, DigitsCollected | VoiceRecorded) else None
            return (CallHungUp(at=at, result=kept),), ""
        if status in _UNREACHED:
            return (CallUnreached(at=at, reason=_UNREACHED[status]),), ""
        unknown = "" if status in ("UP", "INCOMING_CALL") else f"call_status {status}"
        if turn:
            return (_result(request, post),), unknown
        if status == "INCOMING_CALL" or not outbound:
            return (CallOffered(at=at),), unknown
        return (CallAnswered(at=at),), unknown

    def news(self, events: tuple[Event, ...], call: Call) -> tuple[Event, ...]:
        """See `Carrier.news`: CALLR tells each result once."""
        return events

    def expand(self, actions: tuple[CarrierAction, ...]) -> tuple[CarrierAction, ...]:
        """See `Carrier.expand`."""
        return expanded(actions)

    def encode(self, call: Call, plan: tuple[Stretch, ...]) -> bytes:
        """See `Carrier.encode`: the one command of this turn."""
        (action,) = plan[0].actions
        return _reply(*command_of(action, self.options), call.token)

    def farewell(self, pieces: tuple[CarrierAction, ...], flow: str) -> bytes:
        """See `Carrier.farewell`. One command, so: all pieces in one, and `hangup` when it comes back."""
        merged = expanded(pieces)
        if not merged or not isinstance(merged[0], Speak):
            return self.goodbye()
        return _reply(*command_of(merged[0], self.options), _FALLBACK_ID)

    def goodbye(self) -> bytes:
        """See `Carrier.goodbye`."""
        return _reply("hangup", {}, _FALLBACK_ID)

    def nothing(self) -> bytes:
        """See `Carrier.nothing`. A final status needs no command; `end` is what SDK1 answers."""
        return _reply("end", {}, 0)

    def doubts(self, flow: Flow) -> tuple[Misfit, ...]:
        """See `Carrier.doubts`."""
        return doubts(flow, self.options.voices)

    def misfits(self, flow: Flow) -> tuple[Misfit, ...]:
        """See `Carrier.misfits`."""
        return misfits(narrowed(flow, self.name))

    def portability(self, flow: Flow) -> Mapping[str, tuple[Manner, ...]]:
        """See `Carrier.portability`."""
        return self.manners.of(narrowed(flow, self.name), self.misfits(flow))


def _attempt(request: RtRequest) -> str:
    """The id of the attempt that led to this call: we give it as `cdr_field`, which comes back as it was."""
    field = text(request.cdr_field, limit=64)
    return field if ATTEMPT.fullmatch(field) else ""


def _opening(request: RtRequest, outbound: bool) -> Opening:
    cli, number = text(request.cli_number), text(request.number)
    return Opening(
        direction="outbound" if outbound else "inbound",
        caller=cli,
        called=number,
        caller_name=text(request.cli_name, limit=80),
        field=text(request.cdr_field, limit=64),
    )


def _result(request: RtRequest, post: Post) -> Event:
    """What the command came to; which command it was is echoed in the post."""
    at = post.at
    command, result = text(request.command, limit=64), text(request.command_result, limit=512)
    error = text(request.command_error, limit=512) if request.command_error else ""
    match command:
        case "read" if not error:
            return SilenceHeard(at=at) if result == "TIMEOUT" else DigitsCollected(at=at, digits=_keys(result))
        case "dialout":
            outcome = _DIAL_OUTCOMES.get(result or error, "failed" if error else "no_answer")
            return DialEnded(at=at, outcome=outcome)
        case _ if error:
            return ActionFailed(at=at, reason=error)
        case "wait_for_silence":  # told only to find out who answered; `TIMEOUT`: it went on talking (inferred)
            return MachineDetected(at=at) if result == "TIMEOUT" else PersonDetected(at=at)
        case "record":
            return VoiceRecorded(at=at, recording="" if result in ("TIMEOUT", "0") else result)
        case _:
            return ActionCompleted(at=at)


def _keys(result: str) -> str:
    if result.isdecimal() and result.isascii() and len(result) <= 32:
        return result
    return "".join(key for key in result if key in "0123456789*#")[:32]


_encoder = msgspec.json.Encoder()


def _reply(command: str, params: dict[str, Any], command_id: str | int) -> bytes:
    return _encoder.encode({"command": command, "command_id": command_id, "params": params, "variables": {}})
