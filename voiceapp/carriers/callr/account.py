"""CALLR's services `cdr`, `billing` and `webhooks`: what was called, what is left, who is told.

Source: "JSON objects" (CDR.Out, Webhook). Amounts are cents there; here they are whole euros, or dollars.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from voiceapp.carriers.asking import amount, word
from voiceapp.carriers.callr.rpc import Rpc, a_list, done
from voiceapp.carriers.callr.webhooks import Algorithm
from voiceapp.carriers.callr.wire import text
from voiceapp.carriers.platform import Outcome

_CENTS = 100
_OUTCOMES: Mapping[str, Outcome] = {
    "ANSWER": "answered",
    "BUSY": "busy",
    "NOANSWER": "no_answer",
    "CANCEL": "no_answer",
    "CHANUNAVAIL": "failed",
    "CONGESTION": "failed",
    "NODIAL": "failed",
}


def written(moment: datetime) -> str:
    """A time as CALLR writes it: UTC, without saying so."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


class Cdr(msgspec.Struct, frozen=True, kw_only=True):
    """A record of a call. `number`: who was called; `field`: `cdr_field` of the request; `seconds` connected;
    `price` in euros; `cause`: ISDN cause code."""

    callid: str
    number: str
    field: str
    outcome: Outcome
    seconds: float | None
    price: float | None
    cause: str


class Webhook(msgspec.Struct, frozen=True):
    """A subscription to events of one type."""

    hash: str
    type: str
    endpoint: str
    status: str


class Account:
    """Looks at the account, and subscribes to what happens on it."""

    def __init__(self, rpc: Rpc) -> None:
        self._rpc = rpc

    async def cdr_get(
        self,
        direction: Literal["IN", "OUT"],
        since: datetime,
        until: datetime,
        *,
        app: str | None = None,
        number: str | None = None,
    ) -> tuple[Cdr, ...]:
        """The calls between two aware times, both included; of one app, of one number."""
        params = [direction, written(since), written(until), app, number]
        found = await self._rpc.call("cdr.get", params, a_list, reads=True)
        return tuple(map(_cdr, found))

    async def get_prepaid_credit(self) -> float:
        """What is left, in the currency of the account, which CALLR does not tell. That it comes in cents, as
        every other amount does, is inferred."""
        return await self._rpc.call("billing.get_prepaid_credit", [], _from_cents, reads=True)

    async def subscribe(
        self, event: str, endpoint: str, *, secret: str = "", algorithm: Algorithm = "SHA256"
    ) -> Webhook:
        """Let events of a type be posted to a URL, signed with a secret (8 to 1024 characters) if there is one."""
        signed = {"hmac_secret": secret, "hmac_algo": algorithm} if secret else {}
        params = [event, endpoint, {"format": "JSON", **signed}]
        return await self._rpc.call("webhooks.subscribe", params, _webhook)

    async def unsubscribe(self, webhook: str) -> None:
        """End a subscription, by CALLR's id."""
        await self._rpc.call("webhooks.unsubscribe", [webhook], done)

    async def webhooks(self) -> tuple[Webhook, ...]:
        """All subscriptions."""
        found = await self._rpc.call("webhooks.get_list", [], a_list, reads=True)
        return tuple(filter(None, map(_webhook, found)))


def _from_cents(value: object) -> float | None:
    cents = amount(value)
    return None if cents is None else cents / _CENTS


def _cdr(value: Mapping[str, Any]) -> Cdr:
    return Cdr(
        callid=text(value.get("callid")),
        number=word(value.get("number")) or word(value.get("did_intl_number")),
        field=text(value.get("customer_field")),
        outcome=_outcome(value),
        seconds=amount(value.get("duration_answered")),
        price=_from_cents(value.get("billing_customer_debit_eur")),
        cause=text(value.get("hangupcause")),
    )


def _outcome(value: Mapping[str, Any]) -> Outcome:
    """A record without an end is of a call under way (inferred); a word that is not known, of a failed one."""
    if not word(value.get("hangup")).strip("0-: "):
        return "under_way"
    if amount(value.get("duration_answered")):
        return "answered"
    return _OUTCOMES.get(word(value.get("dialstatus")), "failed")


def _webhook(value: Mapping[str, Any]) -> Webhook | None:
    if not isinstance(value, dict) or not text(value.get("hash")):
        return None
    known = (word(value.get(name)) for name in ("type", "endpoint", "status"))
    return Webhook(text(value["hash"]), *known)
