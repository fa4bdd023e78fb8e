"""What can be asked of the API, operation by operation, as data; `document.py` makes the document of it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from pydantic import BaseModel

from voiceapp.attempt import AttemptState
from voiceapp.outbound.requests import CallRequest, ClickToCallRequest
from voiceapp.web.api import DEFAULT_LIMIT, MAX_LIMIT, Api
from voiceapp.web.calling import KEY_HEADER, LONGEST_KEY, Calling
from voiceapp.web.openapi import answers as models
from voiceapp.web.openapi import examples, problems, told

Handler = Callable[[Any, web.Request], Awaitable[web.Response]]


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """`where`: path, query or header. A parameter of the path is required, others are not."""

    name: str
    about: str
    where: str = "query"
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    example: str | int | bool | None = None


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One route. `answers`: what it gives when all is well, any of these models, with `status`; `problems`: HTTP
    status -> when, besides `problems.COMMON`; `located`: the answer says where to ask again; `tells`: what
    becomes of it, to `callback.url`."""

    name: str
    method: str
    path: str
    handler: Handler
    tag: str
    summary: str
    about: str = ""
    parameters: Sequence[Parameter] = ()
    body: type[BaseModel] | None = None
    asked: Mapping[str, Any] | None = None
    status: int = 200
    answers: Sequence[type[BaseModel]]
    answered: Mapping[str, Any]
    problems: Mapping[int, str] = field(default_factory=dict)
    located: bool = False
    tells: bool = False


def _id(about: str, example: str) -> Parameter:
    return Parameter(
        name="id", where="path", about=about, schema={"type": "string", "minLength": 1}, example=example
    )


_CALL = _id("the call's id", examples.CALL_ID)
_CLICK = _id("the click-to-call's id", examples.CLICK_ID)


def _key(example: str) -> Parameter:
    return Parameter(
        name=KEY_HEADER,
        where="header",
        about="Any text of yours, a new one for each request that is meant. Sent again within 24 hours with the "
        "same body, it dials nothing and gets what it led to; after a failure that dialled nothing, it dials.",
        schema={"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]([ -~]*[!-~])?$"},
        example=example,
    )


CALLS, CLICKS, TOLD = "Calls", "Click-to-call", "What was told"

