"""Routee: one plan a reply, posts only when tones come in or the call's status changes.

Routee reports no silence, so a plan holds the whole silence ladder; an answer's URL tells from which stretch
of the plan it came. What is inferred about Routee is listed in docs/carriers.md.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from voiceapp.actions import CarrierAction
from voiceapp.call import Call
from voiceapp.carriers.base import ATTEMPT, Misfit, Opening, Post, Received, Stretch
from voiceapp.carriers.narrowed import narrowed
from voiceapp.carriers.portable import Manner
from voiceapp.carriers.routee.fit import misfits
from voiceapp.carriers.routee.portable import MANNERS
from voiceapp.carriers.routee.verbs import PlanWriter, RouteeOptions
from voiceapp.carriers.routee.wire import RouteePost, number, phone, read_post, status_name
from voiceapp.errors import PostRefused
from voiceapp.events import (
    CallHungUp,
    CallOffered,
    DialEnded,
    DialOutcome,
    DigitsCollected,
    Event,
    MachineDetected,
    RecordingStored,
    StatusReported,
    UnreachedReason,
)
from voiceapp.flow.flow import Flow

PLAN_STOP = 2.2
"""Seconds; Routee waits 3 for a plan (call-flow page)."""
STATUS_STOP = 1.0
"""Seconds; Routee waits 2 for the answer to a status callback."""

PLAN, TONES, TONE, MACHINE, DIALLED, STATUS, RECORDING = (
    "plan",
    "tones",
    "tone",
    "machine",
    "dialled",
    "status",
    "recording",
)
HOOKS = (TONES, TONE, MACHINE, DIALLED, STATUS, RECORDING)
"""The hooks below /hooks/routee/{flow}/; the dial plan itself has none of these names."""

_OVER = frozenset({"Completed", "Busy", "NoAnswer", "Failed", "Unsent", "Terminated"})
_DIAL_OUTCOMES: Mapping[str, DialOutcome] = {
    "Completed": "answered",
    "Busy": "no_answer",
    "NoAnswer": "no_answer",
    "Failed": "no_answer",
    "Unsent": "no_answer",
    "Terminated": "answered",
}
"""Why a leg did not connect makes no difference: the running plan goes on as it was written, for no answer.
`Terminated` is a talk that ended with the account's balance (voice-messaging-statuses page)."""


_UNREACHED: Mapping[str, UnreachedReason] = {
    "Busy": "busy",
    "NoAnswer": "no_answer",
    "Failed": "failed",
    "Unsent": "rejected",
    "Terminated": "failed",
    "Completed": "machine",
}
"""Why an outbound call is over whose plan was never asked for. `Completed`: somebody answered all the same, which
with the strategy Hangup was a machine (inferred)."""


class Routee:
    """The codec of Routee's dial plans."""

    name = "routee"
    title = "Routee"
    takes_plan = True
    dial_outcomes = frozenset(_DIAL_OUTCOMES.values())
    manners = MANNERS
    dials_sip = True

    def __init__(
        self, options: RouteeOptions, plan_stop: float = PLAN_STOP, status_stop: float = STATUS_STOP
    ) -> None:
        self.options = options
        self.answers_within: Mapping[str, float] = {
            **dict.fromkeys((PLAN, TONES, TONE, MACHINE), plan_stop),
            **dict.fromkeys((DIALLED, STATUS, RECORDING), status_stop),
        }

    def decode(self, post: Post) -> Received:
        """See `Carrier.decode`."""
        body = read_post(post.body)
        ref = (
            post.query.get("call", "") or _text(body.conversation) or post.query.get("conversationTrackingId", "")
        )
        if not ref:
            raise PostRefused(400, "neither the body nor the URL says which call this is (conversationTrackingId)")
        turn, assumed = _turn(post.turn)
        what = _event_key(post.hook, body)
        return Received(
            ref=ref[:128],
            key=f"{post.turn or 'start'}:{post.hook}{what}",
            turn=turn,
            assumed=assumed,
            events=_events(post, body),
            opening=_opening(body, post.query),
            opens=post.hook in (PLAN, MACHINE) and not turn,
            attempt=_attempt(post.query),
            unreached=_UNREACHED.get(status_name(body.status)) if post.hook == STATUS else None,
            unknown=_unknown_status(post.hook, body),
        )

    def news(self, events: tuple[Event, ...], call: Call) -> tuple[Event, ...]:
        """See `Carrier.news`. Whether `collectedTones` starts anew after each post is not documented."""
        if self.options.tones == "since_last":
            return events
        return tuple(_since(event, call.keys) for event in events)

    def expand(self, actions: tuple[CarrierAction, ...]) -> tuple[CarrierAction, ...]:
        """See `Carrier.expand`: a plan takes everything as it is."""
        return actions

    def encode(self, call: Call, plan: tuple[Stretch, ...]) -> bytes:
        """See `Carrier.encode`."""
        return _encoder.encode({"verbs": PlanWriter(self.options, call).verbs(plan)})

    def farewell(self, pieces: tuple[CarrierAction, ...], flow: str) -> bytes:
        """See `Carrier.farewell`."""
        return _encoder.encode({"verbs": PlanWriter(self.options, _NOBODY).verbs((_Words(pieces),))})

    def goodbye(self) -> bytes:
        """See `Carrier.goodbye`: a call ends when its plan does, and a plan cannot be empty."""
        return b'{"verbs":[{"type":"PAUSE","duration":1}]}'

    def nothing(self) -> bytes:
        """See `Carrier.nothing`: no valid plan, so the running one goes on (inferred)."""
        return b"{}"

    def doubts(self, flow: Flow) -> tuple[Misfit, ...]:
        """See `Carrier.doubts`."""
        return ()

    def misfits(self, flow: Flow) -> tuple[Misfit, ...]:
        """See `Carrier.misfits`."""
        return misfits(narrowed(flow, self.name), one_collect=self.options.collects == "one")

    def portability(self, flow: Flow) -> Mapping[str, tuple[Manner, ...]]:
        """See `Carrier.portability`."""
        return self.manners.of(narrowed(flow, self.name), self.misfits(flow))


