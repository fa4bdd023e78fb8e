"""CALLR's webhooks: who wants to hear of what, and how it is told.

Sources: docs.callr.com, "Webhooks" and "JSON objects" (Webhook, Webhook.Options, Webhook.Event): the types of
events, the signature (base64 of the raw HMAC of the exact body, SHA256 by default), tries 0 to 9. Inferred: that a
hook gets its events one after another; how long CALLR waits; that nothing follows the tenth try. The tries come
without a pause, since nothing waits here.
"""

import asyncio
import base64
import hmac
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple
from uuid import uuid4

import aiohttp
import msgspec
from msgspec import Meta

from voiceapp.emulators.platforms.background import Background
from voiceapp.emulators.platforms.callr.rpc import wrong_value

EVENT_TYPES = (
    "billing.credit",
    "billing.credit_shutdown",
    "billing.credit_warning",
    "call.inbound_hangup",
    "call.inbound_start",
    "call.outbound_hangup",
    "call.outbound_start",
    "did.assigned",
    "did.unassigned",
    "job.status_update",
    "media.library.status_update",
    "media.recording.new",
    "media.recording.status_update",
    "sms.mo",
    "sms.mt.status_update",
)

TRIES = 10
_DEADLINE = 5.0

HttpUrl = Annotated[str, Meta(pattern=r"\Ahttps?://[^\s/]+\S*\Z")]


class HookOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Webhook.Options."""

    format: Literal["JSON"] = "JSON"
    hmac_secret: Annotated[str, Meta(min_length=8, max_length=1024)] = ""
    hmac_algo: Literal["MD5", "SHA1", "SHA256", "SHA512"] = "SHA256"


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """Webhook, as the API shows it."""

    hash: str
    type: str
    endpoint: str
    status: str = "ENABLED"
    options: HookOptions
    created_at: str
    updated_at: str


class Delivery(NamedTuple):
    """One try; `status` is `None` when no answer came."""

    type: str
    event_id: str
    attempt: int
    status: int | None


class Webhooks:
    """The subscriptions of an account, and every delivery that was tried."""

    def __init__(self, background: Background, now: Callable[[], datetime]) -> None:
        self.deliveries: list[Delivery] = []
        self._background = background
        self._now = now
        self._hooks: dict[str, Webhook] = {}
        self._turns: dict[str, asyncio.Lock] = {}

    def subscribe(self, type_: str, endpoint: HttpUrl, options: HookOptions | None) -> Webhook:
        """`webhooks.subscribe`."""
        if type_ not in EVENT_TYPES:
            raise wrong_value("type")
        at = f"{self._now():%Y-%m-%d %H:%M:%S.000}"
        hook = Webhook(
            hash=uuid4().hex[:8].upper(),
            type=type_,
            endpoint=endpoint,
            options=options or HookOptions(),
            created_at=at,
            updated_at=at,
        )
        self._hooks[hook.hash] = hook
        self._turns[hook.hash] = asyncio.Lock()
        return hook

    def unsubscribe(self, hash_: str) -> bool:
        """`webhooks.unsubscribe`."""
        if self._hooks.pop(hash_, None) is None:
            raise wrong_value("hash")
        return True

    def get_list(self) -> list[Webhook]:
        """`webhooks.get_list`."""
        return list(self._hooks.values())

    def event_types(self) -> tuple[str, ...]:
        """`webhooks.get_event_types`."""
        return EVENT_TYPES

    def tell(self, type_: str, data: object) -> None:
        """Let all who subscribed to `type_` know, in the background."""
        event = {
            "type": type_,
            "event_id": str(uuid4()),
            "event_at": f"{self._now():%Y-%m-%dT%H:%M:%S.000Z}",
        }
        for hook in self._hooks.values():
            if hook.type == type_:
                told = event | {"hook_hash": hook.hash, "try": 0, "data": data}
                self._background.spawn(self._deliver(hook, told))

    async def _deliver(self, hook: Webhook, event: dict[str, Any]) -> None:
        async with self._turns[hook.hash]:
            for attempt in range(TRIES):
                status = await self._post(hook, msgspec.json.encode(event | {"try": attempt}), event["event_id"])
                self.deliveries.append(Delivery(hook.type, event["event_id"], attempt, status))
                if status is not None and 200 <= status < 300:
                    return

    async def _post(self, hook: Webhook, body: bytes, event_id: str) -> int | None:
        headers = {"Content-Type": "application/json", "X-CALLR-EventId": event_id} | _signature(hook, body)
        try:
            async with (
                asyncio.timeout(_DEADLINE),
                self._background.session.post(
                    hook.endpoint, data=body, headers=headers, allow_redirects=False
                ) as reply,
            ):
                return reply.status
        except (TimeoutError, aiohttp.ClientError):
            return None


def _signature(hook: Webhook, body: bytes) -> dict[str, str]:
    options = hook.options
    if not options.hmac_secret:
        return {}
    digest = hmac.digest(options.hmac_secret.encode(), body, options.hmac_algo.lower())
    return {"X-CALLR-HmacSignature": base64.b64encode(digest).decode()}
