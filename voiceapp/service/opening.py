"""How a call begins: who it is with, in which flow, and what its first post means for a call that we placed."""

from collections.abc import Mapping

import structlog

from voiceapp.attempt import HIDDEN, Attempt, AttemptState, attempt_id
from voiceapp.carriers.base import Post, Received
from voiceapp.events import (
    CallAnswered,
    CallHungUp,
    CallOffered,
    CallOpened,
    CallUnreached,
    Event,
    UnreachedReason,
    Value,
)
from voiceapp.flow.flow import Script, read_input

RANDOM_BYTES = 26

_log = structlog.get_logger()


def call_opened(
    carrier: str, post: Post, received: Received, script: Script, attempt: Attempt | None, random: str
) -> CallOpened:
    """The first event of a call: of one that we placed under the id that it was placed with. `random`:
    RANDOM_BYTES in hex, which nobody may guess."""
    opening = received.opening
    if attempt is None:
        return CallOpened(
            at=post.at,
            call_id=attempt_id(post.at, random[:20]),
            key=random[20:],
            carrier=carrier,
            app=received.app,
            ref=received.ref,
            flow=script.flow.name,
            version=script.version,
            direction=opening.direction,
            caller=opening.caller,
            called=opening.called,
            caller_name=opening.caller_name,
            field=opening.field,
            inputs=_inputs_in(post.query, script),
        )
    order = attempt.order
    return CallOpened(
        at=post.at,
        call_id=attempt.id,
        key=random[20:],
        carrier=carrier,
        app=received.app,
        ref=received.ref,
        flow=script.flow.name,
        version=script.version,
        direction="outbound",
        caller=opening.caller or ("" if order.shown == HIDDEN else order.shown),
        called=order.to,
        field=order.field,
        inputs=order.inputs,
        terms=order.terms,
    )


def first_events(received: Received, attempt: Attempt | None) -> tuple[Event, ...]:
    """What the first post tells. Of a call that we placed: that it was answered, or why it was not."""
    if attempt is None:
        return received.events
    return tuple(_of_placed(event, received, attempt) for event in received.events)


def _of_placed(event: Event, received: Received, attempt: Attempt) -> Event:
    match event:
        case CallOffered() | CallAnswered() if attempt.state is AttemptState.CANCELLED:
            return CallUnreached(at=event.at, reason="cancelled")
        case CallOffered():
            return CallAnswered(at=event.at)
        case CallHungUp() if received.unreached is not None:
            return CallUnreached(at=event.at, reason=_why(received.unreached, attempt))
        case _:
            return event


def _why(told: UnreachedReason, attempt: Attempt) -> UnreachedReason:
    detection = attempt.order.terms.detection
    leaves = detection is not None and detection.then == "hang_up"
    return "failed" if told == "machine" and not leaves else told


def _inputs_in(query: Mapping[str, str], script: Script) -> dict[str, Value]:
    """The flow's inputs as far as the hook's URL names them; what is not of its type is left out."""
    found: dict[str, Value] = {}
    for name, declared in script.flow.head.inputs.items():
        if name in query:
            try:
                found[name] = read_input(declared.type, query[name])
            except ValueError as error:
                _log.warning("the hook's URL has a wrong input", input=name, reason=str(error))
    return found