_encoder = msgspec.json.Encoder()


class _Words(msgspec.Struct, frozen=True):
    actions: tuple[CarrierAction, ...]


def _text(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if value.bit_length() <= 256 else ""
    return value[:128] if isinstance(value, str) else ""


def _turn(token: str) -> tuple[str, int]:
    """`<turn>.<nonce>.<stretch>` -> the turn token and the stretch."""
    turn, _, stretch = token.rpartition(".")
    return (turn, int(stretch)) if turn and stretch.isdecimal() and len(stretch) < 4 else (token, 0)


def _attempt(query: Mapping[str, str]) -> str:
    """The id of the attempt that led to this call, which the URLs have that we gave for it."""
    attempt = query.get("attempt", "")
    return attempt if ATTEMPT.fullmatch(attempt) else ""


def _opening(body: RouteePost, query: Mapping[str, str]) -> Opening:
    outbound = body.direction == "Outbound"
    return Opening(
        direction="outbound" if outbound else "inbound",
        caller=phone(body.from_ if body.from_ is not None else query.get("from")),
        called=phone(body.to if body.to is not None else query.get("to")),
    )


def _event_key(hook: str, body: RouteePost) -> str:
    match hook:
        case "status" | "dialled":
            return f":{_text(body.message_id)}:{status_name(body.status)}"
        case "recording":
            return f":{_text(body.tracking_id) or _text(body.url)}"
        case _:
            return ""


def _unknown_status(hook: str, body: RouteePost) -> str:
    name = status_name(body.status)
    known = _OVER | {"Queued", "Initiated", "Ringing", "InProgress", "Unknown"}
    return f"status {name}" if hook in (STATUS, DIALLED) and name not in known else ""


def _events(post: Post, body: RouteePost) -> tuple[Event, ...]:
    at = post.at
    match post.hook:
        case "plan":
            return (CallOffered(at=at),)
        case "machine":
            return (MachineDetected(at=at),)
        case "tones" | "tone":
            return (_tones(post, body),)
        case "dialled":
            outcome = _DIAL_OUTCOMES.get(status_name(body.status))
            return () if outcome is None else (DialEnded(at=at, outcome=outcome),)
        case "recording":
            url = body.url if isinstance(body.url, str) else _text(body.tracking_id)
            return (RecordingStored(at=at, recording=url[:512], seconds=number(body.duration)),) if url else ()
        case _:
            return _status(post, body)


def _tones(post: Post, body: RouteePost) -> Event:
    tones = "".join(key for key in _text(body.tones) if key in "0123456789*")
    if not tones:
        return CallHungUp(at=post.at)
    return DigitsCollected(at=post.at, digits=tones, more=post.hook == TONE)


def _since(event: Event, keys: str) -> Event:
    if not isinstance(event, DigitsCollected):
        return event
    new = event.digits.removeprefix(keys)
    return DigitsCollected(at=event.at, digits=new, more=event.more) if new else CallHungUp(at=event.at)


def _status(post: Post, body: RouteePost) -> tuple[Event, ...]:
    name = status_name(body.status)
    if not name:
        return ()
    reported = StatusReported(at=post.at, status=name, seconds=number(body.duration), price=number(body.price))
    return (reported, CallHungUp(at=post.at)) if name in _OVER else (reported,)


_NOBODY = msgspec.convert(
    {
        "id": "",
        "key": "",
        "carrier": "routee",
        "app": "",
        "ref": "",
        "flow": "",
        "version": "",
        "direction": "inbound",
        "started_at": "1970-01-01T00:00:00Z",
        "turn_at": "1970-01-01T00:00:00Z",
    },
    Call,
)
"""Stands in where a plan is written without a stored call; such a plan holds no URL of ours."""