OPERATIONS: Sequence[Operation] = (
    Operation(
        name="place_call",
        method="post",
        path="/v1/calls",
        handler=Calling.place,
        tag=CALLS,
        summary="Place a call",
        about="With `at` it is dialled then, else at once, and the answer comes when the carrier has taken it. "
        "An answer 202 says that nobody has picked up yet; `callback` tells what becomes of it.",
        parameters=[_key("appointment-4711-reminder")],
        body=CallRequest,
        asked=examples.PLACE,
        status=202,
        answers=[models.AttemptView, models.CallView],
        answered=examples.WAITING,
        problems=problems.PLACING,
        located=True,
        tells=True,
    ),
    Operation(
        name="list_calls",
        method="get",
        path="/v1/calls",
        handler=Api.calls,
        tag=CALLS,
        summary="List calls",
        about="Inbound and outbound, those that have begun.",
        parameters=[
            Parameter(
                name="limit",
                about="calls on a page",
                schema={"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
                example=20,
            ),
            Parameter(name="before", about="the cursor `next` of the page before"),
            Parameter(name="flow", about="only calls of this flow", example="reminder"),
            Parameter(name="live", about="only calls that go on, or only others", schema={"type": "boolean"}),
            Parameter(name="caller", about="only calls from this number (E.164)"),
        ],
        answers=[models.CallPage],
        answered=examples.CALLS,
        problems={400: "A parameter is not known, or is wrong."},
    ),
    Operation(
        name="list_attempts",
        method="get",
        path="/v1/attempts",
        handler=Calling.attempts,
        tag=CALLS,
        summary="List calls that were ordered",
        about="The newest first, also those that wait, and those that never began.",
        parameters=[
            Parameter(
                name="state",
                about="only those in this state",
                schema={"type": "string", "enum": list(AttemptState)},
                example="scheduled",
            )
        ],
        answers=[models.AttemptList],
        answered={"attempts": [examples.WAITING]},
        problems={400: "A parameter is not known, or is wrong."},
    ),
    Operation(
        name="get_call",
        method="get",
        path="/v1/calls/{id}",
        handler=Api.call,
        tag=CALLS,
        summary="Look at a call",
        parameters=[_CALL],
        answers=[models.TracedCallView, models.TracedAttemptView],
        answered=examples.TRACED,
        problems={404: problems.UNKNOWN},
    ),
    Operation(
        name="end_call",
        method="delete",
        path="/v1/calls/{id}",
        handler=Calling.end,
        tag=CALLS,
        summary="Cancel a call, or hang up",
        about="A call that is over stays as it is, so that this may be sent twice.",
        parameters=[_CALL],
        status=202,
        answers=[models.AttemptView, models.CallView],
        answered={**examples.WAITING, "state": "cancelled", "live": False, "reason": "cancelled"},
        problems=problems.ENDING,
    ),
    Operation(
        name="click_to_call",
        method="post",
        path="/v1/click-to-call",
        handler=Calling.click,
        tag=CLICKS,
        summary="Connect two people",
        about="A is called with the flow `click_to_call`, which connects B; with `native`, CALLR's own service "
        "does all of it.",
        parameters=[_key("lead-4711-first-contact")],
        body=ClickToCallRequest,
        asked=examples.CLICK,
        status=202,
        answers=[models.ClickView],
        answered=examples.CLICKED,
        problems=problems.PLACING,
        located=True,
        tells=True,
    ),
    Operation(
        name="get_click_to_call",
        method="get",
        path="/v1/click-to-call/{id}",
        handler=Calling.click_status,
        tag=CLICKS,
        summary="Look at a click-to-call",
        about="Where CALLR's own service does it, CALLR is asked.",
        parameters=[_CLICK],
        answers=[models.ClickView],
        answered=examples.CLICK_UNDER_WAY,
        problems={404: problems.UNKNOWN, **problems.ASKED},
    ),
    Operation(
        name="end_click_to_call",
        method="delete",
        path="/v1/click-to-call/{id}",
        handler=Calling.end_click,
        tag=CLICKS,
        summary="Cancel a click-to-call, or hang up",
        parameters=[_CLICK],
        status=202,
        answers=[models.ClickView],
        answered={**examples.CLICKED, "state": "cancelled", "reason": "cancelled"},
        problems=problems.ENDING,
    ),
    Operation(
        name="list_webhooks",
        method="get",
        path="/v1/webhooks",
        handler=Calling.webhooks,
        tag=TOLD,
        summary="List what applications were told",
        parameters=[Parameter(name="call", about="only those of the call with this id", example=examples.CALL_ID)],
        answers=[told.WebhookList],
        answered=examples.WEBHOOKS,
        problems={400: "A parameter is not known."},
    ),
    Operation(
        name="resend_webhook",
        method="post",
        path="/v1/webhooks/{id}/resend",
        handler=Calling.resend,
        tag=TOLD,
        summary="Tell it again",
        about="Also one that was delivered or given up: its `webhook-id` stays the same.",
        parameters=[_id("the webhook's id", examples.WEBHOOK_ID)],
        status=202,
        answers=[told.Resent],
        answered=examples.RESENT,
        problems={404: problems.UNKNOWN},
    ),
    Operation(
        name="list_carrier_events",
        method="get",
        path="/v1/carrier-events",
        handler=Calling.carrier_events,
        tag=TOLD,
        summary="List what carriers told",
        parameters=[Parameter(name="type", about="only events of this type", example="call.outbound_hangup")],
        answers=[told.CarrierEventList],
        answered=examples.CARRIER_EVENTS,
        problems={400: "A parameter is not known."},
    ),
)
