"""Orders to call somebody that Routee refuses: wrong, too soon, or not paid for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.emulators.plans import plan, say
from tests.emulators.platforms.clients import RouteeClient, routee_client

NUMBER = "+33611111110"
HELLO = plan(say("Hello"))
ORDERED = "/voice/conversation"

REFUSED: dict[str, dict[str, Any]] = {
    "nobody to call": {"to": None},
    "no plus": {"to": {"phone": "33611111110"}},
    "two addresses": {"to": {"phone": NUMBER, "sip": "a@b"}},
    "no sender": {"from": ""},
    "no plan": {"dialPlanUrl": None},
    "two plans": {"dialPlan": HELLO},
    "an empty plan": {"dialPlanUrl": None, "dialPlan": {"verbs": []}},
    "a wrong verb": {"dialPlanUrl": None, "dialPlan": plan({"type": "HANGUP"})},
    "a URL": {"dialPlanUrl": "a.example"},
    "too short": {"hangupDelay": 0},
    "too long": {"hangupDelay": 61},
    "no duration": {"maxDuration": 0},
    "a strategy": {"callback": {"url": "http://a.example", "strategy": "Always"}},
    "a field": {"timeout": 5},
}


@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED)
async def test_an_order_is_refused(routee: RouteeClient, change: dict[str, Any]) -> None:
    good = {"from": "a", "to": {"phone": NUMBER}, "dialPlanUrl": "http://a.example"}
    body = {name: value for name, value in (good | change).items() if value is not None}
    status, answer = await routee("POST", ORDERED, body)
    assert (status, answer["code"]) == (400, "400000000")
    assert (routee.platform.originates, routee.platform.calls) == ([], [])
    assert routee.platform.requests[-1] == (f"POST {ORDERED}", body)


async def test_one_order_a_second() -> None:
    clock = [datetime(2026, 3, 2, tzinfo=UTC)]
    body = {"from": "a", "to": {"phone": NUMBER}, "dialPlan": HELLO}
    async with routee_client(limit=True, now=lambda: clock[0]) as routee:
        assert [(await routee("POST", ORDERED, body))[0] for _ in range(2)] == [200, 429]
        clock[0] += timedelta(seconds=1)
        assert (await routee("POST", ORDERED, body))[0] == 200
        assert len(routee.platform.originates) == 2
        await routee.platform.idle()
    async with routee_client(now=lambda: clock[0]) as routee:
        assert [(await routee("POST", ORDERED, body))[0] for _ in range(2)] == [200, 200]
        await routee.platform.idle()


async def test_an_account_without_balance() -> None:
    async with routee_client(balance=0) as routee:
        status, answer = await routee("POST", ORDERED, {"from": "a", "to": {"phone": NUMBER}, "dialPlan": HELLO})
        assert (status, answer["code"]) == (400, "400001009")
