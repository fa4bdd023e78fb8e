"""`voiceapp dial`: lets the running server call somebody, and follows the call to its end."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from voiceapp.settings import Settings
from voiceapp.terminal.api_client import ApiClient, ApiRefused, View, api_client
from voiceapp.terminal.calling_out import TITLES

LOOK_EVERY = 1.0
"""Seconds between two looks at a call."""

_STATES: Mapping[str, str] = {
    "scheduled": "waits until {due}",
    "dialing": "{carrier} is asked to place it",
    "placed": "{carrier} has taken it; the phone rings, or will soon",
    "unknown": "nobody knows yet whether {carrier} placed it ({why})",
    "failed": "not placed: {why}",
    "cancelled": "cancelled before it was dialled",
    "over": "over: {why}",
    "opened": "begun",
    "in_flow": "answered; the flow runs",
    "connected": "answered, and connected with somebody else",
    "leaving": "the flow hangs up",
    "closing": "hung up; the flow finishes",
    "ended": "ended{after}: {why}",
    "unreached": "reached nobody: {why}",
    "lost": "lost: {carrier} never told that it ended",
}
"""Of attempts and of calls alike, since the API tells of both as calls."""

_WHY: Mapping[str, str] = {
    "answered": "it was answered",
    "busy": "the line is busy",
    "cancelled": "it was cancelled",
    "completed": "the flow came to its end",
    "congestion": "the network could not reach the phone",
    "failed": "it failed",
    "hung_up": "it was hung up",
    "machine": "an answering machine answered",
    "max_duration": "it took as long as was asked for",
    "max_minutes": "it took as long as its flow allows",
    "no_answer": "nobody answered",
    "rejected": "it was rejected",
}


async def dial(
    settings: Settings, *, url: str | None, wanted: Mapping[str, Any], wait: bool, show: Callable[[str], None]
) -> bool:
    """Places the call that `wanted` describes as `POST /v1/calls` takes it (what is None is left out), and with
    `wait` follows it. False: it is over and reached nobody, or a machine. Raises ApiRefused and OperatorError."""
    body = {name: value for name, value in wanted.items() if value is not None}
    async with api_client(settings, url) as api:
        try:
            view = await api.post("/v1/calls", body, key=f"dial-{secrets.token_hex(16)}")
        except ApiRefused as refused:
            if refused.call:
                show(f"call     {refused.call.get('id')}")
            if not (wait and refused.call.get("live")):
                raise
            for line in refused.lines:
                show(line)
            view = refused.call
        else:
            show(f"call     {view.get('id')}")
        if wait:
            return await _followed(api, view, show)
        show(f"state    {state_of(view)}")
        return True


async def _followed(api: ApiClient, view: View, show: Callable[[str], None]) -> bool:
    said = ""
    while True:
        state = state_of(view)
        if state != said:
            show(f"state    {state}")
        if not view.get("live") and view.get("state") != "closing":
            break
        said = state
        await asyncio.sleep(LOOK_EVERY)
        view = await api.get(f"/v1/calls/{view.get('id')}")
    answers = view.get("answers")
    if isinstance(answers, dict) and answers:
        show(f"answers  {', '.join(f'{name} = {value}' for name, value in answers.items())}")
    return view.get("state") == "ended" and view.get("end_reason") != "machine"


def state_of(view: Mapping[str, Any]) -> str:
    """How far a call is, in words for people; `view` as the API shows a call."""
    state = str(view.get("state"))
    why = str(view.get("end_reason") or view.get("reason") or "no reason is known")
    seconds = view.get("seconds")
    return _STATES.get(state, state).format(
        due=f"{str(view.get('due_at'))[:19].replace('T', ' ')} UTC",
        carrier=TITLES.get(str(view.get("carrier")), "the carrier"),
        why=_WHY.get(why, why),
        after="" if seconds is None else f" after {seconds} s",
    )
