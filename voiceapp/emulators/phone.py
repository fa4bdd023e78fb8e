"""Call a flow on a running server, as one of the carriers would: what `voiceapp call` does."""

from collections.abc import Callable, Mapping
from typing import Literal
from urllib.parse import quote, urlencode

import aiohttp

from voiceapp.emulators.caller import Caller
from voiceapp.emulators.callr import CallrCall, CallrOptions
from voiceapp.emulators.routee import RouteeCall, RouteeOptions
from voiceapp.emulators.transcript import Transcript


class CallNotPlaced(Exception):
    """The server did not take the call; `str()` is one line that says what to change."""


async def place_call(
    url: str,
    *,
    carrier: Literal["callr", "routee"],
    flow: str,
    caller: Caller,
    from_number: str,
    to_number: str,
    login: str = "",
    password: str = "",
    secret: str = "",
    inputs: Mapping[str, str] | None = None,
    show: Callable[[str], object],
) -> Transcript:
    """Call `flow` on the server at `url` and tell `show` each line of the call as it happens.

    CALLR posts to `{url}/hooks/callr/{flow}` with HTTP Basic `login` and `password`, Routee to
    `{url}/hooks/routee/{flow}?secret=...`, its status callbacks below `/status`. Numbers are E.164 text;
    `inputs` go into the hook's query, as an operator may write them there.
    Raises CallNotPlaced when the server is not there, refuses the credentials or does not know the flow.
    """
    hook = f"{url.rstrip('/')}/hooks/{carrier}/{quote(flow, safe='')}"
    given = dict(inputs or {})
    async with aiohttp.ClientSession() as session:
        call: CallrCall | RouteeCall
        if carrier == "callr":
            callr = CallrOptions(cli_number=from_number, number=to_number, login=login, password=password)
            call = CallrCall(session, f"{hook}?{urlencode(given)}" if given else hook, callr, caller)
        else:
            query = urlencode({"secret": secret, **given})
            routee = RouteeOptions(
                from_number=from_number, to_number=to_number, status_url=f"{hook}/status?{query}"
            )
            call = RouteeCall(session, f"{hook}?{query}", routee, caller)
        await call.start()
        _check(call.transcript, url, carrier, flow)
        call.transcript.show_to(show)
        return await call.run()


def _check(transcript: Transcript, url: str, carrier: str, flow: str) -> None:
    """Raise what the first useless reply means to somebody who has just typed a command."""
    for exchange in transcript.exchanges:
        if exchange.status is None:
            raise CallNotPlaced(f"no answer from {url} ({exchange.failure})")
        if exchange.status in (401, 403):
            raise CallNotPlaced(
                f"{url} refuses the {carrier} credentials (HTTP {exchange.status}): check login and secret"
            )
        if exchange.status == 404:
            raise CallNotPlaced(f"{url} has no flow {flow!r} for {carrier} (HTTP 404)")
