"""Takes calls back: those that wait are not dialled, those that ring or talk are ended at the carrier."""

from collections.abc import Mapping

from voiceapp.attempt import Attempt, AttemptState
from voiceapp.call import Call
from voiceapp.carriers.platform import Platform
from voiceapp.errors import PlatformError, RequestRefused, UnknownCall
from voiceapp.outbound.dialer import Dialer
from voiceapp.outbound.native_clicks import NativeClicks
from voiceapp.store.store import Store


class Cancelling:
    """Ends calls, inbound ones too. Methods raise UnknownCall, PlatformError and RequestRefused."""

    def __init__(
        self, store: Store, dialer: Dialer, platforms: Mapping[str, Platform], native: NativeClicks | None
    ) -> None:
        self._store = store
        self._dialer = dialer
        self._platforms = platforms
        self._native = native

    async def call(self, call_id: str) -> None:
        """A call that waits is cancelled, one that is live is hung up; one that is over stays as it is."""
        attempt = await self._store.ledger.attempt(call_id)
        call = await self._call(call_id)
        if attempt is None and call is None:
            raise UnknownCall(f"no call has the id {call_id!r}")
        if call is not None:
            if call.ended_at is None and not call.phase.over:
                await self._platform(call.carrier).hang_up(call.ref)
        elif attempt is not None and not attempt.state.settled:
            await self._attempt(attempt)

    async def click(self, attempts: list[Attempt]) -> None:
        """Its next attempt is not dialled; the call that it has led to is hung up."""
        last = attempts[-1]
        order = last.order.click
        if order is not None and order.native and last.state is AttemptState.PLACED:
            if self._native is None:
                raise PlatformError("this server places no native click-to-call", code="no_native")
            await self._native.cancel(last)
            await self._dialer.settle(last, AttemptState.CANCELLED, "cancelled")
            return
        call = await self._call(last.id)
        if not last.state.settled and (call is None or call.answered_at is None):
            await self._attempt(last)
        if call is not None:
            await self.call(last.id)

    async def _attempt(self, attempt: Attempt) -> None:
        """It is cancelled first, so that a call that is answered meanwhile is hung up at its first post."""
        cancelled = await self._dialer.settle(attempt, AttemptState.CANCELLED, "cancelled")
        if cancelled.state is not AttemptState.CANCELLED:
            raise RequestRefused(("id", "the call has just begun; ask again"), status=409, code="begun")
        if attempt.state is not AttemptState.SCHEDULED and attempt.ref and attempt.order.carrier == "routee":
            await self._platform(attempt.order.carrier).hang_up(attempt.ref)

    def _platform(self, carrier: str) -> Platform:
        platform = self._platforms.get(carrier)
        if platform is None:
            raise RequestRefused(
                ("carrier", f"no account at {carrier} is set up, so that nothing can be hung up there"),
                status=409,
                code="no_account",
            )
        return platform

    async def _call(self, call_id: str) -> Call | None:
        try:
            return (await self._store.call(call_id)).call
        except UnknownCall:
            return None
