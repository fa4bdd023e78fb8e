"""Delivers what `notify` steps and callbacks owe: in the background, again and again for a day."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from voiceapp.egress.notify import Message, next_attempt
from voiceapp.egress.notify import Notifier as Sender
from voiceapp.errors import StoreUnavailable, UnknownCall
from voiceapp.metrics import Metrics
from voiceapp.store.store import Store
from voiceapp.store.turns import Notification

LOOK_EVERY = 5.0
"""Seconds between two looks into the store when nobody woke us: retries, and what other processes left."""

AT_ONCE = 20
NOTIFY = "call.notify"
"""The type of what `notify` steps owe; others are `terms.CALLBACK_EVENTS`."""

_log = structlog.get_logger()


class Notifier:
    """One a process; the store gives each notification to one of them at a time."""

    def __init__(
        self,
        store: Store,
        sender: Sender,
        metrics: Metrics,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._sender = sender
        self._metrics = metrics
        self._clock = clock
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Something new is to be delivered."""
        self._woken.set()

    async def run(self) -> None:
        """Delivers until it is cancelled."""
        while True:
            self._woken.clear()
            try:
                while await self.deliver_due():
                    pass
            except StoreUnavailable as error:
                _log.warning("notifications wait for the store", reason=str(error))
            except Exception:
                self._metrics.error()
                _log.exception("notifications failed")
            try:
                async with asyncio.timeout(LOOK_EVERY):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def deliver_due(self) -> int:
        """One attempt for what is due now; how many attempts that were."""
        due = await self._store.due_notifications(self._clock(), AT_ONCE)
        await asyncio.gather(*(self._attempt(notification) for notification in due))
        return len(due)

    async def _attempt(self, notification: Notification) -> None:
        now = self._clock()
        message = await self._message(notification, now)
        if message is None:
            return
        delivery = await self._sender.deliver(message, now=now)
        self._metrics.notification(delivery.outcome)
        pause = next_attempt(notification.attempt, notification.id) if delivery.outcome == "retry" else None
        next_at = None if pause is None else now + timedelta(seconds=pause)
        if delivery.outcome != "delivered":
            _log.warning(
                "notification not delivered",
                call=notification.call_id,
                reason=delivery.reason,
                again=next_at is not None,
            )
        await self._store.settle_notification(
            notification.id,
            delivered=delivery.outcome == "delivered",
            at=self._clock(),
            next_at=next_at,
            error=delivery.reason,
        )

    async def _message(self, notification: Notification, now: datetime) -> Message | None:
        """What is sent: what a flow wants told, with its call and its secrets; or what an application is told."""
        data, key = notification.data, ""
        if notification.type == NOTIFY:
            try:
                call = (await self._store.call(notification.call_id)).call
            except UnknownCall:
                return None
            about = {"call": call.id, "flow": call.flow, "carrier": call.carrier, "direction": call.direction}
            data, key = {**about, **data}, call.key
        return Message(
            id=notification.id, type=notification.type, at=now, url=notification.url, data=data, key=key
        )
