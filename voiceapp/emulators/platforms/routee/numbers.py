"""Routee's numbers, and the balance of the account.

Source: docs.routee.net, the reference of `/numbers/my` (fields, the number in the path without its plus).
Inferred: the shape of `/accounts/me/balance`, made-up prices, that any number can be rented.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import uuid4

import msgspec
from msgspec import Meta

from voiceapp.emulators.platforms.records import country_of
from voiceapp.emulators.platforms.routee.api import INVALID, Asked, RouteeError, page
from voiceapp.emulators.routee_plan import Url
from voiceapp.emulators.routee_posts import iso

NUMBER_NOT_FOUND = 404_021_000

_MONTH = timedelta(days=30)


class Strategy(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, forbid_unknown_fields=True):
    """`voiceInboundStrategy`: one of the three."""

    dialplan_url: Url | None = None
    forward_call_to: str | None = None
    forward_call_to_sip: str | None = None


class Settings(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True, omit_defaults=True):
    """What a number can be told; what is left out stays as it is."""

    inbound_sms_callback_url: Url | None = None
    voice_inbound_strategy: Strategy | None = None
    inbound_voice_callback_url: Url | None = None


class Rental(Settings, frozen=True, rename="camel", forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """The body that rents a number."""

    msisdn: Annotated[str, Meta(pattern=r"\A\+[1-9][0-9]{1,14}\Z")]


class Number(msgspec.Struct, frozen=True, rename="camel"):
    """One number of the account."""

    msisdn: str
    tracking_id: str
    settings: Settings

    @property
    def dialplan_url(self) -> str:
        """Where its dialplan is, `""` for nowhere."""
        strategy = self.settings.voice_inbound_strategy
        return (strategy.dialplan_url or "") if strategy else ""

    @property
    def inbound_voice_callback_url(self) -> str | None:
        """Who is told of its calls."""
        return self.settings.inbound_voice_callback_url


class Numbers:
    """The numbers of an account, and its balance in euros."""

    def __init__(self, numbers: Iterable[str], balance: float, now: Callable[[], datetime]) -> None:
        self.balance = balance
        self._now = now
        self._numbers = {msisdn: Number(msisdn, str(uuid4()), Settings()) for msisdn in numbers}

    def list_mine(self, asked: Asked) -> dict[str, object]:
        """`GET /numbers/my`."""
        return page([self._shown(number) for number in self._numbers.values()], asked)

    def rent(self, asked: Asked) -> dict[str, Any]:
        """`POST /numbers/my`."""
        rental = asked.read(Rental)
        if rental.msisdn in self._numbers:
            raise RouteeError(INVALID, "Validation Error. The number is rented")
        settings = Settings(**{name: getattr(rental, name) for name in Settings.__struct_fields__})
        number = self._numbers[rental.msisdn] = Number(rental.msisdn, str(uuid4()), settings)
        return self._shown(number)

    def update(self, asked: Asked) -> dict[str, Any]:
        """`PUT /numbers/my/{msisdn}`."""
        msisdn = f"+{asked.path['msisdn']}"
        if msisdn not in self._numbers:
            raise RouteeError(NUMBER_NOT_FOUND, "Number not found")
        told = msgspec.structs.asdict(asked.read(Settings))
        number = self._numbers[msisdn]
        settings = msgspec.structs.replace(
            number.settings, **{name: value for name, value in told.items() if value is not None}
        )
        self._numbers[msisdn] = msgspec.structs.replace(number, settings=settings)
        return self._shown(self._numbers[msisdn])

    def show_balance(self, asked: Asked) -> dict[str, Any]:
        """`GET /accounts/me/balance`."""
        return {"balance": round(self.balance, 2), "currency": {"code": "EUR", "name": "Euro", "sign": "€"}}

    def dialled(self, msisdn: str) -> Number:
        """The number that is called; raises LookupError when nothing is to be done then."""
        number = self._numbers.get(msisdn)
        if number is None or not number.dialplan_url:
            raise LookupError(f"{msisdn} has no dialplan")
        return number

    def _shown(self, number: Number) -> dict[str, Any]:
        cost = {"price": 1.0, "currency": "EUR"}
        shown: dict[str, Any] = msgspec.to_builtins(number.settings)
        return shown | {
            "trackingId": number.tracking_id,
            "msisdn": number.msisdn,
            "country": country_of(number.msisdn),
            "services": ["Sms", "Voice"],
            "inboundCosts": [{"price": 0.0, "currency": "EUR", "service": "Voice"}],
            "monthlyCosts": cost,
            "activationCosts": cost,
            "nextRenewal": iso(self._now() + _MONTH),
            "chargeInterval": 60,
            "tollFree": False,
        }
