"""Ledger: all that the server calls to place calls, count them, and hear what became of them."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec

from voiceapp.attempt import Attempt, AttemptState, Cap, IdempotencyKey, Recorded, Settlement
from voiceapp.store import carrier_events, ledger, notifications
from voiceapp.store.carrier_events import CarrierEvent
from voiceapp.store.orders import (
    Answer,
    ClaimAttempts,
    CountDials,
    Forget,
    KeepCarrierEvent,
    Order,
    PutAttempt,
    ResendNotification,
    SettleAttempt,
)
from voiceapp.store.rows import owed
from voiceapp.store.turns import Owed, Report


class _Ask(Protocol):
    """Asks the database something in a reading thread."""

    def __call__(self, question: Callable[..., Any], *args: Any) -> Awaitable[Any]: ...


class Ledger:
    """The dial ledger of an open store. Every method may raise StoreUnavailable."""

    def __init__(self, ask: _Ask, order: Callable[[Order], Awaitable[Answer]]) -> None:
        self._ask = ask
        self._order = order

    async def put(self, attempt: Attempt, key: IdempotencyKey | None = None) -> tuple[Recorded, str]:
        """`created`, and the attempt is on disk; or nothing was written, since the key is `known` with this body,
        or with another one (`differs`); and the id that the key stands for."""
        answer = await self._order(PutAttempt(ledger.row_of(attempt), key))
        return answer.recorded, answer.recorded_id

    async def claim(self, token: str, now: datetime, limit: int) -> list[Attempt]:
        """The attempts that are due: `dialing` from now on, on disk, and nobody else gets them ever."""
        answer = await self._order(ClaimAttempts(token, now, limit))
        return [ledger.attempt_of(row) for row in answer.attempts]

    async def settle(
        self, settlement: Settlement, *, follower: Attempt | None = None, reports: Sequence[Report] = ()
    ) -> bool:
        """Moves an attempt on, with the attempt that follows it and what is to be told, in one transaction; False
        when somebody else has moved it."""
        told = tuple(
            owed(
                f"{settlement.id}.{settlement.state}.{place}",
                settlement.id,
                report.url,
                report.data,
                settlement.at,
                report.type,
            )
            for place, report in enumerate(reports)
        )
        after = None if follower is None else ledger.row_of(follower)
        return (await self._order(SettleAttempt(settlement, after, told))).touched

    async def count(self, caps: Sequence[Cap], at: datetime) -> str:
        """Counts one more of each; the scope of a cap that is used up, and then none is counted; else `""`."""
        return (await self._order(CountDials(tuple(caps), at))).capped if caps else ""

    async def forget(self, before: datetime) -> None:
        """Lets go of idempotency keys and counts from before then."""
        await self._order(Forget(before))

    async def attempt(self, attempt_id: str) -> Attempt | None:
        """The attempt with this id."""
        found: Attempt | None = await self._ask(ledger.attempt, attempt_id)
        return found

    async def newest(self, limit: int, state: AttemptState | None = None) -> list[Attempt]:
        """The newest attempts, of one state or of all."""
        found: list[Attempt] = await self._ask(ledger.newest, state, limit)
        return found

    async def of_click(self, click: str) -> list[Attempt]:
        """The attempts of a click-to-call, in order."""
        found: list[Attempt] = await self._ask(ledger.of_click, click)
        return found

    async def next_due(self) -> datetime | None:
        """When the next scheduled attempt is due."""
        found: datetime | None = await self._ask(ledger.next_due)
        return found

    async def unclear(self, asked_before: datetime, asked_after: datetime, limit: int) -> list[Attempt]:
        """Attempts of which nobody knows whether the phone rang."""
        found: list[Attempt] = await self._ask(ledger.unclear, asked_before, asked_after, limit)
        return found

    async def silent(self, asked_before: datetime, asked_after: datetime, limit: int) -> list[Attempt]:
        """Attempts that a carrier took, and whose call has told nothing."""
        found: list[Attempt] = await self._ask(ledger.silent, asked_before, asked_after, limit)
        return found

    async def finished(self, limit: int) -> list[Attempt]:
        """Attempts whose call is over, and that are not marked so yet."""
        found: list[Attempt] = await self._ask(ledger.finished, limit)
        return found

    async def keep_event(self, event: CarrierEvent) -> bool:
        """Keeps what a carrier told beside calls; False when it is kept already."""
        return (await self._order(KeepCarrierEvent(msgspec.structs.astuple(event)))).touched

    async def events(self, limit: int, kind: str | None = None) -> list[CarrierEvent]:
        """What carriers told, the newest first."""
        found: list[CarrierEvent] = await self._ask(carrier_events.newest, limit, kind)
        return found

    async def events_of(self, call_id: str) -> list[CarrierEvent]:
        """What carriers told of one call, the oldest first."""
        found: list[CarrierEvent] = await self._ask(carrier_events.of_call, call_id)
        return found

    async def notifications(self, limit: int, call_id: str | None = None) -> list[Owed]:
        """Webhooks that were and are owed, those of the newest calls first."""
        found: list[Owed] = await self._ask(notifications.listed, call_id, limit)
        return found

    async def resend(self, notification_id: str, at: datetime) -> bool:
        """Sends a webhook again, as if for the first time; False when there is none with this id."""
        return (await self._order(ResendNotification(notification_id, at))).touched
