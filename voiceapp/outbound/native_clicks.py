"""CALLR's own click-to-call, for who wants that in place of a flow: started, asked about, taken back."""

from typing import Any

from voiceapp.attempt import Attempt, Click
from voiceapp.carriers.callr.calls import Target
from voiceapp.carriers.callr.click_to_call import ClickToCall, Side
from voiceapp.errors import PlatformError


class NativeClicks:
    """Click-to-calls at one account."""

    def __init__(self, click_to_call: ClickToCall) -> None:
        self._calls = click_to_call

    async def place(self, attempt: Attempt) -> str:
        """Start it; CALLR's id for it. Raises PlatformError."""
        order = attempt.order
        click = _click(attempt)
        app = await self._calls.click_app(click.native_options)
        return await self._calls.start_click(
            app,
            [Target(number, order.ring) for number in click.a],
            [Target(number, order.ring) for number in click.b],
            shown=order.shown,
            attempt=attempt.id,
        )

    async def sides(self, attempt: Attempt) -> dict[str, Any]:
        """a_status and b_status as CALLR tells them now. Raises PlatformError."""
        status = await self._calls.get_status(attempt.ref)
        return {"a_status": _view(status.a), "b_status": _view(status.b)}

    async def cancel(self, attempt: Attempt) -> None:
        """Take it back, which CALLR does only before it has begun. Raises PlatformError."""
        await self._calls.cancel(attempt.ref)


def _click(attempt: Attempt) -> Click:
    if attempt.order.click is None:
        raise PlatformError("this call is no click-to-call", code="no_click")
    return attempt.order.click


def _view(side: Side) -> dict[str, Any]:
    return {
        "status": side.status or None,
        "number": side.number,
        "call": side.callid,
        "try": side.attempt,
    }
