"""Routee's numbers and balance. Sources: Routee's pages view-all-your-numbers and update-a-number; that of the
balance names no fields, so that those read here are inferred."""

from collections.abc import Mapping
from typing import Any

import msgspec

from voiceapp.carriers.asking import amount, record, records, word
from voiceapp.carriers.platform import Credit
from voiceapp.carriers.routee.rest import Rest, anything, segment
from voiceapp.carriers.routee.wire import phone

_PAGE = 100
_PAGES = 20


class RentedNumber(msgspec.Struct, frozen=True, kw_only=True):
    """A number of the account, E.164, and where it goes: URLs with all that is in them, `""` for none; `forwarded`
    to a number or SIP address."""

    number: str
    plan_url: str
    status_url: str
    sms_url: str
    forwarded: str


class Account:
    """Looks at the account, and points numbers elsewhere."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    async def numbers(self) -> tuple[RentedNumber, ...]:
        """The numbers that the account rents; two thousand at most."""
        found: tuple[RentedNumber, ...] = ()
        for page in range(_PAGES):
            query = {"page": page, "size": _PAGE}
            numbers = await self._rest.call("GET", "/numbers/my", _numbers, query=query, reads=True)
            found += numbers
            if len(numbers) < _PAGE:
                break
        return found

    async def update(self, number: str, body: Mapping[str, object]) -> None:
        """Point a number elsewhere; see the page update-a-number for the body."""
        await self._rest.call("PUT", number_path(number), anything, body=body)

    async def balance(self) -> Credit:
        """What is left. An answer of which no amount can be read shows at least that there is an account."""
        return await self._rest.call("GET", "/accounts/me/balance", _credit, reads=True)


def number_path(number: str) -> str:
    """The path of a number, which is without its plus there."""
    return f"/numbers/my/{segment(number.removeprefix('+'))}"


def _numbers(said: object) -> tuple[RentedNumber, ...] | None:
    content = record(said).get("content") if isinstance(said, dict) else said
    return tuple(filter(None, map(_number, records(content)))) if isinstance(content, list) else None


def _number(said: Mapping[str, Any]) -> RentedNumber | None:
    number = phone(said.get("msisdn"))
    strategy = record(said.get("voiceInboundStrategy"))
    if not number:
        return None
    return RentedNumber(
        number=number,
        plan_url=word(strategy.get("dialplanUrl")),
        status_url=word(said.get("inboundVoiceCallbackUrl")),
        sms_url=word(said.get("inboundSmsCallbackUrl")),
        forwarded=word(strategy.get("forwardCallTo")) or word(strategy.get("forwardCallToSip")),
    )


def _credit(said: object) -> Credit:
    told = record(said)
    left = next((told[name] for name in ("balance", "amount") if name in told), said)
    currency = told.get("currency", told.get("currencyCode"))
    code = record(currency).get("code") or record(currency).get("name") or currency
    return Credit(amount(left), word(code))
