"""What is dialled is allowed, wanted and counted; what is refused is counted and logged without its number."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from structlog.testing import capture_logs

from tests.store.databases import opened, sqlite_url
from tests.store.samples import a_call, a_turn
from voiceapp.actions import OptOut
from voiceapp.attempt import Cap
from voiceapp.errors import StoreUnavailable
from voiceapp.metrics import Metrics
from voiceapp.tolls.gate import DialCaps, Refused, TollGate, Wanted
from voiceapp.tolls.rules import TollRules

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR, DAY, MICROSECOND = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)
RULES = TollRules(
    regions=frozenset({"FR", "GB"}), sip_hosts=frozenset({"pbx.example.com"}), denied=("+33899", "+3375")
)
NUMBER, OTHER = "+33612345678", "+33123456789"
CAPPED = {
    "call": "more is not dialled: this call has dialled as much as a call may (VOICEAPP_DIAL_PER_CALL)",
    "caller": "more is not dialled: as much as one caller may have dialled in an hour (VOICEAPP_DIAL_PER_CALLER)",
    "destination": "more is not dialled: the number was dialled as often as it may be in a day"
    " (VOICEAPP_DIAL_PER_DESTINATION)",
    "day": "more is not dialled: as much as may be dialled in a day (VOICEAPP_DIAL_PER_DAY)",
}


class Counted:
    """Counts as the ledger does, in memory."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    async def count(self, caps: Sequence[Cap], at: datetime) -> str:
        for cap in caps:
            if self.counts.get(cap.scope, 0) >= cap.most:
                return cap.scope
        for cap in caps:
            self.counts[cap.scope] = self.counts.get(cap.scope, 0) + 1
        return ""


FLOW = "survey"


class Unwanted:
    """Who wants no calls."""

    def __init__(self, *numbers: str) -> None:
        self.numbers = numbers

    async def opted_out(self, number: str, scope: str) -> bool:
        return number in self.numbers and scope == FLOW


class Broken:
    """A database that does not answer."""

    async def count(self, caps: Sequence[Cap], at: datetime) -> str:
        raise StoreUnavailable("--db: gone")

    async def opted_out(self, number: str, scope: str) -> bool:
        raise StoreUnavailable("--db: gone")


def a_gate(**changes: Any) -> TollGate:
    counted = Counted()
    given: dict[str, Any] = {
        "rules": RULES,
        "caps": DialCaps(),
        "counts": lambda: counted,
        "opt_outs": Unwanted(),
        "metrics": Metrics(),
    }
    return TollGate(**{**given, **changes})


def wanted(**changes: Any) -> Wanted:
    want = Wanted(number=NUMBER, call="call-one", flow="survey", carrier="callr", caller="+33198765432")
    return msgspec.structs.replace(want, **changes)


RULED: list[tuple[dict[str, Any], str]] = [
    ({}, ""),
    ({"number": OTHER}, ""),
    ({"number": "sip:desk@pbx.example.com"}, ""),
    ({"number": "+302310123456"}, "region"),
    ({"number": "+33751234567"}, "prefix"),
    ({"number": "+33801234567"}, "type"),
    ({"number": "0612345678"}, "not_a_number"),
    ({"number": "sip:desk@example.com"}, "sip_host"),
    ({"patterns": ("+336*",)}, ""),
    ({"patterns": ("+331*", NUMBER)}, ""),
    ({"patterns": ("+331*",)}, "pattern"),
    ({"number": "+302310123456", "patterns": ("+30*",)}, "region"),
    ({"number": "sip:desk@pbx.example.com", "patterns": ("sip:*@pbx.example.com",)}, ""),
    ({"number": "sip:desk@pbx.example.com", "patterns": ("+336*",)}, "pattern"),
    ({"number": "+302310123456", "written_out": True}, "region"),
]


@pytest.mark.parametrize(("changes", "code"), RULED)
async def test_the_rules(changes: dict[str, Any], code: str) -> None:
    gate, want = a_gate(), wanted(**changes)
    judged, admitted = gate.judge(want), await gate.admit(want, NOON)
    assert judged == admitted
    assert (judged.code if judged else "") == code


OPTED: list[tuple[str, bool, str]] = [
    (NUMBER, True, "opted_out"),
    (NUMBER, False, ""),
    (OTHER, True, ""),
    ("+302310123456", True, "region"),
]


@pytest.mark.parametrize(("number", "calls_out", "code"), OPTED)
async def test_who_wants_no_calls_gets_none_of_ours(number: str, calls_out: bool, code: str) -> None:
    """But is dialled for who calls and asks for it."""
    counted = Counted()
    gate = a_gate(opt_outs=Unwanted(NUMBER), caps=DialCaps(day=9), counts=lambda: counted)
    want = wanted(number=number, calls_out=calls_out)
    assert gate.judge(want) is None or code == "region"
    refused = await gate.admit(want, NOON)
    assert (refused.code if refused else "") == code
    assert sum(counted.counts.values()) == (0 if code else 1), "what is refused is not counted"


