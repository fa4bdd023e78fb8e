"""CALLR's call detail records, and what calls cost.

Source: docs.callr.com, "JSON objects" (CDR.In, CDR.Out): the fields, the dial statuses, amounts in cents with two
decimals; `cdr.get` has both dates inclusive. Inferred: `""` for a time that never came and 0 for no inbound call;
the ISDN causes; that a record can be had once its call is over; the price, a cent a minute begun.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

import msgspec

from voiceapp.emulators.platforms.callr.objects import App, Did
from voiceapp.emulators.platforms.callr.rpc import RpcError, wrong_value
from voiceapp.emulators.platforms.records import country_of

DialStatus = Literal["ANSWER", "BUSY", "CANCEL", "CHANUNAVAIL", "CONGESTION", "NOANSWER", "NODIAL"]
HangupSource = Literal["CALLEE", "CALLER", "GATEWAY"]

_CAUSES: dict[DialStatus, int] = {
    "ANSWER": 16,
    "BUSY": 17,
    "CANCEL": 16,
    "CHANUNAVAIL": 20,
    "CONGESTION": 34,
    "NOANSWER": 19,
    "NODIAL": 21,
}
"""Causes of Q.850, by what became of a call."""

_RING_SECONDS = 5
_FORMAT = "%Y-%m-%d %H:%M:%S"


class _Cdr(msgspec.Struct, frozen=True, kw_only=True):
    """What both kinds have; durations are in seconds."""

    answer: str = ""
    billing_customer_cost_label: str = "Mobile"
    billing_customer_credit_eur: str = "0.00"
    billing_customer_debit_eur: str = "0.00"
    callid: int
    cli_name: str = ""
    cli_number: str
    cli_pres: Literal["allowed_passed_screen", "prohib_passed_screen"]
    customer_field: str
    duration: int = 0
    duration_answered: int = 0
    duration_billed: int = 0
    hangup: str = ""
    hangupcause: int = 0
    hangupsource: HangupSource = "GATEWAY"
    package_name: str
    scenario_hash: str
    scenario_name: str
    start: str


class CdrIn(_Cdr, frozen=True, kw_only=True):
    """An inbound call."""

    cli_country_code: str
    cli_number_type: str = "MOBILE"
    did_hash: str
    did_intl_number: str


class CdrOut(_Cdr, frozen=True, kw_only=True):
    """An outbound call, or a leg of one; `callid_in` is the call that a dialout was made from."""

    callid_in: int = 0
    dialstatus: DialStatus | Literal[""] = ""
    number: str
    number_country_code: str
    number_type: str = "MOBILE"


Cdr = CdrIn | CdrOut


def new_callid() -> int:
    """A call's number; it needs all of its 64 bits."""
    return 2**63 + secrets.randbelow(2**63)


class Cdrs:
    """The records of an account, in the order in which the calls ended, and its `credit` in cents."""

    def __init__(self, credit: Decimal, now: Callable[[], datetime]) -> None:
        self.credit = credit
        self._now = now
        self._closed: list[Cdr] = []

    def begin_in(self, app: App, did: Did, cli_number: str) -> CdrIn:
        """The record of an inbound call that arrives now."""
        return CdrIn(
            callid=new_callid(),
            cli_number=cli_number,
            cli_pres=_presentation(cli_number),
            cli_country_code=country_of(cli_number),
            customer_field="",
            package_name=app.package.name,
            scenario_hash=app.hash,
            scenario_name=app.name,
            start=self.stamp(),
            did_hash=did.hash,
            did_intl_number=did.intl_number,
        )

    def begin_out(self, app: App | None, number: str, cli: str, cdr_field: str, callid_in: int = 0) -> CdrOut:
        """The record of a leg that is dialled now; `cli` is `""` when blocked."""
        return CdrOut(
            callid=new_callid(),
            callid_in=callid_in,
            cli_number=cli,
            cli_pres=_presentation(cli),
            customer_field=cdr_field,
            number=number,
            number_country_code=country_of(number),
            package_name=app.package.name if app else "",
            scenario_hash=app.hash if app else "",
            scenario_name=app.name if app else "",
            start=self.stamp(),
        )

    def close(self, cdr: Cdr, status: DialStatus, seconds: int, source: HangupSource) -> Cdr:
        """The call is over after so many seconds since it was answered; pay for it."""
        start = datetime.strptime(cdr.start, _FORMAT)  # noqa: DTZ007 - UTC throughout
        answered = start + timedelta(seconds=_RING_SECONDS)
        cents = Decimal(-(-seconds // 60)) if isinstance(cdr, CdrOut) else Decimal(0)
        self.credit -= cents
        closed: Cdr = msgspec.structs.replace(
            cdr,
            answer=f"{answered:{_FORMAT}}" if status == "ANSWER" else "",
            hangup=f"{answered + timedelta(seconds=seconds):{_FORMAT}}",
            duration=_RING_SECONDS + seconds,
            duration_answered=seconds,
            duration_billed=seconds,
            billing_customer_debit_eur=f"{cents:.2f}",
            hangupcause=_CAUSES[status],
            hangupsource=source,
        )
        if isinstance(closed, CdrOut):
            closed = msgspec.structs.replace(closed, dialstatus=status)
        self._closed.append(closed)
        return closed

    def get(
        self, type_: Literal["IN", "OUT"], from_: str, to: str, app: str | None, number: str | None
    ) -> list[Cdr]:
        """`cdr.get`: `number` is a DID's hash or number (IN), or the one that was called (OUT)."""
        since, until = _time(from_, "from"), _time(to, "to")
        if until < since:
            raise RpcError("TO_BEFORE_FROM")
        return [
            cdr
            for cdr in self._closed
            if isinstance(cdr, CdrIn) == (type_ == "IN")
            and since <= _time(cdr.start, "start") <= until
            and app in (None, cdr.scenario_hash)
            and number in (None, *_numbers(cdr))
        ]

    def prepaid_credit(self) -> str:
        """`billing.get_prepaid_credit`: an amount in cents (the shape is inferred)."""
        return f"{self.credit:.2f}"

    def stamp(self) -> str:
        """The time now, as CALLR writes it."""
        return f"{self._now():{_FORMAT}}"


def _presentation(cli: str) -> Literal["allowed_passed_screen", "prohib_passed_screen"]:
    return "allowed_passed_screen" if cli else "prohib_passed_screen"


def _numbers(cdr: Cdr) -> tuple[str, ...]:
    return (cdr.did_hash, cdr.did_intl_number) if isinstance(cdr, CdrIn) else (cdr.number,)


def _time(text: str, name: str) -> datetime:
    try:
        return datetime.strptime(text, _FORMAT)  # noqa: DTZ007 - UTC throughout
    except ValueError:
        raise wrong_value(name) from None
