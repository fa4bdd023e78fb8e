"""What a `notify` step does: one signed webhook, and when to try again.

Signed as https://www.standardwebhooks.com says: `webhook-id`, `webhook-timestamp`, `webhook-signature` (v1).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote

import msgspec
from standardwebhooks import Webhook

from voiceapp.call import fill_secrets
from voiceapp.egress.fetch import fill_json
from voiceapp.egress.guard import Egress
from voiceapp.errors import ExchangeFailed

BACKOFF = (5, 30, 120, 600, 1800, 3600, 7200, 14400, 21600, 36000)
"""Seconds between one attempt and the next: eleven attempts in about a day."""

_HOPELESS = frozenset({"URL not valid", "request not valid", "address not allowed", "HTTP 410"})


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook to be delivered. `id` stays the same over all attempts, so that a receiver knows it again;
    `at` is when the thing happened, an aware UTC time; `key` the call's, as for `fetch`."""

    id: str
    type: str
    at: datetime
    url: str
    data: dict[str, Any]
    key: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one attempt; `reason` names no address and no data, and is `""` when delivered."""

    outcome: Literal["delivered", "retry", "gave_up"]
    reason: str = ""


class Notifier:
    """Delivers webhooks for one server. `secrets`: NAME -> value, put in place of their marks when sending.
    Without `signing_secret` (`whsec_…`) messages go unsigned, with id and timestamp all the same."""

    def __init__(self, egress: Egress, secrets: Mapping[str, str], signing_secret: str = "") -> None:
        self._egress = egress
        self._secrets = secrets
        self._url_secrets = {name: quote(value, safe="") for name, value in secrets.items()}
        self._signer = Webhook(signing_secret) if signing_secret else None

    async def deliver(self, message: Message, *, now: datetime, within: float = 10.0) -> Delivery:
        """One attempt, in at most `within` seconds; never raises. `now`: aware UTC time of the attempt."""
        data = fill_json(message.data, message.key, self._secrets)
        body = msgspec.json.encode({"type": message.type, "timestamp": message.at, "data": data})
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message.id,
            "webhook-timestamp": str(int(now.timestamp())),
        }
        if self._signer is not None:
            headers["webhook-signature"] = self._signer.sign(message.id, now, body.decode())
        try:
            target = self._egress.admit(fill_secrets(message.url, message.key, self._url_secrets))
            answer = await self._egress.exchange(target, within=within, method="POST", headers=headers, body=body)
        except ExchangeFailed as failure:
            reason = str(failure)
        else:
            if 200 <= answer.status < 300:
                return Delivery("delivered")
            reason = f"HTTP {answer.status}"
        return Delivery("gave_up" if reason in _HOPELESS else "retry", reason)


def next_attempt(attempt: int, message_id: str) -> float | None:
    """Seconds to wait after the failed attempt number `attempt` (from 1); None: it was the last.

    Up to a fifth more or less than BACKOFF, by id: what failed together does not come back together."""
    if attempt > len(BACKOFF):
        return None
    spread = hashlib.blake2b(f"{message_id}/{attempt}".encode(), digest_size=4).digest()
    return BACKOFF[attempt - 1] * (0.8 + 0.4 * int.from_bytes(spread, "big") / 2**32)