HALF, DAY_ENDS = NOON.replace(minute=59, second=59, microsecond=999_999), datetime(2026, 3, 2, tzinfo=UTC)
CAPS: dict[str, tuple[DialCaps, dict[str, Any], dict[str, Any], list[tuple[datetime, str]]]] = {
    "none": (DialCaps(), {}, {}, [(NOON, "")] * 99),
    "by call": (
        DialCaps(call=2),
        {},
        {"call": "call-two"},
        [(NOON, ""), (NOON, ""), (NOON, "call"), (NOON + HOUR, "call"), (NOON + DAY, "call")],
    ),
    "by caller, in an hour": (
        DialCaps(caller=2),
        {},
        {"caller": OTHER},
        [(NOON, ""), (HALF, ""), (HALF, "caller"), (HALF + MICROSECOND, ""), (NOON + DAY, ""), (NOON, "caller")],
    ),
    "by caller, whom nobody knows": (DialCaps(caller=1), {"caller": ""}, {}, [(NOON, "")] * 9),
    "by destination, in a day": (
        DialCaps(destination=2),
        {},
        {"number": OTHER},
        [
            *[(NOON, ""), (NOON + HOUR, ""), (NOON + HOUR, "destination")],
            *[(DAY_ENDS - MICROSECOND, "destination"), (DAY_ENDS, ""), (DAY_ENDS, ""), (DAY_ENDS, "destination")],
        ],
    ),
    "by destination, which the author wrote out": (
        DialCaps(destination=1),
        {"written_out": True},
        {},
        [(NOON, "")] * 9,
    ),
    "in a day": (
        DialCaps(day=2),
        {"written_out": True, "caller": ""},
        {},
        [(NOON, ""), (NOON, ""), (DAY_ENDS - MICROSECOND, "day"), (DAY_ENDS, "")],
    ),
}


@pytest.mark.parametrize(("caps", "who", "other", "dials"), CAPS.values(), ids=CAPS)
async def test_caps(
    caps: DialCaps, who: dict[str, Any], other: dict[str, Any], dials: list[tuple[datetime, str]]
) -> None:
    gate = a_gate(caps=caps)
    for at, cap in dials:
        refused = await gate.admit(wanted(**who), at)
        assert refused == (Refused("cap", CAPPED[cap]) if cap else None)
    if other:
        assert await gate.admit(wanted(**who, **other), NOON) is None, "somebody else's dials are counted apart"


async def test_what_one_cap_refuses_no_other_counts(database_url: str) -> None:
    async with opened(database_url) as store:
        caps = DialCaps(call=1, caller=3, destination=3, day=3)
        gate = a_gate(caps=caps, counts=lambda: store.ledger, opt_outs=store)
        outcomes = [await gate.admit(wanted(call=call), NOON) for call in ("a", "a", "a", "b", "c", "d")]
    found = [CAPPED["call"]] * 2
    assert [refused.message for refused in outcomes if refused][:2] == found
    assert [refused is None for refused in outcomes] == [True, False, False, True, True, False]


async def test_an_opt_out_holds_from_its_turn_on(tmp_path: Path) -> None:
    async with opened(sqlite_url(tmp_path)) as store:
        gate = a_gate(opt_outs=store, counts=lambda: store.ledger)
        assert await gate.admit(wanted(calls_out=True), NOON) is None
        await store.commit(a_turn(a_call(), actions=(OptOut(step="s", number=NUMBER, scope="all"),)))
        refused = await gate.admit(wanted(calls_out=True), NOON)
        assert refused == Refused("opted_out", "the number wants no more calls")


async def test_refusals_are_counted_and_logged_without_the_number() -> None:
    metrics = Metrics()
    gate = a_gate(metrics=metrics, caps=DialCaps(call=1), opt_outs=Unwanted(OTHER))
    with capture_logs() as logs:
        for want in (
            wanted(),
            wanted(),
            wanted(number="+302310123456"),
            wanted(number=OTHER, calls_out=True),
            wanted(number="+33899123456", carrier="routee"),
        ):
            await gate.admit(want, NOON)
            gate.judge(want)
    counted = {
        (carrier, reason): metrics.registry.get_sample_value(
            "voiceapp_dials_refused_total", {"carrier": carrier, "reason": reason}
        )
        for carrier, reason in (
            ("callr", "cap"),
            ("callr", "region"),
            ("callr", "opted_out"),
            ("routee", "prefix"),
        )
    }
    assert set(counted.values()) == {1.0}
    assert [entry["code"] for entry in logs] == ["cap", "region", "opted_out", "prefix"]
    shown = f"{logs} {metrics.render()[0].decode()}"
    for number in (NUMBER, OTHER, "+302310123456", "+33899123456"):
        assert number.removeprefix("+") not in shown


@pytest.mark.parametrize("broken", ["counts", "opt_outs"])
async def test_nobody_dials_while_the_store_is_away(broken: str) -> None:
    away: dict[str, Any] = {"counts": Broken} if broken == "counts" else {"opt_outs": Broken()}
    gate = a_gate(**away, caps=DialCaps(day=1))
    assert gate.judge(wanted(calls_out=True)) is None
    with pytest.raises(StoreUnavailable):
        await gate.admit(wanted(calls_out=True), NOON)
    refused = await gate.admit(wanted(number="+302310123456", calls_out=True), NOON)
    assert refused is not None, "the rules need nobody"
